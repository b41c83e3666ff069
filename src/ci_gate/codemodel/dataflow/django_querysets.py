"""Django's query sets as builder methods make them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import django_lookups as lookups
from ci_gate.codemodel.dataflow import sqlexpr
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    Args,
    Chosen,
    ColumnRef,
    Condition,
    Const,
    Eager,
    Expression,
    Frame,
    Item,
    Lookup,
    Lookups,
    Measure,
    Ref,
    RelationRef,
    Source,
    Statement,
    Table,
    Val,
    of,
)
from ci_gate.codemodel.dataflow.events import Attribute, Measured, Place, SqlText
from ci_gate.codemodel.entities import Column, Entity, Relation
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

BUILDERS: Final = frozenset({
    "filter", "exclude", "order_by", "values", "values_list", "only", "defer", "select_related",
    "prefetch_related", "annotate", "alias", "distinct", "using", "union", "intersection",
    "difference", "none", "all", "reverse", "extra", "raw", "select_for_update", "dates",
    "datetimes", "complex_filter",
})  # fmt: skip
_KEEPING: Final = frozenset({"using", "reverse", "select_for_update"})


class Builder:
    """Builder methods: each gives a new statement."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @cached_property
    def custom_lookups(self) -> bool:
        """Has the tree lookups of its own?"""
        model = self._machine.model
        return bool(model.calls_named("register_lookup")) or any(
            isinstance(decorator, s.Attribute) and decorator.name == "register_lookup"
            for cls in model.classes.values()
            for decorator in cls.node.decorators
        )

    def build(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        machine = self._machine
        machine.use(*args.all())
        sources: frozenset[Source] = args.sources()
        for value in args.all():
            sources |= machine.deep_sources(value)
        if name != "all":
            statement = replace(statement, ready=False)
        made = self._built(statement, name, args, node, frame)
        return replace(made, sources=made.sources | sources)

    def _built(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        if name in ("filter", "exclude", "complex_filter"):
            return self.filtered(statement, args, node, frame, exclude=name == "exclude")
        if name == "order_by":
            return self._ordered(statement, args, node, frame)
        if name in ("values", "values_list"):
            return self._values(statement, name, args, node, frame)
        if name in ("annotate", "alias"):
            return self.measured(self.annotated(statement, args, node, frame), node, frame)
        if name == "select_related":
            return self._select_related(statement, args, node, frame)
        if name == "prefetch_related":
            return self._prefetch_related(statement, args, node, frame)
        if name in ("only", "defer", "distinct"):
            for part in self._strings(args):
                self._look_up(statement, part, node, frame, exact=False)
            return replace(statement, distinct=True) if name == "distinct" else statement
        if name == "all":
            return statement
        if name == "none":
            return replace(statement, limited=True, empty=True)
        if name in ("raw", "extra"):
            return self._text(statement, name, args, node, frame)
        if name in ("dates", "datetimes"):
            for part in self._strings(args)[:1]:
                self._look_up(statement, part, node, frame, exact=False)
            return replace(statement, values=True, selected=(Expression(),), distinct=True)
        if name in _KEEPING:
            return replace(statement, locking=statement.locking or name == "select_for_update")
        return replace(statement, opaque=True)

    # --- conditions ---

    def filtered(
        self, statement: Statement, args: Args, node: s.Expr, frame: Frame, *, exclude: bool = False
    ) -> Statement:
        """``filter(...)``; ``exclude`` asks by a query of its own for each collection."""
        parts = [Lookups(names=tuple(self.keywords(args, node)))]
        opaque = not args.whole
        for value in args.positional:
            found = self._lookups_of(value)
            if value.partial and len(found) > 1:
                found = []  # one of them, and not each fits each query set
            parts += found
            opaque = opaque or not found
        made = self.apply(
            replace(statement, opaque=statement.opaque or opaque), lookups.combined(parts),
            "filter", node, frame, multiplies=not exclude,
        )  # fmt: skip
        return self.measured(made, node, frame)

    def _lookups_of(self, value: Val) -> list[Lookups]:
        found = []
        for item in value.items:
            if isinstance(item, Lookups):
                found.append(item)
            elif isinstance(item, Ref):
                for inner in self._machine.thing(item).items:
                    found += self._lookups_of(inner)
        return found

    def keywords(self, args: Args, node: s.Node) -> list[Lookup]:
        """The keyword arguments, each with where it stands."""
        where: dict[str, s.Node] = {}
        if args.node is not None:
            where = {item.keyword: item for item in args.node.args if item.keyword is not None}
        return [Lookup(name, where.get(name, node), value) for name, value in args.keywords]

    def apply(
        self,
        statement: Statement,
        given: Lookups,
        kind: Literal["filter", "order", "aggregate"],
        node: s.Node,
        frame: Frame,
        *,
        multiplies: bool = True,
    ) -> Statement:
        """Resolve lookups against the statement's model."""
        found: list[lookups.Found] = []
        held: list[lookups.Found] = []
        spread = statement.spread
        chosen: list[Chosen] = []
        for name in given.names:
            item = self._look_up(statement, name, node, frame, exact=kind == "filter")
            if item is not None:
                found.append(item)
                if kind == "filter" and multiplies:
                    chosen += self._chosen(item, name)
                if kind == "filter" and (_is_absent(name) or _may_be_one(item, name)):
                    held.append(item)
                elif kind == "filter" and not item.one and not item.pinned:
                    spread |= item.across
        multiplies = multiplies and not any(name.under == "not" for name in given.names)
        joined = set(statement.joined)
        multiplied = list(statement.multiplied)
        single = statement.single
        for item in found:
            joined |= {Table(table) for table in item.tables}
            if multiplies and kind != "order" and item.many and not (item.one or item in held):
                multiplied += [name for name in item.many if name not in multiplied]
            if kind == "filter" and multiplies and item.one and isinstance(item.end, Column):
                single = single or not item.tables
        within = (*given.within, *lookups.within(given.names))
        made = lookups.expression(found, replace(given, within=within))
        if not multiplies or given.function in ("Exists", "Subquery"):
            made = replace(made, pinned=frozenset())
        if chosen:
            made = replace(made, chosen=tuple(chosen))
        return replace(
            statement, joined=frozenset(joined), multiplied=tuple(multiplied), single=single,
            conditions=(*statement.conditions, Condition(kind, made, node)),
            spread=spread if multiplies else statement.spread,
            measures=(*statement.measures, *self._measures(statement, given)),
        )  # fmt: skip

    def _chosen(self, found: lookups.Found, name: Lookup) -> tuple[Chosen, ...]:
        """``pk__in=ids`` where the ids come out of another query."""
        owner, _, last = name.path.rpartition("__")
        if last != "in" or "__" in owner or name.under or name.value is None:
            return ()
        if not isinstance(found.end, Column):
            return ()
        column = ColumnRef(Table(found.entity), found.end.name)
        return sqlexpr.chosen(self._machine, column, name.value)

    def _measures(self, statement: Statement, given: Lookups) -> Iterator[Measure]:
        """The aggregates whose way through the model is known."""
        if statement.focus is None:
            return
        for item in given.aggregates:
            found = [
                lookups.resolve(self._machine, statement.focus.entity, name.path,
                                statement.annotations, exact=False, custom=self.custom_lookups)
                for name in item.names
            ]  # fmt: skip
            if not found or item.opaque or any(one.end is None for one in found):
                continue
            across = frozenset(way for one in found for way in one.across)
            yield Measure(item.function, across, item.node, item.module, item.distinct)

    def measured(self, statement: Statement, node: s.Node, frame: Frame) -> Statement:
        """Tell of a statement that has aggregates."""
        if statement.measures:
            self._machine.emit(Measured(self._machine.place(node, frame), statement))
        return statement

    def _look_up(
        self, statement: Statement, name: Lookup, node: s.Node, frame: Frame, *, exact: bool
    ) -> lookups.Found | None:
        machine = self._machine
        if statement.focus is None:
            return None
        entity = statement.focus.entity
        found = lookups.resolve(
            machine, entity, name.path, statement.annotations,
            exact=exact and not name.under, custom=self.custom_lookups,
        )  # fmt: skip
        place = machine.place(name.node, frame)
        if found.state == "wrong" and not statement.opaque:
            machine.emit(
                Attribute(place, found.entity, found.segment, "lookup", name.value, path=name.path,
                          found=False)
            )  # fmt: skip
        elif found.end is not None:
            machine.emit(
                Attribute(place, found.entity, found.segment, "lookup", name.value, path=name.path,
                          found=True)
            )  # fmt: skip
            if name.value is not None and exact:
                self._compared(found, name, place)
        del node
        return found

    def _compared(self, found: lookups.Found, name: Lookup, place: Place) -> None:
        assert found.end is not None and name.value is not None
        table = Table(found.entity)
        is_column = isinstance(found.end, Column)
        left: Item = (
            ColumnRef(table, found.end.name) if is_column else RelationRef(table, found.end.name)
        )
        last = name.path.rpartition("__")[2]
        operator = "==" if last in (found.segment, "pk", "exact", name.path) else last
        sqlexpr.compared(self._machine, place, of(left), name.value, operator)

    def _strings(self, args: Args) -> list[Lookup]:
        """The constant texts among the positional arguments, each with where it stands."""
        found: list[Lookup] = []
        for index, value in enumerate(args.positional):
            node = self._argument(args, index)
            queue = [value]
            while queue:
                current = queue.pop()
                for item in current.items:
                    if isinstance(item, Const) and isinstance(item.value, str):
                        found.append(Lookup(item.value, node))
                    elif isinstance(item, Ref) and self._machine.thing(item).kind == "list":
                        queue += self._machine.thing(item).items
        return found

    def _argument(self, args: Args, index: int) -> s.Node:
        given = args.node.argument(index) if args.node is not None else None
        if given is not None:
            return given
        if args.node is not None:
            return args.node
        return self._machine.model.make_up(s.Name((1, 1, 1, 1), ""))

    def _ordered(self, statement: Statement, args: Args, node: s.Expr, frame: Frame) -> Statement:
        names = [
            replace(name, path=name.path.lstrip("-+"))
            for name in self._strings(args)
            if name.path != "?"
        ]
        parts = [item for value in args.positional for item in self._lookups_of(value)]
        return self.apply(
            statement, lookups.combined([Lookups(tuple(names)), *parts]), "order", node, frame
        )

    # --- what is selected ---

    def _values(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        self._excuse_related(node)
        selected: list[Item] = []
        multiplied = list(statement.multiplied)
        annotations = set(statement.annotations)
        for part in self._strings(args):
            found = self._look_up(statement, part, node, frame, exact=False)
            end = found.end if found is not None else None
            if found is not None and isinstance(end, Column):
                selected.append(ColumnRef(Table(found.entity), end.name))
            else:
                selected.append(Expression())
            if found is not None:
                multiplied += [item for item in found.many if item not in multiplied]
        statement = replace(statement, multiplied=tuple(multiplied))
        rest = Args(
            args.node,
            tuple(value for value in args.positional if self._lookups_of(value)),
            tuple(item for item in args.keywords if item[0] not in ("flat", "named")),
        )
        if rest.all():
            statement = self.annotated(statement, rest, node, frame)
            self.measured(statement, node, frame)
            selected.append(Expression())
        del name
        return replace(
            statement, values=True, selected=tuple(selected) or (Expression(opaque=True),),
            annotations=statement.annotations | annotations, ready=False,
        )  # fmt: skip

    def _excuse_related(self, node: s.Expr) -> None:
        """``select_related(…)….values(…)``: relations are not loaded with values, and their names
        not looked at."""
        names: set[s.Node] = set()
        while isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
            if node.func.name == "select_related":
                names.update(argument.value for argument in node.args)
            node = node.func.value
        if names:
            events = self._machine.run.events
            events[:] = [
                event
                for event in events
                if not (isinstance(event, Attribute) and event.place.node in names)
            ]

    def annotated(
        self,
        statement: Statement,
        args: Args,
        node: s.Expr,
        frame: Frame,
        *,
        multiplies: bool = True,
    ) -> Statement:
        """``annotate(...)``: new names, and the joins that they make."""
        names = set(statement.annotations)
        grouped, opaque = statement.grouped, statement.opaque or not args.whole
        given: list[tuple[str, Val]] = [("", value) for value in args.positional]
        for name, value in (*given, *args.keywords):
            found = self._lookups_of(value)
            for item in found:
                statement = self.apply(
                    statement, item, "aggregate", node, frame, multiplies=multiplies
                )
                grouped = grouped or item.aggregate
                if not name:
                    names.add(_alias(item))
            if name:
                names.add(name)
            elif not found:
                opaque = True
            statement = replace(statement, annotations=frozenset(names))  # seen by the next ones
        return replace(statement, grouped=grouped, opaque=opaque, ready=False)

    def _text(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        place = self._machine.place(node, frame)
        if name == "raw":
            text = args.get(0, "raw_query")
            if text is not None:
                self._machine.emit(SqlText(place, text))
            return replace(statement, opaque=True, values=True, selected=(Expression(opaque=True),))
        for keyword in ("where", "tables", "order_by"):
            given = args.get(None, keyword)
            for item in given.items if given is not None and keyword == "where" else ():
                if isinstance(item, Ref):
                    for value in self._machine.thing(item).items:
                        self._machine.emit(SqlText(place, value))
        return replace(statement, opaque=True)

    # --- what is loaded with it ---

    def _select_related(
        self, statement: Statement, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        entity = statement.entity()
        if not args.positional:
            return replace(statement, opaque=True)
        if args.positional == (NONE,):
            kept = frozenset(item for item in statement.eager if not item.joined)
            return replace(statement, eager=kept)
        if entity is None:
            return statement
        eager = set(statement.eager)
        names = self._strings(args)
        opaque = statement.opaque or not args.whole or not all(v.items for v in args.positional)
        for name in names:
            eager.add(Eager(entity, tuple(name.path.split("__")), joined=True))
            self._loads(entity, name, statement, frame, joined=True)
        del node
        return replace(statement, eager=frozenset(eager), opaque=opaque)

    def _prefetch_related(
        self, statement: Statement, args: Args, node: s.Expr, frame: Frame
    ) -> Statement:
        entity = statement.entity()
        if entity is None:
            return statement
        if args.positional == (NONE,):
            kept = frozenset(item for item in statement.eager if item.joined)
            return replace(statement, eager=kept)
        eager = set(statement.eager)
        extra: set[str] = set()
        opaque = statement.opaque or not args.whole or not all(v.items for v in args.positional)
        for name in self._strings(args):
            eager |= self._prefetched(entity, name.path, None)
            self._loads(entity, name, statement, frame)
        for value in args.positional:
            for item in self._lookups_of(value):
                if item.function != "Prefetch":
                    continue
                opaque = opaque or item.opaque or any(inner.opaque for inner in item.within)
                for name in item.names:
                    inner = item.within[0] if item.within else None
                    eager |= self._prefetched(entity, name.path, inner, item.alias)
                    self._loads(entity, name, statement, frame)
                if item.alias:
                    extra.add(item.alias)
        del node
        return replace(
            statement, eager=frozenset(eager), opaque=opaque,
            annotations=statement.annotations | extra,
        )  # fmt: skip

    def _prefetched(
        self, entity: Entity, path: str, inner: Statement | None, alias: str = ""
    ) -> set[Eager]:
        """The relations loaded by one prefetch; what it loads knows its owner."""
        parts = tuple(path.split("__"))
        if alias:
            parts = (*parts[:-1], alias)
        found = {Eager(entity, parts)}
        here: Entity | None = entity
        for index, part in enumerate(parts):
            relation = here.relations.get(part) if here is not None else None
            target = (
                self._machine.entities.target(here, part)
                if relation is not None and here is not None
                else None
            )
            if relation is None or target is None:
                break
            back = target.relations.get(relation.back or "")
            if relation.many and back is not None and back.many is False:
                found.add(Eager(entity, (*parts[: index + 1], back.name)))
            here = target
        if inner is not None:
            found |= {Eager(entity, (*parts, *item.path)) for item in inner.eager}
        return found

    def _loads(
        self,
        entity: Entity,
        name: Lookup,
        statement: Statement,
        frame: Frame,
        *,
        joined: bool = False,
    ) -> None:
        """A relation that is to be loaded, by its attribute's name. ``joined``: with the row,
        which no collection can be."""
        found = lookups.attribute_path(
            self._machine, entity, name.path, statement.annotations | _OPEN_RELATIONS
        )
        if found.state == "unknown" or (found.state == "wrong" and statement.opaque):
            return
        self._machine.emit(
            Attribute(self._machine.place(name.node, frame), found.entity, found.segment, "lookup",
                      None, path=name.path,
                      found=found.state == "known" and not (joined and _is_collection(found)))
        )  # fmt: skip


def _is_collection(found: lookups.Found) -> bool:
    return isinstance(found.end, Relation) and found.end.many is True


_OPEN_RELATIONS: Final = frozenset({"_prefetched_objects_cache"})


def _is_absent(name: Lookup) -> bool:
    """``comments__isnull=True``: the join finds nothing."""
    given = name.value.only() if name.value is not None else None
    return name.path.endswith("__isnull") and given == Const(True)


def _may_be_one(found: lookups.Found, name: Lookup) -> bool:
    """``groups__name=name`` of a model that is not known: its name may be unique."""
    return found.state == "unknown" and name.path.rpartition("__")[2] not in lookups.SEVERAL


def _alias(item: Lookups) -> str:
    """The name that an annotation gets without being given one."""
    return f"{item.names[0].path}__{item.function.lower()}" if item.names else "?"


def limited(statement: Statement) -> Statement:
    return replace(statement, limited=True, ready=False)
