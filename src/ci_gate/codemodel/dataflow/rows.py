"""Rows of drivers: the columns that are read, and uses that their type refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    NOTHING,
    Const,
    DriverRow,
    Frame,
    Instance,
    Item,
    Many,
    Ref,
    Row,
    Val,
    without_none,
)
from ci_gate.codemodel.dataflow.driverfacts import ROW_METHODS
from ci_gate.codemodel.dataflow.events import ColumnRead, Mistaken, RowUsed
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

#: Rows whose columns have names.
_NAMED: Final = ("record", "sqlite-row", "dict")
_READ_BY_NAME: Final = (*_NAMED, "object")
#: What rows and lists have of their own.
_OF_TUPLES: Final = frozenset({
    "count", "index", "t", "tuple", "copy", "sort", "reverse", "insert", "append", "extend", "pop",
    "remove", "clear",
})  # fmt: skip


def attribute(machine: Machine, value: Val, name: str, node: s.Node, frame: Frame) -> None:
    """``row.name``."""
    if name.startswith("__"):
        return
    row = _surely(value) or (_copied(machine, value, name) if machine.scripts else None)
    if row is None:
        if not machine.scripts:
            _mistaken(machine, value, name, node, frame)
        return
    if row.kind == "object" and row.texts:
        machine.emit(ColumnRead(machine.place(node, frame), row, name))
    known = ROW_METHODS.get(row.kind)
    if known is not None and name not in known:
        _emit(machine, row, "attribute", name, node, frame)


def _mistaken(machine: Machine, value: Val, name: str, node: s.Node, frame: Frame) -> None:
    """``rows.title``: what an entity has is asked of SQLAlchemy's row or list that holds it."""
    held = without_none(value).only()
    inner: list[Item | None] = []
    what: Literal["row", "list"] = "row"
    if isinstance(held, Row):
        inner = [None if place.partial else place.only() for place in held.places]
    elif isinstance(held, Many) and held.statement is not None and not held.element.partial:
        inner = [held.element.only()] if held.statement.library == "sqlalchemy" else []
        what = "list"
    if value.partial or name in _OF_TUPLES:
        return
    entities = [item for item in inner if isinstance(item, Instance)]
    if not entities or len(entities) < len(inner) or any(e.entity.name == name for e in entities):
        return
    for item in entities:
        if name in item.entity.columns or name in item.entity.relations:
            made = Mistaken(machine.place(node, frame), item.entity.name, name, what, item.origin)
            machine.emit(made)
            return


def item(machine: Machine, value: Val, key: Val, node: s.Node, frame: Frame) -> None:
    """``row[key]``, also of a dict that was made of a row."""
    constant = key.only()
    if not isinstance(constant, Const) or key.partial:
        return
    row = _surely(value) or _copied(machine, value, constant.value)
    if row is None:
        return
    if isinstance(constant.value, str) and row.kind in _READ_BY_NAME:
        if row.texts:
            machine.emit(ColumnRead(machine.place(node, frame), row, constant.value))
    elif row.kind == "tuple" and isinstance(constant.value, str):
        _emit(machine, row, "key", constant.value, node, frame)
    elif row.kind == "dict" and type(constant.value) is int:
        _emit(machine, row, "index", str(constant.value), node, frame)


def set_item(machine: Machine, holder: Val, key: Val, node: s.Node, frame: Frame) -> None:
    """``row[key] = value``."""
    row = _surely(holder)
    if row is not None and row.kind in ("tuple", "record", "sqlite-row"):
        constant = key.only()
        name = str(constant.value) if isinstance(constant, Const) else None
        _emit(machine, row, "set", name, node, frame)


def made_dict(machine: Machine, value: Val, node: s.Node, frame: Frame) -> None:
    """``dict(row)``."""
    row = _surely(value)
    if row is not None and row.kind == "tuple":
        _emit(machine, row, "dict", None, node, frame)


def copied(value: Val) -> DriverRow | None:
    """What a dict that is made of the value has the columns of."""
    row = _surely(value)
    if row is None or row.kind not in _READ_BY_NAME:
        return None
    return row if row.kind == "object" else replace(row, kind="dict")


def _copied(machine: Machine, value: Val, key: object) -> DriverRow | None:
    """The row that the value is a dict of, where nothing else gave it the key."""
    items = [item for item in value.items if item != NOTHING]
    if value.partial or len(items) != 1 or not isinstance(items[0], Ref):
        return None
    thing = machine.thing(items[0])
    return None if key in thing.fields else thing.row


def _surely(value: Val) -> DriverRow | None:
    """The row that the value is, whatever way led here."""
    if value.partial:
        return None
    row: DriverRow | None = None
    for item in value.items:
        if isinstance(item, DriverRow):
            if row is not None and item.kind != row.kind:
                return None
            row = item if row is None else _either(row, item)
        elif type(item) is not Const or item != NOTHING:
            return None
    return row


def _either(one: DriverRow, other: DriverRow) -> DriverRow:
    """A row of the statements of both."""
    if one.texts == other.texts:
        return one
    known = one.texts and other.texts
    texts = tuple(dict.fromkeys((*one.texts, *other.texts))) if known else ()
    return replace(one, texts=texts)


def _emit(
    machine: Machine,
    row: DriverRow,
    how: Literal["set", "key", "index", "attribute", "dict"],
    name: str | None,
    node: s.Node,
    frame: Frame,
) -> None:
    machine.emit(RowUsed(machine.place(node, frame), row, how, name))
