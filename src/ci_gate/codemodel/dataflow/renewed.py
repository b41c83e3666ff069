"""Values that the database works out when a row changes: the object has lost them after the flush.

``onupdate=func.now()``, ``server_onupdate``, computed columns, and SQL expressions put into an
attribute: SQLAlchemy expires what it does not know, and the next read is a query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import sqlexpr
from ci_gate.codemodel.dataflow.domain import Frame, Instance, Session, Statement, Val
from ci_gate.codemodel.dataflow.events import Expired
from ci_gate.codemodel.entities import Entity

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine, ObjectKey


def _key(item: Instance) -> ObjectKey:
    """What tells the object from others that the same expression loads at another time."""
    return item.origin, item.entity, item.clock


def changed(machine: Machine, item: Instance, name: str, value: Val) -> None:
    """An attribute of a stored object is set; ``*`` is one that is not known by name."""
    entity, session = item.entity, item.session
    relation = entity.relations.get(name)
    if name != "*" and name not in entity.columns and (relation is None or relation.many):
        return
    if entity.fetches_updates is not False or item.origin is None or session is None:
        return
    if item.fresh and item.origin not in machine.state.inserted:
        return
    known = machine.state.changed.get(_key(item))
    names = known[1] if known is not None else frozenset()
    if value.items and not value.partial and sqlexpr.is_part(value):
        names |= {name}
    machine.state.changed[_key(item)] = (session.id, names)


def flushed(machine: Machine, session: Session, node: s.Node, frame: Frame) -> None:
    """The session writes its changes: an UPDATE for each object that was changed."""
    state = machine.state
    tick = machine.tick()
    for key, (owner, given) in list(state.changed.items()):
        if owner != session.id:
            continue
        del state.changed[key]
        names = given | {one.name for one in key[1].columns.values() if one.renewed}
        if names:
            state.renewed[key] = (tick, names, node, frame.function.module.path)
    state.inserted |= {
        origin for origin, owner in machine.attached.items() if owner.id == session.id
    }


def loaded(machine: Machine, entity: Entity, statement: Statement) -> None:
    """A query gives an entity's rows, and with them what its options load: their objects have the
    values of the database again."""
    tick = machine.tick()
    machine.state.reloaded[entity] = tick
    for eager in statement.eager:
        owner: Entity | None = entity
        for name in eager.path:
            owner = machine.entities.target(owner, name) if owner is not None else None
            if owner is not None:
                machine.state.reloaded[owner] = tick


def forget(machine: Machine, session: Session) -> None:
    """What was changed is rolled back."""
    for key, (owner, _) in list(machine.state.changed.items()):
        if owner == session.id:
            del machine.state.changed[key]


def check(
    machine: Machine, item: Instance, since: int, name: str, node: s.Node, frame: Frame
) -> None:
    """``item.name`` is read; ``since`` is when the object was last loaded anew."""
    found = machine.state.renewed.get(_key(item))
    session = item.session
    if found is None or session is None or name not in found[1]:
        return
    if max(since, machine.state.reloaded.get(item.entity, 0)) > found[0]:
        return
    closed = machine.state.closed.get(session.id, -1) > item.clock
    if closed or session.is_async:
        machine.emit(
            Expired(
                machine.place(node, frame), item, name, "closed" if closed else "open",
                found[2], found[3], "update",
            )
        )  # fmt: skip
