"""Calls whose meaning is the library's: dependencies, partials, promises, containers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import (
    CALLS_ARGUMENT,
    DEPENDS,
    PARTIALS,
    PASS_THROUGH,
    PROVIDERS,
)
from ci_gate.codemodel.program import Scope
from ci_gate.codemodel.values import (
    ClassValue,
    CollectionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    PartialValue,
    TupleValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

_SAME = frozenset({
    "list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "aiter", "enumerate",
})  # fmt: skip
_SAME_METHODS = frozenset({
    "catch", "finally", "bind", "slice", "filter", "sort", "reverse", "concat", "toSorted", "copy",
    "flat", "splice",
})  # fmt: skip
_MANAGERS = frozenset({"as_manager", "from_queryset"})
_CHAINED = frozenset({
    "filter", "exclude", "all", "order_by", "select_related", "prefetch_related", "annotate",
    "distinct", "only", "defer", "using", "none", "reverse", "select_for_update", "get_queryset",
})  # fmt: skip
"""Methods of a Django query set that give one of the same class."""
_ELEMENT_METHODS = frozenset({"find", "pop", "shift", "at", "findLast", "popleft", "get"})


class LibraryCalls:
    """Answers calls that are not simply "what the callee returns"; None for all others."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._builtins: dict[str, Callable[[s.Call, Scope], Values]] = {
            "getattr": self._getattr,
            "next": self._next,
            "anext": self._next,
            "vars": self._first,
            "structuredClone": self._first,
        }

    def result(self, call: s.Call, scope: Scope) -> Values | None:
        func = call.func
        evaluator = self._evaluator
        if isinstance(func, s.Name):
            if evaluator.find(func.id, scope) is None:
                return self._builtin(func.id, call, scope)
        elif isinstance(func, s.Attribute):
            special = self._method(func, call, scope)
            if special is not None:
                return special
        for value in evaluator.of(func, scope):
            if isinstance(value, ExternalValue):
                special = self._external(value.path, call, scope)
                if special is not None:
                    return special
        return None

    def _builtin(self, name: str, call: s.Call, scope: Scope) -> Values | None:
        required = self._evaluator.members.required(call, scope)
        if required is not None:
            return required
        if name in _SAME and scope.module.language == "python":
            return self._collected(call, scope)
        handler = self._builtins.get(name)
        if handler is not None:
            return handler(call, scope)
        if name == "super":
            return ()
        return None

    def _first(self, call: s.Call, scope: Scope) -> Values:
        return self._evaluator.of(call.args[0].value, scope) if call.args else ()

    def _collected(self, call: s.Call, scope: Scope) -> Values:
        found: dict[Value, None] = {}
        for value in self._first(call, scope):
            if isinstance(value, CollectionValue | TupleValue):
                found[value] = None
            else:
                for element in self._evaluator.parts.element(value):
                    found[CollectionValue(element)] = None
        return tuple(found)

    def _getattr(self, call: s.Call, scope: Scope) -> Values:
        name = call.argument(1)
        evaluator = self._evaluator
        if not isinstance(name, s.Literal) or not isinstance(name.value, str):
            return ()
        base = call.args[0].value
        values = evaluator.of(base, scope)
        stored = evaluator.stores.attribute(base, name.value, scope, values)
        if stored:
            return stored
        return self._each(values, lambda value: evaluator.parts.attribute(value, str(name.value)))

    def _next(self, call: s.Call, scope: Scope) -> Values:
        return self._each(self._first(call, scope), self._evaluator.parts.element)

    def _each(self, values: Values, step: Callable[[Value], Values]) -> Values:
        found: dict[Value, None] = {}
        for value in values:
            for item in step(value):
                found[item] = None
        return tuple(found)[:8]

    # --- methods ---

    def _method(self, func: s.Attribute, call: s.Call, scope: Scope) -> Values | None:
        evaluator = self._evaluator
        name = func.name
        if isinstance(func.value, s.Name):
            static = self._static(func.value.id, name, call, scope)
            if static is not None:
                return static
        stored = evaluator.stores.call(call, scope)
        if stored:
            return stored
        if name == "then" and call.args:
            return self._callback_result(call, scope)
        if name == "import_module" and call.args:
            return None
        values = evaluator.of(func.value, scope)
        if name in _MANAGERS or name in _CHAINED:
            managed = self._managed(name, values, call, scope)
            if managed:
                return managed
        if name == "bind" and values and scope.module.language != "python":
            bound = evaluator.of(func.value, scope)
            return tuple(PartialValue(value) for value in bound if isinstance(value, FunctionValue))
        if not values or not all(
            isinstance(value, CollectionValue | TupleValue | ObjectValue) for value in values
        ):
            return None
        return self._container(name, values, call, scope)

    def _managed(self, name: str, values: Values, call: s.Call, scope: Scope) -> Values:
        """Django's managers and query sets that are classes of the tree."""
        if name == "as_manager":
            return tuple(
                InstanceValue(value.cls) for value in values if isinstance(value, ClassValue)
            )
        if name == "from_queryset":
            own = tuple(value for value in values if isinstance(value, ClassValue))
            given = self._first(call, scope)
            return (*own, *(value for value in given if isinstance(value, ClassValue)))
        return tuple(
            value
            for value in values
            if isinstance(value, InstanceValue)
            and any(
                isinstance(base, ExternalValue) and base.path.endswith(("QuerySet", "Manager"))
                for base in self._evaluator.classes.ancestors(value.cls)
            )
            and self._evaluator.classes.method(value.cls, name) is None
        )

    def _container(self, name: str, values: Values, call: s.Call, scope: Scope) -> Values | None:
        evaluator = self._evaluator
        if any(isinstance(value, ObjectValue) for value in values):
            key = call.argument(0)
            if name in ("get", "pop", "setdefault") and isinstance(key, s.Literal):
                return self._each(values, lambda value: evaluator.parts.item(value, key.value))
            if name == "values" and scope.module.language == "python":
                return self._wrapped(self._each(values, evaluator.parts.any_item))
            return None
        if name in _SAME_METHODS:
            return values
        if name in _ELEMENT_METHODS:
            return self._each(values, evaluator.parts.element)
        if name in ("values", "entries"):
            return values
        if name == "items":
            return tuple(
                CollectionValue(TupleValue((frozenset(), frozenset({element}))))
                for element in self._each(values, evaluator.parts.element)
            )
        if name in ("map", "flatMap") and call.args:
            return self._wrapped(self._callback_result(call, scope))
        return None

    def _wrapped(self, values: Values) -> Values:
        return tuple(CollectionValue(value) for value in values)

    def _callback_result(self, call: s.Call, scope: Scope) -> Values:
        evaluator = self._evaluator
        return self._each(evaluator.of(call.args[0].value, scope), evaluator.call_result)

    def _static(self, owner: str, name: str, call: s.Call, scope: Scope) -> Values | None:
        """Methods of JavaScript's own objects."""
        evaluator = self._evaluator
        if scope.module.language == "python" or owner not in ("Promise", "Object", "Array"):
            return None
        if evaluator.find(owner, scope) is not None or not call.args:
            return None
        if owner == "Promise":
            if name in ("all", "allSettled"):
                return self._first(call, scope)
            if name in ("race", "any"):
                return self._each(self._first(call, scope), evaluator.parts.element)
            return self._first(call, scope) if name == "resolve" else None
        if owner == "Object":
            if name in ("freeze", "seal", "create"):
                return self._first(call, scope)
            if name == "assign":
                return evaluator.all_of([item.value for item in call.args], scope)
            if name == "values":
                return self._wrapped(self._each(self._first(call, scope), evaluator.parts.any_item))
            return None
        return self._first(call, scope) if name == "from" else None

    # --- libraries ---

    def _external(self, path: str, call: s.Call, scope: Scope) -> Values | None:
        evaluator = self._evaluator
        if path in DEPENDS:
            return self.dependency(call, scope) or ()
        if path in PARTIALS and call.args:
            return tuple(PartialValue(value) for value in self._first(call, scope))
        if path in ("typing.cast", "typing_extensions.cast") and len(call.args) > 1:
            declared = evaluator.annotations.instance(call.args[0].value, scope)
            return declared or evaluator.of(call.args[1].value, scope)
        if path in PASS_THROUGH and call.args:
            return self._first(call, scope)
        if path in CALLS_ARGUMENT and call.args:
            return self._each(self._first(call, scope), evaluator.call_result)
        if path in ("asyncio.gather", "anyio.gather"):
            items = tuple(frozenset(evaluator.of(item.value, scope)) for item in call.args)
            return (TupleValue(items),)
        if path == "dataclasses.field":
            factory = call.argument(keyword="default_factory")
            if factory is not None:
                return self._each(evaluator.of(factory, scope), evaluator.call_result)
            return ()
        if path in PROVIDERS and call.args:
            return tuple(PartialValue(value) for value in self._first(call, scope))
        if path.endswith(("ExitStack().enter_context", "ExitStack().enter_async_context")):
            return self._each(self._first(call, scope), evaluator.parts.entered)
        if path == "importlib.import_module":
            return self._imported(call, scope)
        factory = self._factory(path, call)
        if factory is not None:
            return self._by_factory(factory, scope)
        return None

    def _factory(self, path: str, call: s.Call) -> s.Expr | None:
        """The class that a connection or cursor is asked to be of."""
        match path:
            case "sqlite3.connect" | "sqlite3.dbapi2.connect" | "aiosqlite.connect":
                return call.argument(keyword="factory")
            case "psycopg2.connect":
                return call.argument(keyword="connection_factory")
            case "sqlite3.Connection().cursor":
                return call.argument(0, "factory")
            case "psycopg2.Connection().cursor":
                return call.argument(keyword="cursor_factory")
        return None

    def _by_factory(self, factory: s.Expr, scope: Scope) -> Values | None:
        """An object of that class where it is the program's own, which may do as it likes; None
        for those of libraries."""
        values = self._evaluator.of(factory, scope)
        if any(isinstance(value, ExternalValue) for value in values):
            return None
        return self._each(values, self._evaluator.call_result)

    def _imported(self, call: s.Call, scope: Scope) -> Values | None:
        name = call.argument(0)
        if not isinstance(name, s.Literal) or not isinstance(name.value, str):
            return ()
        module = s.Import(call.span, "dynamic", name.value)
        return self._evaluator.members.imported(scope.module, module, "*")

    def provider(self, call: s.Call, scope: Scope) -> Values:
        """What a ``Depends(f)`` names as its provider; empty for other calls."""
        called = self._evaluator.of(call.func, scope)
        if not any(isinstance(value, ExternalValue) and value.path in DEPENDS for value in called):
            return ()
        provider = call.argument(0, "dependency")
        return self._evaluator.of(provider, scope) if provider is not None else ()

    def dependency(
        self, call: s.Call, scope: Scope, annotation: s.Expr | None = None
    ) -> Values | None:
        """What ``Depends(f)`` provides; None when ``call`` is not a dependency."""
        evaluator = self._evaluator
        called = evaluator.of(call.func, scope)
        if not any(isinstance(value, ExternalValue) and value.path in DEPENDS for value in called):
            return None
        provider = call.argument(0, "dependency")
        if provider is None:
            return evaluator.annotations.instance(annotation, scope) if annotation else ()
        return self._each(evaluator.of(provider, scope), self._provided)

    def _provided(self, value: Value) -> Values:
        evaluator = self._evaluator
        if isinstance(value, ClassValue):
            return (InstanceValue(value.cls),)
        results = evaluator.call_result(value)
        function = value.function if isinstance(value, FunctionValue) else None
        node = function.node if function is not None else None
        if isinstance(node, s.Function) and (node.is_generator or self._yields(node)):
            return self._each(results, evaluator.parts.element)
        return results

    def _yields(self, node: s.Function) -> bool:
        return bool(self._evaluator.index.bodies[node].yields)
