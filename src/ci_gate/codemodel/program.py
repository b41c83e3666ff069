"""The things that the whole-program model speaks of: functions, classes, scopes, edges, routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.routing.graph import Router
    from ci_gate.codemodel.syntax import Class, Function, Import, Module, Node, Span


@dataclass(slots=True, eq=False, repr=False)
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

    def outward(self) -> Iterator[FunctionInfo]:
        """The function and those that it is written in, from the inside out."""
        function: FunctionInfo | None = self
        while function is not None:
            yield function
            function = function.parent

    def __repr__(self) -> str:
        return f"<function {self.qualname}>"


@dataclass(slots=True, eq=False, repr=False)
class ClassInfo:
    qualname: str
    name: str
    node: Class
    module: Module
    parent: FunctionInfo | None

    def __repr__(self) -> str:
        return f"<class {self.qualname}>"


@dataclass(slots=True, eq=False, repr=False)
class Scope:
    """Where a name is looked up: a function (or module top level), and the class around it."""

    module: Module
    function: FunctionInfo
    cls: ClassInfo | None = None

    @property
    def method(self) -> FunctionInfo | None:
        """The method around (through closures), which says what ``self`` is."""
        return next((item for item in self.function.outward() if item.cls is not None), None)

    def __repr__(self) -> str:
        return f"<scope of {self.function.qualname}>"


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
    part of the path could not be resolved (that part is ``{?}``). ``view`` is the class that
    answers where the framework makes an object of it, ``action`` the method of a view set.
    ``order`` is the number of the application and, within it, of the registration: requests are
    matched in this order by frameworks that try one route after the other.
    """

    framework: str
    method: str
    path: str
    handlers: tuple[FunctionInfo, ...]
    module: str
    span: Span
    complete: bool = True
    view: ClassInfo | None = None
    action: str | None = None
    order: tuple[int, int] = (0, 0)

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Late:
    """Functions that run before what is registered after them, and the ``routes`` of the same
    router that were registered earlier, so that they never run for these."""

    handlers: tuple[FunctionInfo, ...]
    module: str
    span: Span
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The endpoints that were found. Under each of the paths ``open`` something is mounted that is
    not known, so that there may be more (``/``: anywhere). ``routers`` are the applications and
    routers, in the order in which they are made."""

    routes: tuple[Route, ...]
    open: tuple[str, ...] = ()
    routers: tuple[Router, ...] = ()
    late: tuple[Late, ...] = ()
