"""The whole program: modules, what their imports mean, what expressions stand for, who calls whom.

Built from the per-file :class:`~ci_gate.codemodel.syntax.Module` facts. Every question is answered
on demand and remembered; nothing is run or imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ci_gate.codemodel import testfiles
from ci_gate.codemodel.callgraph import CallGraph
from ci_gate.codemodel.constants import ConstantDefinition, Constants
from ci_gate.codemodel.definitions import definition, named
from ci_gate.codemodel.evaluate import Evaluator
from ci_gate.codemodel.imports import Imports, Target
from ci_gate.codemodel.nodes import Kind, Nodes
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import (
    CallEdge,
    ClassInfo,
    FunctionInfo,
    ImportEdge,
    Route,
    RouteTable,
    Scope,
    Step,
)
from ci_gate.codemodel.provenance import Provenance, Written
from ci_gate.codemodel.python.resolve import PythonResolver
from ci_gate.codemodel.resolution import Resolved
from ci_gate.codemodel.scopes import AttributeStore, Binding, Index, all_scopes
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.codemodel.syntax import Attribute, Call, Expr, Literal, Module, Node
from ci_gate.codemodel.values import UNKNOWN, ConstantValue, Value
from ci_gate.repository import Skipped, Tree

if TYPE_CHECKING:
    from ci_gate.codemodel.javascript.resolve import NodeResolver


class CodeModel:
    """The program of one tree.

    Attributes:
        tree: where the files came from (for manifests that resolution needs).
        modules: path -> module, every source file that could be read.
        functions: qualname -> function, methods and lambdas included.
        classes: qualname -> class.
        skipped: source files that could not be read, with the reason.
        tests: source files that are no part of the program and were not read.
    """

    def __init__(
        self,
        tree: Tree,
        modules: Mapping[str, Module],
        skipped: Sequence[Skipped] = (),
        tests: Sequence[str] = (),
        resolvers: Resolvers | None = None,
    ) -> None:
        self.tree = tree
        self.modules = modules
        self.skipped = tuple(skipped)
        self.tests = tuple(tests)
        self._index = Index(modules)
        self.functions: Mapping[str, FunctionInfo] = self._index.functions
        self.classes: Mapping[str, ClassInfo] = self._index.classes
        self._imports = Imports(self._index, (resolvers or Resolvers(tree)).resolve)
        self._nodes = Nodes(self._index)
        self._scopes: dict[Node, Scope] = {}
        self.made_up: set[Node] = set()
        self._unscoped = sorted(modules)

    @cached_property
    def _evaluator(self) -> Evaluator:
        evaluator = Evaluator(self._index, self._imports)
        evaluator.prepare()
        return evaluator

    @cached_property
    def surroundings(self) -> Surroundings:
        """What stands around the nodes of the program."""
        return Surroundings(self)

    @cached_property
    def _graph(self) -> CallGraph:
        return CallGraph(self._evaluator)

    @cached_property
    def _constants(self) -> Constants:
        return Constants(self._evaluator)

    # imports
    @cached_property
    def import_edges(self) -> Sequence[ImportEdge]:
        """Every import of every module, one edge per imported symbol (one for the module as such
        where no symbol is named)."""
        return [edge for path in sorted(self.modules) for edge in self._imports.edges(path)]

    def imports_of(self, path: str) -> Sequence[ImportEdge]:
        return self._imports.edges(path) if path in self.modules else ()

    def tests_that_import(self, path: str) -> Sequence[str]:
        """The tests that import a module of the program."""
        return testfiles.importers(path, self.tests, self.tree, self._imports.target)

    def may_be_in_tests(self, name: str) -> bool:
        """Whether a class or table that the program lacks may lie in what was taken for a test."""
        return testfiles.defined(name, self.tests, self.tree)

    # values
    def scope_of(self, node: Node) -> Scope:
        """The scope in which an expression or statement of the tree stands.

        Raises:
            KeyError: the node is not of this tree.
        """
        found = self._index.scopes.get(node) or self._scopes.get(node)
        while found is None and self._unscoped:
            self._scopes.update(all_scopes(self._index, self._unscoped.pop(0)))
            found = self._scopes.get(node)
        if found is None:
            raise KeyError(node)
        return found

    def function_scope(self, function: FunctionInfo) -> Scope:
        """The scope of the function's own code."""
        return self._index.function_scope[function.node]

    def evaluate(self, expr: Expr, scope: Scope | None = None) -> frozenset[Value]:
        """What ``expr`` can stand for; the empty set when that is not known."""
        if isinstance(expr, Literal):
            return UNKNOWN if expr.value is None else frozenset((ConstantValue(expr.value),))
        known = self._evaluator.remembered(expr)
        if known is not None:
            return frozenset(known)
        try:
            return frozenset(self._evaluator.of(expr, scope or self.scope_of(expr)))
        except (RecursionError, KeyError):
            return UNKNOWN

    def constant(self, expr: Expr, scope: Scope) -> ConstantDefinition | None:
        """Where the constant that ``expr`` names is written; None when it is not a constant of a
        module or class that one assignment makes and nothing changes or overrides."""
        try:
            return self._constants.of(expr, scope)
        except RecursionError:
            return None

    def provenance(self, expr: Expr, scope: Scope) -> Sequence[Written]:
        """The expressions that ``expr`` stands for, one step away; empty when not known."""
        try:
            return Provenance(self._evaluator).of(expr, scope)
        except RecursionError:
            return ()

    def attribute(self, value: Value, name: str) -> frozenset[Value]:
        try:
            return frozenset(self._evaluator.parts.attribute(value, name))
        except RecursionError:
            return UNKNOWN

    def call_result(self, value: Value, call: Call | None = None) -> frozenset[Value]:
        try:
            return frozenset(self._evaluator.call_result(value, call))
        except RecursionError:
            return UNKNOWN

    def element(self, value: Value) -> frozenset[Value]:
        """What iterating over ``value`` gives."""
        try:
            return frozenset(self._evaluator.parts.element(value))
        except RecursionError:
            return UNKNOWN

    def annotated(self, annotation: Expr, scope: Scope) -> frozenset[Value]:
        """What a value that carries the type annotation can be."""
        try:
            return frozenset(self._evaluator.annotations.instance(annotation, scope))
        except RecursionError:
            return UNKNOWN

    def lookup(self, name: str, scope: Scope) -> frozenset[Value]:
        """What a name can stand for in a scope."""
        try:
            return frozenset(self._evaluator.lookup(name, scope))
        except RecursionError:
            return UNKNOWN

    def binding(self, name: str, scope: Scope) -> tuple[Expr, Scope] | None:
        """The one expression that a name of ``scope``, of a scope around it or of another module
        is bound to; None when it is bound otherwise, or more than once."""
        try:
            return named(self._evaluator, name, scope)
        except RecursionError:
            return None

    def set_by_functions(self, name: str, path: str) -> Sequence[tuple[Expr, Scope]]:
        """What functions of a Python module assign to a name that they declare ``global``."""
        declared = re.compile(rf"^\s*global\s[^#\n]*\b{re.escape(name)}\b", re.MULTILINE)
        found: list[tuple[Expr, Scope]] = []
        for binding in self._index.local_assignments.get(path, {}).get(name, ()):
            span = binding.scope.function.node.span
            try:
                lines = self.tree.text(path).splitlines()[span[0] - 1 : span[2]]
            except (OSError, UnicodeError):
                return ()
            if declared.search("\n".join(lines)):
                if binding.kind != "value" or binding.path:
                    return ()
                found.append((binding.node, binding.scope))  # type: ignore[arg-type]
        return found

    def parked(self, expr: Expr) -> Sequence[tuple[Expr, Scope]] | None:
        """The expressions that were stored on the application and that ``expr`` reads
        (``request.app["pool"]``, ``app.state.db``); None when it reads no such thing."""
        try:
            found = self._evaluator.stores.parked(expr, self.scope_of(expr))
        except (RecursionError, KeyError):
            return None
        if found is not None:
            found = [item for item in found if not is_outside(item.scope.module.path)] or found
        if found is None or any(item.kind != "value" or item.path for item in found):
            return () if found is not None else None
        return [(item.node, item.scope) for item in found]  # type: ignore[misc]

    def kept(self, expr: Expr, scope: Scope) -> Sequence[tuple[Expr, Scope]]:
        """The expressions that were stored on a request, a context or the application where
        ``expr`` reads (``ctx.state.user``, ``req.user``, ``c.get("user")``)."""
        try:
            found = self._evaluator.stores.kept(expr, scope)
        except (RecursionError, KeyError):
            return ()
        return [
            (item.node, item.scope)  # type: ignore[misc]
            for item in found
            if item.kind == "value" and not item.path
        ]

    def bindings(self, name: str, scope: Scope) -> Sequence[Binding]:
        """All that binds ``name`` in the innermost scope that has it."""
        return self._evaluator.bindings(name, scope)

    def fields(self, cls: ClassInfo, name: str) -> Sequence[Binding]:
        """What the class body and its methods (``self.name = …``) bind ``name`` to."""
        body = self._index.frames[cls.node].names.get(name, ())
        return (*body, *self._index.class_attributes[cls].get(name, ()))

    def member_names(self, cls: ClassInfo) -> frozenset[str]:
        """The names that the class body and its methods (``self.name = …``) define."""
        index = self._index
        return frozenset((*index.frames[cls.node].names, *index.methods[cls],
                          *index.class_attributes[cls]))  # fmt: skip

    def stores(self, name: str) -> Sequence[AttributeStore]:
        """Every ``base.name = value`` where ``base`` is not the receiver of the method around."""
        return self._index.attribute_stores.get(name, ())

    def scope_in(self, function: FunctionInfo) -> Scope:
        """The scope of the function's own code."""
        return self._index.function_scope[function.node]

    def function_of(self, node: Node) -> FunctionInfo | None:
        return self._index.function_of.get(node)

    def returned(self, function: FunctionInfo) -> Sequence[Expr]:
        """The expressions that the function itself returns."""
        return self._index.bodies[function.node].returns

    def argument_of(self, node: Node) -> tuple[Call, Scope] | None:
        """The call that a function without a name is written into, and that call's scope."""
        found = self._index.argument_of.get(node)
        return None if found is None else (found[0], self._index.scopes[found[0]])

    def class_of(self, node: Node) -> ClassInfo | None:
        return self._index.class_of.get(node)

    def provider(self, call: Call, scope: Scope) -> frozenset[Value]:
        """What a ``Depends(f)`` names as its provider; empty for other calls."""
        try:
            return frozenset(self._evaluator.library_calls.provider(call, scope))
        except RecursionError:
            return UNKNOWN

    def metadata(self, annotation: Expr, scope: Scope) -> Sequence[tuple[Call, Scope]]:
        """The calls in an ``Annotated[T, f(...)]``, through aliases."""
        try:
            return self._evaluator.annotations.metadata(annotation, scope)
        except RecursionError:
            return ()

    def definition(self, expr: Expr, scope: Scope) -> tuple[Expr, Scope] | None:
        """The one expression that ``expr`` was bound to, with its scope; None if it has none."""
        try:
            return definition(self._evaluator, expr, scope)
        except RecursionError:
            return None

    def class_scope(self, cls: ClassInfo) -> Scope:
        """The scope of the class body."""
        return self._index.class_scope[cls]

    def bases(self, cls: ClassInfo) -> Sequence[Value]:
        """The direct bases (and implemented interfaces): ClassValue or ExternalValue."""
        return self._evaluator.classes.bases(cls)

    def ancestors(self, cls: ClassInfo) -> Iterator[Value]:
        """All bases, nearest first."""
        return iter(self._evaluator.classes.ancestors(cls))

    def subclasses(self, cls: ClassInfo) -> Sequence[ClassInfo]:
        """The direct subclasses and implementing classes."""
        return self._evaluator.classes.subclasses(cls)

    def method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        """The method that ``name`` finds on an instance, inherited ones included."""
        return self._evaluator.classes.method(cls, name)

    # nodes
    def visited(self, path: str) -> Sequence[Node]:
        """The statements and expressions of a module that have a scope, always in one order."""
        return self._index.visited[path]

    def parts(self, path: str) -> Sequence[Node]:
        """The parameters and arguments in a module, always in one order."""
        return self._index.parts[path]

    def path_of(self, node: Node) -> str | None:
        """The file of a statement or expression that has a scope."""
        scope = self._index.scopes.get(node)
        return None if scope is None else scope.function.module.path

    def make_up(self, node: Kind) -> Kind:
        """``node``, noted as one that stands in no file: it is there to speak of what a library
        does."""
        self.made_up.add(node)
        return node

    def nodes_of(self, module: Module, kind: type[Kind]) -> Sequence[Kind]:
        """All nodes of exactly this type in a module, in the order of the source."""
        return self._nodes.of_kind(module, kind)

    def own_nodes(self, function: FunctionInfo) -> Sequence[Node]:
        """The nodes of the function's own code, defaults and decorators left out; of a module
        those of its class bodies too."""
        return self._nodes.own(function)

    # calls
    def calls_in(self, function: FunctionInfo) -> Sequence[Call]:
        """The calls that the function itself makes (not those of functions nested in it)."""
        return [call for call, _ in self._index.bodies[function.node].calls]

    def attributes_in(self, function: FunctionInfo) -> Iterator[Attribute]:
        """The attributes that the function's own code reads or sets."""
        return (attribute for attribute, _ in self._index.bodies[function.node].attributes)

    def calls_named(self, name: str) -> Sequence[tuple[Call, Scope]]:
        """The calls ``name(...)`` and ``x.name(...)`` of the whole program."""
        return self._index.calls_by_name.get(name, ())

    @property
    def given_names(self) -> frozenset[str]:
        """The last names in Python code behind which there may be something that has another name
        where it comes from; see :func:`~ci_gate.codemodel.syntax.last_name`."""
        return self._evaluator.given_names

    def attributes_set(self) -> frozenset[str]:
        """The attributes that some assignment of the program sets on something."""
        return frozenset(self._index.attribute_stores)

    def callees(self, function: FunctionInfo) -> Sequence[CallEdge]:
        try:
            return self._graph.callees(function)
        except RecursionError:
            return ()

    def callers(self, function: FunctionInfo) -> Sequence[CallEdge]:
        try:
            return self._graph.callers(function)
        except RecursionError:
            return ()

    def know_callers(self) -> None:
        """Work out who calls whom, as the first question for somebody's callers would."""
        self._graph.know_callers()

    def reachable(self, start: Iterable[FunctionInfo]) -> frozenset[FunctionInfo]:
        """``start`` and all that its calls lead to."""
        start = list(start)
        try:
            return self._graph.reachable(start)
        except RecursionError:
            return frozenset(start)

    def mentions(
        self,
        attributes: Iterable[str],
        keywords: Iterable[str],
        calls: Iterable[str],
        any_call: Iterable[str] = (),
    ) -> bool:
        """Whether one of the attributes is assigned anywhere, one of ``any_call`` is called, or one
        of ``calls`` (by the bare name) gets one of the keywords, or some that are not written out.
        """
        if any(self._index.attribute_stores.get(name) for name in attributes):
            return True
        if any(self._index.calls_by_name.get(name) for name in any_call):
            return True
        wanted = {*keywords}
        return any(
            argument.keyword in wanted or argument.star == "**"
            for name in calls
            for call, _ in self._index.calls_by_name.get(name, ())
            for argument in call.args
        )

    def enclosing(self, path: str, line: int) -> FunctionInfo | None:
        """The innermost function around a line; the module's own when none is."""
        best: FunctionInfo | None = None
        for info in self._index.functions_in.get(path, ()):
            span = info.node.span
            if info.node is self.modules[path]:
                best = best or info
            elif span[0] <= line <= span[2] and (
                best is None
                or best.node is self.modules[path]
                or (span[0], -span[2]) >= (best.node.span[0], -best.node.span[2])
            ):
                best = info
        return best

    # routes
    @property
    def routes(self) -> Sequence[Route]:
        return self.route_table.routes

    @cached_property
    def route_table(self) -> RouteTable:
        from ci_gate.codemodel.routing import find_routes  # noqa: PLC0415

        return find_routes(self)


class Resolvers:
    """The language's own resolver for each importing file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._python = PythonResolver(tree)

    @cached_property
    def _node(self) -> NodeResolver:
        from ci_gate.codemodel.javascript.resolve import NodeResolver  # noqa: PLC0415

        return NodeResolver(self._tree)

    def resolve(self, importer: str, specifier: str) -> Target:
        if importer.endswith(".py"):
            return _target(self._python.resolve(importer, specifier), specifier)
        return _target(self._node.resolve(importer, specifier), specifier.removeprefix("node:"))


def _target(resolved: Resolved, external: str) -> Target:
    if resolved.kind == "file":
        return Target(path=resolved.path)
    if resolved.kind == "namespace":
        return Target(directory=resolved.path)
    if resolved.kind in ("external", "builtin"):
        return Target(external=external, package=resolved.package)
    return Target()


__all__ = [
    "CallEdge",
    "ClassInfo",
    "CodeModel",
    "FunctionInfo",
    "ImportEdge",
    "Resolvers",
    "Route",
    "RouteTable",
    "Scope",
    "Step",
]
