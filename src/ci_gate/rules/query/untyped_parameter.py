from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from ci_gate.codemodel.sql import PARAMETER
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._sql import Certain, at, calls, certain

#: Functions that take values of any type, so that they tell nothing of a parameter's.
_ANY_TYPE: Final = frozenset({
    "concat", "concat_ws", "json_build_object", "jsonb_build_object", "json_build_array",
    "jsonb_build_array", "num_nulls", "num_nonnulls", "to_json", "to_jsonb", "pg_typeof",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Untyped:
    shown: str
    use: str
    offset: int


class UntypedParameter(Rule):
    """PostgreSQL cannot tell the type of a parameter: nothing in the statement gives it one.

    `$1 IS NULL` and functions that take values of any type say nothing of the type. Where the same
    parameter is compared with a column elsewhere, or cast once, the type is known.

    ## Why is this bad?
    The statement is prepared on the server, which rejects it before any value is looked at: "could
    not determine data type of parameter $1".

    ## Fix
    Cast it where it first stands: `$1::text IS NULL`. Or use the same number for the same value:
    `($1::text IS NULL OR name = $1)`.

    ## Silent on
    Drivers that put values into the text themselves (psycopg2), parameters with any other use.

    ## Source
    PostgreSQL error 42P18 (indeterminate_datatype).
    """

    id = "query/untyped-parameter"
    group = "query"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for read in calls(facts):
            driver = read.call.driver
            if driver is None or driver.name not in ("asyncpg", "psycopg"):
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
                yield self._finding(facts, read, defect, sure)

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
                f"PostgreSQL cannot tell the type of `{defect.shown}`: it only stands in "
                f"{defect.use}{condition}."
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
    uses: defaultdict[object, list[tuple[int, str | None]]] = defaultdict(list)
    for node in parsed.statements[0].find_all(exp.Placeholder):
        number = _index(node)
        if number is None or number >= len(parsed.parameters):
            return
        parameter = parsed.parameters[number]
        same: object = parameter.number or parameter.name or ("place", number)
        uses[same].append((number, _telling_nothing(node, driver)))
    for found in uses.values():
        if all(use is not None for _, use in found):
            number, use = found[0]
            parameter = parsed.parameters[number]
            shown = parsed.rendered.text[parameter.start : parameter.end]
            yield _Untyped(shown, str(use), parameter.start)


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
        return "`IS NULL`"
    if driver != "asyncpg":
        return None  # psycopg sends the types of numbers and dates along
    if isinstance(parent, exp.Func):
        name = parent.name if isinstance(parent, exp.Anonymous) else parent.sql_name()
        if name.lower() in _ANY_TYPE:
            return f"`{name.lower()}()`, which takes any type"
    return None
