"""Who calls whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.evaluate import Evaluator, is_super
from ci_gate.codemodel.parts import FUNCTION_FORMS
from ci_gate.codemodel.program import CallEdge, ClassInfo, FunctionInfo, Scope
from ci_gate.codemodel.values import (
    ClassValue,
    FunctionValue,
    InstanceValue,
    PartialValue,
    Value,
)

_CALLBACKS = (s.Name, s.Attribute, s.FunctionExpr, s.Call)
_ENTER_EXIT = ("__enter__", "__exit__", "__aenter__", "__aexit__")
_EVENT_METHODS = frozenset({"delay", "apply_async"})


class CallGraph:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._edges: dict[FunctionInfo, tuple[CallEdge, ...]] = {}
        self._next: dict[FunctionInfo, tuple[FunctionInfo, ...]] = {}
        self._callers: dict[FunctionInfo, list[CallEdge]] | None = None
        self._wrappers: dict[FunctionInfo, tuple[FunctionInfo, ...]] = {}

    def callees(self, function: FunctionInfo) -> tuple[CallEdge, ...]:
        found = self._edges.get(function)
        if found is None:
            edges: dict[tuple[FunctionInfo, s.Node, str], CallEdge] = {}
            for callee, node, reason in self._found(function):
                key = (callee, node, reason)
                if key not in edges:
                    edges[key] = CallEdge(function, callee, node, reason)
            found = self._edges[function] = tuple(edges.values())
            self._next[function] = tuple(dict.fromkeys(edge.callee for edge in found))
        return found

    def callers(self, function: FunctionInfo) -> list[CallEdge]:
        return self.know_callers().get(function, [])

    def know_callers(self) -> dict[FunctionInfo, list[CallEdge]]:
        if self._callers is None:
            callers: dict[FunctionInfo, list[CallEdge]] = defaultdict(list)
            for info in self._index.functions.values():
                for edge in self.callees(info):
                    callers[edge.callee].append(edge)
            self._callers = dict(callers)
        return self._callers

    def reachable(self, start: Iterable[FunctionInfo]) -> frozenset[FunctionInfo]:
        seen: set[FunctionInfo] = set()
        stack = list(start)
        given = frozenset(stack)
        while stack:
            function = stack.pop()
            if function in seen:
                continue
            seen.add(function)
            if function not in self._next:
                self.callees(function)
            stack.extend(self._onward(function, given))
        return frozenset(seen)

    def _onward(self, function: FunctionInfo, given: frozenset[FunctionInfo]) -> list[FunctionInfo]:
        """What comes after ``function``. One of those that it was asked from may be wrapped around
        another of them (``asyncHandler(handler)``): it then calls that one, and not the callbacks
        that are wrapped elsewhere."""
        after = list(self._next[function])
        if function not in given or len(given) == 1:
            return after
        wrapped = self._captured(function)
        if wrapped.isdisjoint(given) and given.isdisjoint(islice(function.outward(), 1, None)):
            return after
        return [item for item in after if item in given or item not in wrapped]

    def _captured(self, function: FunctionInfo) -> frozenset[FunctionInfo]:
        """What the function calls under the name of a parameter of the function around it."""
        scope = self._index.function_scope.get(function.node)
        return frozenset(
            edge.callee
            for edge in self.callees(function)
            if scope is not None
            and isinstance(edge.node, s.Call)
            and isinstance(edge.node.func, s.Name)
            and any(
                binding.kind == "param" and binding.scope.function is not function
                for binding in self._evaluator.bindings(edge.node.func.id, scope)
            )
        )

    # --- edges ---

    def _found(self, function: FunctionInfo) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
        body = self._index.bodies[function.node]
        for call, scope in body.calls:
            yield from self._from_call(call, scope)
        for item, scope in body.withs:
            for value in self._evaluator.of(item.context, scope):
                if isinstance(value, InstanceValue):
                    for name in _ENTER_EXIT:
                        method = self._evaluator.classes.method(value.cls, name)
                        if method is not None:
                            yield method, item.context, "context-manager"
        yield from self._from_attributes(function)
        if isinstance(function.node, s.Function):
            yield from self._from_dependencies(function, function.node)
            for wrapper in self.wrappers(function):
                if wrapper is not function:
                    yield wrapper, function.node, "decorator"

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """The last names in Python code behind which there may be something of the tree."""
        index = self._index
        return self._evaluator.given_names.union(
            FUNCTION_FORMS,
            (info.name for info in index.functions.values()),
            (info.name for info in index.classes.values()),
        )

    def _may_be_own(self, expr: s.Expr, scope: Scope) -> bool:
        name = s.last_name(expr)
        return name is None or name in self._own_names or scope.module.language != "python"

    def _from_call(self, call: s.Call, scope: Scope) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
        reason = "call"
        if isinstance(call.func, s.Attribute) and call.func.name in _EVENT_METHODS:
            reason = "event"
        upward = isinstance(call.func, s.Attribute) and is_super(call.func.value)
        for value in self._called(call.func, scope):
            if upward and isinstance(value, FunctionValue):
                yield value.function, call, reason
                continue
            for target in self.targets(value):
                yield target, call, reason
        for argument in call.args:
            if not isinstance(argument.value, _CALLBACKS) or not self._may_be_own(
                argument.value, scope
            ):
                continue
            for value in self._evaluator.of(argument.value, scope):
                inner = value
                while isinstance(inner, PartialValue):
                    inner = inner.function
                if isinstance(inner, FunctionValue):
                    for target in self.targets(inner):
                        yield target, call, "callback"

    def _called(self, func: s.Expr, scope: Scope) -> Iterable[Value]:
        if isinstance(func, s.Name) and func.id == "super":
            owner = scope.method
            if owner is None or owner.cls is None or scope.module.language == "python":
                return ()
            return [
                value
                for value in self._evaluator.classes.bases(owner.cls)
                if isinstance(value, ClassValue)
            ]
        return self._evaluator.of(func, scope) if self._may_be_own(func, scope) else ()

    def targets(self, value: Value) -> Iterator[FunctionInfo]:
        """The functions that calling ``value`` runs."""
        classes = self._evaluator.classes
        while isinstance(value, PartialValue):
            value = value.function
        if isinstance(value, FunctionValue):
            below = classes.implementations(value.function)
            receiver = value.receiver
            if below and receiver is not None and receiver is not value.function.cls:
                family = {receiver, *classes.descendants(receiver)}
                near = [item for item in below if item.cls in family]
                below = near or below
            if below:
                yield from below
            yield value.function
        elif isinstance(value, ClassValue):
            yield from self._construction(value.cls)
        elif isinstance(value, InstanceValue):
            method = classes.method(value.cls, "__call__")
            if method is not None:
                yield method

    def _construction(self, cls: ClassInfo) -> Iterator[FunctionInfo]:
        classes = self._evaluator.classes
        constructor = classes.constructor(cls)
        if constructor is not None:
            yield constructor
        if cls.module.language == "python":
            for name in ("__post_init__", "__new__"):
                method = classes.method(cls, name)
                if method is not None:
                    yield method

    def _from_attributes(
        self, function: FunctionInfo
    ) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
        """Reading a property runs its getter."""
        classes = self._evaluator.classes
        names = classes.property_names
        for attribute, scope in self._index.bodies[function.node].attributes:
            if attribute.name not in names:
                continue
            for value in self._evaluator.of(attribute.value, scope):
                if isinstance(value, InstanceValue):
                    getter = classes.getter(value.cls, attribute.name)
                    if getter is not None:
                        yield getter, attribute, "call"
                        for item in classes.implementations(getter):
                            yield item, attribute, "call"

    def _from_dependencies(
        self, function: FunctionInfo, node: s.Function
    ) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
        if function.module.language != "python":
            return
        for param in node.params:
            for call, scope in self._dependency_calls(param):
                for value in self._evaluator.library_calls.provider(call, scope):
                    for target in self.targets(value):
                        yield target, call, "dependency"

    def _dependency_calls(self, param: s.Param) -> Iterator[tuple[s.Call, Scope]]:
        scope = self._index.param_scope[param]
        if isinstance(param.default, s.Call):
            yield param.default, scope
        if param.annotation is not None:
            yield from self._evaluator.annotations.metadata(param.annotation, scope)

    # --- decorators ---

    def wrappers(self, function: FunctionInfo) -> tuple[FunctionInfo, ...]:
        """The functions of the tree that its decorators put around ``function``."""
        found = self._wrappers.get(function)
        if found is None:
            self._wrappers[function] = ()
            found = self._wrappers[function] = tuple(self._wrapped_by(function))
        return found

    def _wrapped_by(self, function: FunctionInfo) -> Iterator[FunctionInfo]:
        node = function.node
        if not isinstance(node, s.Function):
            return
        scope = self._index.definition_scope[node]
        for decorator in node.decorators:
            for value in self._evaluator.of(decorator, scope):
                if isinstance(value, FunctionValue | InstanceValue | ClassValue):
                    for result in self._evaluator.call_result(value):
                        if isinstance(result, FunctionValue | InstanceValue):
                            yield from self.targets(result)
