"""Words and clean text that several formats share.

Everything that comes out of the scanned repository (paths, names, messages) is data from a
stranger: it passes through :func:`clean` before a format's own escaping.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.scorecard.model import JudgedFinding, LevelScore, Scorecard

MESSAGE_LIMIT: Final = 2_000
_DROPPED: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_KEPT_FORMATS: Final = frozenset("\u200d")  # joins emoji


def clean(text: str, limit: int = MESSAGE_LIMIT, *, indented: bool = False) -> str:
    """``text`` on one line, without control, bidirectional and private characters, at most
    ``limit`` long. Runs of white space become one space, unless ``indented``."""
    cut = len(text) > limit
    text = text[:limit]
    if not text.isprintable():
        text = "".join(_kept(character) for character in text)
    if not indented:
        text = " ".join(text.split())
    text = text.replace("##[", "## [")  # GitHub takes it for a command, wherever it stands
    return text + "…" if cut else text


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _DROPPED and character not in _KEPT_FORMATS:
        return "\ufffd"
    return character


def whole(text: str) -> str:
    """``text`` without halves of characters, which no encoding can write."""
    return _HALVES.sub("\ufffd", text)


def plural(count: int, noun: str, many: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def points(value: float | None) -> str:
    """A number of percentage points with its sign."""
    if value is None:
        return "–"
    return f"{value:+.1f}".replace("-", "−") if abs(value) >= 0.05 else "0.0"


def change(head: LevelScore, base: LevelScore | None) -> float | None:
    """What a level gained or lost against the base, in points."""
    if base is None or head.share is None or base.share is None:
        return None
    return 100 * (head.share - base.share)


def headline(scorecard: Scorecard) -> str:
    """The verdict in one sentence."""
    return scorecard.reasons[0] if scorecard.reasons else scorecard.verdict.value.capitalize()


def judged(scorecard: Scorecard) -> str:
    """How much was looked at."""
    endpoints = len({route.endpoint for route in scorecard.routes})
    return (
        f"{plural(scorecard.files, 'file')}, {plural(scorecard.rules, 'rule')} and "
        f"{plural(endpoints, 'endpoint')} judged"
    )


def place(found: JudgedFinding) -> str:
    return spot(found.finding.path, found.finding.start.line)


def spot(path: str, line: int) -> str:
    return f"{clean(path, 400)}:{max(1, line)}"


def brief(text: str) -> str:
    """The first sentence of ``text``, with its full stop; code spans are not looked into."""
    text = clean(text)
    for found in _SENTENCE_END.finditer(text):
        if found[0] == "`":  # opened and never closed
            break
        if found[1]:
            return text[: found.end()]
    return ended(text)


def ended(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """``text`` as :func:`clean` gives it, with a full stop where it ends without a mark."""
    text = clean(text, limit)
    return text if not text or text.endswith((".", "!", "?", "…", ":")) else f"{text}."


_HALVES: Final = regex("[\ud800-\udfff]")
_SENTENCE_END: Final = regex(r"`[^`]*`|`|([.!?])(?=\s+[A-Z`])")
