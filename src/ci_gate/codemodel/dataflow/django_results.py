"""What running a query set of Django's gives, and what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import instances
from ci_gate.codemodel.dataflow.django_querysets import Builder, limited
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Instance,
    Many,
    Ref,
    Session,
    Source,
    Statement,
    Thing,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.events import Attribute, Loop, Place, Ran, Settled, Wrote
from ci_gate.codemodel.entities import Entity
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

#: Django's connection: every request has its own, and writes are committed at once or with the
#: transaction around them.
SESSION: Final = Session(-100, False, "django")
_ONE: Final = frozenset({"first", "last", "earliest", "latest"})
_COUNTS: Final = frozenset({"count", "exists", "contains", "aggregate", "explain"})
_WRITES: Final = frozenset({
    "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete",
})  # fmt: skip
_PLAIN: Final = frozenset({"get", "iterator", "in_bulk", *_ONE, *_COUNTS, *_WRITES})
METHODS: Final = _PLAIN | {f"a{name}" for name in _PLAIN}
#: Later than anything that happens.
_ALWAYS: Final = 1 << 60
_NO_FIELDS: Final = frozenset({"defaults", "create_defaults"})


class Results:
    """Evaluates statements."""

    def __init__(self, machine: Machine, builder: Builder) -> None:
        self._machine = machine
        self._builder = builder

    # --- where a statement was made ---

    def note(self, statement: Statement) -> Statement:
        """Remember in which loops the statement was made: its rows are kept from then on."""
        turns = tuple(loop.node for loop in self._machine.loops)
        return statement if turns == statement.turns else replace(statement, turns=turns)

    def _loops(self, statement: Statement) -> tuple[Loop, ...]:
        """The loops in which its rows are asked for anew."""
        if statement.ready is None:
            return ()
        loops = self._machine.loops
        count = 0
        for loop, node in zip(loops, statement.turns, strict=False):
            if loop.node is not node:
                break
            count += 1
        return tuple(loops[:count])

    # --- running ---

    def ran(
        self,
        statement: Statement | None,
        how: Literal["one", "many", "count", "write"],
        node: s.Node,
        frame: Frame,
        data: frozenset[Source] = frozenset(),
        *,
        kept: bool = False,
    ) -> None:
        machine = self._machine
        place = machine.place(node, frame)
        if kept and statement is not None:
            place = Place(node, frame.function, place.calls, self._loops(statement))
        sources = data | (statement.sources if statement is not None else frozenset())
        machine.run.used |= sources
        machine.emit(Ran(place, statement, how, SESSION, sources))

    def rows(self, statement: Statement, node: s.Node, frame: Frame) -> Many:
        """Take all rows, as iterating does."""
        if statement.ready is not True:
            self.ran(statement, "many", node, frame, kept=True)
        return self.many(statement)

    def many(self, statement: Statement) -> Many:
        return Many(self.element(statement), not statement.single, statement)

    def element(self, statement: Statement) -> Val:
        """One row."""
        entity = statement.entity()
        if statement.values or entity is None:
            return UNKNOWN
        return of(instances.instance(self._machine, entity, statement, SESSION))

    # --- methods ---

    def method(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        if name not in _PLAIN:
            name = name[1:]
        self._machine.use(*args.all())
        sources = args.sources()
        for value in args.all():
            sources |= self._machine.deep_sources(value)
        if name == "get":
            made = self._builder.filtered(statement, args, node, frame)
            made = replace(made, single=True, ready=False, sources=made.sources | sources)
            self.ran(made, "one", node, frame)
            return self.element(made)
        if name in _ONE:
            return self._first(statement, args, node, frame)
        if name in ("iterator", "in_bulk"):
            bounded = name == "in_bulk" and bool(args.positional)
            made = replace(statement, ready=False, limited=statement.limited or bounded)
            self.ran(made, "many", node, frame, sources)
            return of(self.many(made))
        if name in _COUNTS:
            return self._counted(statement, name, args, node, frame)
        return self._write(statement, name, args, node, frame)

    def _first(self, statement: Statement, args: Args, node: s.Expr, frame: Frame) -> Val:
        if args.positional:
            statement = self._builder.build(statement, "order_by", args, node, frame)
        made = limited(statement)
        if not statement.ready:
            self.ran(made, "one", node, frame, kept=statement.ready is None)
        found = self.element(made)
        return merged((found, NONE)) if found.items else UNKNOWN

    def _counted(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        """``count()``; ``exists()`` is no count, though it asks the same way."""
        sources = args.sources()
        how: Literal["one", "count"] = "count" if name == "count" else "one"
        if name == "aggregate":
            made = self._builder.annotated(statement, args, node, frame, multiplies=False)
            found = [item.expression for item in made.where("aggregate")
                     if item not in statement.conditions]  # fmt: skip
            if not statement.grouped:
                if not (statement.limited or statement.distinct):
                    self._builder.measured(made, node, frame)
                statement = replace(made, selected=tuple(found), grouped=False)
            how = "count"
        elif statement.ready:
            return UNKNOWN
        self.ran(statement, how, node, frame, sources, kept=statement.ready is None)
        return UNKNOWN

    # --- writing ---

    def wrote(self, what: str, node: s.Node, frame: Frame) -> None:
        """Something was stored: Django commits by itself."""
        place = self._machine.place(node, frame)
        self._machine.emit(Wrote(place, SESSION, what))
        self._machine.emit(Settled(place, SESSION, "commit"))

    def _write(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        entity = statement.focus.entity if statement.focus is not None else None
        label = f"{entity.name}.{name}" if entity is not None else name
        if name in ("get_or_create", "update_or_create"):
            return self._get_or_create(statement, entity, args, node, frame, label)
        kind: Literal["insert", "update", "delete"] = (
            "delete" if name == "delete" else "update" if "update" in name else "insert"
        )
        if name in ("create", "update") and entity is not None:
            self.keywords(entity, args, node, frame)
        made = replace(statement, kind=kind, ready=False, sources=statement.sources)
        self.ran(made, "write", node, frame, args.sources())
        self.wrote(label, node, frame)
        if name == "create" and entity is not None:
            return of(self.created(entity, node))
        if name == "bulk_create" and args.positional:
            return args.positional[0]
        return UNKNOWN

    def created(self, entity: Entity, node: s.Expr) -> Instance:
        return Instance(entity, None, SESSION, self._machine.tick(), origin=node)

    def keywords(self, entity: Entity, args: Args, node: s.Node, frame: Frame) -> None:
        """The fields that a constructor, ``create`` or ``update`` names."""
        for name in self._builder.keywords(args, node):
            if name.path in _NO_FIELDS or name.path == "pk" or name.path.startswith("_"):
                continue
            place = self._machine.place(name.node, frame)
            self._machine.emit(Attribute(place, entity, name.path, "keyword", name.value))

    def _get_or_create(
        self,
        statement: Statement,
        entity: Entity | None,
        args: Args,
        node: s.Expr,
        frame: Frame,
        label: str,
    ) -> Val:
        rest = tuple(item for item in args.keywords if item[0] not in _NO_FIELDS)
        wanted = Args(args.node, (), rest, args.whole)
        made = replace(
            self._builder.filtered(statement, wanted, node, frame), single=True, ready=False
        )
        self.ran(made, "one", node, frame, args.sources())
        for keyword in _NO_FIELDS:
            given = args.get(None, keyword)
            item = given.only() if given is not None else None
            if isinstance(item, Ref) and entity is not None:
                fields = self._machine.thing(item).fields
                inner = Args(
                    args.node, (), tuple((k, v) for k, v in fields.items() if isinstance(k, str))
                )
                self.keywords(entity, inner, node, frame)
        self.wrote(label, node, frame)
        found = self.element(replace(made, opaque=True))
        return of(self._machine.allocate(Thing("list", items=[found, UNKNOWN])))

    # --- instances ---

    def stored(self, item: Instance, name: str, args: Args, node: s.Expr, frame: Frame) -> Val:
        """``article.save()``, ``article.delete()``."""
        machine = self._machine
        machine.use(*args.all())
        kind: Literal["update", "delete"] = "delete" if name.endswith("delete") else "update"
        statement = Statement(
            "django", kind, node, frame.function.module.path, (), sources=args.sources(),
            single=True,
        )  # fmt: skip
        self.ran(statement, "write", node, frame)
        self.wrote(f"{item.entity.name}.{name}", node, frame)
        return NONE

    def related_write(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        """``article.tags.add(...)``."""
        self._machine.use(*args.all())
        kind: Literal["insert", "delete"] = "insert" if "add" in name or "set" in name else "delete"
        made = replace(statement, kind=kind, ready=False)
        self.ran(made, "write", node, frame, args.sources())
        entity = statement.entity()
        self.wrote(f"{entity.name if entity is not None else ''}.{name}", node, frame)
        return NONE

    def refreshed(self, value: Val, names: frozenset[str], *, later: bool = False) -> None:
        """The relations of objects are there from now on. ``later``: a query set that is held has
        these objects, and gives them again whenever it is gone through."""
        machine = self._machine
        for item in value.items:
            if isinstance(item, Instance) and item.origin is not None:
                before = machine.state.refreshed.get(item.origin)
                names = names | (before[1] if before is not None else frozenset())
                clock = _ALWAYS if later else machine.tick()
                machine.state.refreshed[item.origin] = (clock, names)


def is_none(value: Val | None) -> bool:
    return value is not None and value.only() == Const(None)
