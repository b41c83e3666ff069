"""Names that Django resolves against a model: ``author__profile__bio__icontains``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel.dataflow.domain import (
    ColumnRef,
    Expression,
    Lookup,
    Lookups,
    RelationRef,
    Statement,
    Table,
)
from ci_gate.codemodel.entities import Column, Entity, Relation
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_RELATION_LOOKUPS: Final = frozenset({"exact", "in", "isnull", "gt", "gte", "lt", "lte"})
_COLUMN_LOOKUPS: Final = frozenset({
    "exact", "iexact", "contains", "icontains", "in", "gt", "gte", "lt", "lte", "startswith",
    "istartswith", "endswith", "iendswith", "range", "isnull", "regex", "iregex", "date", "time",
    "year", "iso_year", "quarter", "month", "week", "week_day", "iso_week_day", "day", "hour",
    "minute", "second", "search", "trigram_similar", "trigram_word_similar",
    "trigram_strict_word_similar", "unaccent", "length", "lower", "upper", "trim", "ltrim", "rtrim",
    "abs", "ceil", "floor", "round", "md5", "sha1", "sha256", "len", "overlap", "contained_by",
    "has_key", "has_keys", "has_any_keys",
})  # fmt: skip
#: Lookups that hold for several values.
SEVERAL: Final = _COLUMN_LOOKUPS - {"exact", "iexact"}
#: Columns whose lookups are all known; a JSON or array column takes any key or index.
_PLAIN: Final = frozenset({
    "integer", "float", "decimal", "text", "boolean", "datetime", "datetime-tz", "date", "time",
    "uuid",
})  # fmt: skip
_MAX_PARTS: Final = 16


@dataclass(frozen=True, slots=True)
class Found:
    """Where a name leads.

    ``wrong``: ``segment`` is nothing that ``entity`` has. ``unknown``: it leads out of what is
    known. ``many`` are the relations on the way that hold collections, ``tables`` the entities
    joined. ``one``: at most one row of each collection can match. ``pinned``: the column is held
    to one value. ``across`` are the parts of the name that end at a collection. ``distant``: it
    leads through one object to a collection of that object's.
    """

    state: Literal["known", "wrong", "unknown"]
    entity: Entity
    segment: str
    end: Column | Relation | None = None
    refs: frozenset[ColumnRef | RelationRef] = frozenset()
    many: tuple[str, ...] = ()
    tables: tuple[Entity, ...] = ()
    one: bool = False
    pinned: bool = False
    across: frozenset[str] = frozenset()

    @property
    def distant(self) -> bool:
        return bool(self.across) and min(self.across, key=len).count("__") > 0


def lookup_name(relation: Relation) -> str:
    """What a relation is called in lookups."""
    return relation.lookup or relation.name


def related(entity: Entity, name: str) -> Relation | None:
    """The relation that ``name`` means in a lookup."""
    found = entity.relations.get(name)
    if found is not None and lookup_name(found) == name:
        return found
    for relation in entity.relations.values():
        if relation.lookup == name:
            return relation
    return None


def resolve(
    machine: Machine,
    entity: Entity,
    path: str,
    known: Iterable[str] = (),
    *,
    exact: bool = True,
    custom: bool = False,
) -> Found:
    """Follow ``path`` from ``entity``.

    ``known`` are names beside the columns (annotations). ``exact``: the name stands in a filter,
    where no lookup at its end means equality. ``custom``: the tree has lookups of its own.
    """
    parts = path.split("__")
    if not path or len(parts) > _MAX_PARTS:
        return Found("unknown", entity, path)
    if any(path == name or path.startswith(f"{name}__") for name in known):
        return Found("known", entity, path)
    owner, here, through = entity, entity, None
    many: list[str] = []
    across: set[str] = set()
    tables: list[Entity] = []
    refs: set[ColumnRef | RelationRef] = set()
    for index, part in enumerate(parts):
        rest = parts[index + 1 :]
        column = _column(here, part)
        if column is not None:
            refs.add(ColumnRef(Table(here), column.name))
            bad = _bad_lookup(column, rest, custom)
            if bad is not None:
                name = "__".join((part, *rest))
                return Found("wrong" if here.known else "unknown", here, name, column)
            plain = not rest or rest == ["exact"]
            one = exact and plain and (column.unique or _is_only_key(here, column))
            pinned = exact and (plain or rest == ["iexact"])
            return Found("known", here, column.name, column, frozenset(refs), tuple(many),
                         tuple(tables), one, pinned, frozenset(across))  # fmt: skip
        if part == "pk":
            return Found("unknown", here, part, None, frozenset(refs), tuple(many), tuple(tables))
        relation = related(here, part)
        if relation is None:
            if through is not None and part in _RELATION_LOOKUPS:
                one = exact and part == "exact"
                refs.add(_relation_ref(owner, through))
                return Found("known", owner, through.name, through, frozenset(refs), tuple(many),
                             tuple(tables), one, one, frozenset(across))  # fmt: skip
            if not here.known or (custom and through is not None):
                return Found("unknown", here, part)
            return Found("wrong", here, part)
        if relation.many is not False:
            many.append(relation.name)
            across.add("__".join(parts[: index + 1]))
        target = machine.entities.target(here, relation.name)
        if target is None:
            if not rest:
                refs.add(_relation_ref(here, relation))
            return Found("unknown", here, relation.name, relation, frozenset(refs), tuple(many),
                         tuple(tables))  # fmt: skip
        tables.append(target)
        if not rest:
            refs.add(_relation_ref(here, relation))
            return Found("known", here, relation.name, relation, frozenset(refs), tuple(many),
                         tuple(tables), exact, exact, frozenset(across))  # fmt: skip
        owner, here, through = here, target, relation
    return Found("unknown", here, path)


def _relation_ref(entity: Entity, relation: Relation) -> ColumnRef | RelationRef:
    """What a comparison with a related object compares: the foreign key, where the entity has
    it."""
    key = f"{relation.name}_id"
    if key in entity.columns and relation.many is False:
        return ColumnRef(Table(entity), key)
    return RelationRef(Table(entity), relation.name)


def _column(entity: Entity, name: str) -> Column | None:
    if name == "pk":
        keys = entity.primary_key()
        return keys[0] if len(keys) == 1 else None
    return entity.columns.get(name)


def _is_only_key(entity: Entity, column: Column) -> bool:
    return column.primary_key and len(entity.primary_key()) == 1


def _bad_lookup(column: Column, rest: list[str], custom: bool) -> str | None:
    """The first of ``rest`` that is no lookup of the column."""
    if custom or column.type not in _PLAIN:
        return None
    return next((part for part in rest if part not in _COLUMN_LOOKUPS), None)


def attribute_path(
    machine: Machine, entity: Entity, path: str, extra: frozenset[str] = frozenset()
) -> Found:
    """Follow relations by their attributes' names, as ``prefetch_related`` does."""
    here, many = entity, []
    parts = path.split("__")
    for index, part in enumerate(parts[:_MAX_PARTS]):
        relation = here.relations.get(part)
        if relation is None:
            state: Literal["wrong", "unknown"] = (
                "wrong" if here.known and part not in extra and index == 0 else "unknown"
            )
            return Found(state, here, part)
        if relation.many is not False:
            many.append(relation.name)
        target = machine.entities.target(here, part)
        if target is None or index == len(parts) - 1:
            return Found("known", here, part, relation, many=tuple(many))
        here = target
    return Found("unknown", here, path)


def combined(parts: Iterable[Lookups]) -> Lookups:
    """One condition or value made of several."""
    given = list(parts)
    return Lookups(
        tuple(name for part in given for name in part.names),
        aggregate=any(part.aggregate for part in given),
        distinct=any(part.distinct for part in given),
        opaque=any(part.opaque for part in given),
        within=tuple(inner for part in given for inner in part.within),
        aggregates=tuple(inner for part in given for inner in part.aggregates),
    )


def expression(found: Iterable[Found], lookups: Lookups) -> Expression:
    """The columns of resolved lookups."""
    refs: frozenset[ColumnRef | RelationRef] = frozenset()
    pinned: frozenset[ColumnRef] = frozenset()
    distant: frozenset[ColumnRef | RelationRef] = frozenset()
    opaque = lookups.opaque
    for item in found:
        refs |= item.refs
        distant |= item.refs if item.distant else frozenset()
        if item.pinned:
            pinned |= {ref for ref in item.refs if isinstance(ref, ColumnRef)}
        opaque = opaque or item.state == "unknown"
    return Expression(
        refs, pinned=pinned, aggregate=lookups.aggregate, distinct=lookups.distinct, opaque=opaque,
        within=lookups.within, distant=distant,
    )  # fmt: skip


def within(names: Iterable[Lookup]) -> tuple[Statement, ...]:
    """The query sets that names are compared with."""
    return tuple(
        item
        for name in names
        if name.value is not None
        for item in name.value.items
        if isinstance(item, Statement)
    )
