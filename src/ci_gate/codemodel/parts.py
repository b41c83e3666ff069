"""Taking values apart: elements, items, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import ENTERED
from ci_gate.codemodel.program import ClassInfo
from ci_gate.codemodel.values import (
    ClassValue,
    CollectionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    PackageValue,
    PartialValue,
    TupleValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values, ordered, union

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator


#: More places than this that fill an object say nothing.
_MAX_STORES: Final = 16
#: Attributes of a function that stand for the function itself.
FUNCTION_FORMS: Final = frozenset({
    "delay", "apply_async", "s", "si", "__wrapped__", "func", "original",
})  # fmt: skip


class Parts:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index

    def element(self, value: Value) -> Values:
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, TupleValue):
            return union(ordered(item) for item in value.items)
        if isinstance(value, ExternalValue):
            return self._evaluator.external(value.path + "[]")
        if isinstance(value, InstanceValue):
            for name in ("__iter__", "__aiter__"):
                method = self._evaluator.classes.method(value.cls, name)
                if method is not None:
                    result = self._evaluator.result(method, value.cls)
                    return tuple(item.element for item in result
                                 if isinstance(item, CollectionValue))  # fmt: skip
        return ()

    def entered(self, value: Value) -> Values:
        """What ``with value as x`` gives."""
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, ExternalValue):
            return self._evaluator.external(ENTERED.get(value.path, value.path))
        if isinstance(value, InstanceValue):
            for name in ("__aenter__", "__enter__"):
                method = self._evaluator.classes.method(value.cls, name)
                if method is not None:
                    return self._evaluator.result(method, value.cls) or (value,)
            return (value,)
        return ()

    def item(self, value: Value, key: object) -> Values:
        if isinstance(value, TupleValue):
            if isinstance(key, int) and not isinstance(key, bool):
                if -len(value.items) <= key < len(value.items):
                    return ordered(value.items[key])
                return ()
            return ()
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, ObjectValue):
            return self.object_attribute(value, str(key))
        if isinstance(value, ExternalValue):
            return self._evaluator.external(value.path + "[]")
        if isinstance(value, InstanceValue | ModuleValue) and isinstance(key, str):
            if isinstance(value, InstanceValue):
                method = self._evaluator.classes.method(value.cls, "__getitem__")
                if method is not None:
                    return self._evaluator.result(method, value.cls)
            return self.attribute(value, key)
        return ()

    def any_item(self, value: Value) -> Values:
        if isinstance(value, ObjectValue):
            return self.object_items(value)
        if isinstance(value, InstanceValue):
            method = self._evaluator.classes.method(value.cls, "__getitem__")
            return self._evaluator.result(method, value.cls) if method is not None else ()
        return self.element(value)

    def object_items(self, value: ObjectValue) -> Values:
        return union(
            self._evaluator.of(entry.value, value.scope)
            for entry in value.mapping.entries
            if entry.key is not None
        )

    # --- attributes ---

    def attributes(self, values: Values, name: str) -> Values:
        """``name`` of any of ``values``. What a type says is trusted unless it is an interface
        behind which an actual object is known."""
        typed = [item for item in values if self._evaluator.annotations.is_typed(item)]
        if not typed or len(typed) == len(values):
            return union(self.attribute(value, name) for value in values)
        declared = union(self.attribute(value, name) for value in typed)
        if declared and not self._evaluator.classes.all_abstract(declared):
            return declared
        actual = union(self.attribute(value, name) for value in values if value not in typed)
        return union((actual, declared))

    def attribute(self, value: Value, name: str) -> Values:
        if isinstance(value, ExternalValue):
            if name == "default":
                return (value,)
            return self._evaluator.external(f"{value.path}.{name}")
        if isinstance(value, ModuleValue):
            return self._evaluator.members.member(value.path, name)
        if isinstance(value, InstanceValue):
            return self._member("instance", value.cls, name)
        if isinstance(value, ClassValue):
            return self._member("class", value.cls, name)
        if isinstance(value, ObjectValue):
            return self._evaluator.guarded((value, name), self.object_attribute, value, name)
        if isinstance(value, PackageValue):
            child = self._evaluator.imports.child(value.path, name)
            if child is not None:
                return (ModuleValue(child),)
            directory = f"{value.path}/{name}" if value.path else name
            return (
                (PackageValue(directory),)
                if self._evaluator.imports.is_namespace(directory)
                else ()
            )
        if isinstance(value, FunctionValue):
            return self._function_attribute(value, name)
        return ()

    def _member(self, kind: str, cls: ClassInfo, name: str) -> Values:
        lookup = self._evaluator.classes.attribute
        return self._evaluator.guarded((kind, cls, name), lookup, cls, name, kind == "instance")

    def _function_attribute(self, value: FunctionValue, name: str) -> Values:
        if name in ("call", "apply", "bind") and value.function.module.language != "python":
            return (PartialValue(value),)
        if name in FUNCTION_FORMS:
            return (PartialValue(value),)
        stores = self._index.attribute_stores.get(name, [])
        return union(
            self._evaluator.binding(store.binding)
            for store in stores[:32]
            if store.binding.scope.module is value.function.module
            and value in self._evaluator.of(store.base, store.binding.scope)
        )

    def object_attribute(self, value: ObjectValue, name: str) -> Values:
        mapping, scope = value.mapping, value.scope
        typed = self._evaluator.annotations.is_type(mapping)
        spreads: list[Values] = []
        found: s.Expr | None = None
        for entry in mapping.entries:
            if entry.key is None:
                if not typed:
                    inner = self._evaluator.of(entry.value, scope)
                    spreads.append(union(self.attribute(item, name) for item in inner))
            elif isinstance(entry.key, s.Literal) and str(entry.key.value) == name:
                found = entry.value
        if found is not None:
            if typed:
                return self._evaluator.annotations.instance(found, scope)
            info = self._index.function_of.get(getattr(found, "function", found))
            if info is not None and getattr(info.node, "kind", "") == "getter":
                return self._evaluator.result(info, None)
            return self._evaluator.of(found, scope)
        values = union(spreads)
        if values or typed:
            return values
        stores = self._index.attribute_stores.get(name, [])
        stored = union(
            self._evaluator.binding(store.binding)
            for store in stores[:64]
            if store.binding.scope.module is scope.module
            and value in self._evaluator.of(store.base, store.binding.scope)
        )
        return stored or self._collected(value)

    def _collected(self, value: ObjectValue) -> Values:
        """What is put into an object under keys that are worked out: ``models[model.name] =
        model``."""
        mapping, scope = value.mapping, value.scope
        if mapping.entries or scope.module.language == "python":
            return ()
        stores = [
            store
            for store in self._index.collections.get(scope.module.path, ())
            if value in self._evaluator.of(store.base, store.binding.scope)
        ]
        found = [self._evaluator.binding(store.binding) for store in stores[:_MAX_STORES]]
        if len(stores) > _MAX_STORES or not all(found):
            return ()  # what is not known may be what is asked for
        return union(found)
