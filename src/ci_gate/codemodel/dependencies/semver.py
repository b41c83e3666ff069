"""Version ranges of npm: what node-semver reads (loosely, as npm does), and what satisfies them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Major, minor, patch; and whether it is a release (a pre-release comes before it).
Release: TypeAlias = tuple[int, int, int]

_NUMBER: Final = r"(?:\d+|[xX*])"
_TAIL: Final = r"(?:-?(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
_PARTIAL: Final = (
    rf"[v=\s]*(?P<major>{_NUMBER})(?:\.(?P<minor>{_NUMBER})(?:\.(?P<patch>{_NUMBER}){_TAIL})?)?"
)
_CLAUSE: Final = regex(rf"^(?P<operator>\^|~>?|>=|<=|>|<|)\s*(?:{_PARTIAL})?$")
_FULL: Final = regex(r"^[v=\s]*(\d+)\.(\d+)\.(\d+)(-?[0-9A-Za-z.-]*)?(?:\+[0-9A-Za-z.-]+)?$")
_HYPHEN: Final = regex(r"^\s*(\S+)\s+-\s+(\S+)\s*$")
_SPACED: Final = regex(r"(\^|~>?|>=|<=|>|<|=)\s+")
_TOP: Final = 1 << 40
_MAX_CHOICES: Final = 64
_MAX_LENGTH: Final = 256


@dataclass(frozen=True, slots=True)
class Interval:
    """``low <= version < high``. ``loose``: a bound is a pre-release, so it is only near that."""

    low: Release
    high: Release
    loose: bool = False


@lru_cache(maxsize=8192)
def parse(text: str) -> tuple[Interval, ...] | None:
    """The alternatives of a range, the impossible ones included; None where npm reads no range in
    the text."""
    if len(text) > _MAX_LENGTH:
        return None
    found = []
    for choice in text.split("||")[:_MAX_CHOICES]:
        interval = _choice(choice.strip())
        if interval is None:
            return None
        found.append(interval)
    return tuple(found)


def _choice(text: str) -> Interval | None:
    hyphen = _HYPHEN.match(text)
    clauses = [f">={hyphen[1]}", f"<={hyphen[2]}"] if hyphen else _SPACED.sub(r"\1", text).split()
    low, high, loose = (0, 0, 0), (_TOP, 0, 0), False
    for clause in clauses:
        match = _CLAUSE.match(clause)
        if match is None:
            return None
        below, above = _bounds(match)
        low, high = max(low, below), min(high, above)
        loose = loose or bool(match["pre"])
    return Interval(low, high, loose)


def _bounds(match: re.Match[str]) -> tuple[Release, Release]:
    numbers = []
    for part in (match["major"], match["minor"], match["patch"]):
        if part is None or part in "xX*":
            break
        numbers.append(int(part))
    operator = match["operator"]
    if not numbers:
        return ((_TOP, 0, 0), (_TOP, 0, 0)) if operator in ("<", ">") else ((0, 0, 0), (_TOP, 0, 0))
    low = _filled(numbers)
    beyond = _next(numbers, len(numbers))
    match operator:
        case "<":
            return (0, 0, 0), low
        case "<=":
            return (0, 0, 0), beyond
        case ">":
            return beyond, (_TOP, 0, 0)
        case ">=":
            return low, (_TOP, 0, 0)
        case "^":
            place = next((i for i, number in enumerate(numbers, 1) if number), len(numbers))
            return low, _next(numbers, place)
        case "~" | "~>":
            return low, _next(numbers, min(len(numbers), 2))
    return low, beyond


def _filled(numbers: Sequence[int]) -> Release:
    major, minor, patch = (*numbers, 0, 0)[:3]
    return major, minor, patch


def _next(numbers: Sequence[int], place: int) -> Release:
    """The first release that differs from the numbers in the first ``place`` of them."""
    return _filled([*numbers[: place - 1], numbers[place - 1] + 1])


def satisfiable(choices: Sequence[Interval]) -> bool:
    return any(item.loose or item.low < item.high for item in choices)


def meet(one: Sequence[Interval], other: Sequence[Interval]) -> bool:
    """Can one version be in both ranges?"""
    return any(
        a.loose or b.loose or max(a.low, b.low) < min(a.high, b.high) for a in one for b in other
    )


def release(version: str) -> Release | None:
    """The numbers of a version; None where it is a pre-release or none at all."""
    match = _FULL.match(version) if len(version) <= _MAX_LENGTH else None
    return None if match is None or match[4] else (int(match[1]), int(match[2]), int(match[3]))


def accepts(choices: Sequence[Interval], version: str) -> bool:
    """Is the version in the range? True where it cannot be told."""
    number = release(version)
    return number is None or any(item.loose or item.low <= number < item.high for item in choices)


def is_range(text: str) -> bool:
    """Does npm read some part of the text as a range? It leaves out what it cannot read."""
    return any(parse(part) is not None for part in re.split(r"\s+|\|\|", text))
