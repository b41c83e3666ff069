"""One requirement: a distribution that a manifest asks for."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from ci_gate.data import dataclass
from ci_gate.regex import regex

_NAME: Final = regex(r"^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?")
_EGG: Final = regex(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_SEPARATORS: Final = regex(r"[-_.]+")
_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
#: What most requirements are: a name, extras, and versions of digits.
_PLAIN: Final = regex(
    rf"\s*(?P<name>{_PART})\s*(?:\[\s*(?P<extras>{_PART}(?:\s*,\s*{_PART})*)\s*\]\s*)?"
    r"(?P<specifier>[0-9.,<>=!~\s]*)"
)
_CLAUSE: Final = regex(
    r"\s*(?:(==|!=|>=|<=|<|>)\s*([0-9]+(?:\.[0-9]+)*)|(~=)\s*([0-9]+(?:\.[0-9]+)+))\s*", re.ASCII
)
_BOUND: Final = regex(r"\s*(?P<operator>\^|~=|~|>=|===?|=|>|)\s*v?(?P<release>\d+(?:\.\d+)*)")

_MAX_LENGTH: Final = 300  # of a specifier that is read

#: ``pins``: does not install anything by itself (constraints); ``locked``: of a complete list.
Kind = Literal["requires", "pins", "locked"]
#: How its versions are written: as Python packaging has it, or in a tool's own way.
Notation = Literal["standard", "tool"]
#: The numbers of a version, pre-releases and the like aside.
Release: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """``name`` and ``extras`` are in their normal form; ``specifier`` and ``marker`` as written.

    ``direct`` is the URL or path that it is taken from, where one is given. ``problem`` says what
    is wrong with how it is written.
    """

    name: str
    path: str
    line: int
    extras: frozenset[str] = frozenset()
    specifier: str = ""
    marker: str = ""
    kind: Kind = "requires"
    direct: str | None = None
    problem: str | None = None
    notation: Notation = "standard"

    @property
    def oldest(self) -> Release | None:
        """The oldest release that the specifier accepts; None where it sets no lower bound."""
        if "|" in self.specifier or len(self.specifier) > _MAX_LENGTH:
            return None
        found = [_BOUND.match(clause) for clause in self.specifier.split(",")]
        return max(
            (tuple(map(int, match["release"].split("."))) for match in found if match is not None),
            default=None,
        )


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return _SEPARATORS.sub("-", name).lower()


def parse(text: str, path: str, line: int, kind: Kind = "requires") -> Requirement | None:
    """The requirement in ``text``; None where not even its name can be read."""
    plain = _PLAIN.fullmatch(text)
    wanted = plain and clauses(plain["specifier"])
    if plain and wanted is not None:
        extras = (plain["extras"] or "").split(",")
        return Requirement(
            normal(plain["name"]),
            path,
            line,
            frozenset(normal(item.strip()) for item in extras if item),
            ",".join(sorted(map("".join, wanted))),
            kind=kind,
        )
    from packaging.requirements import (  # noqa: PLC0415  few have markers and the like
        InvalidRequirement,
    )
    from packaging.requirements import Requirement as Pep508  # noqa: PLC0415

    try:
        found = Pep508(text)
        specifier, marker = str(found.specifier), str(found.marker or "")
    except InvalidRequirement as error:
        return _damaged(text, path, line, kind, str(error).partition("\n")[0])
    except RecursionError:
        return _damaged(text, path, line, kind, "Its marker is nested too deeply")
    except ValueError:
        return _damaged(text, path, line, kind, "A number of its version is too long")
    return Requirement(
        normal(found.name),
        path,
        line,
        frozenset(map(normal, found.extras)),
        specifier,
        marker,
        kind,
        found.url,
    )


def clauses(specifier: str) -> list[tuple[str, str]] | None:
    """The operators and versions of ``>=1.4,<2`` and the like; None where one is written otherwise,
    or an operator comes twice."""
    found: dict[str, str] = {}
    for part in specifier.split(",") if specifier.strip() else ():
        match = _CLAUSE.fullmatch(part)
        operator = match and (match[1] or match[3])
        if not match or not operator or operator in found:
            return None
        found[operator] = match[2] or match[4]
    return list(found.items())


def _damaged(text: str, path: str, line: int, kind: Kind, problem: str) -> Requirement | None:
    if "://" in text or text.startswith((".", "/")):
        name = url_name(text)
        return Requirement(name, path, line, kind=kind, direct=text) if name else None
    match = _NAME.match(text)
    if match is None:
        return None
    extras = frozenset(normal(item) for item in (match[2] or "").split(",") if item.strip())
    rest = text[match.end() :].strip()
    return Requirement(normal(match[1]), path, line, extras, rest, kind=kind, problem=problem)


def url_name(url: str) -> str | None:
    """The distribution that a URL or path of a package says it is."""
    egg = _EGG.search(url)
    if egg is not None:
        return normal(egg[1])
    try:
        name = unquote(urlsplit(url).path).rpartition("/")[2]
    except ValueError:
        return None
    if name.endswith(".whl"):
        return normal(name.partition("-")[0])
    source = re.match(r"([A-Za-z][\w.]*(?:-[A-Za-z]\w*)*)-\d[\w.]*\.(?:tar\.gz|zip)$", name)
    return normal(source[1]) if source is not None else None
