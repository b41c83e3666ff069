"""What an expression can stand for.

The analysis is insensitive to flow and to context: a name stands for all that its scope assigns to
it, a parameter for all that known call sites pass. Every answer is remembered; cycles, depth and
work are bounded, and what lies beyond the bounds is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.annotations import Annotations
from ci_gate.codemodel.bounds import Bounds
from ci_gate.codemodel.classes import Classes
from ci_gate.codemodel.imports import Imports
from ci_gate.codemodel.libraries import canonical
from ci_gate.codemodel.library_calls import LibraryCalls
from ci_gate.codemodel.members import Members
from ci_gate.codemodel.parameters import Parameters
from ci_gate.codemodel.parts import Parts
from ci_gate.codemodel.program import FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding, Index, Projection, self_name
from ci_gate.codemodel.stores import Stores
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExpressionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    PartialValue,
    TupleValue,
    Value,
)
from ci_gate.codemodel.valuesets import LIMIT, Values, union

_MAX_TEXT = 4096
_MAX_PATH = 400


class Evaluator(Bounds):
    def __init__(self, index: Index, imports: Imports) -> None:
        super().__init__()
        self.index = index
        self.imports = imports
        self.parts = Parts(self)
        self.members = Members(self)
        self.classes = Classes(self)
        self.annotations = Annotations(self)
        self.parameters = Parameters(self)
        self.library_calls = LibraryCalls(self)
        self.stores = Stores(self)

    def prepare(self) -> None:
        """Work that must precede the first question, whose answers would else be incomplete."""
        self.stores.collect()
        self.forget()

    @cached_property
    def given_names(self) -> frozenset[str]:
        """:attr:`Index.given_names`, and the keys under which things are parked."""
        return self.index.given_names | self.stores.names

    def forget(self) -> None:
        super().forget()
        self.parameters.forget()

    # --- expressions ---

    def is_settled(self, expr: s.Expr, scope: Scope) -> bool:
        """Whether the answer to :meth:`of` will be the same from now on: no open question bore on
        it."""
        if self.classes.is_open:
            return False
        if not isinstance(expr, s.Name):
            return self.remembered(expr) is not None
        found = self.find(expr.id, scope)
        return found is not None and self.remembered(("name", found[0], expr.id)) is not None

    def of(self, expr: s.Expr, scope: Scope) -> Values:
        if isinstance(expr, s.Name):
            return self.lookup(expr.id, scope)
        if isinstance(expr, s.Literal):
            return () if expr.value is None else (ConstantValue(expr.value),)
        found = self.remembered(expr)
        if found is not None:
            return found
        chain: list[s.Expr] = []
        inner = _inner(expr)
        while inner is not None and self.remembered(inner) is None:
            chain.append(inner)
            inner = _inner(inner)
        if len(chain) > 6:
            for link in reversed(chain):
                self.guarded(link, self._compute, link, scope)
        return self.guarded(expr, self._compute, expr, scope)

    def _compute(self, expr: s.Expr, scope: Scope) -> Values:
        handler = _HANDLERS.get(type(expr))
        return handler(self, expr, scope) if handler is not None else ()

    def all_of(self, exprs: Iterable[s.Expr], scope: Scope) -> Values:
        return union(self.of(expr, scope) for expr in exprs)

    def _attribute(self, expr: s.Attribute, scope: Scope) -> Values:
        if is_super(expr.value):
            return self.classes.super_attribute(expr.name, scope)
        values = self.of(expr.value, scope)
        stored = self.stores.attribute(expr.value, expr.name, scope, values)
        if stored:
            return stored
        return self.parts.attributes(values, expr.name)

    def _subscript(self, expr: s.Subscript, scope: Scope) -> Values:
        values = self.of(expr.value, scope)
        stored = self.stores.item(expr.value, expr.index, scope, values)
        if stored:
            return stored
        keys = self.of(expr.index, scope)
        constants = [key.value for key in keys if isinstance(key, ConstantValue)]
        found: list[Values] = []
        for value in values:
            if isinstance(value, ClassValue) or (
                isinstance(value, ExternalValue) and self.annotations.is_type_form(value.path)
            ):
                found.append(self.annotations.subscripted(value, expr, scope))
            elif constants and len(constants) == len(keys):
                found.extend(self.parts.item(value, key) for key in constants)
            else:
                found.append(self.parts.any_item(value))
        return union(found)

    def _call(self, expr: s.Call, scope: Scope) -> Values:
        special = self.library_calls.result(expr, scope)
        if special is not None:
            return special
        return union(self.call_result(value, expr) for value in self.of(expr.func, scope))

    def _await(self, expr: s.Await, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    def _mapping(self, expr: s.Mapping, scope: Scope) -> Values:
        return (ObjectValue(expr, scope),)

    def _sequence(self, expr: s.Sequence, scope: Scope) -> Values:
        if len(expr.items) > 64:
            return tuple(CollectionValue(value) for value in self.all_of(expr.items[:16], scope))
        if any(isinstance(item, s.Starred) for item in expr.items):
            return tuple(
                CollectionValue(value)
                for value in union(
                    union(self.parts.element(value) for value in self.of(item.value, scope))
                    if isinstance(item, s.Starred)
                    else self.of(item, scope)
                    for item in expr.items
                )
            )
        return (TupleValue(tuple(frozenset(self.of(item, scope)) for item in expr.items)),)

    def _template(self, expr: s.Template, scope: Scope) -> Values:
        if expr.tag is not None:
            return union(self.call_result(value) for value in self.of(expr.tag, scope))
        text = ""
        for part in expr.parts:
            values = self.of(part, scope)
            if len(values) != 1 or not isinstance(values[0], ConstantValue):
                return ()
            constant = values[0].value
            if isinstance(constant, bytes) or len(text) > _MAX_TEXT:
                return ()
            text += str(constant)
        return (ConstantValue(text),)

    def _binary(self, expr: s.Binary, scope: Scope) -> Values:
        if expr.op in ("and", "or", "??"):
            return union((self.of(expr.left, scope), self.of(expr.right, scope)))
        if expr.op == "|":
            left, right = self.of(expr.left, scope), self.of(expr.right, scope)
            if any(isinstance(value, ClassValue | ExpressionValue) for value in (*left, *right)):
                return (ExpressionValue(expr, scope),)
            return union((left, right))
        if expr.op == "+":
            left, right = self.of(expr.left, scope), self.of(expr.right, scope)
            if len(left) == 1 and len(right) == 1:
                first, second = left[0], right[0]
                if (
                    isinstance(first, ConstantValue)
                    and isinstance(second, ConstantValue)
                    and isinstance(first.value, str)
                    and isinstance(second.value, str)
                    and len(first.value) + len(second.value) <= _MAX_TEXT
                ):
                    return (ConstantValue(first.value + second.value),)
            elements = union(
                self.parts.element(value)
                for value in (*left, *right)
                if isinstance(value, TupleValue | CollectionValue)
            )
            return tuple(CollectionValue(value) for value in elements)
        return ()

    def _conditional(self, expr: s.Conditional, scope: Scope) -> Values:
        return union((self.of(expr.body, scope), self.of(expr.orelse, scope)))

    def _assigned(self, expr: s.AssignExpr, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    def _function(self, expr: s.FunctionExpr, _: Scope) -> Values:
        info = self.index.function_of.get(expr.function)
        return (FunctionValue(info),) if info is not None else ()

    def _class(self, expr: s.ClassExpr, _: Scope) -> Values:
        info = self.index.class_of.get(expr.cls)
        return (ClassValue(info),) if info is not None else ()

    def _comprehension(self, expr: s.Comprehension, scope: Scope) -> Values:
        return tuple(CollectionValue(value) for value in self.of(expr.element, scope))

    def _starred(self, expr: s.Starred, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    # --- names ---

    def find(self, name: str, scope: Scope) -> tuple[s.Node, list[Binding]] | None:
        """The innermost scope that binds ``name``, with its bindings."""
        index = self.index
        if scope.cls is not None and index.is_class_body(scope):
            found = index.frames[scope.cls.node].names.get(name)
            if found:
                return scope.cls.node, found
        function: FunctionInfo | None = scope.function
        while function is not None:
            found = index.frames[function.node].names.get(name)
            if found:
                return function.node, found
            function = function.parent
        module = scope.module
        found = index.frames[module].names.get(name)
        return (module, found) if found else None

    def bindings(self, name: str, scope: Scope) -> Sequence[Binding]:
        """All that binds ``name`` in the innermost scope that has it."""
        found = self.find(name, scope)
        return found[1] if found is not None else ()

    def lookup(self, name: str, scope: Scope) -> Values:
        if name == "this" and scope.module.language != "python":
            return self._this(scope)
        found = self.find(name, scope)
        if found is None:
            return self.from_stars(name, scope)
        frame, bindings = found
        return self.guarded(("name", frame, name), self._bound, frame, name, bindings)

    def _bound(self, frame: s.Node, name: str, bindings: list[Binding]) -> Values:
        values = union(self.binding(binding) for binding in bindings)
        if not values and isinstance(frame, s.Module):
            values = self.assigned_in_functions(frame, name)
        return values

    def assigned_in_functions(self, module: s.Module, name: str) -> Values:
        """What functions of the module assign to its global ``name``."""
        assignments = self.index.local_assignments[module.path].get(name, [])
        return union(
            self.binding(binding)
            for binding in assignments[:LIMIT]
            if binding.kind == "value" and not binding.path
        )

    def from_stars(self, name: str, scope: Scope) -> Values:
        if scope.module.language != "python":
            return ()
        for statement in self.index.frames[scope.module].stars:
            target = self.imports.target(scope.module.path, statement.specifier)
            if target.path is not None:
                values = self.members.member(target.path, name)
                if values:
                    return values
        return ()

    def _this(self, scope: Scope) -> Values:
        if self.index.is_class_body(scope) and scope.cls is not None:
            return (InstanceValue(scope.cls),)
        for function in scope.function.outward():
            node = function.node
            if function.cls is not None and isinstance(node, s.Function):
                if node.kind == "static":
                    return (ClassValue(function.cls),)
                return (InstanceValue(function.cls),)
            owner = self.index.mapping_of.get(node)
            if owner is not None and isinstance(node, s.Function) and node.kind != "arrow":
                return (ObjectValue(*owner),)
        return ()

    def binding(self, binding: Binding) -> Values:
        if binding.path and binding.path[0][0] == "key" and isinstance(binding.node, _EXPRESSIONS):
            name = str(binding.path[0][1])
            values = self.of(binding.node, binding.scope)
            stored = self.stores.attribute(binding.node, name, binding.scope, values)
            if stored:
                return self.projected(stored, binding.path[1:])
        return self.projected(self.guarded((binding.kind, binding.node), self._base, binding),
                              binding.path)  # fmt: skip

    def _base(self, binding: Binding) -> Values:
        node, scope = binding.node, binding.scope
        kind = binding.kind
        if kind == "value":
            declared: Values = ()
            if binding.annotation is not None:
                declared = self.annotations.instance(binding.annotation, scope)
            if isinstance(node, s.Assign):
                return declared
            if declared and not self.classes.all_abstract(declared):
                return declared
            actual = self.of(node, scope)  # type: ignore[arg-type]
            return actual if actual and _informative(actual) else declared or actual
        if kind == "param":
            assert isinstance(node, s.Param)
            return self.parameters.of(scope.function, node)
        if kind == "import":
            assert isinstance(node, s.ImportedName)
            assert binding.statement is not None
            return self.members.imported(scope.module, binding.statement, node.name, node.alias)
        if kind == "function":
            info = self.index.function_of.get(node)
            return (FunctionValue(info),) if info is not None else ()
        if kind == "class":
            cls = self.index.class_of.get(node)
            return (ClassValue(cls),) if cls is not None else ()
        if kind == "exception":
            return self.annotations.instance(node, scope)  # type: ignore[arg-type]
        values = self.of(node, scope)  # type: ignore[arg-type]
        return values or (ExpressionValue(node, scope),)  # type: ignore[arg-type]

    # --- taking values apart ---

    def projected(self, values: Values, path: tuple[Projection, ...]) -> Values:
        for step, key in path:
            if not values:
                return ()
            if step == "element":
                values = union(self.parts.element(value) for value in values)
            elif step == "enter":
                values = union(self.parts.entered(value) for value in values)
            elif step == "index":
                values = union(self.parts.item(value, key) for value in values)
            elif step == "key":
                values = self.parts.attributes(values, str(key))
        return values

    def external(self, path: str) -> Values:
        return (ExternalValue(canonical(path)),) if len(path) <= _MAX_PATH else ()

    # --- calls ---

    def call_result(self, value: Value, call: s.Call | None = None) -> Values:
        if isinstance(value, ExternalValue):
            return self.external(value.path + "()")
        if isinstance(value, ClassValue):
            return (InstanceValue(value.cls),)
        if isinstance(value, FunctionValue):
            return self.result(value.function, value.receiver)
        if isinstance(value, CallableValue):
            return (value.returns,)
        if isinstance(value, PartialValue):
            return self.call_result(value.function, call)
        if isinstance(value, InstanceValue):
            method = self.classes.method(value.cls, "__call__")
            return self.result(method, value.cls) if method is not None else ()
        return ()

    def result(self, function: FunctionInfo, receiver: object) -> Values:
        """What calling ``function`` gives; ``receiver`` is the class it was looked up on."""
        return self.guarded(("result", function, receiver), self.classes.result,
                            function, receiver)  # fmt: skip

    def self_value(self, function: FunctionInfo, name: str) -> Values | None:
        """What the receiver parameter stands for; None when ``name`` is not it."""
        if function.cls is None or self_name(function) != name:
            return None
        assert isinstance(function.node, s.Function)
        if function.node.kind == "class" or function.name in (
            "__new__",
            "__init_subclass__",
            "__class_getitem__",
        ):
            return (ClassValue(function.cls),)
        return (InstanceValue(function.cls),)


def is_super(expr: s.Expr) -> bool:
    if isinstance(expr, s.Call):
        expr = expr.func
    return isinstance(expr, s.Name) and expr.id == "super"


def _inner(expr: s.Expr) -> s.Expr | None:
    if isinstance(expr, s.Attribute | s.Subscript | s.Await):
        inner = expr.value
    elif isinstance(expr, s.Call):
        inner = expr.func
    elif isinstance(expr, s.Binary):
        inner = expr.left
    else:
        return None
    return None if isinstance(inner, s.Name | s.Literal) else inner


def _informative(values: Values) -> bool:
    return any(not isinstance(value, ConstantValue) for value in values)


_HANDLERS: dict[type[s.Node], Callable[[Evaluator, Any, Scope], Values]] = {
    s.Attribute: Evaluator._attribute,
    s.Subscript: Evaluator._subscript,
    s.Call: Evaluator._call,
    s.Await: Evaluator._await,
    s.Mapping: Evaluator._mapping,
    s.Sequence: Evaluator._sequence,
    s.Template: Evaluator._template,
    s.Binary: Evaluator._binary,
    s.Conditional: Evaluator._conditional,
    s.AssignExpr: Evaluator._assigned,
    s.FunctionExpr: Evaluator._function,
    s.ClassExpr: Evaluator._class,
    s.Comprehension: Evaluator._comprehension,
    s.Starred: Evaluator._starred,
}

_EXPRESSIONS = (
    s.Name, s.Attribute, s.Subscript, s.Call, s.Await, s.Binary, s.Conditional, s.Mapping,
    s.AssignExpr,
)  # fmt: skip
