from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel.builders.facts import Statement, Use
from ci_gate.codemodel.entities import ColumnType
from ci_gate.codemodel.schema import Schema, SchemaColumn, Table, key_of
from ci_gate.codemodel.sqlscope import ColumnUse, JoinPair
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._builder_names import BuilderNames
from ci_gate.rules.query._compared import WrongPair, wrong_pairs
from ci_gate.rules.query._names import share_keys
from ci_gate.rules.query._sql import Certain, at, calls, certain

_NUMBERS: Final = frozenset({"integer", "float", "decimal"})
_MOMENTS: Final = frozenset({"datetime", "datetime-tz", "date", "time"})
_MAX_CHAIN: Final = 6
_WHY: Final = "The rows that come together do not belong together."


@dataclass(frozen=True, slots=True)
class _Wrong:
    place: Place
    written: str
    message: str
    fix: str
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison with its column in the schema."""

    qualifier: str
    name: str
    table: Table
    column: SchemaColumn

    @property
    def written(self) -> str:
        return f"{self.qualifier}.{self.name}" if self.qualifier else self.name

    @property
    def key(self) -> tuple[str, str]:
        return key_of(self.table.name), self.column.name.lower()


class WrongJoinColumn(Rule):
    """A join compares columns that belong to different things.

    A foreign key is compared with a column that it does not refer to (`a.author_id = u.username`,
    `t.id = at.article_id`), or the two columns hold different kinds of values, or are the numbers
    of the rows of two tables (`u.id = a.id`) of which one has a foreign key to the other.

    ## Why is this bad?
    The statement runs and gives wrong rows: none at all, or those whose numbers happen to be equal.
    PostgreSQL rejects a comparison of text with a number or a UUID.

    ## Fix
    Compare the foreign key with the column that it refers to.

    ## Silent on
    Columns without foreign keys, foreign keys that lead to the same column over several steps, two
    foreign keys to the same column, a table and its history, tables that are not known.

    ## Source
    Constraint decay, arXiv 2605.06445: joins on the wrong column.
    """

    id = "query/wrong-join-column"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[Place] = set()
        for read in calls(facts):
            found = certain(
                read.variants,
                lambda variant, read=read: list(_wrong(facts, read, variant)),  # type: ignore[misc]
                lambda variant, defect: any(
                    item.place == defect.place for item in _pairs_at(facts, variant)
                ),
            )
            for defect, sure in found.items():
                if defect.place not in seen:
                    seen.add(defect.place)
                    yield self._finding(read, defect, sure)

        for pair in wrong_pairs(facts):
            yield self._compared(pair)
        for built in _built(facts):
            yield built.finding(self)

    def _compared(self, pair: WrongPair) -> Finding:
        """A condition of the ORM."""
        key = f"{pair.owner.name}.{pair.key.name}"
        other = f"{pair.other_owner.name}.{pair.other.name}"
        return self.finding(
            pair.place.path,
            pair.place.node,
            message=f"{key} refers to {pair.key.foreign_key}, and it is compared with {other}.",
            why=_WHY,
            fix=f"Compare {key} with {pair.key.foreign_key}.",
            subject=f"{pair.place.function.name} {key}",
            related=[
                Related(pair.key.path, pair.key.span[0], f"{key} is defined here"),
                Related(pair.other.path, pair.other.span[0], f"{other} is defined here"),
            ],
        )

    def _finding(self, read: ReadCall, defect: _Wrong, sure: Certain) -> Finding:
        call = read.call
        related = list(defect.related)
        if (defect.place.path, defect.place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        condition = f" ({sure.condition})" if sure.condition else ""
        return self.finding(
            defect.place.path,
            at(defect.place, len(defect.written)),
            message=f"{defect.message}{condition}.",
            why=_WHY,
            fix=defect.fix,
            subject=f"{call.function.name} {defect.written}",
            related=related,
        )


@dataclass(frozen=True, slots=True)
class _At:
    place: Place | None


def _pairs_at(facts: Facts, variant: ReadVariant) -> Iterator[_At]:
    for analysis in variant.analyses:
        for pair in analysis.joins:
            yield _At(facts.sql.place(variant, variant.parsed.offset_of(pair.node)))


def _wrong(facts: Facts, read: ReadCall, variant: ReadVariant) -> Iterator[_Wrong]:
    for analysis in variant.analyses:
        for pair in analysis.joins:
            sides = _sides(facts.schema, pair)
            place = facts.sql.place(variant, variant.parsed.offset_of(pair.node))
            if sides is None or place is None:
                continue
            left, right = sides
            found = (
                _by_keys(facts.schema, left, right)
                or _own_keys(left, right)
                or _by_types(left, right, read.call.dialect)
            )
            if found is None:
                continue
            message, fix = found
            related = _defined(left, right)
            yield _Wrong(place, f"{left.written} = {right.written}", message, fix, related)


# --- query builders ------------------------------------------------------------------------------


def _built(facts: Facts) -> Iterator[Defect]:
    names = BuilderNames(facts)
    for statement in facts.builders.statements:
        for pair in statement.pairs:
            left, right = (_built_side(names, statement, item) for item in (pair.left, pair.right))
            if left is None or right is None or left.qualifier.lower() == right.qualifier.lower():
                continue
            found = _by_keys(facts.schema, left, right)
            if found is None:
                continue
            message, fix = found
            yield Defect(
                pair.left.path, spot(pair.node), f"{message}.", _WHY, fix,
                f"{statement.function.name} {left.written} = {right.written}",
                _defined(left, right),
            )  # fmt: skip


def _built_side(names: BuilderNames, statement: Statement, use: Use) -> _Side | None:
    if statement.library == "drizzle":
        return _drizzle_side(names.facts, use)
    source = statement.named(use.qualifier) if use.qualifier else None
    table = names.table(source) if source is not None else None
    column = names.column(table, use.name) if table is not None else None
    if table is None or column is None:
        return None
    return _Side(use.qualifier, use.name, table, column)


def _drizzle_side(facts: Facts, use: Use) -> _Side | None:
    declared = facts.entities.drizzle.named(use.qualifier)
    attribute = declared.columns.get(use.name) if declared is not None else None
    if declared is None or declared.table is None or attribute is None:
        return None
    table = facts.schema.table(declared.table)
    column = table.column(attribute.column) if table is not None else None
    return _Side(use.qualifier, use.name, table, column) if table and column else None


def _defined(left: _Side, right: _Side) -> tuple[Related, ...]:
    return tuple(
        Related(
            side.column.path,
            side.column.line,
            f"`{side.table.name}.{side.column.name}` is defined here",
        )
        for side in (left, right)
    )


# --- SQL -----------------------------------------------------------------------------------------


def _sides(schema: Schema, pair: JoinPair) -> tuple[_Side, _Side] | None:
    left, right = _side(schema, pair.left), _side(schema, pair.right)
    if left is None or right is None:
        return None
    if left.qualifier.lower() == right.qualifier.lower():
        return None
    return left, right


def _side(schema: Schema, use: ColumnUse) -> _Side | None:
    if not use.qualifier:
        return None
    source = use.scope.find(use.qualifier)
    if source is None or source.kind != "table" or source.table is None:
        return None
    table = schema.table(source.table)
    column = table.column(use.name) if table is not None else None
    if table is None or column is None:
        return None
    return _Side(use.qualifier, use.name, table, column)


# --- foreign keys --------------------------------------------------------------------------------


def _by_keys(schema: Schema, left: _Side, right: _Side) -> tuple[str, str] | None:
    for own, other in ((left, right), (right, left)):
        if own.column.references is None:
            continue
        if _end(schema, own.key) == _end(schema, other.key):
            return None
        table, _, column = own.column.references.rpartition(".")
        target = schema.table(table)
        if target is None or target.column(column) is None:
            return None
        shown = f"{target.name}.{column}"
        if target is other.table:
            if other.column.primary_key or other.column.references is not None:
                return None
            alias = other.qualifier
            return (
                f"`{own.written}` refers to `{shown}` and is compared with `{other.written}`",
                f"Write `{own.written} = {alias}.{column}`.",
            )
        if not _is_key(other) or share_keys(target.name, other.table.name):
            return None
        return (
            f"`{own.written}` refers to `{shown}` and is compared with `{other.written}`, the key "
            f"of `{_owner(schema, other)}`",
            _fix(own, other, target, column),
        )
    return None


def _own_keys(left: _Side, right: _Side) -> tuple[str, str] | None:
    """The numbers of two tables' rows are compared, and one table has a key to the other."""
    if left.table is right.table or share_keys(left.table.name, right.table.name):
        return None
    if not (_numbers_rows(left) and _numbers_rows(right)):
        return None
    for own, other in ((left, right), (right, left)):
        links = [
            column
            for column in own.table.columns.values()
            if column.references is not None and _leads_to(column.references, other)
        ]
        if len(links) == 1 and not links[0].primary_key:
            return (
                f"`{left.written}` and `{right.written}` are the numbers of different rows, and "
                f"`{own.qualifier}.{links[0].name}` refers to `{other.table.name}`",
                f"Write `{own.qualifier}.{links[0].name} = {other.written}`.",
            )
    return None


def _numbers_rows(side: _Side) -> bool:
    """Is the column the whole key of its table, and a number that refers to nothing?"""
    if not side.column.primary_key or side.column.references is not None:
        return False
    whole = sum(column.primary_key for column in side.table.columns.values()) == 1
    return whole and side.column.type == "integer"


def _leads_to(reference: str, side: _Side) -> bool:
    table, _, column = reference.rpartition(".")
    return (key_of(table), column.lower()) == side.key


def _is_key(side: _Side) -> bool:
    """Does the column stand for another row? One of a key of several columns may refer to
    anything."""
    if side.column.references is not None or not side.column.primary_key:
        return side.column.references is not None
    return sum(column.primary_key for column in side.table.columns.values()) == 1


def _end(schema: Schema, key: tuple[str, str]) -> tuple[str, str]:
    """The column that a chain of foreign keys ends in."""
    for _ in range(_MAX_CHAIN):
        table = schema.table(key[0])
        column = table.column(key[1]) if table is not None else None
        if column is None or column.references is None:
            return key
        target, _, name = column.references.rpartition(".")
        if (key_of(target), name.lower()) == key:
            return key
        key = (key_of(target), name.lower())
    return key


def _owner(schema: Schema, side: _Side) -> str:
    if side.column.references is None:
        return side.table.name
    table = schema.table(side.column.references.rpartition(".")[0])
    return table.name if table is not None else side.table.name


def _fix(own: _Side, other: _Side, target: Table, column: str) -> str:
    for candidate in own.table.columns.values():
        if candidate.references is None or candidate is own.column:
            continue
        table, _, name = candidate.references.rpartition(".")
        if (key_of(table), name.lower()) == other.key:
            return f"Write `{own.qualifier}.{candidate.name} = {other.written}`."
    return f"Compare `{own.written}` with `{target.name}.{column}`."


# --- types ---------------------------------------------------------------------------------------


def _by_types(left: _Side, right: _Side, dialect: str | None) -> tuple[str, str] | None:
    """PostgreSQL only: SQLite and MySQL turn text that looks like a number into one."""
    one, other = left.column.type, right.column.type
    if one is None or other is None or dialect != "postgres":
        return None
    first, second = _kind(one), _kind(other)
    if first is None or second is None or first == second:
        return None
    return (
        f"`{left.written}` holds {_an(one)} and `{right.written}` {_an(other)}",
        "Compare columns that hold the same kind of value.",
    )


def _kind(of: ColumnType) -> str | None:
    """The kind of value as far as a comparison tells them apart for sure."""
    if of in _NUMBERS:
        return "number"
    if of in _MOMENTS:
        return "moment"
    return of if of in ("text", "uuid") else None


def _an(of: ColumnType) -> str:
    return {
        "integer": "an integer", "float": "a number", "decimal": "a number", "text": "text",
        "uuid": "a UUID",
    }.get(of, f"a {of}")  # fmt: skip
