"""The whole program: modules, what their imports mean, what expressions stand for, who calls whom.

Built from the per-file :class:`~ci_gate.codemodel.syntax.Module` facts. Every question is answered
on demand and remembered; nothing is run or imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ci_gate.codemodel.syntax import (
    Call,
    Class,
    Expr,
    Function,
    Import,
    Module,
    Node,
    Span,
)
from ci_gate.codemodel.values import Value
from ci_gate.repository import Tree


@dataclass(slots=True, eq=False)
class FunctionInfo:
    """A function or method with its place in the program.

    ``qualname`` is ``module-path::Outer.inner``; an anonymous function is named by its line and
    column (``<lambda 12:5>``), the module's top-level code is ``module-path::<module>``.
    """

    qualname: str
    name: str
    node: Function | Module
    module: Module
    cls: ClassInfo | None
    parent: FunctionInfo | None


@dataclass(slots=True, eq=False)
class ClassInfo:
    qualname: str
    name: str
    node: Class
    module: Module
    parent: FunctionInfo | None


@dataclass(slots=True, eq=False)
class Scope:
    """Where a name is looked up: a function (or module top level), and the class around it."""

    module: Module
    function: FunctionInfo
    cls: ClassInfo | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One hop on the way of an import: where the next module is named."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class ImportEdge:
    """One module depends on another.

    ``target`` is a path in the tree, or None when the import leaves it: then ``package`` names the
    external distribution's import name (``sqlalchemy``, ``@prisma/client``) or is None when the
    import could not be resolved at all (``unresolved``). ``symbol`` is the imported name that leads
    to ``target`` (None: the module as such). ``via`` are the re-exporting hops between the import
    statement and the module that defines the symbol; empty for a direct import.
    """

    source: str
    target: str | None
    package: str | None
    symbol: str | None
    node: Import
    span: Span
    via: tuple[Step, ...] = ()
    type_only: bool = False
    lazy: bool = False
    unresolved: bool = False


@dataclass(frozen=True, slots=True)
class CallEdge:
    """A call whose callee is in the tree. ``reason`` is ``call`` or how else control gets there
    (``decorator``, ``dependency``, ``context-manager``, ``callback``, ``event``)."""

    caller: FunctionInfo
    callee: FunctionInfo
    node: Node
    reason: str = "call"


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint of the service.

    ``path`` is a template in OpenAPI's style with all prefixes (``/api/articles/{slug}``),
    ``method`` is upper case or ``ANY``. ``handlers`` are the view and the functions that run before
    it on this route (dependencies, middleware named on the route or router, decorators): all start
    points of what the endpoint reaches, the view first. ``complete`` is false where a prefix or
    part of the path could not be resolved (that part is ``{?}``).
    """

    framework: str
    method: str
    path: str
    handlers: tuple[FunctionInfo, ...]
    module: str
    span: Span
    complete: bool = True

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


class CodeModel:
    """The program of one tree.

    Attributes:
        tree: where the files came from (for manifests that resolution needs).
        modules: path -> module, every source file that could be read.
        functions: qualname -> function, methods and lambdas included.
        classes: qualname -> class.
    """

    tree: Tree
    modules: Mapping[str, Module]
    functions: Mapping[str, FunctionInfo]
    classes: Mapping[str, ClassInfo]

    def __init__(self, tree: Tree, modules: Mapping[str, Module]) -> None:
        raise NotImplementedError

    # imports
    @property
    def import_edges(self) -> Sequence[ImportEdge]:
        """Every import of every module, one edge per imported symbol (one for the module as such
        where no symbol is named)."""
        raise NotImplementedError

    def imports_of(self, path: str) -> Sequence[ImportEdge]: ...

    # values
    def scope_of(self, node: Node) -> Scope:
        """The scope in which an expression or statement of the tree stands."""
        raise NotImplementedError

    def evaluate(self, expr: Expr, scope: Scope | None = None) -> frozenset[Value]:
        """What ``expr`` can stand for; the empty set when that is not known."""
        raise NotImplementedError

    def attribute(self, value: Value, name: str) -> frozenset[Value]: ...

    def call_result(self, value: Value, call: Call | None = None) -> frozenset[Value]: ...

    def bases(self, cls: ClassInfo) -> Sequence[Value]:
        """The direct bases (and implemented interfaces): ClassValue or ExternalValue."""
        raise NotImplementedError

    def ancestors(self, cls: ClassInfo) -> Iterator[Value]: ...

    def subclasses(self, cls: ClassInfo) -> Sequence[ClassInfo]: ...

    def method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        """The method that ``name`` finds on an instance, inherited ones included."""
        raise NotImplementedError

    # calls
    def calls_in(self, function: FunctionInfo) -> Sequence[Call]:
        """The calls that the function itself makes (not those of functions nested in it)."""
        raise NotImplementedError

    def callees(self, function: FunctionInfo) -> Sequence[CallEdge]: ...

    def callers(self, function: FunctionInfo) -> Sequence[CallEdge]: ...

    def reachable(self, start: Iterable[FunctionInfo]) -> frozenset[FunctionInfo]: ...

    def enclosing(self, path: str, line: int) -> FunctionInfo | None:
        """The innermost function around a line; the module's own when none is."""
        raise NotImplementedError

    # routes
    @property
    def routes(self) -> Sequence[Route]: ...


__all__ = [
    "CallEdge",
    "ClassInfo",
    "CodeModel",
    "FunctionInfo",
    "ImportEdge",
    "Route",
    "Scope",
    "Step",
    "field",
]
