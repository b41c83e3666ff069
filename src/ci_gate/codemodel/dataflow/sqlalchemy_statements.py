"""SQLAlchemy statements as builder calls make them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    ColumnRef,
    Columns,
    Condition,
    Const,
    Eager,
    Expression,
    Frame,
    Item,
    Link,
    Ref,
    RelationRef,
    Source,
    Statement,
    Subquery,
    Table,
    Val,
    of,
)
from ci_gate.codemodel.dataflow.events import Attribute, Paged
from ci_gate.codemodel.dataflow.sqlexpr import chosen, combine, compared, expression_of, is_part
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_AGGREGATES: Final = frozenset({
    "count", "sum", "avg", "min", "max", "array_agg", "group_concat", "string_agg", "json_agg",
    "jsonb_agg", "bool_or", "bool_and", "every", "aggregate_order_by", "json_group_array",
})  # fmt: skip
_LOADERS: Final = frozenset({"joinedload", "selectinload", "subqueryload", "contains_eager",
                             "immediateload"})  # fmt: skip
_NO_LOADERS: Final = frozenset({
    "lazyload", "raiseload", "noload", "load_only", "defer", "undefer", "defaultload",
    "with_loader_criteria", "Load",
})  # fmt: skip
_KEEPING: Final = frozenset({
    "execution_options", "with_for_update", "prefix_with", "suffix_with", "with_hint",
    "params", "populate_existing", "correlate", "correlate_except", "returning",
    "enable_eagerloads",
    "add_cte", "autoflush", "with_session", "enable_assertions", "unique", "self_group",
})  # fmt: skip
_COMPARISONS: Final = frozenset({
    "in_", "not_in", "notin_", "like", "ilike", "is_", "is_not", "isnot", "between", "contains",
    "startswith", "endswith", "icontains", "op", "any", "has", "match", "notlike", "notilike",
    "not_like", "not_ilike", "overlap", "contained_by", "has_key", "regexp_match", "of_type",
    "is_distinct_from", "and_",
})  # fmt: skip


# --- functions -----------------------------------------------------------------------------------


def function(machine: Machine, name: str, path: str, args: Args, node: s.Expr, frame: Frame) -> Val:
    """``select(...)``, ``func.count(...)``, ``joinedload(...)``, ``and_(...)``."""
    if ".func." in path:
        return _sql_function(machine, name, args)
    if name == "select":
        return of(_select(machine, args, node, frame), sources=args.sources())
    if name in ("insert", "update", "delete"):
        return _write(name, args, node, frame)  # type: ignore[arg-type]
    if name in _LOADERS or name in _NO_LOADERS:
        return _loader(machine, name, args)
    if name == "aliased":
        return _aliased(args, node)
    if name in ("exists",):
        if args.positional:
            return of(_within(machine, args), sources=args.sources())
        return of(_select(machine, args, node, frame))  # exists().where(...)
    if name in ("union", "union_all", "intersect", "except_"):
        found = [item for value in args.positional for item in value.items
                 if isinstance(item, Statement)]  # fmt: skip
        if found:
            return of(replace(found[0], opaque=True, limited=False), sources=args.sources())
        return Val((), args.sources())
    if name in ("text", "literal", "null", "true", "false", "values", "bindparam", "literal_column",
                "column"):  # fmt: skip
        machine.use(*args.all())
        return Val(
            (Expression(opaque=name in ("text", "literal_column", "column")),), args.sources()
        )
    parts = [expression_of(machine, value) for value in args.all()]
    machine.use(*args.all())
    made = combine(*parts) if parts else Expression()
    if name == "distinct":
        made = replace(made, distinct=True)
    if not args.whole:
        made = replace(made, opaque=True)
    return of(made, sources=args.sources())


def _sql_function(machine: Machine, name: str, args: Args) -> Val:
    made = combine(*(expression_of(machine, value) for value in args.all()))
    machine.use(*args.all())
    counts: Literal["", "rows", "values"] = ""
    if name == "count" and args.whole and not made.distinct:
        counts = _counted(args)
    elif name == "coalesce" and args.positional:
        counts = expression_of(machine, args.positional[0]).counts
    aggregate = name in _AGGREGATES or made.aggregate
    return of(replace(made, aggregate=aggregate, counts=counts), sources=args.sources())


def _counted(args: Args) -> Literal["", "rows", "values"]:
    """What ``func.count(...)`` counts."""
    if not args.all():
        return "rows"
    item = args.positional[0].only() if len(args.positional) == 1 else None
    if isinstance(item, Const):
        return "rows" if item.value is not None else ""
    if isinstance(item, Expression) and any(text.strip() in ("*", "1") for text in item.texts):
        return "rows"
    return "values" if isinstance(item, ColumnRef) else ""


def _within(machine: Machine, args: Args) -> Expression:
    statements = tuple(
        item.statement if isinstance(item, Subquery) else item
        for value in args.all()
        for item in value.items
        if isinstance(item, Statement | Subquery)
    )
    parts = combine(*(expression_of(machine, value) for value in args.all()))
    return replace(parts, within=(*parts.within, *statements))


def _select(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Statement:
    machine.home(node, frame)
    selected: list[Item] = []
    opaque = not args.whole
    for value in args.positional:
        given = value
        item = value.only()
        if isinstance(item, Ref):
            for inner in machine.thing(item).items:
                selected.append(_selectable(machine, inner))
            continue
        selected.append(_selectable(machine, given))
        opaque = opaque or value.partial or not value.items
    first = next((item for item in selected if isinstance(item, Table)), None)
    sources = args.sources().union(
        *(part.sources for value in args.positional for part in value.items
          if isinstance(part, Statement))
    )  # fmt: skip
    return Statement(
        "sqlalchemy", "select", node, frame.function.module.path, tuple(selected),
        sources=sources, opaque=opaque, focus=first,
        distinct=any(isinstance(item, Expression) and item.distinct and not item.aggregate
                     for item in selected),
    )  # fmt: skip


def _selectable(machine: Machine, value: Val) -> Item:
    item = value.only()
    if isinstance(item, Table | ColumnRef | Expression):
        return item
    if isinstance(item, Columns):
        return item.table
    if isinstance(item, RelationRef | Subquery):
        return expression_of(machine, value)
    inner = tuple(part for part in value.items if isinstance(part, Statement))
    if inner and all(isinstance(part, Statement | Expression) for part in value.items):
        return Expression(opaque=True, within=inner)
    if is_part(value):
        made = expression_of(machine, value)
        return replace(made, opaque=True) if len(value.items) > 1 else made
    return Expression(opaque=True)


def _write(
    kind: Literal["insert", "update", "delete"], args: Args, node: s.Expr, frame: Frame
) -> Val:
    target = args.get(0)
    table = target.only() if target is not None else None
    selected = (table,) if isinstance(table, Table) else ()
    return of(
        Statement("sqlalchemy", kind, node, frame.function.module.path, selected,
                  focus=table if isinstance(table, Table) else None)
    )  # fmt: skip


def _aliased(args: Args, node: s.Expr) -> Val:
    item = args.positional[0].only() if args.positional else None
    if isinstance(item, Table):
        return of(Table(item.entity, node))
    return UNKNOWN


def _loader(machine: Machine, name: str, args: Args) -> Val:
    """An option; those that load nothing give an empty path."""
    found: list[Item] = []
    if name in _NO_LOADERS:
        return of(Eager(None, ()))
    path: tuple[str, ...] = ()
    root = None
    for value in args.positional:
        item = value.only()
        if isinstance(item, RelationRef):
            root = root or item.table.entity
            path = (*path, item.relation)
        elif isinstance(item, Const) and isinstance(item.value, str):
            path = (*path, *item.value.split("."))
        elif item is None or isinstance(item, Expression):
            return UNKNOWN
    del machine
    if path:
        found.append(Eager(root, path, name in ("joinedload",)))
    return of(*found)


def eager_method(machine: Machine, owner: Eager, name: str, args: Args) -> Val | None:
    """``joinedload(A.b).selectinload(B.c)``."""
    if name == "options":
        items: list[Item] = [owner]
        for value in args.positional:
            for item in value.items:
                if isinstance(item, Eager):
                    both = owner.joined and item.joined
                    items.append(Eager(owner.root, (*owner.path, *item.path), both))
        return _several(machine, items)
    if name in _LOADERS:
        inner = _loader(machine, name, args).only()
        if isinstance(inner, Eager):
            both = owner.joined and inner.joined
            return _several(machine, [owner, Eager(owner.root, (*owner.path, *inner.path), both)])
        return UNKNOWN
    return of(owner)


def _several(machine: Machine, items: list[Item]) -> Val:
    """Several options in one value: the longest path stands for its beginnings too."""
    eagers = [item for item in items if isinstance(item, Eager)]
    longest = max(eagers, key=lambda item: len(item.path))
    rest = [
        item for item in eagers
        if item.path != longest.path[: len(item.path)] or (item.joined and not longest.joined)
    ]  # fmt: skip
    del machine
    return of(longest, *rest)


# --- columns -------------------------------------------------------------------------------------


def column_method(
    machine: Machine,
    owner: ColumnRef | RelationRef | Expression,
    name: str,
    args: Args,
    node: s.Expr,
    frame: Frame,
) -> Val:
    """``Article.slug.in_(...)``, ``Article.tags.any(...)``."""
    mine = expression_of(machine, of(owner))
    if name in _COMPARISONS:
        for value in args.all():
            compared(machine, machine.place(node, frame), of(owner), value, name)
    machine.use(*args.all())
    if isinstance(owner, RelationRef) and name == "and_":
        return of(owner)  # for a loader: the relation's objects that fit
    sources: frozenset[Source] = args.sources()
    for value in args.all():
        sources |= machine.deep_sources(value)
    if isinstance(owner, RelationRef) and name in ("any", "has"):
        inner = combine(*(expression_of(machine, value) for value in args.positional))
        target = machine.entities.target(owner.table.entity, owner.relation)
        known = {Table(target)} if target is not None else set()
        foreign = frozenset(ref for ref in inner.refs if ref.table not in known)
        return of(replace(mine, refs=mine.refs | foreign, within=inner.within), sources=sources)
    if name == "distinct":
        return of(replace(mine, distinct=True))
    if name == "label":
        return of(mine, sources=sources)
    mine = replace(mine, counts="")
    parts = combine(mine, *(expression_of(machine, value) for value in args.all()))
    others = [value for value in args.all() if is_part(value)]
    links = parts.links
    for value in others:
        for table in expression_of(machine, value).tables():
            links |= frozenset(Link(one, table) for one in mine.tables() if one != table)
    if name == "is_":
        columns = frozenset(ref for ref in mine.refs if isinstance(ref, ColumnRef))
        parts = replace(parts, pinned=parts.pinned | columns)
    within = parts.within + tuple(
        item for value in args.all() for item in value.items if isinstance(item, Statement)
    )
    if name == "in_" and len(mine.refs) == 1 and args.positional:
        (ref,) = mine.refs
        if isinstance(ref, ColumnRef):
            parts = replace(parts, chosen=chosen(machine, ref, args.positional[0]))
    return of(replace(parts, links=links, within=within), sources=sources)


# --- methods of statements -----------------------------------------------------------------------


def statement_method(
    machine: Machine, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
) -> Val | None:
    sources = frozenset(args.sources())
    for value in args.all():
        sources |= machine.deep_sources(value)
    made = _changed(machine, statement, name, args, node, frame)
    if made is None:
        machine.use(*args.all())
        return of(replace(statement, opaque=True), sources=sources)
    if isinstance(made, Statement):
        machine.use(*args.all())
        return of(replace(made, sources=made.sources | sources))
    return of(made)


def _changed(
    machine: Machine, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
) -> Item | None:
    if name in ("where", "filter", "having"):
        return _conditions(machine, statement, "filter", args, node)
    if name == "filter_by":
        return _filter_by(machine, statement, args, node, frame)
    if name in ("join", "outerjoin", "join_from", "outerjoin_from"):
        return _join(machine, statement, name, args, node)
    if name == "select_from":
        tables = statement.tables | _tables(args)
        opaque = statement.opaque or any(_is_opaque_from(value) for value in args.positional)
        derived = [
            item.statement
            for value in args.positional
            for item in value.items
            if isinstance(item, Subquery)
        ]
        return replace(
            statement, tables=tables, opaque=opaque, derived=(*statement.derived, *derived)
        )
    if name == "options":
        return with_options(machine, statement, args.positional)
    if name in ("limit", "fetch", "slice"):
        for value in args.all():
            machine.emit(Paged(machine.place(node, frame), value))
        cleared = all(value == NONE for value in args.positional)
        return replace(statement, limited=not cleared and bool(args.positional))
    if name == "offset":
        for value in args.all():
            machine.emit(Paged(machine.place(node, frame), value))
        return statement
    if name == "order_by":
        return _conditions(machine, statement, "order", args, node)
    if name == "group_by":
        return replace(_conditions(machine, statement, "group", args, node), grouped=True)
    if name == "distinct":
        return replace(statement, distinct=True)
    if name in ("with_only_columns", "with_entities"):
        fresh = _select(machine, args, node, frame)
        kept = statement.tables | {item for item in statement.selected if isinstance(item, Table)}
        tables = statement.tables if name == "with_only_columns" else kept
        return replace(statement, selected=fresh.selected, tables=tables,
                       opaque=statement.opaque or fresh.opaque)  # fmt: skip
    if name == "returning" and args.positional:
        fresh = _select(machine, args, node, frame)
        return replace(statement, selected=fresh.selected, opaque=statement.opaque or fresh.opaque)
    if name in ("add_columns", "add_entity", "column"):
        fresh = _select(machine, args, node, frame)
        return replace(statement, selected=(*statement.selected, *fresh.selected))
    if name in ("subquery", "cte", "alias", "lateral", "scalar_subquery", "as_scalar", "label"):
        return Subquery(statement)
    if name == "exists":
        return Expression(within=(statement,))
    if name in ("values", "on_conflict_do_nothing", "on_conflict_do_update", "from_select",
                "ordered_values", "on_duplicate_key_update"):  # fmt: skip
        return _values(machine, statement, name, args, node, frame)
    if name in ("union", "union_all", "intersect", "except_"):
        return replace(statement, opaque=True)
    return statement if name in _KEEPING else None


def _values(
    machine: Machine, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
) -> Statement:
    if name == "values" and statement.focus is not None:
        place = machine.place(node, frame)
        for keyword, value in args.keywords:
            entity = statement.focus.entity
            machine.emit(Attribute(place, entity, keyword, "values", value, not statement.opaque))
    return statement


def _conditions(
    machine: Machine,
    statement: Statement,
    kind: Literal["filter", "order", "group"],
    args: Args,
    node: s.Expr,
) -> Statement:
    conditions = list(statement.conditions)
    opaque = statement.opaque or not args.whole
    single = statement.single
    for value in args.positional:
        for item in value.items:
            inner = machine.thing(item).items if isinstance(item, Ref) else [of(item)]
            for part in inner:
                expression = _grouping(part) if kind == "group" else None
                expression = expression or expression_of(machine, part)
                conditions.append(Condition(kind, expression, node))
                opaque = opaque or expression.opaque
        opaque = opaque or not value.items or _in_several_tables(machine, value)
    return replace(statement, conditions=tuple(conditions), opaque=opaque, single=single)


def _grouping(value: Val) -> Expression | None:
    """``group_by(Article)``: by all its columns, the key among them."""
    item = value.only()
    if not isinstance(item, Table):
        return None
    return Expression(frozenset(ColumnRef(item, one.name) for one in item.entity.primary_key()))


def _in_several_tables(machine: Machine, value: Val) -> bool:
    """One of several columns: the join that belongs to it may be one of several, too."""
    if len(value.items) < 2:
        return False
    return len({expression_of(machine, of(item)).tables() for item in value.items}) > 1


def _filter_by(
    machine: Machine, statement: Statement, args: Args, node: s.Expr, frame: Frame
) -> Statement:
    focus = statement.focus
    conditions = list(statement.conditions)
    place = machine.place(node, frame)
    for name, value in args.keywords:
        if focus is None:
            continue
        certain = not statement.opaque
        machine.emit(Attribute(place, focus.entity, name, "filter-by", value, certain))
        if name in focus.entity.columns:
            ref = ColumnRef(focus, name)
            held = Expression(frozenset({ref}), pinned=frozenset({ref}))
            compared(machine, place, of(ref), value, "==")
            conditions.append(Condition("filter", held, node))
        elif name in focus.entity.relations:
            compared(machine, place, of(RelationRef(focus, name)), value, "==")
    opaque = statement.opaque or not args.whole or focus is None
    return replace(statement, conditions=tuple(conditions), opaque=opaque)


def _tables(args: Args) -> frozenset[Table]:
    return frozenset(
        item for value in args.positional for item in value.items if isinstance(item, Table)
    )


def _is_opaque_from(value: Val) -> bool:
    return not value.items or any(not isinstance(item, Table | Subquery) for item in value.items)


def _join(machine: Machine, statement: Statement, name: str, args: Args, node: s.Expr) -> Statement:
    joined = set(statement.joined)
    outer = set(statement.outer)
    missing = _may_be_missing(name, args)
    multiplied = list(statement.multiplied)
    conditions = list(statement.conditions)
    opaque = statement.opaque
    focus = statement.focus
    joins = statement.joins
    targets = args.positional[1:2] if name.endswith("_from") else args.positional[:1]
    if name.endswith("_from"):
        joined |= {item for item in args.positional[0].items if isinstance(item, Table)}
    if statement.legacy and len(args.positional) > 1 and not name.endswith("_from"):
        targets = tuple(
            value for value in args.positional
            if any(isinstance(item, Table | RelationRef) for item in value.items)
        ) or targets  # fmt: skip
    for value in targets:
        item = value.only()
        if isinstance(item, RelationRef):
            target = machine.entities.target(item.table.entity, item.relation)
            relation = item.table.entity.relations[item.relation]
            joined.add(item.table)
            if relation.many is not False:
                multiplied.append(item.relation)
            if target is None:
                opaque = True
            else:
                focus = Table(target)
                joined.add(focus)
                joins = _with(joins, focus, node)
                outer |= {focus} if missing else set()
        elif isinstance(item, Table):
            joined.add(item)
            joins = _with(joins, item, node)
            focus = item
            outer |= {item} if missing else set()
            if not _by_key(machine, item, args):
                multiplied += _multiplying(statement, item, bare=len(args.all()) == 1)
        else:
            opaque = True
    rest = [value for value in args.all() if value not in targets]
    for value in rest:
        expression = expression_of(machine, value)
        conditions.append(Condition("join", expression, node))
        opaque = opaque or (expression.opaque and bool(value.items))
    return replace(
        statement, joined=frozenset(joined), outer=frozenset(outer), multiplied=tuple(multiplied),
        conditions=tuple(conditions), opaque=opaque, focus=focus, joins=joins,
    )  # fmt: skip


def _with(
    joins: tuple[tuple[Table, s.Node], ...], table: Table, node: s.Node
) -> tuple[tuple[Table, s.Node], ...]:
    """With another join to a table under its own name."""
    join = (table, node)
    return joins if table.alias is not None or join in joins else (*joins, join)


def _may_be_missing(name: str, args: Args) -> bool:
    """Whether it is surely a LEFT OUTER JOIN."""
    flags = {keyword: value.only() for keyword, value in args.keywords}
    if flags.get("full", Const(False)) != Const(False):
        return False
    return name.startswith("outerjoin") or flags.get("isouter") == Const(True)


def _by_key(machine: Machine, table: Table, args: Args) -> bool:
    """Does the join's condition name a key of the joined table? Then one row meets the other's. So
    it may where the key was not found: every entity has one."""
    if not table.entity.primary_key():
        return True
    keys = {
        ColumnRef(table, column.name)
        for column in table.entity.columns.values()
        if column.unique or (column.primary_key and len(table.entity.primary_key()) == 1)
    }
    parts = [expression_of(machine, value) for value in args.all()]
    return any(part.links and part.refs & keys for part in parts)


def _refers(one: Table, other: Table) -> bool:
    """Has ``one`` a foreign key to ``other``?"""
    return other.entity.table is not None and any(
        (column.foreign_key or "").rpartition(".")[0] == other.entity.table
        for column in one.entity.columns.values()
    )


def _multiplying(statement: Statement, table: Table, *, bare: bool) -> list[str]:
    """The joined table, when a row of the statement's own table can meet several of its rows.

    ``bare``: the join says no condition. SQLAlchemy then ties the table to the one joined last, if
    a foreign key links the two.
    """
    last = statement.focus if bare and statement.focus in statement.joined else None
    if last is not None and _refers(last, table) and not _refers(table, last):
        return []
    owners = [item for item in statement.selected if isinstance(item, Table)]
    owners += [
        ref.table
        for item in statement.selected
        if isinstance(item, Expression | ColumnRef)
        for ref in (item.refs if isinstance(item, Expression) else (item,))
    ]
    for owner in owners:
        if owner == table or owner.entity.table is None:
            continue
        for column in table.entity.columns.values():
            if (column.foreign_key or "").rpartition(".")[0] == owner.entity.table and not (
                column.unique or (column.primary_key and len(table.entity.primary_key()) == 1)
            ):
                return [table.entity.table or table.name]
    return []


def with_options(machine: Machine, statement: Statement, values: Iterable[Val]) -> Statement:
    eager = set(statement.eager)
    opaque = statement.opaque
    queue = list(values)
    while queue:
        value = queue.pop()
        opaque = opaque or not value.items or value.partial
        for item in value.items:
            if isinstance(item, Eager):
                if item.path:
                    eager.add(item)
            elif isinstance(item, Ref):
                thing = machine.thing(item)
                queue += thing.items
                opaque = opaque or not thing.whole
            else:
                opaque = True
    return replace(statement, eager=frozenset(eager), opaque=opaque)


def limited(statement: Statement) -> Statement:
    return replace(statement, limited=True)


def legacy_query(machine: Machine, args: Args, node: s.Expr, frame: Frame) -> Val:
    """``session.query(Article)``."""
    made = _select(machine, args, node, frame)
    return of(replace(made, legacy=True), sources=args.sources())


def query_of(table: Table, node: s.Node, frame: Frame, *, legacy: bool, single: bool) -> Statement:
    """A query over one entity."""
    return Statement(
        "sqlalchemy", "select", node, frame.function.module.path, (table,), legacy=legacy,
        single=single, focus=table,
    )  # fmt: skip
