"""Classes of the tree: bases, attributes, methods and what calling them gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import SILENT_BASES
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

_MAX_ANCESTORS = 40
_MAX_IMPLEMENTATIONS = 8
_PROPERTIES = frozenset({
    "property", "cached_property", "hybrid_property", "async_property", "computed_field",
    "classproperty", "cachedproperty", "aggregated",
})  # fmt: skip
_ABSTRACT = frozenset({"abstractmethod", "abstractproperty", "abstractclassmethod"})


class Classes:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._bases: dict[ClassInfo, tuple[Value, ...]] = {}
        self._mro: dict[ClassInfo, tuple[Value, ...]] = {}
        self._methods: dict[tuple[ClassInfo, str], FunctionInfo | None] = {}
        self._subclasses: dict[ClassInfo, list[ClassInfo]] | None = None
        self._property_names: frozenset[str] | None = None
        self._resolving: set[ClassInfo] = set()
        self._open_methods: dict[ClassInfo, bool] = {}

    # --- hierarchy ---

    @property
    def is_open(self) -> bool:
        """Some class is being asked for its bases, so that what inherits may lack something."""
        return bool(self._resolving)

    def bases(self, cls: ClassInfo) -> tuple[Value, ...]:
        found = self._bases.get(cls)
        if found is not None:
            return found
        if cls in self._resolving:
            return ()
        self._resolving.add(cls)
        try:
            scope = self._index.outer_scope[cls]
            exprs = [base.value for base in cls.node.bases if base.keyword is None]
            exprs.extend(cls.node.implements)
            values: dict[Value, None] = {}
            for expr in exprs:
                for value in self._base_values(expr, scope):
                    if isinstance(value, ExternalValue) or (
                        isinstance(value, ClassValue) and value.cls is not cls
                    ):
                        values[value] = None
            found = self._bases[cls] = tuple(values)
        finally:
            self._resolving.discard(cls)
        return found

    def _base_values(self, expr: s.Expr, scope: Scope) -> Sequence[Value]:
        if isinstance(expr, s.Subscript):
            expr = expr.value
        values = self._evaluator.of(expr, scope)
        if not values and isinstance(expr, s.Name):
            return (ExternalValue(expr.id),) if expr.id in SILENT_BASES else ()
        return [
            item
            for value in values
            for item in (
                self._mixed(value, expr, scope) if isinstance(value, InstanceValue) else (value,)
            )
        ]

    def _mixed(self, value: InstanceValue, expr: s.Expr, scope: Scope) -> Sequence[Value]:
        """A class made by calling something (``Mixin(Base)``): the classes passed to it."""
        if isinstance(expr, s.Call):
            return self._evaluator.all_of([item.value for item in expr.args], scope)
        return (value,)

    def ancestors(self, cls: ClassInfo) -> tuple[Value, ...]:
        """All bases, nearest first, without ``cls`` itself."""
        found = self._mro.get(cls)
        if found is not None:
            return found
        seen: dict[Value, None] = {}
        queue: list[Value] = list(self.bases(cls))
        while queue and len(seen) < _MAX_ANCESTORS:
            value = queue.pop(0)
            if value in seen or (isinstance(value, ClassValue) and value.cls is cls):
                continue
            seen[value] = None
            if isinstance(value, ClassValue):
                queue = [*self.bases(value.cls), *queue]
        found = tuple(seen)
        if not self._resolving:
            self._mro[cls] = found
        return found

    def lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        """``cls`` and its ancestors in the tree."""
        yield cls
        for value in self.ancestors(cls):
            if isinstance(value, ClassValue):
                yield value.cls

    def subclasses(self, cls: ClassInfo) -> Sequence[ClassInfo]:
        """The direct subclasses and implementing classes, by qualified name."""
        if self._subclasses is None:
            found: dict[ClassInfo, list[ClassInfo]] = defaultdict(list)
            for qualname in sorted(self._index.classes):
                candidate = self._index.classes[qualname]
                for base in self.bases(candidate):
                    if isinstance(base, ClassValue):
                        found[base.cls].append(candidate)
            self._subclasses = dict(found)
        return self._subclasses.get(cls, ())

    def descendants(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        seen = {cls}
        queue = list(self.subclasses(cls))
        while queue:
            current = queue.pop(0)
            if current in seen:
                continue
            seen.add(current)
            yield current
            queue.extend(self.subclasses(current))

    def is_protocol(self, cls: ClassInfo) -> bool:
        return any(
            isinstance(base, ExternalValue) and base.path.endswith(".Protocol")
            for base in self.bases(cls)
        )

    def is_abstract(self, cls: ClassInfo) -> bool:
        if cls.node.kind in ("interface", "abstract") or self.is_protocol(cls):
            return True
        found = self._open_methods.get(cls)
        if found is None:
            found = self._open_methods[cls] = any(
                is_abstract(method)
                for methods in self._index.methods[cls].values()
                for method in methods
            )
        return found

    def all_abstract(self, values: Values) -> bool:
        return all(
            (isinstance(value, InstanceValue) and self.is_abstract(value.cls))
            or (
                isinstance(value, ObjectValue)
                and self._evaluator.annotations.is_type(value.mapping)
            )
            or isinstance(value, CallableValue)
            for value in values
        )

    def implementers(self, cls: ClassInfo) -> Sequence[ClassInfo]:
        """The classes that stand behind an abstract one: its descendants, for a protocol without
        any also those that have all its methods."""
        found = list(self.descendants(cls))
        if not found and (self.is_protocol(cls) or cls.node.kind == "interface"):
            names = {name for name in self._index.methods[cls] if not name.startswith("__")}
            if names:
                found = [
                    candidate
                    for _, candidate in sorted(self._index.classes.items())
                    if candidate is not cls
                    and candidate.module.language[0] == cls.module.language[0]
                    and names <= self._index.methods[candidate].keys()
                    and not self.is_protocol(candidate)
                ]
                if len(found) > _MAX_IMPLEMENTATIONS:
                    found = []
        return found

    def implementations(self, method: FunctionInfo) -> Sequence[FunctionInfo]:
        """What a call of an abstract method runs: up to eight overriding methods."""
        if method.cls is None or not is_abstract(method):
            return ()
        found: dict[FunctionInfo, None] = {}
        for cls in self.implementers(method.cls):
            own = self.method(cls, method.name)
            if own is not None and own is not method and not is_abstract(own):
                found[own] = None
        return tuple(found)[:_MAX_IMPLEMENTATIONS]

    # --- members ---

    def method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        key = (cls, name)
        if key in self._methods:
            return self._methods[key]
        found = next(
            (m for owner in self.lineage(cls) if (m := self._own_method(owner, name)) is not None),
            None,
        )
        if not self._resolving:
            self._methods[key] = found
        return found

    def _own_method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        methods = self._index.methods[cls].get(name)
        if not methods:
            return None
        for method in reversed(methods):
            node = method.node
            if isinstance(node, s.Function) and node.kind != "setter" and not node.bodiless:
                return method
        return methods[-1]

    def constructor(self, cls: ClassInfo) -> FunctionInfo | None:
        name = "__init__" if cls.module.language == "python" else "constructor"
        return self.method(cls, name)

    def attribute(self, cls: ClassInfo, name: str, instance: bool) -> Values:
        """What ``name`` is on an instance of ``cls`` (or on the class itself)."""
        known = False
        for owner in self.lineage(cls):
            values, found = self._own_attribute(owner, name, instance, cls)
            if values:
                return values
            known = known or found
        evaluator = self._evaluator
        if not known:
            external = self._external_attribute(cls, name, instance)
            if external:
                return external
        if instance and known:
            values = evaluator.parameters.constructor_argument(cls, name)
            if values:
                return values
        values = self._assigned_from_outside(cls, name, instance)
        if values:
            return values
        found_below: dict[Value, None] = {}
        for below in list(self.descendants(cls))[:_MAX_IMPLEMENTATIONS]:
            for value in self._own_attribute(below, name, instance, below)[0]:
                found_below[value] = None
        return tuple(found_below)[:_MAX_IMPLEMENTATIONS]

    def _own_attribute(
        self, cls: ClassInfo, name: str, instance: bool, receiver: ClassInfo
    ) -> tuple[Values, bool]:
        index, evaluator = self._index, self._evaluator
        method = self._own_method(cls, name)
        if method is not None:
            if instance and is_property(method):
                return evaluator.result(method, receiver), True
            return (FunctionValue(method, receiver),), True
        bindings = list(index.frames[cls.node].names.get(name, ()))
        bindings.extend(index.class_attributes[cls].get(name, ()))
        if not bindings:
            return (), False
        found: dict[Value, None] = {}
        declared = False
        for binding in bindings:
            for value in self._field(binding, receiver):
                found[value] = None
            declared = declared or binding.annotation is not None
        values = tuple(found)
        if declared and any(not self.all_abstract((value,)) for value in values):
            values = tuple(value for value in values if not self.all_abstract((value,)))
        if cls.node.kind == "enum" and not instance and not values:
            values = (InstanceValue(cls),)
        return values[:_MAX_IMPLEMENTATIONS], True

    def _field(self, binding: Binding, receiver: ClassInfo) -> Values:
        if binding.annotation is not None and not binding.path and binding.kind == "value":
            declared = self._evaluator.annotations.instance(
                binding.annotation, binding.scope, receiver
            )
            if declared and not self.all_abstract(declared):
                return declared
        return self._evaluator.binding(binding)

    def _external_attribute(self, cls: ClassInfo, name: str, instance: bool) -> Values:
        found: dict[Value, None] = {}
        for base in self.ancestors(cls):
            if isinstance(base, ExternalValue) and base.path not in SILENT_BASES:
                call = "()" if instance else ""
                for value in self._evaluator.external(f"{base.path}{call}.{name}"):
                    found[value] = None
        return tuple(found)[:4]

    def _assigned_from_outside(self, cls: ClassInfo, name: str, instance: bool) -> Values:
        """What code outside of the class puts on it or its instances."""
        stores = self._index.attribute_stores.get(name)
        if not stores:
            return ()
        evaluator = self._evaluator
        wanted: Value = InstanceValue(cls) if instance else ClassValue(cls)
        found: dict[Value, None] = {}
        for store in stores[:64]:
            scope = store.binding.scope
            if wanted in evaluator.of(store.base, scope):
                for value in evaluator.binding(store.binding):
                    found[value] = None
        return tuple(found)[:_MAX_IMPLEMENTATIONS]

    def super_attribute(self, name: str, scope: Scope) -> Values:
        owner = scope.method
        cls = owner.cls if owner is not None else scope.cls
        if cls is None:
            return ()
        static = owner is not None and getattr(owner.node, "kind", "") in ("static", "class")
        for value in self.ancestors(cls):
            if isinstance(value, ClassValue):
                values, known = self._own_attribute(value.cls, name, not static, cls)
                if values or known:
                    return values
        return self._external_attribute(cls, name, not static)

    def getter(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        """The function that reading ``name`` on an instance runs."""
        method = self.method(cls, name)
        return method if method is not None and is_property(method) else None

    @property
    def property_names(self) -> frozenset[str]:
        """The names of all properties and getters of the tree."""
        if self._property_names is None:
            self._property_names = frozenset(
                name
                for methods in self._index.methods.values()
                for name, candidates in methods.items()
                if any(is_property(method) for method in candidates)
            )
        return self._property_names

    # --- results ---

    def result(self, function: FunctionInfo, receiver: ClassInfo | None) -> Values:
        node = function.node
        if not isinstance(node, s.Function) or node.kind in ("constructor", "setter"):
            return ()
        evaluator, index = self._evaluator, self._index
        declared: Values = ()
        if node.returns is not None:
            scope = index.definition_scope[node]
            if scope.cls is None and receiver is not None:
                scope = Scope(scope.module, scope.function, receiver)
            declared = evaluator.annotations.instance(node.returns, scope, receiver or function.cls)
            if declared and not self.all_abstract(declared):
                return declared
        actual = self._returned(node)
        if not actual and function.cls is not None:
            actual = self._first(
                evaluator.result(item, item.cls) for item in self.implementations(function)
            )
        if declared and not any(
            isinstance(value, InstanceValue | ObjectValue | ExternalValue | FunctionValue)
            for value in actual
        ):
            return declared
        if receiver is not None and function.cls is not None and receiver is not function.cls:
            mine = InstanceValue(function.cls)
            actual = tuple(InstanceValue(receiver) if item == mine else item for item in actual)
        return actual

    def _returned(self, node: s.Function) -> Values:
        evaluator, body = self._evaluator, self._index.bodies[node]
        scope = self._index.function_scope[node]
        if node.is_generator or body.yields:
            elements = self._first(
                self._yielded(item, scope) for item in body.yields[:_MAX_IMPLEMENTATIONS]
            )
            return tuple(CollectionValue(value) for value in elements)
        return self._first(evaluator.of(item, scope) for item in body.returns[:16])

    def _yielded(self, node: s.Yield, scope: Scope) -> Values:
        if node.value is None:
            return ()
        values = self._evaluator.of(node.value, scope)
        if node.delegate:
            return self._first(self._evaluator.parts.element(value) for value in values)
        return values

    def _first(self, groups: Iterator[Values]) -> Values:
        found: dict[Value, None] = {}
        for group in groups:
            for value in group:
                found[value] = None
        return tuple(found)[:_MAX_IMPLEMENTATIONS]


def decorator_name(expr: s.Expr) -> str:
    """The last name of a decorator, without its arguments."""
    if isinstance(expr, s.Call):
        expr = expr.func
    if isinstance(expr, s.Attribute):
        return expr.name
    return expr.id if isinstance(expr, s.Name) else ""


def is_property(function: FunctionInfo) -> bool:
    node = function.node
    if not isinstance(node, s.Function):
        return False
    return node.kind == "getter" or any(
        decorator_name(item) in _PROPERTIES for item in node.decorators
    )


def is_abstract(function: FunctionInfo) -> bool:
    """The method has no body of its own: abstract, of an interface or a protocol."""
    node = function.node
    if not isinstance(node, s.Function):
        return False
    if node.bodiless or any(decorator_name(item) in _ABSTRACT for item in node.decorators):
        return True
    if function.cls is None or function.module.language != "python":
        return False
    return all(_says_nothing(statement) for statement in node.body)


def _says_nothing(statement: s.Stmt) -> bool:
    if isinstance(statement, s.Jump):
        return True
    if isinstance(statement, s.ExprStmt):
        return isinstance(statement.value, s.Literal)
    if isinstance(statement, s.Raise) and statement.value is not None:
        raised = statement.value.func if isinstance(statement.value, s.Call) else statement.value
        return isinstance(raised, s.Name) and raised.id == "NotImplementedError"
    return False
