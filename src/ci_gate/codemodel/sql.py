"""SQL text to statements: placeholders and holes replaced, parsed in the dialect, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel.sqldrivers import Dialect, Driver
from ci_gate.codemodel.sqllex import Placeholder, Style, opaque, placeholders
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Rendered, Text
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from sqlglot.errors import SqlglotError

#: What a hole reads as while the text is parsed.
HOLE: Final = "hole__"
#: What a placeholder reads as.
PARAMETER: Final = "p__"

#: A placeholder that a name is put in for.
NAME: Final = "??"

_MAX_LENGTH: Final = 20_000
_MAX_DEPTH: Final = 60
_ALL_STYLES: Final[frozenset[Style]] = frozenset(
    {"qmark", "numeric", "colon", "format", "pyformat"}
)
_DIALECTS: Final[tuple[Dialect, ...]] = ("postgres", "sqlite", "mysql")


@dataclass(frozen=True, slots=True)
class ParseError:
    """Why a text is not parsed; ``offset`` into the text as written, where that is known.

    ``kind``: ``syntax``, or ``bounds`` (too long or too deep to try).
    """

    kind: str
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """The statements of a text.

    ``rendered`` is the text as the program writes it, with a name for each hole; ``parameters`` are
    its placeholders in that text, the n-th of which reads ``:p__n`` in the statements. ``holes``:
    parts of the text are not known. ``error`` stands in place of statements.
    """

    rendered: Rendered
    parameters: tuple[Placeholder, ...]
    statements: tuple[exp.Expr, ...]
    dialect: Dialect | None
    holes: bool
    error: ParseError | None = None
    _shifts: tuple[tuple[int, int], ...] = ()

    def offset(self, position: int) -> int:
        """The offset in ``rendered`` of a position in what was parsed."""
        shift = 0
        for start, amount in self._shifts:
            if start > position:
                break
            shift = amount
        return position + shift

    def offset_of(self, node: exp.Expr) -> int | None:
        """Where a node begins in ``rendered``; None when the parser does not tell."""
        found = [
            item.meta["start"]
            for item in node.find_all(exp.Identifier)
            if isinstance(item.meta.get("start"), int)
        ]
        return self.offset(min(found)) if found else None


def prepare(text: Text, driver: Driver | None) -> tuple[Rendered, tuple[Placeholder, ...]]:
    """The text with a name for each hole, and its placeholders."""
    rendered = text.render(lambda number: f"{HOLE}{number}")
    styles = _ALL_STYLES if driver is None or driver.styles is None else driver.styles
    server = driver.server if driver is not None else True
    found = placeholders(rendered.text, styles, server=server)
    if driver is None or driver.styles is None:
        found = _one_style(found)
    return rendered, tuple(found)


def _one_style(found: list[Placeholder]) -> list[Placeholder]:
    """Of several readings, the one that most placeholders have."""
    counts: dict[Style, int] = {}
    for item in found:
        if not item.quoted:
            counts[item.style] = counts.get(item.style, 0) + 1
    if not counts:
        return []
    best = max(counts, key=lambda style: counts[style])
    return [item for item in found if item.style == best]


def parse(text: Text, driver: Driver | None, dialect: Dialect | None) -> Parsed:
    """The statements of ``text``. Without a dialect, in the first that can read it."""
    from sqlglot.errors import SqlglotError  # noqa: PLC0415  loaded with the first statement

    rendered, found = prepare(text, driver)
    holes = len(text.holes())
    error: ParseError | None = None
    is_open = holes > 0 or any(rendered.text[item.start : item.end] == NAME for item in found)
    bounds = _out_of_bounds(rendered.text)
    if bounds is not None:
        return Parsed(rendered, found, (), dialect, is_open, bounds)
    for candidate in (dialect,) if dialect is not None else _DIALECTS:
        for dropped in _drops(holes):
            written, shifts = _substituted(rendered.text, found, dropped, driver)
            try:
                statements = _statements(written, candidate)
            except SqlglotError as problem:
                error = error or _as_error(problem, written, shifts)
            except (RecursionError, ValueError, AttributeError, TypeError, KeyError) as problem:
                error = error or ParseError("bounds", type(problem).__name__)
            else:
                kept = tuple(item for item in statements if item is not None)
                return Parsed(rendered, found, kept, candidate, is_open, None, shifts)
    return Parsed(rendered, found, (), dialect, is_open, error)


def _statements(text: str, dialect: Dialect | None) -> list[exp.Expr | None]:
    import sqlglot  # noqa: PLC0415  loaded with the first statement

    _silence()
    return sqlglot.parse(text, dialect=dialect)


@cache
def _silence() -> None:
    """What sqlglot would say of a text it cannot read is told as findings, or not at all."""
    import logging  # noqa: PLC0415  loaded with the first statement

    log = logging.getLogger("sqlglot")
    log.propagate = False
    log.addHandler(logging.NullHandler())


def parse_script(text: str, dialect: Dialect | None) -> Parsed:
    """The statements of a file or constant without placeholders."""
    from ci_gate.codemodel.sqltext import Str  # noqa: PLC0415  small

    return parse(Text((Str(text),)), None, dialect)


def _out_of_bounds(text: str) -> ParseError | None:
    if len(text) > _MAX_LENGTH:
        return ParseError("bounds", "too long")
    depth = deepest = 0
    for character in text:
        if character in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]":
            depth -= 1
    if deepest > _MAX_DEPTH:
        return ParseError("bounds", "too deep")
    return None


def _drops(holes: int) -> Iterator[frozenset[int]]:
    """Which holes to leave out, attempt by attempt: an unknown part may be a name or a clause."""
    yield frozenset()
    if holes:
        yield frozenset(range(holes))
    if 1 < holes <= 4:
        for number in range(holes):
            yield frozenset({number})
        for number in range(holes):
            yield frozenset(range(holes)) - {number}


def _substituted(
    text: str, found: tuple[Placeholder, ...], dropped: frozenset[int], driver: Driver | None
) -> tuple[str, tuple[tuple[int, int], ...]]:
    changes: list[tuple[int, int, str]] = []
    spans = opaque(text)
    for number, item in enumerate(found):
        if not item.quoted:
            name = text[item.start : item.end] == NAME
            shown = f" {HOLE}name{number} " if name else f" :{PARAMETER}{number} "
            changes.append((item.start, item.end, shown))
    for number in dropped:
        marker = f"{HOLE}{number}"
        start = text.find(marker)
        while start >= 0 and text[start + len(marker) : start + len(marker) + 1].isdigit():
            start = text.find(marker, start + 1)
        if start >= 0 and not any(low <= start < high for low, high in spans):
            changes.append((start, start + len(marker), " "))
    if driver is not None and driver.styles is not None and "format" in driver.styles:
        start = text.find("%%")
        while start >= 0:
            changes.append((start, start + 2, "%"))
            start = text.find("%%", start + 2)
    parts: list[str] = []
    shifts: list[tuple[int, int]] = []
    position = length = 0
    for start, end, replacement in sorted(changes):
        if start < position:
            continue
        parts.append(text[position:start])
        length += start - position
        parts.append(replacement)
        length += len(replacement)
        position = end
        shifts.append((length, end - length))
    parts.append(text[position:])
    return "".join(parts), tuple(shifts)


def _as_error(
    problem: SqlglotError, written: str, shifts: tuple[tuple[int, int], ...]
) -> ParseError:
    details = getattr(problem, "errors", None) or [{}]
    description = str(details[0].get("description") or problem).splitlines()[0]
    line, column = details[0].get("line"), details[0].get("col")
    offset: int | None = None
    if isinstance(line, int) and isinstance(column, int):
        lines = written.splitlines(keepends=True)
        position = sum(map(len, lines[: line - 1])) + max(column - 1, 0)
        shift = max((amount for start, amount in shifts if start <= position), default=0)
        offset = position + shift
    return ParseError("syntax", description, offset)
