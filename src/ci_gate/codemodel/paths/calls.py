"""What a call gives on one path: built-ins, methods of text and collections, the tree's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.methods import Methods
from ci_gate.codemodel.paths.signals import Reached, Returned
from ci_gate.codemodel.paths.slices import HARMLESS, call_name, targets_of
from ci_gate.codemodel.paths.values import (
    ASSUMED_LENGTH,
    Abstract,
    Closure,
    Constant,
    Entries,
    Given,
    Item,
    Items,
    Number,
    Statement,
    Unknown,
)
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.sqltext import Text
from ci_gate.codemodel.values import ExternalValue, FunctionValue

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine

_MAX_DEPTH: Final = 3
_MAX_RANGE: Final = 64
_TRANSPARENT: Final = frozenset({
    "staticmethod", "classmethod", "property", "cache", "lru_cache", "cached_property", "override",
    "final", "abstractmethod",
})  # fmt: skip
_STATEMENT: Final = "sqlalchemy.text"
_DEDENT: Final = frozenset({"textwrap.dedent", "inspect.cleandoc"})


class Calls:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._methods = Methods(machine)
        self._inlining: list[s.Node] = []

    def value(self, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        if machine.is_target(call):
            given = self.given(call, frame)
            if machine.wants_receiver and isinstance(call.func, s.Attribute):
                given.receiver = machine.evaluate(call.func.value, frame)
            raise Reached(given)
        func = call.func
        if machine.script:
            found = machine.scripts.call(call, frame)
            if found is not None:
                return found
            if isinstance(func, s.Name) and isinstance(held := frame.get(func.id), Closure):
                return self.closure(held, call, frame)
            return self._function(call, frame)
        if isinstance(func, s.Name):
            held = frame.get(func.id)
            if isinstance(held, Closure):
                return self.closure(held, call, frame)
            builtin = _BUILTINS.get(func.id)
            if builtin is not None and held is None:
                return builtin(self, call, frame)
        elif isinstance(func, s.Attribute):
            found = self._methods.value(func, call, frame)
            if found is not None:
                return found
        return self._function(call, frame)

    # --- arguments ---

    def given(self, call: s.Call, frame: Frame) -> Given:
        machine = self._machine
        found = Given()
        for argument in call.args:
            value = machine.evaluate(argument.value, frame)
            if argument.star == "*":
                machine.extend(found.positional, value)
            elif argument.star == "**":
                machine.merge(found.keywords, value)
            elif argument.keyword is not None:
                found.keywords.entries[argument.keyword] = value
            else:
                found.positional.items.append(Item(value))
        return found

    def bind(self, function: s.Function, given: Given, frame: Frame, *, bound: bool) -> None:
        """Put the arguments of a call in the variables of the function that it calls."""
        machine = self._machine
        params = list(function.params)
        if bound and function.kind != "static" and params:
            params = params[1:]
        waiting = list(given.positional.items)
        is_open = given.positional.open
        keywords = dict(given.keywords.entries)
        for param in params:
            value: Abstract | None = None
            if param.kind == "*":
                value = Items(waiting, "tuple", given.positional.open)
                waiting = []
            elif param.kind == "**":
                value = Entries(keywords, given.keywords.open)
            elif param.name in keywords:
                value = keywords.pop(param.name)
            elif waiting and param.kind != "keyword-only":
                if waiting[0].repeated is None:
                    value = waiting.pop(0).value
                else:
                    is_open, value = True, machine.fresh(param.name)
            elif is_open or given.keywords.open:
                value = machine.fresh(param.name)
            elif param.default is not None:
                outside = machine.paths.global_frame(frame)
                value = machine.evaluate(param.default, outside)
            held = value if value is not None else machine.fresh(param.name)
            missing = isinstance(held, Constant) and held.value is None
            if machine.script and missing and param.default is not None:
                held = machine.evaluate(param.default, machine.paths.global_frame(frame))
            if param.pattern is not None:
                machine.bind(param.pattern, held, frame)
            else:
                frame.variables[param.name] = held

    # --- functions of the tree ---

    def closure(self, closure: Closure, call: s.Call, frame: Frame) -> Abstract:
        return self._run(closure.function, call, frame, self._inside(closure), bound=False)

    def applied(self, closure: Closure, values: list[Abstract]) -> Abstract:
        """What calling a function with these values gives."""
        machine = self._machine
        node = closure.function
        if len(self._inlining) >= _MAX_DEPTH or node in self._inlining or node.is_generator:
            machine.escape(closure)
            return machine.fresh("result")
        given = Given(Items([Item(value) for value in values], "tuple"))
        return self._body(node, given, self._inside(closure), bound=False)

    def enter(self, function: s.Function, frame: Frame) -> None:
        """Run a nested function in which the call stands that is asked for."""
        machine = self._machine
        inner = self._inside(Closure(function, frame))
        inner.inlined = False
        target = machine.target
        if target is not None:
            inner.relevant = inner.slice.relevant(machine.paths.roots(target))
        for param in function.params:
            names = [param.name] if param.pattern is None else targets_of(param.pattern)
            inner.variables.update((name, Unknown(name)) for name in names)
        machine.run(function.body, inner)

    def _inside(self, closure: Closure) -> Frame:
        machine, node, home = self._machine, closure.function, closure.frame
        info = machine.model.function_of(node) if machine.script else None
        scope = home.scope if info is None else machine.model.function_scope(info)
        return Frame(node, scope, machine.paths.slice(node), None, home, inlined=True)

    def _function(self, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        values = machine.model.evaluate(call.func, frame.scope)
        if len(values) == 1:
            [value] = values
            if isinstance(value, ExternalValue):
                found = self._library(value.path, call, frame)
                if found is not None:
                    return found
            elif isinstance(value, FunctionValue) and self._is_plain(value):
                node = value.function.node
                if isinstance(node, s.Function) and (
                    machine.paths.tells(node) or self._gives_collections(call, frame)
                ):
                    inner = machine.paths.frame(value.function, roots=None)
                    inner.inlined = True
                    bound = value.receiver is not None and value.function.cls is not None
                    bound = bound and not machine.script
                    return self._run(node, call, frame, inner, bound=bound)
        self._escape(call, frame)
        return machine.named(call, frame)

    def _gives_collections(self, call: s.Call, frame: Frame) -> bool:
        """Does the call hand over a list or dictionary that its function may change?"""
        return any(
            isinstance(frame.get(name), Items | Entries | Closure)
            for argument in call.args
            for name in _handed(argument.value)
        )

    def _is_plain(self, value: FunctionValue) -> bool:
        """May the function be followed as it stands: not overridden, wrapped or a generator?"""
        function = value.function
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator or node.bodiless:
            return False
        names = {_decorator(item) for item in node.decorators}
        return names <= _TRANSPARENT and not self._overridden(function)

    def _overridden(self, function: FunctionInfo) -> bool:
        if function.cls is None:
            return False
        model = self._machine.model
        return any(
            model.method(below, function.name) is not function
            for below in model.subclasses(function.cls)
        )

    def _run(
        self, node: s.Function, call: s.Call, frame: Frame, inner: Frame, *, bound: bool
    ) -> Abstract:
        machine = self._machine
        if len(self._inlining) >= _MAX_DEPTH or node in self._inlining:
            self._escape(call, frame)
            if inner.parent is not None:
                machine.escape(Closure(node, inner.parent))
            return machine.fresh(node.name)
        return self._body(node, self.given(call, frame), inner, bound=bound)

    def _body(self, node: s.Function, given: Given, inner: Frame, *, bound: bool) -> Abstract:
        machine = self._machine
        self.bind(node, given, inner, bound=bound)
        self._inlining.append(node)
        try:
            machine.run(node.body, inner)
        except Returned as returned:
            return returned.value
        finally:
            self._inlining.pop()
        return Constant(None)

    def _escape(self, call: s.Call, frame: Frame) -> None:
        """Lists and dictionaries that are handed to code that is not followed."""
        for argument in call.args:
            if self._machine.script and isinstance(argument.value, s.FunctionExpr):
                self._machine.forget(argument.value, frame)
        if call_name(call) in HARMLESS:
            return
        for argument in call.args:
            for name in _handed(argument.value):
                held = frame.get(name)
                if held is not None:
                    self._machine.escape(held)

    # --- libraries ---

    def _library(self, path: str, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        first = call.argument(0, "text")
        if path == _STATEMENT and first is not None:
            value = machine.evaluate(first, frame)
            return Statement(value, call) if isinstance(value, Text) else None
        if path in _DEDENT and call.args:
            value = machine.evaluate(call.args[0].value, frame)
            return value.mapped(_dedented) if isinstance(value, Text) else None
        return None

    # --- built-ins ---

    def _first(self, call: s.Call, frame: Frame) -> Abstract | None:
        return self._machine.evaluate(call.args[0].value, frame) if call.args else None

    def _len(self, call: s.Call, frame: Frame) -> Abstract:
        value = self._first(call, frame)
        if isinstance(value, Items) and not value.open:
            repeated = [item.repeated for item in value.items if item.repeated is not None]
            return Number(len(value.items), repeated[0] if repeated else None)
        if isinstance(value, Entries) and not value.open:
            return Number(len(value.entries))
        if isinstance(value, Unknown):
            return Number(ASSUMED_LENGTH, value.key)
        return self._machine.named(call, frame)

    def _str(self, call: s.Call, frame: Frame) -> Abstract:
        value = self._first(call, frame)
        if value is None:
            return Text()
        return self._machine.as_text(value, call.args[0].value, frame)

    def _collection(self, call: s.Call, frame: Frame) -> Abstract:
        kind = call.func.id if isinstance(call.func, s.Name) else "list"
        value = self._first(call, frame)
        if value is None:
            return Items(kind=kind)
        if isinstance(value, Text):
            return self._machine.named(call, frame)
        return self._machine.elements(value).copy(kind)

    def _same(self, call: s.Call, frame: Frame) -> Abstract:
        value = self._first(call, frame)
        return value if value is not None else self._machine.named(call, frame)

    def _dict(self, call: s.Call, frame: Frame) -> Abstract:
        given = self.given(call, frame)
        found = Entries()
        for item in given.positional.items:
            self._machine.merge(found, item.value)
        self._machine.merge(found, given.keywords)
        return found

    def _enumerate(self, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        value = self._first(call, frame)
        start_expr = call.argument(1, "start")
        start = Number(0) if start_expr is None else machine.evaluate(start_expr, frame)
        if value is None:
            return machine.named(call, frame)
        source = machine.elements(value)
        found: list[Item] = []
        for number, item in enumerate(source.items):
            count: Abstract = machine.fresh("count")
            if isinstance(start, Number):
                count = Number(start.value + number, start.assumed or item.repeated)
            pair = Items([Item(count), Item(item.value)], "tuple")
            found.append(Item(pair, item.repeated))
        return Items(found, "list", source.open)

    def _zip(self, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        sources = [machine.elements(machine.evaluate(item.value, frame)) for item in call.args]
        if not sources or any(source.open for source in sources):
            return machine.named(call, frame)
        rows = zip(*(source.items for source in sources), strict=False)
        return Items([
            Item(Items([Item(item.value) for item in row], "tuple"), row[0].repeated)
            for row in rows
        ])  # fmt: skip

    def _range(self, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        bounds = [machine.evaluate(item.value, frame) for item in call.args]
        numbers = [item for item in bounds if isinstance(item, Number)]
        if len(numbers) != len(bounds) or not 1 <= len(bounds) <= 2:
            return machine.named(call, frame)
        assumed = next((item.assumed for item in numbers if item.assumed), None)
        values = range(*(item.value for item in numbers))
        if len(values) > _MAX_RANGE:
            return machine.named(call, frame)
        return Items([Item(Number(value, assumed), assumed) for value in values])


def _handed(expr: s.Expr) -> Iterator[str]:
    """The variables that an argument hands over, by itself or in a display."""
    if isinstance(expr, s.Name):
        yield expr.id
    elif isinstance(expr, s.Sequence):
        for item in expr.items:
            yield from _handed(item)


def _decorator(expr: s.Expr) -> str:
    if isinstance(expr, s.Call):
        expr = expr.func
    if isinstance(expr, s.Attribute):
        return expr.name
    return expr.id if isinstance(expr, s.Name) else ""


def _dedented(text: str) -> str:
    lines = text.split("\n")
    return "\n".join([lines[0], *(line.lstrip() for line in lines[1:])])


_BUILTINS: Final[dict[str, Callable[[Calls, s.Call, Frame], Abstract]]] = {
    "len": Calls._len,
    "str": Calls._str,
    "list": Calls._collection,
    "tuple": Calls._collection,
    "set": Calls._same,
    "sorted": Calls._same,
    "reversed": Calls._same,
    "iter": Calls._same,
    "dict": Calls._dict,
    "enumerate": Calls._enumerate,
    "zip": Calls._zip,
    "range": Calls._range,
}
