"""Which versions of well-known packages were released, where that is settled for good.

A version that is newer than what the data knows may exist by now, so nothing is said of it: only of
lines that are over, and of gaps between versions that were released.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, Literal, TypeAlias

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from ci_gate.codemodel.dependencies import semver
from ci_gate.data import dataclass

Line: TypeAlias = tuple[int, int]
Registry = Literal["pypi", "npm"]
#: So many minor versions after the last one that is known may still come in an old major.
_MORE: Final = 20


@dataclass(frozen=True, slots=True)
class Releases:
    """``lines``: (major, minor) -> patches. Lines before ``over`` get no more of them, those in
    ``alive`` apart."""

    lines: Mapping[Line, frozenset[int]]
    over: Line
    alive: frozenset[Line]

    def may_exist(self, major: int, minor: int, patch: int) -> bool:
        line = (major, minor)
        known = self.lines.get(line)
        if known is not None:
            if patch in known:
                return True
            return patch > max(known) and (line >= self.over or line in self.alive)
        last, last_minor = max(self.lines)
        if major >= last:
            return major > last or minor > last_minor
        top = max((b for a, b in self.lines if a == major), default=-1)
        return line >= self.over and top < minor <= top + _MORE

    @property
    def all(self) -> Iterator[tuple[int, int, int]]:
        return (
            (major, minor, patch)
            for (major, minor), patches in self.lines.items()
            for patch in patches
        )


@cache
def _known(registry: Registry) -> Mapping[str, Releases]:
    text = resources.files(__package__).joinpath("releases.toml").read_text("utf-8")
    return {name: _read(given) for name, given in tomllib.loads(text)[registry].items()}


def _read(text: str) -> Releases:
    over, *words = text.split()
    lines: dict[Line, frozenset[int]] = {}
    alive = set()
    for word in words:
        line, _, patches = word.rstrip("+").partition(":")
        lines[_line(line)] = frozenset(_numbers(patches.split(",")))
        if word.endswith("+"):
            alive.add(_line(line))
    return Releases(lines, _line(over.removeprefix("<")), frozenset(alive))


def _line(text: str) -> Line:
    major, minor = text.split(".")
    return int(major), int(minor)


def _numbers(parts: Iterable[str]) -> Iterator[int]:
    for part in parts:
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def never(name: str, wanted: SpecifierSet) -> bool:
    """Is it certain that no release of a Python package was ever what is asked for?"""
    known = _known("pypi").get(name)
    if known is None:
        return False
    clauses = list(wanted)
    if any(not _is_plain(clause.version) for clause in clauses):
        return False
    if any(wanted.contains(".".join(map(str, release))) for release in known.all):
        return False
    pinned = _pinned(wanted)
    return pinned is not None and not known.may_exist(*pinned)


def _pinned(wanted: SpecifierSet) -> tuple[int, int, int] | None:
    """The one version that is asked for."""
    for item in wanted:
        if item.operator == "==" and "*" not in item.version:
            return _padded(Version(item.version).release)
    return None


def _is_plain(text: str) -> bool:
    """A release of at most three numbers: no pre-release, post-release, epoch or local version."""
    parts = text.split(".")
    return len(parts) <= 3 and all(part.isdecimal() or part == "*" for part in parts)


def _padded(release: Sequence[int]) -> tuple[int, int, int]:
    major, minor, patch = (*release, 0, 0)[:3]
    return major, minor, patch


def nearest(name: str, wanted: SpecifierSet) -> str | None:
    """The newest release that is not newer than the version that is asked for."""
    pinned, known = _pinned(wanted), _known("pypi").get(name)
    if pinned is None or known is None:
        return None
    below = [release for release in known.all if release <= pinned]
    return ".".join(map(str, max(below))) if below else None


def never_on_npm(name: str, wanted: Sequence[semver.Interval]) -> str | None:
    """The newest release before what is asked for, where it is certain that none was ever in the
    range; else None."""
    known = _known("npm").get(name)
    if known is None or not wanted or any(item.loose or item.low >= item.high for item in wanted):
        return None
    for item in wanted:
        if any(item.low <= release < item.high for release in known.all):
            return None
        above = (item.low[0], item.low[1], item.low[2] + 1)
        if item.high == above:
            possible = known.may_exist(*item.low)
        else:
            possible = item.high[:2] > known.over or any(
                item.low[:2] <= line for line in known.alive
            )
        if possible:
            return None
    below = [release for release in known.all if release < wanted[0].low]
    return ".".join(map(str, max(below))) if below else None
