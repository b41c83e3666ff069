"""When a convention that nobody wrote down may block.

A written architecture always may. An unwritten convention has to be kept by enough of the code to
be one, and it is withdrawn where the code base itself breaks it as a habit. That no layer imports
one above it is no convention of one project but what layers are: there it takes enough layers, and,
in a small service, an order that more dependencies follow than break. What the code does is
measured on the base, where there is one, so that a change cannot break a habit and withdraw it in
one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from ci_gate.data import dataclass
from ci_gate.findings import Severity
from ci_gate.rules.base import Facts

#: A convention exists from this many places that keep it.
KEPT_AT_LEAST: Final = 5
#: It is a habit to break it above this share and above this number of places, or where it is broken
#: more often than kept.
BROKEN_SHARE: Final = 0.03
BROKEN_PLACES: Final = 2
#: Layers that have to be recognised before an unwritten architecture is one.
LAYERS_AT_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Tally:
    """How many dependencies keep a convention, how many break it, and in how many files those
    are."""

    kept: int
    broken: int
    places: int


Count = Callable[[Facts], Tally]


@dataclass(frozen=True, slots=True)
class Standing:
    """May breaches block, and why: a sentence for the finding."""

    severity: Severity | None
    reason: str


def standing(facts: Facts, count: Count, *, order_of_layers: bool = False) -> Standing:
    """How a convention stands. ``severity`` is None where there is nothing to say at all.

    Args:
        order_of_layers: the convention is that dependencies follow the order of the layers.
    """
    if facts.architecture.written:
        return Standing(Severity.ERROR, "The architecture is written in the configuration.")
    if order_of_layers and len(facts.architecture.layers) < LAYERS_AT_LEAST:
        return Standing(None, "")
    measured = facts.base if facts.base is not None and _has_layers(facts.base) else facts
    counted = count(measured)
    kept, broken = counted.kept, counted.broken
    where = "the base" if measured is not facts else "this tree"
    if kept < KEPT_AT_LEAST and not (order_of_layers and kept > broken):
        return Standing(None, "")
    share = broken / (kept + broken)
    numbers = f"{kept} of {kept + broken} dependencies of this kind in {where} keep it"
    if share > BROKEN_SHARE and (counted.places > BROKEN_PLACES or broken > kept):
        return Standing(
            Severity.NOTE,
            f"The convention is withdrawn, because the code breaks it as a habit: {numbers}.",
        )
    return Standing(
        Severity.ERROR, f"No architecture is written down; the layers are inferred, and {numbers}."
    )


def _has_layers(facts: Facts) -> bool:
    return bool(facts.architecture.layers)


def tally(kept: Iterable[tuple[str, str]], broken: Iterable[tuple[str, str]]) -> Tally:
    """Count dependencies, each a pair of the file it is in and what it leads to."""
    breaches = set(broken)
    return Tally(len(set(kept)), len(breaches), len({source for source, _ in breaches}))
