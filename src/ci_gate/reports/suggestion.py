"""The lines that a mechanical fix makes of those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.findings import Position
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

_LINES: Final = 20
_WIDTH: Final = 400


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``after`` takes the place of the whole lines ``first`` to ``last``, which read ``before``."""

    first: int
    last: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def suggest(judged: JudgedFinding, scorecard: Scorecard) -> Suggestion | None:
    """What the finding's replacement makes of its lines. None without one, and where the lines are
    not known or hold what would not survive the way to the reader and back."""
    replacement = judged.finding.replacement
    if replacement is None:
        return None
    start, end = replacement.start, replacement.end
    source = scorecard.sources.get(judged.finding.path, [])
    if not (1 <= start.line <= end.line <= len(source)) or end.line - start.line >= _LINES:
        return None
    before = tuple(source[start.line - 1 : end.line])
    inside = _inside(start, before[0]) and _inside(end, before[-1])
    if not inside or not all(map(_plain, before)):
        return None
    text = before[0][: start.column - 1] + replacement.text + before[-1][end.column - 1 :]
    after = tuple(text.split("\n")) if text.strip() else ()
    if after == before or len(after) > _LINES or not all(map(_plain, after)):
        return None
    return Suggestion(start.line, end.line, before, after)


def _plain(line: str) -> bool:
    """A line that shows all it holds. Columns count bytes in some engines: only ASCII is safe."""
    bare = line.replace("\t", "")
    return line.isascii() and bare.isprintable() and len(line) <= _WIDTH and "<!--" not in line


def _inside(position: Position, line: str) -> bool:
    return 1 <= position.column <= len(line) + 1
