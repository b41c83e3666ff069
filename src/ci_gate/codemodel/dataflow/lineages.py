"""Classes of the tree in the order in which an object's parts are looked for, and their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ClassItem, Instance, Ref, Table, Typed, Val
from ci_gate.codemodel.entities.declarations import declarations, is_field
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ClassValue

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


def lineage(machine: Machine, cls: ClassInfo) -> list[ClassInfo]:
    """The class and its ancestors in the tree, the farthest first."""
    found = [value.cls for value in machine.model.ancestors(cls) if isinstance(value, ClassValue)]
    return [*reversed(found), cls]


def order(machine: Machine, cls: ClassInfo) -> list[ClassInfo]:
    """The class and its ancestors in the tree, as Python orders them (C3)."""
    known = machine.known.orders.get(cls)
    if known is None:
        machine.known.orders[cls] = [cls]
        bases = [value.cls for value in machine.model.bases(cls) if isinstance(value, ClassValue)]
        waiting = [*(list(order(machine, base)) for base in bases), bases]
        known = [cls]
        while waiting := [rest for rest in waiting if rest]:
            heads = [rest[0] for rest in waiting]
            first = next(
                (head for head in heads if not any(head in rest[1:] for rest in waiting)), heads[0]
            )
            known.append(first)
            waiting = [[item for item in rest if item is not first] for rest in waiting]
        machine.known.orders[cls] = known
    return known


def next_method(
    machine: Machine, cls: ClassInfo, this: Val | None, name: str
) -> FunctionInfo | None:
    """The method that ``super()`` in ``cls`` finds for the object ``this``."""
    item = this.only() if this is not None else None
    if isinstance(item, Ref):
        own = machine.thing(item).cls
    elif isinstance(item, Instance | Table):
        own = item.entity.cls
    else:
        own = item.cls if isinstance(item, Typed | ClassItem) else None
    classes = order(machine, own) if own is not None else []
    if cls not in classes:
        return None
    for owner in classes[classes.index(cls) + 1 :]:
        method = machine.model.method(owner, name)
        if method is not None and method.cls is owner:
            return method
    return None


def field_names(machine: Machine, cls: ClassInfo) -> list[str]:
    """The annotated fields of a dataclass, pydantic model or named tuple, in order."""
    names: dict[str, None] = {}
    for owner in lineage(machine, cls):
        for item in declarations(owner, machine.model):
            if is_field(item):
                names[item.name] = None
    return list(names)


def field_defaults(machine: Machine, cls: ClassInfo) -> dict[str, s.Expr]:
    found: dict[str, s.Expr] = {}
    for owner in lineage(machine, cls):
        for item in declarations(owner, machine.model):
            if is_field(item) and item.value is not None:
                found[item.name] = item.value
    return found
