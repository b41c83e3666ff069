"""Objects of entities: their columns and relations, whatever ORM maps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, renewed
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Args,
    Field,
    Frame,
    Func,
    Instance,
    Many,
    Session,
    Statement,
    Table,
    Val,
    of,
)
from ci_gate.codemodel.dataflow.events import Attribute, Expired, KeyRead, Loaded, Wrote
from ci_gate.codemodel.entities import Column, Entity, Relation
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_TELLING = frozenset({"datetime", "datetime-tz", "json", "array"})
"""Columns whose values rules follow further: their reads are noted."""

_EAGER = frozenset({"joined", "selectin", "subquery", "immediate"})
_MAX_BACK = 3


def loaded_by(statement: Statement, entity: Entity) -> frozenset[tuple[str, ...]]:
    """The relation paths that the statement loads with its instances."""
    found: set[tuple[str, ...]] = set()
    for eager in statement.eager:
        if eager.root is None or eager.root is entity or _inherits(eager.root, entity):
            found |= {eager.path[: index + 1] for index in range(len(eager.path))}
    return frozenset(found)


def _inherits(root: Entity, entity: Entity) -> bool:
    return root.cls is not None and entity.cls is not None and root.name != entity.name and (
        root.table == entity.table
    )  # fmt: skip


def instance(
    machine: Machine, entity: Entity, statement: Statement, session: Session | None
) -> Instance:
    """What one row of the statement becomes."""
    known = not statement.opaque and statement.ready is not None
    loaded = loaded_by(statement, entity) if known else None
    renewed.loaded(machine, entity, statement)
    return Instance(entity, loaded, session, machine.tick(), origin=statement.node,
                    extra=statement.annotations)  # fmt: skip


def attribute(
    machine: Machine, item: Instance, name: str, node: s.Node, frame: Frame
) -> Val | None:
    """``item.name``."""
    read, item = item, current(machine, item)
    entity = item.entity
    relation = entity.relations.get(name)
    if relation is not None:
        return related(machine, item, name, node, frame)
    column = entity.columns.get(name)
    if column is not None:
        if not check_expired(machine, item, name, node, frame):
            renewed.check(machine, read, item.clock, name, node, frame)
        note_read(machine, item, column, node, frame)
        if read.fresh and column.primary_key:
            _note_key(machine, read, name, node, frame)
        return of(Field(entity, name))
    if name == "awaitable_attrs":
        return of(replace(item, loaded=None, session=None))
    certain = item.origin is not None
    machine.emit(Attribute(machine.place(node, frame), entity, name, "instance", certain=certain))
    return None


def _note_key(machine: Machine, item: Instance, name: str, node: s.Node, frame: Frame) -> None:
    session = machine.attached.get(item.origin)
    written = item.origin in machine.state.inserted or item.origin in machine.state.refreshed
    if not written:
        machine.emit(KeyRead(machine.place(node, frame), item, name, session))


def note_read(machine: Machine, item: Instance, column: Column, node: s.Node, frame: Frame) -> None:
    """Tell of a column's read, where rules follow its values further."""
    if column.type in _TELLING:
        certain = item.origin is not None and not item.fresh
        place = machine.place(node, frame)
        machine.emit(
            Attribute(place, item.entity, column.name, "instance", certain=certain, found=True)
        )


def related(machine: Machine, item: Instance, name: str, node: s.Node, frame: Frame) -> Val:
    """The objects that a relation holds."""
    relation = item.entity.relations[name]
    machine.run.relations.add((item.entity, name))
    target = machine.entities.target(item.entity, name)
    eager = relation.loading in _EAGER
    known = item.loaded is not None and not item.fresh
    if known and (name,) not in (item.loaded or ()) and not eager and relation.loading == "lazy":
        closed = is_closed(machine, item)
        machine.emit(Loaded(machine.place(node, frame), item, name, "closed" if closed else "open"))
    elif known and not eager:
        check_expired(machine, item, name, node, frame)
    if target is None:
        return UNKNOWN
    below: frozenset[tuple[str, ...]] | None = None
    if item.loaded is not None:
        below = frozenset(path[1:] for path in item.loaded if len(path) > 1 and path[0] == name)
        if not is_closed(machine, item):
            below |= _owner(relation, target, item.loaded)
    other = Instance(target, below, item.session, item.clock, item.fresh, item.origin)
    if relation.many:
        return of(Many(of(other), stored=True))
    return of(other) if relation.many is False else UNKNOWN


def _owner(
    relation: Relation, target: Entity, loaded: frozenset[tuple[str, ...]]
) -> frozenset[tuple[str, ...]]:
    """The way back from the members of a collection to its owner: the session has it by its key,
    with what was loaded of it, and asks nothing."""
    other = target.relations.get(relation.back or "")
    if not relation.many or relation.secondary is not None or other is None or other.many:
        return frozenset()
    return frozenset((other.name, *path) for path in ((), *loaded) if len(path) < _MAX_BACK)


def is_closed(machine: Machine, item: Instance) -> bool:
    if item.session is None:
        return False
    return machine.state.closed.get(item.session.id, -1) > item.clock


def check_expired(machine: Machine, item: Instance, name: str, node: s.Node, frame: Frame) -> bool:
    """A read after a commit loads anew: impossible once detached, or without ``await``."""
    if item.session is None:
        return False
    expired = machine.state.expired.get(item.session.id)
    if expired is None or expired[0] < max(item.clock, _read_again(machine, item)):
        return False
    closed = machine.state.closed.get(item.session.id, -1) > item.clock
    if not closed and not item.session.is_async and item.origin is not None:
        machine.state.read_again[item.origin] = machine.tick()
    if closed or item.session.is_async:
        machine.emit(
            Expired(
                machine.place(node, frame), item, name, "closed" if closed else "open",
                expired[1], expired[2],
            )
        )  # fmt: skip
    return True


def _read_again(machine: Machine, item: Instance) -> int:
    """When a read within the open session has loaded all columns anew."""
    return machine.state.read_again.get(item.origin, -1) if item.origin is not None else -1


def set_attribute(
    machine: Machine, item: Instance, target: s.Attribute, value: Val, frame: Frame
) -> None:
    place = machine.place(target, frame)
    certain = item.origin is not None
    machine.emit(Attribute(place, item.entity, target.name, "set", value, certain))
    machine.use(value)
    renewed.changed(machine, item, target.name, value)
    if not item.fresh and target.name in {**item.entity.columns, **item.entity.relations}:
        machine.emit(Wrote(place, item.session, f"{item.entity.name}.{target.name} is set"))


def construct(machine: Machine, table: Table, args: Args, node: s.Expr, frame: Frame) -> Val:
    """``Article(title=...)``."""
    entity = table.entity
    made = Instance(entity, None, None, machine.tick(), fresh=True, origin=node)
    init = machine.model.method(entity.cls, "__init__") if entity.cls is not None else None
    if init is not None:
        calls.invoke(machine, Func(init, of(made)), args, node, frame)
        machine.use(*args.all())
        return of(made)
    place = machine.place(node, frame)
    for name, value in args.keywords:
        machine.emit(Attribute(place, entity, name, "keyword", value))
    machine.use(*args.all())
    return of(made)


def refresh(machine: Machine, value: Val, names: frozenset[str]) -> None:
    """The objects were loaded anew, with the relations named."""
    for item in value.items:
        if isinstance(item, Instance) and item.origin is not None:
            machine.state.refreshed[item.origin] = (machine.tick(), names)


def is_set(machine: Machine, item: Instance, name: str) -> bool:
    """Something was put under the name of a cached property before."""
    found = machine.state.refreshed.get(item.origin) if item.origin is not None else None
    return found is not None and name in found[1]


def current(machine: Machine, item: Instance) -> Instance:
    """The object as it is now, after what refreshed it.

    Attributes named, of an object that is new: the relations that it was made with stay.
    """
    found = machine.state.refreshed.get(item.origin) if item.origin is not None else None
    if found is None or found[0] < item.clock:
        return item
    if item.fresh and found[1]:
        return replace(item, clock=found[0])
    more = frozenset((name,) for name in found[1])
    loaded = more | (item.loaded or frozenset())
    if item.loaded is None and not item.fresh:
        return replace(item, clock=found[0])
    return replace(item, clock=found[0], loaded=loaded, fresh=False)
