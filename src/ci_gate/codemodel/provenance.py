"""Which expressions a name, an attribute or a call stands for, one step at a time.

``CodeModel.evaluate`` answers *what* a value is; here the answer keeps *where* it was written, so
that a rule can tell a default from a setting and point at both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import is_property
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.values import (
    ClassValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
)
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

How = Literal["assigned", "argument", "default", "field", "returned", "entry", "element"]

_LIMIT: Final = 12
#: ``dataclasses.replace(settings, name=…)`` and its like: a copy with something changed.
_COPIES: Final = ("replace", "evolve")


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """``expr``, read in ``scope``, is (one of) what was asked for.

    ``how``: ``assigned`` to the name, passed as ``argument``, the parameter's ``default``, a
    class's ``field`` (``owner`` and ``name`` say which), ``returned`` by the function, an ``entry``
    of a mapping, an ``element`` that a loop takes.
    """

    expr: s.Expr
    scope: Scope
    how: How
    owner: ClassInfo | None = None
    name: str = ""
    function: FunctionInfo | None = None


class Provenance:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index

    def of(self, expr: s.Expr, scope: Scope) -> tuple[Written, ...]:
        """The definitions of ``expr``; empty when it is no reference or none is known."""
        return tuple(islice(self._of(expr, scope), _LIMIT))

    def _of(self, expr: s.Expr, scope: Scope) -> Iterator[Written]:
        match expr:
            case s.Name(id=name):
                yield from self._named(name, scope)
            case s.Attribute(value=base, name=name):
                yield from self._member(base, name, scope)
            case s.Subscript(value=base, index=s.Literal(value=str(key))):
                yield from self._entry(base, key, scope)
            case s.Call(func=func):
                yield from self._returned(func, scope)
            case s.Await(value=value):
                yield from self._of(value, scope)

    # --- names ---

    def _named(self, name: str, scope: Scope) -> Iterator[Written]:
        found = self._evaluator.find(name, scope)
        if found is None:
            yield from self._starred(name, scope)
            return
        node, bindings = found
        if isinstance(node, s.Module) and all(_is_none(binding) for binding in bindings):
            # assigned later, by functions that declare the name global
            bindings = self._index.local_assignments[node.path].get(name, [])
        for binding in bindings:
            yield from self._bound(binding, name)

    def _bound(self, binding: Binding, name: str) -> Iterator[Written]:
        node, scope = binding.node, binding.scope
        if binding.kind == "import":
            yield from self._imported(binding)
        elif binding.kind == "param" and isinstance(node, s.Param) and not binding.path:
            yield from self._parameter(node, scope.function)
        elif binding.kind == "value" and not isinstance(node, s.Assign):
            if not binding.path:
                yield Written(node, scope, "assigned", name=name)  # type: ignore[arg-type]
            elif binding.path == (("element", None),) and isinstance(node, s.Sequence):
                for item in node.items:
                    yield Written(item, scope, "element")

    def _imported(self, binding: Binding) -> Iterator[Written]:
        assert isinstance(binding.node, s.ImportedName)
        statement, path = binding.statement, binding.scope.module.path
        if statement is None or statement.kind != "from":
            return
        target = self._evaluator.imports.target(path, statement.specifier)
        if target.path is not None and target.path in self._index.modules:
            yield from self.in_module(target.path, binding.node.name)

    def _starred(self, name: str, scope: Scope) -> Iterator[Written]:
        for statement in self._index.frames[scope.module].stars:
            target = self._evaluator.imports.target(scope.module.path, statement.specifier)
            if target.path is not None and target.path in self._index.modules:
                yield from self.in_module(target.path, name)

    def in_module(self, path: str, name: str) -> Iterator[Written]:
        """What the module at ``path`` gives away as ``name``."""
        module = self._index.modules[path]
        frame = self._index.frames[module]
        if name in frame.names or frame.stars:
            reference = s.Name((1, 1, 1, 1), name)
            yield Written(reference, self._index.module_scope(path), "assigned", name=name)

    def _parameter(self, param: s.Param, function: FunctionInfo) -> Iterator[Written]:
        node = function.node
        assert isinstance(node, s.Function)
        if param.default is not None:
            outer = self._index.definition_scope[node]
            yield Written(param.default, outer, "default", name=param.name, function=function)
        if param.kind not in ("*", "**"):
            for expr, scope in self._evaluator.parameters.arguments(function, node, param):
                yield Written(expr, scope, "argument", name=param.name, function=function)

    # --- attributes and items ---

    def _member(self, base: s.Expr, name: str, scope: Scope) -> Iterator[Written]:
        for value in self._evaluator.of(base, scope):
            if isinstance(value, ModuleValue) and value.path in self._index.modules:
                yield from self.in_module(value.path, name)
            elif isinstance(value, InstanceValue | ClassValue):
                yield from self.field(value.cls, name)
            elif isinstance(value, ObjectValue):
                yield from _mapped(value, name)

    def field(self, cls: ClassInfo, name: str) -> Iterator[Written]:
        """What ``name`` is on the class or its instances, the nearest class that has it deciding;
        for a class without constructor of its own also what it is called with."""
        yield from self._given(cls, name)
        for owner in self._evaluator.classes.lineage(cls):
            method = self._index.methods[owner].get(name)
            if method:
                if is_property(method[-1]):
                    yield from self._returns(method[-1])
                return
            bindings = [
                *self._index.frames[owner.node].names.get(name, ()),
                *self._index.class_attributes[owner].get(name, ()),
            ]
            for binding in bindings:
                for found in self._bound(binding, name):
                    how: How = "field" if found.how == "assigned" else found.how
                    yield Written(found.expr, found.scope, how, owner, name, found.function)
            if bindings:
                return

    def _given(self, cls: ClassInfo, name: str) -> Iterator[Written]:
        for expr, scope in self._evaluator.parameters.constructor_arguments(cls, name):
            yield Written(expr, scope, "argument", cls, name)
        for method in _COPIES:
            for call, scope in self._index.calls_by_name.get(method, ()):
                changed = call.argument(keyword=name)
                if changed is None or not call.args:
                    continue
                first = call.args[0].value
                if any(
                    isinstance(value, InstanceValue) and value.cls is cls
                    for value in self._evaluator.of(first, scope)
                ):
                    yield Written(changed, scope, "argument", cls, name)

    def _entry(self, base: s.Expr, key: str, scope: Scope) -> Iterator[Written]:
        for value in self._evaluator.of(base, scope):
            if isinstance(value, ObjectValue):
                yield from _mapped(value, key)

    # --- calls ---

    def _returned(self, func: s.Expr, scope: Scope) -> Iterator[Written]:
        for value in self._evaluator.of(func, scope):
            if isinstance(value, FunctionValue):
                yield from self._returns(value.function)

    def _returns(self, function: FunctionInfo) -> Iterator[Written]:
        node = function.node
        scope = self._index.function_scope[node]
        for expr in self._index.bodies[node].returns:
            yield Written(expr, scope, "returned", function=function)


def _mapped(value: ObjectValue, key: str) -> Iterator[Written]:
    found = value.mapping.get(key)
    if found is not None:
        yield Written(found, value.scope, "entry", name=key)


def _is_none(binding: Binding) -> bool:
    node = binding.node
    if isinstance(node, s.Assign):
        return True
    return binding.kind == "value" and isinstance(node, s.Literal) and node.kind == "none"
