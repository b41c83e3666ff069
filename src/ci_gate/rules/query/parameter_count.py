from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import partial
from typing import Final

from ci_gate.codemodel.sqlcalls import SqlCall
from ci_gate.codemodel.sqldrivers import Driver
from ci_gate.codemodel.sqllex import Placeholder, Style, masked, placeholders, verb
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqltext import Place, Str
from ci_gate.codemodel.sqlvalues import Values
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._independent import independent
from ci_gate.rules.query._sql import Certain, at, calls, certain
from ci_gate.rules.query._typeorm_builder import without_value

_DOUBLED: Final = regex(r"(?<![\w$])\$\$(\d+)\b")
_CAST: Final = regex(r"(?<![:\w\x5c]):(?P<name>\w+)::(?P<type>\w+)")
#: ``%`` before something that the drivers of PostgreSQL do not know.
_STRAY_PERCENT: Final = regex(r"%(?![sbt(%])")
#: A list that psycopg2 puts into the text itself; psycopg 3 lets the server bind it, as a record.
_LIST: Final = regex(r"\bIN\s+(?P<one>%s|%\(\w+\)s)", re.IGNORECASE)
_WHERE: Final = regex(r"\bwhere\b", re.IGNORECASE)
_SHOWN: Final[dict[Style, str]] = {
    "qmark": "`?`", "numeric": "`$1`", "colon": "`:name`", "format": "`%s`",
    "pyformat": "`%(name)s`",
}  # fmt: skip
_ONCE: Final = {
    "python": "in an f-string the `$` stands before the brace once",
    "javascript": "in a template literal that is `$${n}`",
    "typescript": "in a template literal that is `$${n}`",
}
_REJECTED: Final = "The driver rejects the call before the statement runs."
_NULL_FOR_MISSING: Final = (
    "The driver leaves a placeholder without a value at NULL: the statement finds or writes the"
    " wrong rows, and nothing says so."
)
_ALL: Final[frozenset[Style]] = frozenset(_SHOWN)


@dataclass(frozen=True, slots=True)
class _Mismatch:
    """Why text and values do not fit; ``offset`` is the place in the text that shows it.

    Equal keys: the same defect, whatever the numbers on each path.
    """

    key: str
    message: str = field(compare=False)
    fix: str = field(compare=False)
    offset: int | None = field(default=None, compare=False)


class ParameterCount(Rule):
    """The placeholders of a SQL text and the values bound to it do not fit together.

    Too many or too few values, a placeholder style that the driver does not know, a named
    placeholder without a value, a value that an UPDATE or DELETE without WHERE does not use, a
    tuple for `IN %s` with psycopg 3, `$n` that skips a number or was doubled to `$$1` while the
    text was put together, `:name` in a query builder of TypeORM that nothing sets. Text and values
    are followed together along each path through the function.

    ## Why is this bad?
    The driver rejects the call before any row is read ("Incorrect number of bindings supplied",
    "the server expects 2 arguments for this query, 3 were passed"), often on one combination of
    filters only.

    ## Fix
    Bind exactly one value for each placeholder, in the driver's own style, and append the value
    where its condition is appended.

    ## Silent on
    Text or values that are not known as a whole, values per element of a collection that the text
    does not repeat in the same way, combinations of conditions that may exclude each other.

    ## Source
    PEP 249 (paramstyle), documentation of sqlite3, asyncpg, psycopg and SQLAlchemy's `text()`;
    node-postgres, mysql2, better-sqlite3, Sequelize ("Raw queries") and Knex ("Raw").
    """

    id = "query/parameter-count"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for unset in without_value(facts.entities.typeorm):
            yield unset.finding(self)
        seen: set[tuple[str, int, str]] = set()
        for read in calls(facts):
            call = read.call
            if call.driver is None or call.driver.styles is None or not call.runs:
                continue
            driver = call.driver
            found = certain(
                read.variants,
                lambda variant, call=call, driver=driver: list(  # type: ignore[misc]
                    _mismatches(call, driver, variant)
                ),
                together=partial(independent, facts, call.function),
            )
            for defect, sure in list(found.items())[:1]:
                finding = self._finding(facts, read, defect, sure)
                key = (finding.path, finding.start.line, defect.key)
                if key not in seen:
                    seen.add(key)
                    yield finding

    def _finding(self, facts: Facts, read: ReadCall, defect: _Mismatch, sure: Certain) -> Finding:
        call = read.call
        condition = f" ({sure.condition})" if sure.condition else ""
        place = facts.sql.place(sure.variant, defect.offset)
        related: list[Related] = []
        node = call.node if place is None else at(place, 2)
        path = call.path if place is None else place.path
        if place is not None and (path, place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the values are bound here"))
        elif place is None:
            text = _text_place(facts, sure.variant)
            if text is not None and (text.path, text.line) != (call.path, call.node.line):
                related.append(Related(text.path, text.line, "the text is written here"))
        return self.finding(
            path,
            node,
            message=f"{defect.message}{condition}.",
            why=_why(call, sure.variant, defect),
            fix=defect.fix,
            subject=f"{call.function.name} {defect.key}",
            related=related,
        )


def _why(call: SqlCall, variant: ReadVariant, defect: _Mismatch) -> str:
    if defect.key == "condition":
        return "The statement runs without an error, and nothing brings the rows back."
    return _NULL_FOR_MISSING if _takes_null(call, variant) else _REJECTED


def _takes_null(call: SqlCall, variant: ReadVariant) -> bool:
    """Does the driver leave placeholders without a value at NULL, and are there such?"""
    if call.driver is None or call.driver.name not in ("sqlite3", "sqlite", "node:sqlite"):
        return False
    if call.function.module.language == "python":
        return False
    values = variant.variant.values
    return values.kind != "positional" or values.fixed < len(variant.parsed.parameters)


def _text_place(facts: Facts, variant: ReadVariant) -> Place | None:
    text = variant.parsed.rendered.text
    return facts.sql.place(variant, len(text) - len(text.lstrip()))


def _mismatches(call: SqlCall, driver: Driver, variant: ReadVariant) -> Iterator[_Mismatch]:
    values = variant.variant.values
    text = variant.parsed.rendered.text
    if values.open or values.kind == "unknown":
        return
    if driver.name in ("asyncpg", "pg"):
        doubled = _DOUBLED.search(text)
        if doubled is not None and len(_DOUBLED.findall(text)) == text.count("$$"):
            yield _Mismatch(
                "doubled",
                f"`$${doubled[1]}` is no placeholder: `$$` begins a quoted text in PostgreSQL",
                f"Write one `$`: `${doubled[1]}`; {_ONCE[call.function.module.language]}.",
                doubled.start(),
            )
            return
    cast = _CAST.search(text) if driver.name in ("sqlalchemy", "databases") else None
    if cast is not None and cast["name"] in values.names:
        written = f":{cast['name']}::{cast['type']}"
        yield _Mismatch(
            "cast",
            f"`{written}` is no parameter: SQLAlchemy passes over a name that `::` follows, and "
            f"the database gets `:{cast['name']}` as it stands",
            f"Write `CAST(:{cast['name']} AS {cast['type']})`.",
            cast.start(),
        )
        return
    if variant.variant.text.holes():
        return
    found = variant.parsed.parameters
    if driver.name == "sequelize":  # it passes over strings, as a database does
        found = tuple(item for item in found if not item.quoted)
    style = _foreign(driver, found, values, text)
    if style is not None:
        wanted = _wanted(driver, values)
        yield _Mismatch(
            "style",
            f"{_SHOWN[style.style]} is no placeholder of {driver.name}, which knows {wanted}",
            f"Write {wanted} for each value.",
            style.start,
        )
        return
    stray = _stray_percent(driver, values, text)
    if stray is not None:
        yield _Mismatch(
            "percent",
            f"{driver.name} reads each `%` of a text with values as a placeholder, and "
            f"`{text[stray : stray + 2]}` is none",
            "Double the percent sign (`%%`), or put it into the value.",
            stray,
        )
        return
    listed = _LIST.search(text) if driver.name == "psycopg" and values.kind != "none" else None
    if listed is not None:
        yield _Mismatch(
            "list",
            f"psycopg binds a tuple as one record, and `{listed[0]}` needs a list in brackets",
            f"Write `= ANY({listed['one']})` and bind a list.",
            listed.start(),
        )
        return
    if values.kind == "named":
        yield from _named(found, values, variant)
        yield from _without_condition(found, values, text)
    else:
        yield from _positional(call, found, values, variant)


# --- style ---------------------------------------------------------------------------------------


def _foreign(
    driver: Driver, found: tuple[Placeholder, ...], values: Values, text: str
) -> Placeholder | None:
    """A placeholder in another driver's style, where values are bound and none is the driver's."""
    assert driver.styles is not None
    count = len(values.names) if values.kind == "named" else values.fixed
    if not count or values.repeated or any(not item.quoted for item in found):
        return None
    others = [
        item for item in placeholders(text, _ALL - driver.styles, server=True) if not item.quoted
    ]
    styles = {item.style for item in others}
    if len(styles) != 1:
        return None
    numbers = {item.number for item in others}
    expected = len(numbers) if others[0].style == "numeric" else len(others)
    if driver.dialect == "sqlite" and others[0].style == "numeric":
        return None  # SQLite takes `$1` for a name
    names = {item.name for item in others if item.name is not None}
    fits = names == values.names if values.kind == "named" else expected == count
    return others[0] if fits else None


def _wanted(driver: Driver, values: Values) -> str:
    assert driver.styles is not None
    if values.kind == "named":
        order: tuple[Style, ...] = ("colon", "pyformat", "numeric", "qmark", "format")
    else:
        order = ("qmark", "numeric", "format", "colon", "pyformat")
    return next(_SHOWN[style] for style in order if style in driver.styles)


def _stray_percent(driver: Driver, values: Values, text: str) -> int | None:
    """An unescaped ``%`` in a text that psycopg searches for placeholders."""
    if driver.name not in ("psycopg", "psycopg2", "aiopg") or values.kind == "none":
        return None
    if values.kind == "positional" and not values.fixed and not values.repeated:
        return None
    blanked = text.replace("%%", "\0\0")
    match = _STRAY_PERCENT.search(blanked)
    return match.start() if match is not None else None


# --- number --------------------------------------------------------------------------------------


def _named(
    found: tuple[Placeholder, ...], values: Values, variant: ReadVariant
) -> Iterator[_Mismatch]:
    written = [item for item in found if item.name is not None]
    if len(written) != len(found):
        return
    missing = [item for item in written if item.name not in values.names]
    if not missing:
        return
    names = ", ".join(sorted(f"`{item}`" for item in {str(m.name) for m in missing}))
    given = ", ".join(f"`{item}`" for item in sorted(values.names)) or "none"
    message = f"No value is bound to {names} (the call gives {given})"
    fix = f"Add {names} to the values, or take it out of the text."
    made = variant.variant.made
    if made is not None and len([item for item in made.args if item.keyword is None]) > 1:
        message = f"The values of {names} are given to `text()`, which takes none"
        fix = "Close `text(` behind the SQL: the values are the second argument of the call around."
    yield _Mismatch(f"missing {names}", message, fix)


def _without_condition(
    found: tuple[Placeholder, ...], values: Values, text: str
) -> Iterator[_Mismatch]:
    """A value that only the condition can have been for, of a statement that has lost it."""
    unused = sorted(values.names - {item.name for item in found})
    word = verb(text)
    if not unused or word not in ("update", "delete") or _WHERE.search(masked(text)):
        return
    yield _Mismatch(
        "condition",
        f"`{unused[0]}` is bound and the text does not use it: the {word.upper()} has no WHERE and "
        "changes every row",
        f"Add the condition on `{unused[0]}`.",
        len(text) - len(text.lstrip()),
    )


def _positional(
    call: SqlCall, found: tuple[Placeholder, ...], values: Values, variant: ReadVariant
) -> Iterator[_Mismatch]:
    named = [item for item in found if item.name is not None]
    if named:
        if len(named) == len(found) and values.kind == "none":
            yield from _named(found, values, variant)
        return
    if any(item.quoted and item.style == "format" for item in found):
        return
    numbered = [item for item in found if item.number is not None]
    if numbered:
        if len(numbered) == len(found):
            yield from _numbered(call, numbered, values, variant)
        return
    fixed, repeated = _counts(found, variant)
    if repeated != dict(values.repeated) or fixed == values.fixed:
        return
    if fixed < values.fixed and _passes_over_more(call):
        return
    shown = _SHOWN[found[0].style] if found else "placeholders"
    yield _Mismatch(
        "count",
        f"The text has {_number(fixed, repeated)} {shown} and the call binds "
        f"{_number(values.fixed, repeated)} value{'' if values.fixed == 1 else 's'}",
        "Bind one value for each placeholder.",
    )


def _passes_over_more(call: SqlCall) -> bool:
    """Does the library put values into the text itself, and leave those that are too many?"""
    name = call.driver.name if call.driver is not None else ""
    return name in ("mysql", "sequelize") or (name == "mysql2" and call.method == "query")


def _numbered(
    call: SqlCall, found: list[Placeholder], values: Values, variant: ReadVariant
) -> Iterator[_Mismatch]:
    fixed, repeated = _counts(tuple(found), variant)
    given = values.fixed + sum(values.repeated.values())
    if set(repeated) != set(values.repeated):
        return
    del fixed
    numbers = sorted({item.number for item in found if item.number is not None})
    highest = numbers[-1]
    skipped = [number for number in range(1, highest) if number not in numbers]
    again = _again(found, variant)
    if again is not None and len(numbers) < given:
        yield _Mismatch(
            "reused",
            f"`${again.number}` stands in two places, and the call binds a value for each: the"
            " number is not counted on",
            "Take the number where the value is appended: `args.append(value)`, then"
            ' `f"${len(args)}"`.',
            again.start,
        )
    elif highest != given:
        yield _Mismatch(
            "count",
            f"The text goes up to `${highest}` and the call binds {given} "
            f"value{'' if given == 1 else 's'}",
            "Bind one value for each number.",
        )
    elif skipped and call.dialect == "postgres":
        yield _Mismatch(
            f"skipped {skipped[0]}",
            f"The text uses `${highest}` but not `${skipped[0]}`: PostgreSQL cannot tell the type "
            "of a value that nothing uses",
            "Number the placeholders without gaps.",
            found[0].start,
        )


def _again(found: list[Placeholder], variant: ReadVariant) -> Placeholder | None:
    """A placeholder whose number another piece of the text has already."""
    pieces: dict[int | None, object] = {}
    for item in found:
        around = variant.parsed.rendered.piece_at(item.start)
        piece = around[1] if around is not None else None
        origin = piece.origin if isinstance(piece, Str) else None
        if origin is None or piece is None or piece.repeated is not None:
            continue
        if pieces.setdefault(item.number, origin) is not origin:
            return item
    return None


def _counts(found: tuple[Placeholder, ...], variant: ReadVariant) -> tuple[int, dict[str, int]]:
    """How many placeholders stand once, and how many per element of which collection."""
    fixed = 0
    repeated: Counter[str] = Counter()
    for item in found:
        piece = variant.parsed.rendered.piece_at(item.start)
        tag = piece[1].repeated if piece is not None else None
        if tag is None:
            fixed += 1
        else:
            repeated[tag] += 1
    return fixed, dict(repeated)


def _number(fixed: int, repeated: dict[str, int]) -> str:
    return f"{fixed}" if not repeated else f"{fixed} more"
