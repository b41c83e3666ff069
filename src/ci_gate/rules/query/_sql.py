"""What the rules on SQL text share: which texts to judge, and when a variant's defect is sure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqltext import Place
from ci_gate.rules.base import Facts

Defect = TypeVar("Defect", bound=Hashable)


def calls(facts: Facts) -> Iterator[ReadCall]:
    """The SQL texts of the running service."""
    for read in facts.sql.all:
        if not is_outside(read.call.path):
            yield read


@dataclass(frozen=True, slots=True)
class Certain:
    """A defect that is sure to show; ``condition`` tells on which branch (None: always)."""

    variant: ReadVariant
    condition: str | None = None


def certain(
    variants: Sequence[ReadVariant],
    defects: Callable[[ReadVariant], Iterable[Defect]],
    present: Callable[[ReadVariant, Defect], bool] | None = None,
) -> dict[Defect, Certain]:
    """The defects of which some path is sure to be taken.

    Branches may hang together in ways that cannot be seen, so a combination of several is no
    proof. A defect counts when every variant has it, or every variant of one branch, or every
    variant in which the part of the text stands that it is about (``present``).
    """
    found: dict[Defect, list[ReadVariant]] = {}
    for variant in variants:
        for defect in defects(variant):
            found.setdefault(defect, []).append(variant)
    result: dict[Defect, Certain] = {}
    for defect, having in found.items():
        if len(having) == len(variants):
            result[defect] = Certain(having[0])
            continue
        if present is not None:
            concerned = [item for item in variants if present(item, defect)]
            if concerned and all(item in having for item in concerned):
                result[defect] = Certain(having[0])
                continue
        branch = _branch(variants, having)
        if branch is not None:
            result[defect] = Certain(having[0], _in_words(branch))
    return result


def _branch(
    variants: Sequence[ReadVariant], having: Sequence[ReadVariant]
) -> tuple[str, bool] | None:
    """A branch all of whose variants are among ``having``."""
    marked = set(map(id, having))
    for decision in having[0].variant.decisions:
        taken = [item for item in variants if decision in item.variant.decisions]
        if all(id(item) in marked for item in taken):
            return decision
    return None


_PLAIN: Final = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?P<none> is None)?")


def _in_words(decision: tuple[str, bool]) -> str:
    condition, holds = decision
    plain = _PLAIN.fullmatch(condition)
    if plain is None:
        return "on one branch"
    name = plain["name"]
    if plain["none"]:
        return f"when `{name}` is None" if holds else f"when `{name}` is given"
    return f"when `{name}` is set" if holds else f"when `{name}` is not set"


def at(place: Place, length: int = 1) -> s.Node:
    """A node for a finding at a place in a text."""
    line, column = place.line, place.column
    return s.Name((line, column, line, column + max(length, 1)), "")


def near(name: str, names: Iterable[str]) -> str | None:
    """The name most like ``name``."""
    lower = {item.lower(): item for item in names}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None
