"""Rows of drivers: uses that their type refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import NOTHING, Const, DriverRow, Frame, Val
from ci_gate.codemodel.dataflow.driverfacts import ROW_METHODS
from ci_gate.codemodel.dataflow.events import RowUsed

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


def attribute(machine: Machine, value: Val, name: str, node: s.Node, frame: Frame) -> None:
    """``row.name``."""
    row = _surely(value)
    if row is None or name.startswith("__"):
        return
    known = ROW_METHODS.get(row.kind)
    if known is not None and name not in known:
        _emit(machine, row, "attribute", name, node, frame)


def item(machine: Machine, value: Val, key: Val, node: s.Node, frame: Frame) -> None:
    """``row[key]``."""
    row = _surely(value)
    constant = key.only()
    if row is None or not isinstance(constant, Const) or key.partial:
        return
    if row.kind == "tuple" and isinstance(constant.value, str):
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


def _surely(value: Val) -> DriverRow | None:
    """The row that the value is, whatever way led here."""
    if value.partial:
        return None
    row: DriverRow | None = None
    for item in value.items:
        if isinstance(item, DriverRow):
            if row is not None and item.kind != row.kind:
                return None
            row = row or item
        elif type(item) is not Const or item != NOTHING:
            return None
    return row


def _emit(
    machine: Machine,
    row: DriverRow,
    how: Literal["set", "key", "index", "attribute", "dict"],
    name: str | None,
    node: s.Node,
    frame: Frame,
) -> None:
    machine.emit(RowUsed(machine.place(node, frame), row, how, name))
