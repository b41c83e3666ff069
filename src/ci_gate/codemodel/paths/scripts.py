"""What JavaScript does differently on a path: its methods, globals, properties and templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.nodedrivers import PREPARED, TAGS
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.slices import root
from ci_gate.codemodel.paths.values import (
    ASSUMED_LENGTH,
    Abstract,
    Closure,
    Constant,
    Entries,
    Fragment,
    Item,
    Items,
    Number,
    Statement,
    Unknown,
    nested,
    unknown_items,
)
from ci_gate.codemodel.sqltext import Hole, Origin, Piece, Str, Text, joined
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine

_MAX_ELEMENTS: Final = 200
_MAX_TIMES: Final = 64
#: Text behind which a tagged template takes a value, not a part of the statement.
_VALUE: Final = regex(
    r"(?:[=<>]|\b(?:like|ilike|limit|offset|between))\s*$|\bvalues\s*\(\s*$", re.IGNORECASE
)
_GROWING: Final = frozenset({"push", "unshift"})
_OF_STATEMENTS: Final = frozenset({"pluck", "raw", "expand", "safeIntegers"})
#: The methods of texts, lists and statements that are followed.
_METHODS: Final = frozenset({
    *_OF_STATEMENTS, "push", "unshift", "map", "flatMap", "filter", "forEach", "join", "concat",
    "slice", "values", "keys", "entries", "fill", "pop", "shift", "splice", "sort", "reverse",
    "trim", "trimEnd", "trimStart", "toUpperCase", "toLowerCase", "toString", "valueOf", "repeat",
    "substring", "substr", "replace", "replaceAll", "padStart", "padEnd",
})  # fmt: skip
_ELEMENTWISE: Final = frozenset({"map", "flatMap", "filter", "forEach", "join"})


class Scripts:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    # --- properties ---

    def attribute(self, expr: s.Attribute, key: str, frame: Frame) -> Abstract | None:
        """``value.name`` where it is a part of something that is followed."""
        value = expr.value
        if self._is_followed(value, frame):
            held = self._machine.evaluate(value, frame)
            if isinstance(held, Items | Text | Entries | Statement | Fragment):
                return self.property(held, expr.name) or Unknown(key)
            if isinstance(held, Unknown) and expr.name == "length":
                return Number(ASSUMED_LENGTH, held.key)
        elif expr.name == "length" and isinstance(value, s.Name | s.Attribute):
            return Number(ASSUMED_LENGTH, self._machine.key_of(value, frame))
        return None

    def _is_followed(self, expr: s.Expr, frame: Frame) -> bool:
        """Is it a variable of the path, a part of one, or what a method of lists gives?"""
        if isinstance(expr, s.Call):
            return isinstance(expr.func, s.Attribute) and expr.func.name in _METHODS
        owner = root(expr)
        return owner is not None and frame.get(owner) is not None

    def property(self, held: Abstract, name: str) -> Abstract | None:
        """The property of a value; None where that is not known."""
        match held:
            case Entries(entries=entries, open=is_open):
                found = entries.get(name)
                return found if found is not None or is_open else Constant(None)
            case Items(items=items, open=False) if name == "length":
                repeated = [item.repeated for item in items if item.repeated is not None]
                return Number(len(items), repeated[0] if repeated else None)
            case Unknown(key=key):
                return Unknown(f"{key}.{name}")
        return None

    def otherwise(self, expr: s.Binary, frame: Frame) -> Abstract:
        """``left ?? right``."""
        machine = self._machine
        left = machine.evaluate(expr.left, frame)
        if isinstance(left, Constant) and left.value is None:
            return machine.evaluate(expr.right, frame)
        if not isinstance(left, Unknown):
            return left
        right = machine.evaluate(expr.right, frame)
        if isinstance(right, Text | Items | Entries | Fragment):
            return right if machine.ask(f"{left.key} is None") else left
        return machine.named(expr, frame)

    # --- templates ---

    def tagged(self, expr: s.Template, frame: Frame) -> Abstract:
        """A tagged template, where its tag is one for SQL."""
        machine = self._machine
        if expr.tag is None or not self.is_sql_tag(expr.tag, frame):
            if machine.is_target(expr):
                machine.reached(Text((Hole(expr, frame.scope.module.path),)))
            return machine.named(expr, frame)
        pieces: list[Piece] = []
        for part in expr.parts:
            if isinstance(part, s.Literal) and isinstance(part.value, str):
                pieces.extend(machine.literal(part.value, part, frame).pieces)
            else:
                pieces.extend(self._bound(part, pieces, frame))
        text = Text(tuple(pieces))
        if machine.is_target(expr):
            machine.reached(text)
        return Fragment(text)

    def _bound(self, part: s.Expr, before: list[Piece], frame: Frame) -> tuple[Piece, ...]:
        value = self._machine.evaluate(part, frame)
        if isinstance(value, Fragment):
            return value.text.pieces
        path = frame.scope.module.path
        last = before[-1] if before else None
        call = isinstance(part, s.Call) or (isinstance(part, s.Template) and part.tag is not None)
        if isinstance(last, Str) and _VALUE.search(last.text) and not call:
            return (Str("?", Origin(path, part.span[0], part.span[1], "")),)
        return (Hole(part, path, frozenset(), self._machine.repeated, bound=True),)

    def is_sql_tag(self, tag: s.Expr, frame: Frame) -> bool:
        values = self._machine.model.evaluate(tag, frame.scope)
        return any(isinstance(value, ExternalValue) and TAGS.search(value.path) for value in values)

    # --- calls ---

    def call(self, call: s.Call, frame: Frame) -> Abstract | None:
        """What a call of the language itself gives; None where it is none."""
        func = call.func
        if isinstance(func, s.Name) and frame.get(func.id) is None:
            handler = _GLOBALS.get(func.id)
            return None if handler is None else handler(self, call, frame)
        if not isinstance(func, s.Attribute):
            return None
        if isinstance(func.value, s.Name) and frame.get(func.value.id) is None:
            handler = _STATICS.get(f"{func.value.id}.{func.name}")
            if handler is not None:
                return handler(self, call, frame)
        prepared = self._prepared(func, call, frame)
        if prepared is not None:
            return prepared
        return self._method(func, call, frame)

    def _prepared(self, func: s.Attribute, call: s.Call, frame: Frame) -> Abstract | None:
        if func.name != "prepare" or not call.args:
            return None
        values = self._machine.model.evaluate(func, frame.scope)
        if values and not any(
            isinstance(value, ExternalValue) and PREPARED.search(value.path) for value in values
        ):
            return None
        text = self._machine.evaluate(call.args[0].value, frame)
        return Statement(text, call) if isinstance(text, Text) else None

    def _method(self, func: s.Attribute, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        if func.name not in _METHODS:
            owner = frame.get(func.value.id) if isinstance(func.value, s.Name) else None
            member = owner.entries.get(func.name) if isinstance(owner, Entries) else None
            is_own = isinstance(member, Closure)
            return machine.calls.closure(member, call, frame) if is_own else None  # type: ignore[arg-type]
        held = machine.evaluate(func.value, frame)
        if isinstance(held, Unknown):
            return self._of_unknown(held, func, call, frame)
        if isinstance(held, Text):
            return self._text_method(held, func.name, call, frame)
        if isinstance(held, Number) and func.name == "toString" and not call.args:
            return machine.as_text(held, func.value, frame)
        if isinstance(held, Items):
            return self._items_method(held, func.name, call, frame)
        if isinstance(held, Statement):
            return held if func.name in _OF_STATEMENTS else None
        return None

    def _of_unknown(
        self, held: Unknown, func: s.Attribute, call: s.Call, frame: Frame
    ) -> Abstract | None:
        name = func.name
        if name in _ELEMENTWISE - {"join"} and self._function(call, frame) is not None:
            return self._items_method(unknown_items(held), name, call, frame)
        if name in _GROWING and isinstance(func.value, s.Name):
            grown = unknown_items(held)
            (frame.find(func.value.id) or frame).variables[func.value.id] = grown
            return self._items_method(grown, name, call, frame)
        return None

    def _function(self, call: s.Call, frame: Frame) -> Closure | None:
        if not call.args:
            return None
        value = self._machine.evaluate(call.args[0].value, frame)
        return value if isinstance(value, Closure) else None

    def _first(self, call: s.Call, frame: Frame, position: int = 0) -> Abstract | None:
        argument = call.argument(position)
        return None if argument is None else self._machine.evaluate(argument, frame)

    # --- lists ---

    def _items_method(self, held: Items, name: str, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        if name in _GROWING:
            added = machine.calls.given(call, frame).positional
            new = [Item(item.value, item.repeated or machine.repeated) for item in added.items]
            held.items[:] = [*held.items, *new] if name == "push" else [*new, *held.items]
            held.open = held.open or added.open or len(held.items) > _MAX_ELEMENTS
            return self.property(held, "length") or machine.fresh("length")
        if name in ("map", "flatMap", "forEach"):
            function = self._function(call, frame)
            return None if function is None else self._each(held, name, function)
        if name == "filter":
            return self._filtered(held, call, frame)
        if name == "join":
            separator = self._first(call, frame) if call.args else Text((Str(","),))
            if not isinstance(separator, Text):
                return machine.named(call, frame)
            return self._joined(held, separator, call, frame)
        if name == "concat":
            found = held.copy()
            for item in machine.calls.given(call, frame).positional.items:
                if isinstance(item.value, Items):
                    machine.extend(found, item.value)
                else:
                    found.open = found.open or isinstance(item.value, Unknown)
                    found.items.append(item)
            return found
        if name in ("slice", "values", "keys", "entries") and not call.args:
            return held.copy() if name in ("slice", "values") else self._indexed(held, name)
        if name == "fill" and len(call.args) == 1:
            value = self._first(call, frame) or Constant(None)
            held.items[:] = [Item(value, item.repeated) for item in held.items]
            return held
        if name == "pop" and held.items and not held.open:
            return held.items.pop().value
        if name in ("shift", "splice", "pop", "sort", "reverse"):
            held.open = True
        return machine.named(call, frame)

    def _indexed(self, held: Items, name: str) -> Items:
        found: list[Item] = []
        for number, item in enumerate(held.items):
            count = Number(number, item.repeated)
            pair = Items([Item(count), Item(item.value)], "tuple")
            found.append(Item(count if name == "keys" else pair, item.repeated))
        return Items(found, open=held.open)

    def _each(self, held: Items, name: str, function: Closure) -> Abstract:
        """``map``, ``flatMap``, ``forEach``."""
        machine = self._machine
        found = Items(open=held.open)
        outer = machine.repeated
        try:
            for number, item in enumerate(held.items[:_MAX_ELEMENTS]):
                machine.repeated = nested(outer, item.repeated)
                count = Number(number, item.repeated)
                value = machine.calls.applied(function, [item.value, count, held])
                if name == "flatMap" and isinstance(value, Items):
                    machine.extend(found, value)
                else:
                    found.open = found.open or (name == "flatMap" and isinstance(value, Unknown))
                    found.items.append(Item(value, item.repeated))
        finally:
            machine.repeated = outer
        return Constant(None) if name == "forEach" else found

    def _filtered(self, held: Items, call: s.Call, frame: Frame) -> Abstract:
        machine = self._machine
        given = call.args[0].value if call.args else None
        if not (isinstance(given, s.Name) and given.id == "Boolean"):
            return machine.named(call, frame)
        found = Items(open=held.open)
        for item in held.items:
            known = machine.conditions.truth(item.value)
            if known is None and isinstance(item.value, Unknown) and item.repeated is None:
                known = machine.ask(item.value.key)
            if known is not False:
                found.items.append(item)
        return found

    def _joined(self, held: Items, separator: Text, call: s.Call, frame: Frame) -> Text:
        machine = self._machine
        texts: list[Text] = []
        for item in held.items:
            value = item.value
            if isinstance(value, Text):
                text = value
            elif isinstance(value, Number):
                text = Text((Str(str(value.value)),))
            else:
                text = Text((Hole(call, frame.scope.module.path),))
            texts.append(text.repeat(item.repeated))
        if held.open:
            texts.append(Text((Hole(call, frame.scope.module.path, repeated="…"),)))
        return joined(separator.repeat(machine.repeated), texts)

    # --- text ---

    def _text_method(self, held: Text, name: str, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        first = self._first(call, frame)
        if name in ("trim", "trimEnd", "trimStart"):
            return held.stripped(left=name != "trimEnd", right=name != "trimStart")
        if name in ("toUpperCase", "toLowerCase"):
            return held.mapped(str.upper if name == "toUpperCase" else str.lower)
        if name in ("toString", "valueOf"):
            return held
        if name == "concat":
            for argument in call.args:
                value = machine.evaluate(argument.value, frame)
                held = held + machine.as_text(value, argument.value, frame)
            return held
        if name == "repeat" and isinstance(first, Number):
            times = min(max(first.value, 0), _MAX_TIMES)
            return Text(held.repeat(first.assumed).pieces * times)
        if name in ("slice", "substring") and len(call.args) == 2:
            return self._cut(held, first, self._first(call, frame, 1)) or Text((Hole(None),))
        if name in ("replace", "replaceAll", "slice", "substring", "substr", "padStart", "padEnd"):
            return Text((Hole(None),))
        return machine.named(call, frame)

    def _cut(self, held: Text, start: Abstract | None, end: Abstract | None) -> Text | None:
        """``text.slice(0, -n)``: what is cut off stands in the last piece."""
        match start, end:
            case Number(value=0), Number(value=below) if below < 0 and held.pieces:
                last = held.pieces[-1]
                if isinstance(last, Str) and len(last.text) >= -below:
                    return Text((*held.pieces[:-1], last.part(0, len(last.text) + below)))
        return None

    # --- globals ---

    def _string(self, call: s.Call, frame: Frame) -> Abstract | None:
        if not call.args:
            return Text()
        value = self._machine.evaluate(call.args[0].value, frame)
        return self._machine.as_text(value, call.args[0].value, frame)

    def _number(self, call: s.Call, frame: Frame) -> Abstract | None:
        value = self._first(call, frame)
        return value if isinstance(value, Number) else self._machine.named(call, frame)

    def _array(self, call: s.Call, frame: Frame) -> Abstract | None:
        """``Array(n)``."""
        value = self._first(call, frame)
        if len(call.args) == 1 and isinstance(value, Number):
            times = min(max(value.value, 0), _MAX_TIMES)
            return Items([Item(Constant(None), value.assumed) for _ in range(times)])
        return None

    def _array_from(self, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        value = self._first(call, frame)
        if isinstance(value, Entries) and isinstance(value.entries.get("length"), Number):
            length = value.entries["length"]
            assert isinstance(length, Number)
            times = min(max(length.value, 0), _MAX_TIMES)
            found = Items([Item(Constant(None), length.assumed) for _ in range(times)])
        elif isinstance(value, Items | Unknown):
            found = machine.elements(value).copy()
        else:
            return None
        function = self._first(call, frame, 1)
        return self._each(found, "map", function) if isinstance(function, Closure) else found

    def _array_of(self, call: s.Call, frame: Frame) -> Abstract | None:
        return Items(list(self._machine.calls.given(call, frame).positional.items))

    def _object(self, call: s.Call, frame: Frame) -> Abstract | None:
        """``Object.keys``, ``Object.values`` and ``Object.entries``."""
        value = self._first(call, frame)
        name = call.func.name if isinstance(call.func, s.Attribute) else ""
        if isinstance(value, Entries):
            pairs = [(Text((Str(key),)), held) for key, held in value.entries.items()]
            rows = [
                Item(
                    key if name == "keys" else held if name == "values"
                    else Items([Item(key), Item(held)], "tuple")
                )
                for key, held in pairs
            ]  # fmt: skip
            return Items(rows, open=value.open)
        if not isinstance(value, Unknown):
            return None
        found = unknown_items(value)
        if name != "values":
            for item in found.items:
                assert isinstance(item.value, Unknown)
                key = Unknown(f"key of {item.value.key}")
                pair = Items([Item(key), Item(item.value)], "tuple")
                item.value = key if name == "keys" else pair
        return found

    def _assigned(self, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        given = machine.calls.given(call, frame).positional
        if not given.items or not isinstance(given.items[0].value, Entries):
            return None
        target = given.items[0].value
        for item in given.items[1:]:
            machine.merge(target, item.value)
        return target

    def _first_of(self, call: s.Call, frame: Frame) -> Abstract | None:
        return self._first(call, frame)


_Handler = Callable[[Scripts, s.Call, Frame], "Abstract | None"]
_GLOBALS: Final[dict[str, _Handler]] = {
    "String": Scripts._string,
    "Number": Scripts._number,
    "parseInt": Scripts._number,
    "Array": Scripts._array,
}
_STATICS: Final[dict[str, _Handler]] = {
    "Object.keys": Scripts._object,
    "Object.values": Scripts._object,
    "Object.entries": Scripts._object,
    "Object.assign": Scripts._assigned,
    "Object.freeze": Scripts._first_of,
    "Array.from": Scripts._array_from,
    "Array.of": Scripts._array_of,
}
