"""What the rules on SQL text share: which texts to judge, and when a variant's defect is sure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias, TypeVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.sqlcalls import CALLED_FROM
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

Defect = TypeVar("Defect", bound=Hashable)
Decision: TypeAlias = tuple[str, bool]

_IS_NONE: Final = " is None"


def calls(facts: Facts) -> Iterator[ReadCall]:
    """The SQL texts of the running service.

    Scripts that are run by hand are no part of it; they often speak to another database.
    """
    imported = {edge.target for edge in facts.model.import_edges if not is_outside(edge.source)}
    serving = {route.handlers[0].module.path for route in facts.model.routes if route.handlers}
    for read in facts.sql.all:
        path = read.call.path
        if is_outside(path):
            continue
        if path in imported or path in serving or not _has_entry(facts, path):
            yield read


def _has_entry(facts: Facts, path: str) -> bool:
    """Does the file do something when it is run as a program?"""
    for statement in facts.model.modules[path].body:
        match statement:
            case s.If(test=s.Binary(left=s.Name(id="__name__"))):
                return True
    return False


_COLUMNS_ASKED: Final = regex(
    r"information_schema|table_info|has_\w*column|column_exists|get_columns", re.IGNORECASE
)


def asks_for_columns(facts: Facts, function: FunctionInfo) -> bool:
    """Does the function look at the table's columns before it names them?"""
    if not isinstance(function.node, s.Function):
        return False
    try:
        lines = facts.model.tree.text(function.module.path).splitlines()
    except (OSError, UnicodeError):
        return False
    span = function.node.span
    return _COLUMNS_ASKED.search("\n".join(lines[span[0] - 1 : span[2]])) is not None


@dataclass(frozen=True, slots=True)
class Certain:
    """A defect that is sure to show; ``condition`` tells on which branch (None: always)."""

    variant: ReadVariant
    condition: str | None = None


def certain(
    variants: Sequence[ReadVariant],
    defects: Callable[[ReadVariant], Iterable[Defect]],
    present: Callable[[ReadVariant, Defect], bool] | None = None,
    together: Callable[[Decision, Decision], bool] | None = None,
) -> dict[Defect, Certain]:
    """The defects of which some path is sure to be taken.

    Branches may hang together in ways that cannot be seen, so a combination of several is no
    proof. A defect counts when every variant has it, or every variant of one branch, or every
    variant in which the part of the text stands that it is about (``present``), or every variant of
    two branches of which it is known that one path can take both (``together``).
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
        elif together is not None:
            pair = _pair(variants, having, together)
            if pair is not None:
                result[defect] = pair
    return result


def _branch(variants: Sequence[ReadVariant], having: Sequence[ReadVariant]) -> Decision | None:
    """A branch all of whose variants are among ``having``."""
    marked = set(map(id, having))
    for decision in having[0].variant.decisions:
        taken = [item for item in variants if decision in item.variant.decisions]
        if all(id(item) in marked for item in taken):
            return decision
    return None


def _pair(
    variants: Sequence[ReadVariant],
    having: Sequence[ReadVariant],
    together: Callable[[Decision, Decision], bool],
) -> Certain | None:
    """Two branches all of whose common variants are among ``having``."""
    marked = set(map(id, having))
    fewest = min(having, key=lambda item: len(given_in(item)))
    for one, other in combinations(given_in(fewest), 2):
        taken = [
            item
            for item in variants
            if one in item.variant.decisions and other in item.variant.decisions
        ]
        if all(id(item) in marked for item in taken) and together(one, other):
            names = (_subject(one), _subject(other))
            return Certain(fewest, f"when `{names[0]}` and `{names[1]}` are given")
    return None


def given_in(variant: ReadVariant) -> list[Decision]:
    """The branches taken because something is there."""
    return [
        decision
        for decision in variant.variant.decisions
        if not decision[0].startswith(CALLED_FROM) and decision[1] != decision[0].endswith(_IS_NONE)
    ]


def _subject(decision: Decision) -> str:
    return decision[0].removesuffix(_IS_NONE)


_KEYED: Final = regex(
    r"(?P<base>.+?)(?:\.(?P<attribute>[A-Za-z_]\w*)|\.get\('(?P<key>[^']*)'(?:, [^()]*)?\)"
    r"|\['(?P<item>[^']*)'\])"
)


def field_of(decision: Decision) -> tuple[str, str]:
    """What is there, as an object or mapping and the name of the part; of a name: itself."""
    subject = _subject(decision)
    found = _KEYED.fullmatch(subject)
    if found is None:
        return "", subject
    return found["base"], found["attribute"] or found["key"] or found["item"] or ""


_PLAIN: Final = regex(r"(?P<name>[A-Za-z_][\w.]*)(?P<none> is None)?")


def _in_words(decision: Decision) -> str:
    condition, holds = decision
    if condition.startswith(CALLED_FROM):
        name, _, line = condition.removeprefix(CALLED_FROM).partition(":")
        return f"as `{name}` calls it in line {line}"
    plain = _PLAIN.fullmatch(condition)
    if plain is None:
        return "on one branch"
    name = plain["name"]
    if plain["none"]:
        return f"when `{name}` is not given" if holds else f"when `{name}` is given"
    return f"when `{name}` is set" if holds else f"when `{name}` is not set"


def at(place: Place, length: int = 1) -> s.Node:
    """A node for a finding at a place in a text."""
    line, column = place.line, place.column
    return s.Name((line, column, line, column + max(length, 1)), "")


def near(name: str, names: Iterable[str], cutoff: float = 0.7) -> str | None:
    """The name most like ``name``."""
    lower = {item.lower(): item for item in names}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=cutoff)
    return lower[found[0]] if found else None
