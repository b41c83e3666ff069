"""What a parameter can stand for: its annotation, its default, what known call sites pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import CALLBACK_PARAMETERS
from ci_gate.codemodel.places import is_test
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Scope
from ci_gate.codemodel.scopes import ELEMENT, Binding, whole
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    PartialValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

_MAX_SITES = 48
_MAX_VALUES = 8

_Run = dict[FunctionInfo, bool]

_EACH = frozenset({"map", "forEach", "filter", "find", "some", "every", "flatMap", "findIndex"})


class Parameters:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._run_by: dict[s.Expr, _Run] = {}
        self._calls: dict[tuple[str, bool], list[tuple[s.Call, Scope]]] = {}
        self._callbacks: dict[tuple[FunctionInfo, int], list[s.Call]] = {}

    def forget(self) -> None:
        self._run_by.clear()

    def of(self, function: FunctionInfo, param: s.Param) -> Values:
        evaluator = self._evaluator
        node = function.node
        assert isinstance(node, s.Function)
        if node.params and node.params[0] is param:
            receiver = evaluator.self_value(function, param.name)
            if receiver is not None:
                return receiver
        outer = self._index.definition_scope[node]
        declared: Values = ()
        if param.annotation is not None:
            declared = evaluator.annotations.instance(param.annotation, outer, function.cls)
            if declared and not evaluator.classes.all_abstract(declared):
                return declared
        if isinstance(param.default, s.Call):
            provided = evaluator.library_calls.dependency(param.default, outer, param.annotation)
            if provided is not None:
                return provided or declared
        if declared:
            return self._behind(declared, function, node, param)
        if param.kind in ("*", "**"):
            return ()
        found: dict[Value, None] = {}
        if param.default is not None:
            inner = self._index.function_scope[node]
            scope = outer if function.module.language == "python" else inner
            for value in evaluator.of(param.default, scope):
                found[value] = None
        for value in self._passed(function, node, param):
            found[value] = None
        return tuple(found)[:_MAX_VALUES]

    def _behind(
        self, declared: Values, function: FunctionInfo, node: s.Function, param: s.Param
    ) -> Values:
        """What call sites pass where only an interface or object type is declared."""
        if all(isinstance(value, CallableValue) for value in declared):
            callables = [
                value
                for value in self._passed(function, node, param)
                if isinstance(value, FunctionValue | ClassValue | PartialValue)
            ]
            return tuple(callables)[:_MAX_VALUES] or declared
        if function.module.language == "python" or param.kind != "positional":
            return declared
        passed = [
            value
            for value in self._passed(function, node, param)
            if isinstance(value, ObjectValue | InstanceValue) and value not in declared
        ]
        return (*passed, *declared)[:_MAX_VALUES] if passed else declared

    # --- call sites ---

    def _passed(self, function: FunctionInfo, node: s.Function, param: s.Param) -> Values:
        given = self._given_by_library(node, param) or self._given_by_program(node, param)
        if given:
            return given
        found: dict[Value, None] = {}
        for argument, scope in self.arguments(function, node, param):
            for value in self._evaluator.of(argument, scope):
                found[value] = None
            if len(found) >= _MAX_VALUES:
                break
        return tuple(found)[:_MAX_VALUES]

    def arguments(
        self, function: FunctionInfo, node: s.Function, param: s.Param
    ) -> Iterator[tuple[s.Expr, Scope]]:
        """What known call sites pass as ``param``."""
        shift = 1 if _has_receiver(function) else 0
        position: int | None = node.params.index(param) - shift
        if param.kind == "keyword-only" or (position is not None and position < 0):
            position = None
        keyword = param.name or None
        for call, scope, offset in self._sites(function):
            place = None if position is None else position + offset
            argument = call.argument(place, keyword)
            if argument is not None:
                yield argument, scope

    def _sites(self, function: FunctionInfo) -> Iterator[tuple[s.Call, Scope, int]]:
        """The calls that run ``function``, and how far its arguments are shifted there."""
        evaluator = self._evaluator
        cls = function.cls
        constructor = cls is not None and evaluator.classes.constructor(cls) is function
        names = {function.name, *self._index.aliases.get(function.name, ())}
        if cls is None and function.module.language != "python" and function.parent is None:
            key = whole(function.module.path)
            names |= {key, *self._index.aliases.get(key, ())}
        if constructor and cls is not None:
            names = self._class_names(cls)
            names.add(function.name)
            if function.module.language != "python":
                names.add("super")
        for call, scope in self._candidates(names, function):
            run = self._run_by.get(call.func)
            if run is None:
                runs = self._runs(call, scope, function, constructor)
            else:
                runs = function in run and (constructor or run[function])
            if runs:
                yield call, scope, 0
        if cls is None and function.module.language != "python":
            for call, scope in self._calls_of_items:
                if self._means(call.func, scope, function, constructor):
                    yield call, scope, 0
        for call, scope in self._candidates({"partial"}, function):
            if call.args and self._means(call.args[0].value, scope, function, constructor):
                yield call, scope, 1

    @cached_property
    def _calls_of_items(self) -> Sequence[tuple[s.Call, Scope]]:
        """Where scripts call the items of a list of functions that is written out:
        ``for (const routes of [users, articles]) routes(scope)``."""
        index, evaluator = self._index, self._evaluator
        names = {
            name
            for node, frame in index.frames.items()
            for name, bindings in frame.names.items()
            if name in index.calls_by_name
            for binding in bindings
            if binding.scope.module.language != "python" and self._is_item(node, binding)
        }
        found: list[tuple[s.Call, Scope]] = []
        for name in sorted(names):
            for call, scope in index.calls_by_name[name]:
                if not isinstance(call.func, s.Name) or is_test(scope.module.path):
                    continue
                bound = evaluator.find(name, scope)
                if bound is not None and any(self._is_item(bound[0], item) for item in bound[1]):
                    found.append((call, scope))
        return found[:_MAX_SITES]

    def _is_item(self, node: s.Node, binding: Binding) -> bool:
        """Does the name that ``node`` binds go through a list that is written out?"""
        if binding.kind == "value":
            listed = binding.node if binding.path == (ELEMENT,) else None
        else:
            passed = self._index.argument_of.get(node) if not binding.path else None
            func = passed[0].func if passed is not None else None
            is_each = isinstance(func, s.Attribute) and func.name in _EACH
            listed = func.value if is_each and isinstance(func, s.Attribute) else None
        if isinstance(listed, s.Name):
            found = self._evaluator.bindings(listed.id, binding.scope)
            listed = found[0].node if len(found) == 1 and not found[0].path else None
        return isinstance(listed, s.Sequence) and not any(
            isinstance(item, s.Literal | s.Template | s.Mapping | s.Sequence)
            for item in listed.items
        )

    def _class_names(self, cls: ClassInfo) -> set[str]:
        names: set[str] = {"cls"}
        for item in (cls, *list(self._evaluator.classes.descendants(cls))[:_MAX_VALUES]):
            names.add(item.name)
            names |= self._index.aliases.get(item.name, set())
        return names

    def _candidates(
        self, names: set[str], function: FunctionInfo
    ) -> Iterator[tuple[s.Call, Scope]]:
        in_test = is_test(function.module.path)
        left = _MAX_SITES
        for name in sorted(names):
            calls = self._first_calls(name, in_test)
            yield from calls[:left]
            left -= len(calls)
            if left <= 0:
                return

    def _first_calls(self, name: str, in_test: bool) -> list[tuple[s.Call, Scope]]:
        """The first calls ``name(...)`` and ``x.name(...)``; those in tests for tests only."""
        found = self._calls.get((name, in_test))
        if found is None:
            calls = self._index.calls_by_name.get(name, ())
            given = (item for item in calls if in_test or not is_test(item[1].module.path))
            found = self._calls[name, in_test] = list(islice(given, _MAX_SITES))
        return found

    def _runs(self, call: s.Call, scope: Scope, function: FunctionInfo, constructor: bool) -> bool:
        func = call.func
        if isinstance(func, s.Name) and func.id == "super":
            owner = scope.method
            return (
                owner is not None
                and owner.cls is not None
                and any(
                    isinstance(base, ClassValue)
                    and self._evaluator.classes.constructor(base.cls) is function
                    for base in self._evaluator.classes.bases(owner.cls)
                )
            )
        return self._means(func, scope, function, constructor)

    def _means(self, expr: s.Expr, scope: Scope, function: FunctionInfo, constructor: bool) -> bool:
        run = self._run_by.get(expr)
        if run is None:
            values = self._evaluator.of(expr, scope)
            run = self._run(values)
            if self._evaluator.is_settled(expr, scope):
                self._run_by[expr] = run
        return function in run and (constructor or run[function])

    def _run(self, values: Values) -> _Run:
        """What a call of one of the values runs; False for what only the making of an instance
        runs."""
        classes = self._evaluator.classes
        run: _Run = {}
        for value in values:
            while isinstance(value, PartialValue):
                value = value.function  # noqa: PLW2901
            if isinstance(value, FunctionValue):
                run[value.function] = True
                run.update(dict.fromkeys(classes.implementations(value.function), True))
            elif isinstance(value, ClassValue):
                made = classes.constructor(value.cls)
                if made is not None:
                    run.setdefault(made, False)
            elif isinstance(value, InstanceValue):
                called = classes.method(value.cls, "__call__")
                if called is not None:
                    run[called] = True
        return run

    def constructor_argument(self, cls: ClassInfo, name: str) -> Values:
        """What a class without constructor of its own (a dataclass) is given as ``name``."""
        found: dict[Value, None] = {}
        for argument, scope in self.constructor_arguments(cls, name):
            for value in self._evaluator.of(argument, scope):
                found[value] = None
        return tuple(found)[:_MAX_VALUES]

    def constructor_arguments(self, cls: ClassInfo, name: str) -> Iterator[tuple[s.Expr, Scope]]:
        """The expressions that calls of the class give as ``name``; none where it has a
        constructor of its own."""
        evaluator = self._evaluator
        if evaluator.classes.constructor(cls) is not None:
            return
        count = 0
        for alias in sorted(self._class_names(cls)):
            for call, scope in self._index.calls_by_name.get(alias, ()):
                argument = call.argument(keyword=name)
                count += 1
                if argument is None or count > _MAX_SITES or is_test(scope.module.path):
                    continue
                called = evaluator.of(call.func, scope)
                if any(isinstance(value, ClassValue) and value.cls is cls for value in called):
                    yield argument, scope

    # --- callbacks ---

    def _given_by_library(self, node: s.Function, param: s.Param) -> Values:
        """What the callee of a callback passes to it."""
        passed = self._index.argument_of.get(node)
        if passed is None or node.params.index(param) != 0:
            return ()
        call, _ = passed
        func = call.func
        if not isinstance(func, s.Attribute):
            return ()
        evaluator = self._evaluator
        scope = self._index.scopes[call]
        if func.name in _EACH:
            return tuple(
                element
                for value in evaluator.of(func.value, scope)
                for element in evaluator.parts.element(value)
                if not isinstance(value, ExternalValue)
            )[:_MAX_VALUES]
        if func.name == "then":
            return evaluator.of(func.value, scope)
        found: list[Value] = []
        for value in evaluator.of(func, scope):
            if isinstance(value, ExternalValue) and value.path in CALLBACK_PARAMETERS:
                found.append(ExternalValue(CALLBACK_PARAMETERS[value.path]))
        return tuple(found)[:_MAX_VALUES]

    def _given_by_program(self, node: s.Function, param: s.Param) -> Values:
        """What a function of the program passes to a callback that is written where it is called:
        ``inTransaction(async (client) => …)``, and ``work(client)`` in it."""
        passed = self._index.argument_of.get(node)
        if passed is None:
            return ()
        call, place = passed
        scope = self._index.scopes[call]
        if scope.module.language == "python" or any(item.star for item in call.args[:place]):
            return ()
        position = node.params.index(param)
        found: dict[Value, None] = {}
        for value in self._evaluator.of(call.func, scope):
            if isinstance(value, FunctionValue):
                for run in self._runs_of(value.function, place):
                    argument = run.argument(position)
                    if argument is not None:
                        inner = self._index.scopes[run]
                        found.update(dict.fromkeys(self._evaluator.of(argument, inner)))
        return tuple(found)[:_MAX_VALUES]

    def _runs_of(self, function: FunctionInfo, place: int) -> list[s.Call]:
        """The calls of a function's own parameter."""
        known = self._callbacks.get((function, place))
        if known is None:
            node = function.node
            params = node.params if isinstance(node, s.Function) else []
            name = params[place].name if place < len(params) else ""
            known = self._callbacks[function, place] = [
                item
                for item in (s.walk(node) if name else ())
                if isinstance(item, s.Call)
                and isinstance(item.func, s.Name)
                and item.func.id == name
            ][:_MAX_VALUES]
        return known


def _has_receiver(function: FunctionInfo) -> bool:
    node = function.node
    return (
        function.cls is not None
        and function.module.language == "python"
        and isinstance(node, s.Function)
        and node.kind != "static"
    )
