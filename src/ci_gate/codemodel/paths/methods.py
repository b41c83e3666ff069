"""Methods of texts, lists, dictionaries and SQLAlchemy's ``text()`` on a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.formatting import braces
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.slices import MUTATORS
from ci_gate.codemodel.paths.values import (
    Abstract,
    Constant,
    Entries,
    Item,
    Items,
    Number,
    Statement,
    Unknown,
    unknown_items,
)
from ci_gate.codemodel.sqltext import Hole, Piece, Str, Text, joined

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine

_VIEWS: Final = frozenset({"items", "keys", "values", "copy"})


class Methods:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def value(self, func: s.Attribute, call: s.Call, frame: Frame) -> Abstract | None:
        """What ``func(...)`` gives; None where the receiver is none of these."""
        machine = self._machine
        held = machine.evaluate(func.value, frame)
        if isinstance(held, Text):
            return self._text_method(held, func.name, call, frame)
        if isinstance(held, Items):
            return self._items_method(held, func.name, call, frame)
        if isinstance(held, Entries):
            return self._entries_method(held, func.name, call, frame)
        if isinstance(held, Statement):
            return self._statement_method(held, func.name, call, frame)
        if isinstance(held, Unknown):
            return self._unknown_method(held, func, call, frame)
        return None

    def _unknown_method(
        self, held: Unknown, func: s.Attribute, call: s.Call, frame: Frame
    ) -> Abstract | None:
        if func.name in _VIEWS and not call.args:
            return Unknown(held.key)
        home = frame.find(func.value.id) if isinstance(func.value, s.Name) else frame
        if func.name not in MUTATORS or not isinstance(func.value, s.Name):
            return None
        variables = (home or frame).variables
        if func.name in ("append", "extend", "insert", "add"):
            grown = unknown_items(held)
            variables[func.value.id] = grown
            return self._items_method(grown, func.name, call, frame)
        variables[func.value.id] = self._machine.fresh(func.value.id)
        return None

    def _first(self, call: s.Call, frame: Frame, position: int = 0) -> Abstract | None:
        argument = call.argument(position)
        return None if argument is None else self._machine.evaluate(argument, frame)

    def _text_method(self, held: Text, name: str, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        first = self._first(call, frame)
        if name == "join" and first is not None:
            return self._join(held, machine.elements(first), call.args[0].value, frame)
        if name == "format":
            given = self._machine.calls.given(call, frame)
            return braces(held, given.positional, given.keywords)
        if name in ("strip", "lstrip", "rstrip"):
            characters = first.constant() if isinstance(first, Text) else None
            return held.stripped(
                left=name != "rstrip", right=name != "lstrip", characters=characters
            )
        if name in ("upper", "lower", "casefold"):
            return held.mapped(str.upper if name == "upper" else str.lower)
        if name in ("replace", "removesuffix", "removeprefix"):
            return self._changed(held, name, first, self._first(call, frame, 1))
        return machine.named(call, frame)

    def _changed(
        self, held: Text, name: str, first: Abstract | None, second: Abstract | None
    ) -> Abstract:
        text = held.constant()
        old = first.constant() if isinstance(first, Text) else None
        if text is None or old is None:
            return Text((Hole(None),))
        if name == "removesuffix":
            return Text((Str(text.removesuffix(old)),))
        if name == "removeprefix":
            return Text((Str(text.removeprefix(old)),))
        if not isinstance(second, Text):
            return Text((Hole(None),))
        pieces: list[Piece] = []
        for number, part in enumerate(text.split(old) if old else [text]):
            if number:
                pieces.extend(second.pieces)
            if part:
                pieces.append(Str(part))
        return Text(tuple(pieces))

    def _join(self, held: Text, items: Items, expr: s.Expr, frame: Frame) -> Abstract:
        machine = self._machine
        texts: list[Text] = []
        for item in items.items:
            text = (
                item.value
                if isinstance(item.value, Text)
                else Text((Hole(expr, frame.scope.module.path),))
            )
            texts.append(text.repeat(item.repeated))
        if items.open:
            texts.append(Text((Hole(expr, frame.scope.module.path, repeated="…"),)))
        return joined(held.repeat(machine.repeated), texts)

    def _items_method(self, held: Items, name: str, call: s.Call, frame: Frame) -> Abstract | None:
        machine = self._machine
        first = self._first(call, frame)
        if name in ("append", "add") and first is not None:
            held.items.append(Item(first, machine.repeated))
            return Constant(None)
        if name == "extend" and first is not None:
            machine.extend(held, first)
            return Constant(None)
        if name == "insert":
            second = self._first(call, frame, 1)
            if isinstance(first, Number) and second is not None and not held.open:
                held.items.insert(first.value, Item(second, machine.repeated))
            else:
                held.open = True
            return Constant(None)
        if name == "copy":
            return held.copy()
        if name == "pop" and held.items and not held.open and not call.args:
            return held.items.pop().value
        if name == "clear":
            held.items.clear()
            held.open = False
            return Constant(None)
        if name not in ("count", "index"):
            held.open = True
        return machine.named(call, frame)

    def _entries_method(
        self, held: Entries, name: str, call: s.Call, frame: Frame
    ) -> Abstract | None:
        machine = self._machine
        if name == "update":
            given = self._machine.calls.given(call, frame)
            for item in given.positional.items:
                machine.merge(held, item.value)
            machine.merge(held, given.keywords)
            return Constant(None)
        if name == "copy":
            return Entries(dict(held.entries), held.open)
        if name in ("items", "keys", "values"):
            return _view(held, name)
        if name == "get" and call.args:
            found = machine.entry(held, call.args[0].value, frame)
            return found if found is not None else machine.named(call, frame)
        if name in ("pop", "popitem", "clear", "setdefault"):
            held.open = True
        return machine.named(call, frame)

    def _statement_method(
        self, held: Statement, name: str, call: s.Call, frame: Frame
    ) -> Abstract | None:
        if name in ("columns", "execution_options", "params", "label", "subquery"):
            return Statement(held.text, held.made, held.bound, held.open or name == "params")
        if name != "bindparams":
            return None
        given = self._machine.calls.given(call, frame)
        bound = held.bound | set(given.keywords.entries)
        is_open = held.open or given.keywords.open or given.positional.open
        for argument in call.args:
            if argument.keyword is not None or argument.star:
                continue
            match argument.value:
                case s.Call(args=[s.Argument(value=s.Literal(value=str(parameter))), *rest]):
                    if any(item.keyword in (None, "value", "callable_") for item in rest):
                        bound |= {parameter}
                case _:
                    is_open = True
        return Statement(held.text, held.made, frozenset(bound), is_open)


def _view(held: Entries, name: str) -> Items:
    rows: list[Item] = []
    for key, value in held.entries.items():
        text = Text((Str(key),))
        if name == "items":
            rows.append(Item(Items([Item(text), Item(value)], "tuple")))
        else:
            rows.append(Item(text if name == "keys" else value))
    return Items(rows, "list", held.open)
