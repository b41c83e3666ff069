"""Version ranges of Python packages: can anything satisfy them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import Version

from ci_gate.regex import regex

_OPERATOR: Final = regex(r"^\s*(\^|~=|~|===|==|!=|>=|<=|>|<|=)?\s*(.*?)\s*$")
_WILDCARD: Final = regex(r"^v?(\d+(?:\.\d+)*)(?:\.[xX*])+$")
_MAX_CLAUSES: Final = 40
_MAX_LENGTH: Final = 300  # of a text


@lru_cache(maxsize=4096)
def standard(text: str) -> SpecifierSet | None:
    """The specifier that pip reads; None where it is not one."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        return SpecifierSet(text)
    except (InvalidSpecifier, ValueError):
        return None


@lru_cache(maxsize=4096)
def of_poetry(text: str) -> tuple[SpecifierSet, ...] | None:
    """The alternatives that Poetry reads (``^1.2``, ``~1.2``, ``1.*``, ``a || b``); None where it
    refuses the text."""
    found = []
    if len(text) > _MAX_LENGTH:
        return None
    for choice in re.split(r"\|\|?", text):
        clauses: list[str] = []
        for part in re.split(r"(?<=[\w*.])\s*,\s*|(?<=[\w*])\s+(?=[<>=!~^])", choice.strip()):
            read = _of_poetry_clause(part)
            if read is None:
                return None
            clauses += read
        specifiers = standard(",".join(clauses))
        if specifiers is None:
            return None
        found.append(specifiers)
    return tuple(found)


def _of_poetry_clause(text: str) -> Sequence[str] | None:
    match = _OPERATOR.match(text)
    operator, body = (match[1] or "", match[2]) if match else ("", text)
    if body in ("*", "x", "X") and operator in ("", "=="):
        return ()
    if operator in ("", "=", "==", "!="):
        wildcard = _WILDCARD.match(body)
        sign = "!=" if operator == "!=" else "=="
        if wildcard is not None:
            return (f"{sign}{wildcard[1]}.*",)
        return (f"{sign}{body}",) if _version(body) else None
    version = _version(body)
    if operator not in ("^", "~"):
        return (f"{operator}{body}",) if version or operator == "===" else None
    if version is None:
        return None
    release = list(version.release)
    if operator == "^":
        place = next((i for i, part in enumerate(release) if part), len(release) - 1)
    else:
        place = 0 if len(release) == 1 else 1
    above = ".".join(map(str, [*release[:place], release[place] + 1]))
    return (f">={body}", f"<{above}.dev0")


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:  # also a number that is too long to be read
        return None


def satisfiable(ranges: Sequence[Sequence[SpecifierSet]]) -> bool:
    """Is there a version that every range accepts? A range is a list of alternatives.

    The bounds of all clauses cut the line of versions into pieces inside which no clause changes
    its answer: to ask each bound and a version of each piece is to ask them all.
    """
    clauses = [item for choices in ranges for choice in choices for item in choice]
    if len(clauses) > _MAX_CLAUSES or any(item.operator == "===" for item in clauses):
        return True
    return any(
        all(any(choice.contains(version, prereleases=True) for choice in item) for item in ranges)
        for version in _candidates(clauses)
    )


def _candidates(clauses: Iterable[Specifier]) -> Iterator[Version]:
    bounds: set[tuple[int, ...]] = {(0,)}
    for clause in clauses:
        written = _version(clause.version.removesuffix(".*"))
        if written is None:
            continue
        yield written
        release = written.release
        bounds.add(release)
        for length in range(1, len(release) + 1):
            bounds.add((*release[: length - 1], release[length - 1] + 1))
    for bound in bounds:
        text = ".".join(map(str, bound))
        padding = ".0" * max(0, 4 - len(bound))
        for ending in ("", f"{padding}.0.1", ".post1", ".dev0", "a1", "rc1"):
            yield Version(text + ending)


def accepts(choices: Sequence[SpecifierSet], version: str) -> bool:
    """Does a range accept a version? True where the version cannot be read."""
    read = _version(version)
    if read is None:
        return True
    return any(choice.contains(read, prereleases=True) for choice in choices)
