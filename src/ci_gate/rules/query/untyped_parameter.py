from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel.sql import PARAMETER
from ci_gate.codemodel.sqllex import Placeholder
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._sql import Certain, at, calls, certain

#: Functions that take values of any type, so that they tell nothing of a parameter's.
_ANY_TYPE: Final = frozenset({
    "concat", "concat_ws", "json_build_object", "jsonb_build_object", "json_build_array",
    "jsonb_build_array", "num_nulls", "num_nonnulls", "to_json", "to_jsonb", "pg_typeof", "format",
    "count", "sum", "avg", "array_agg", "json_agg", "jsonb_agg", "unnest", "array_length",
    "cardinality", "array_to_string",
})  # fmt: skip
#: Those whose first argument is a text.
_TEXT_FIRST: Final = frozenset({"concat_ws", "format"})
#: What sqlglot calls them.
_NAMES: Final = {"explode": "unnest", "array_size": "array_length"}
#: In which order PostgreSQL looks at the clauses of one statement.
_CLAUSES: Final = {
    "with": 0, "with_": 0, "from": 1, "from_": 1, "joins": 1, "laterals": 1, "where": 3,
    "having": 4, "order": 5, "group": 6,
}  # fmt: skip
_LIST: Final = 2
_LAST: Final = 7


#: Drivers that send values without their types.
_UNTYPED: Final = ("asyncpg", "pg", "@vercel/postgres", "@neondatabase/serverless")


@dataclass(frozen=True, slots=True)
class _Untyped:
    shown: str
    use: str
    offset: int
    later: bool = False


@dataclass(frozen=True, slots=True)
class _Use:
    """One place of a parameter. ``surroundings`` are what leaves its type open there; None where
    they give it one."""

    node: exp.Expr
    parameter: Placeholder
    surroundings: str | None


class UntypedParameter(Rule):
    """PostgreSQL cannot tell the type of a parameter: nothing in the statement gives it one.

    `$1 IS NULL` and functions that take values of any type say nothing of the type. What follows
    comes too late: PostgreSQL has to know the type in the first half of
    `($1 IS NULL OR name = $1)`.
    A comparison with a column, or a cast, that stands before tells it.

    ## Why is this bad?
    The statement is prepared on the server, which rejects it before any value is looked at: "could
    not determine data type of parameter $1".

    ## Fix
    Cast it where it first stands: `($1::text IS NULL OR name = $1)`.

    ## Silent on
    Drivers that put values into the text themselves (psycopg2), parameters with another use that
    comes first. With psycopg 3, which sends the types of numbers and dates along, all but
    `IS NULL`.

    ## Source
    PostgreSQL errors 42P18 (indeterminate_datatype) and 42P08 (ambiguous_parameter).
    """

    id = "query/untyped-parameter"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[str, int, str]] = set()
        for read in calls(facts):
            driver = read.call.driver
            if driver is None or driver.name not in (*_UNTYPED, "psycopg"):
                continue
            found = certain(
                read.variants,
                lambda variant, name=driver.name: list(_untyped(variant, name)),  # type: ignore[misc]
                lambda variant, defect, name=driver.name: (
                    defect  # type: ignore[misc]
                    in _untyped(variant, name)
                ),
            )
            for defect, sure in list(found.items())[:1]:
                finding = self._finding(facts, read, defect, sure)
                key = (finding.path, finding.start.line, defect.use)
                if key not in seen:
                    seen.add(key)
                    yield finding

    def _finding(self, facts: Facts, read: ReadCall, defect: _Untyped, sure: Certain) -> Finding:
        call = read.call
        place = facts.sql.place(sure.variant, defect.offset)
        related: list[Related] = []
        if place is not None and (place.path, place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        condition = f" ({sure.condition})" if sure.condition else ""
        return self.finding(
            call.path if place is None else place.path,
            call.node if place is None else at(place, len(defect.shown)),
            message=(
                f"PostgreSQL cannot tell the type of `{defect.shown}`: it "
                f"{'first stands' if defect.later else 'only stands'} in {defect.use}{condition}."
            ),
            why="The server rejects the statement: could not determine data type of parameter.",
            fix=f"Cast it: `{defect.shown}::text` (or the type that it has).",
            subject=f"{call.function.name} {defect.shown}",
            related=related,
        )


def _untyped(variant: ReadVariant, driver: str) -> Iterator[_Untyped]:
    parsed = variant.parsed
    if parsed.holes or len(parsed.statements) != 1:
        return
    uses: defaultdict[object, list[_Use]] = defaultdict(list)
    for node in parsed.statements[0].find_all(exp.Placeholder):
        number = _index(node)
        if number is None or number >= len(parsed.parameters):
            return
        parameter = parsed.parameters[number]
        same: object = parameter.number or parameter.name or ("place", number)
        uses[same].append(_Use(node, parameter, _telling_nothing(node, driver)))
    for found in uses.values():
        found.sort(key=lambda item: item.parameter.start)
    for found in sorted(uses.values(), key=lambda items: items[0].parameter.start):
        telling = [item for item in found if item.surroundings is None]
        for item in found:
            if item.surroundings is not None and all(_before(item, other) for other in telling):
                start, end = item.parameter.start, item.parameter.end
                shown = parsed.rendered.text[start:end]
                yield _Untyped(shown, item.surroundings, start, bool(telling))
                break


def _before(one: _Use, other: _Use) -> bool:
    """Is PostgreSQL sure to look at ``one`` first?"""
    above = {id(node): node for node in _ancestors(one.node)}
    common = next((node for node in _ancestors(other.node) if id(node) in above), None)
    while common is not None and not isinstance(common, exp.Query | exp.DML):
        common = common.parent
    if isinstance(common, exp.Select | exp.Update):
        ranks = _rank(one.node, common), _rank(other.node, common)
        if ranks[0] != ranks[1]:
            return ranks[0] < ranks[1]
        if ranks[0] == _LAST:
            return False
        return one.parameter.start < other.parameter.start
    return False


def _ancestors(node: exp.Expr) -> Iterator[exp.Expr]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent


def _rank(node: exp.Expr, statement: exp.Expr) -> int:
    """The clause of the statement that a node stands in, in the order of looking at them."""
    child = node
    while child.parent is not None and child.parent is not statement:
        child = child.parent
    if child.arg_key == "expressions":
        return _LIST if isinstance(statement, exp.Select) else _LAST - 1
    return _CLAUSES.get(child.arg_key or "", _LAST)


def _index(node: exp.Placeholder) -> int | None:
    name = node.name
    if name.startswith(PARAMETER) and name[len(PARAMETER) :].isdigit():
        return int(name[len(PARAMETER) :])
    return None


def _telling_nothing(node: exp.Placeholder, driver: str) -> str | None:
    """The surroundings that leave a parameter's type open; None when they give it one."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.Is):
        return "`IS NULL`" if isinstance(parent.expression, exp.Null) else None
    if driver not in _UNTYPED:
        return None  # psycopg sends the types of numbers and dates along
    if isinstance(parent, exp.Func):
        name = parent.name if isinstance(parent, exp.Anonymous) else parent.sql_name()
        name = _NAMES.get(name.lower(), name.lower())
        given = next((item for item in parent.args.values() if isinstance(item, list)), [])
        first = node is parent.this or any(node is item for item in given[:1])
        if name in _ANY_TYPE and not (first and name in _TEXT_FIRST):
            return f"`{name}()`, which takes any type"
    return None
