"""Text that the tests, the service or a tool wrote, made fit for one line of a report."""

from __future__ import annotations

from typing import Final

from ci_gate.regex import regex

_ESCAPES: Final = regex(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])")
#: Control characters, and those that turn the direction of writing around.
_UNSEEN: Final = regex("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
NAME: Final = 500
MESSAGE: Final = 2000


def plain(text: object, limit: int = MESSAGE) -> str:
    """One line without control characters or halves of characters, cut after ``limit``."""
    words = _ESCAPES.sub("", str(text)[: 4 * limit])
    words = _UNSEEN.sub(" ", words).encode("utf-8", "replace").decode("utf-8").strip()
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def duration(value: object) -> float | None:
    """Seconds, where it is a number that can be some."""
    known = isinstance(value, int | float) and 0 <= value < 1e9  # not NaN
    return float(value) if isinstance(value, int | float) and known else None
