"""What published releases ask for themselves, and which ones cannot be loaded together."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

from packaging.specifiers import SpecifierSet

from ci_gate.codemodel.dependencies import versions
from ci_gate.data import dataclass
from ci_gate.regex import regex

_NAMED: Final = regex(r"^([a-z0-9-]+)\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Ask:
    """Releases in ``span`` want ``wanted`` of ``name``; ``error``: they fail with it instead."""

    span: SpecifierSet
    name: str
    wanted: SpecifierSet
    error: str = ""


@cache
def _entries() -> Mapping[str, Sequence[Ask]]:
    text = resources.files(__package__).joinpath("asks.toml").read_text("utf-8")
    data = tomllib.loads(text)
    found: defaultdict[str, list[Ask]] = defaultdict(list)
    for key, given in data["asks"].items():
        parent, span = _named(key)
        for word in given.split():
            found[parent].append(Ask(span, *_named(word)))
    for key, (word, error) in data["fails"].items():
        parent, span = _named(key)
        found[parent].append(Ask(span, *_named(word), error))
    return found


def _named(text: str) -> tuple[str, SpecifierSet]:
    match = _NAMED.match(text)
    assert match is not None, text
    return match[1], SpecifierSet(match[2])


def of(name: str, choices: Sequence[SpecifierSet]) -> Iterator[Ask]:
    """What every release of a distribution that a requirement accepts asks for."""
    for ask in _entries().get(name, ()):
        if _is_inside(choices, ask.span):
            yield ask


def _is_inside(choices: Sequence[SpecifierSet], span: SpecifierSet) -> bool:
    """Is all that is accepted in the span? Each bound of it shuts out what lies beyond."""
    if not versions.satisfiable([choices]):
        return False
    beyond = {">=": "<", "<": ">="}
    return all(
        not versions.satisfiable(
            [choices, [SpecifierSet(f"{beyond[clause.operator]}{clause.version}")]]
        )
        for clause in span
    )


def rules_out_older(ranges: Sequence[Sequence[SpecifierSet]], newer: SpecifierSet) -> bool:
    """Do the requirements accept nothing that is older than ``newer`` (a lower bound)?"""
    bound = next(iter(newer)).version
    return bool(ranges) and not versions.satisfiable([*ranges, [SpecifierSet(f"<{bound}")]])
