"""The share of endpoints or assertions that count at each level, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ci_gate.config import Config
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.findings import LEVEL_NAMES, Finding
from ci_gate.scorecard.model import Decay, LevelScore
from ci_gate.scorecard.sides import Side


def counts(finding: Finding, config: Config) -> bool:
    """Severe enough to block, and so to cost an endpoint its level."""
    return finding.group != "suppression" and finding.severity.rank <= config.threshold.rank


def score_levels(
    side: Side,
    contract: ContractResult | None,
    config: Config,
    like: ContractResult | None = None,
) -> list[LevelScore]:
    """The share of units that count at each level.

    Where the base's tests did not run, or those of one runner not to their end, the head's
    assertions (``like``) fill the gap, each taken to have the outcome it has there, so that the
    difference is the structure's alone.
    """
    tested = _completed(contract, like)
    worst = _lowest_level(side, config)
    everywhere = min(
        (
            finding.level
            for index, finding in enumerate(side.findings)
            if finding.repository_wide and index not in side.reasons and counts(finding, config)
        ),
        default=len(LEVEL_NAMES),
    )
    unit: Literal["assertion", "endpoint"]
    if tested:
        unit = "assertion"
        breaks = [
            _breaks(side, assertion.endpoint, worst, everywhere) if assertion.passed else 0
            for assertion in tested
        ]
    else:
        unit = "endpoint"
        breaks = [worst.get(e, everywhere) for e in side.reach.endpoints]
    return [
        LevelScore(level, name, sum(1 for b in breaks if b > level), len(breaks), unit)
        for level, name in enumerate(LEVEL_NAMES)
    ]


def _completed(contract: ContractResult | None, like: ContractResult | None) -> list[Assertion]:
    if contract is None or like is None:
        tested = contract or like
        return tested.assertions if tested is not None else []
    seen = {(item.runner, item.name) for item in contract.assertions}
    return contract.assertions + [
        item
        for item in like.assertions
        if item.runner in contract.unfinished and (item.runner, item.name) not in seen
    ]


def _lowest_level(side: Side, config: Config) -> dict[str, int]:
    """Endpoint -> the lowest level of a finding that it reaches."""
    lowest: dict[str, int] = {}
    for index, finding in enumerate(side.findings):
        if index in side.reasons or not counts(finding, config):
            continue
        for endpoint in side.reach.of(finding):
            lowest[endpoint] = min(lowest.get(endpoint, len(LEVEL_NAMES)), finding.level)
    return lowest


def _breaks(side: Side, request: str | None, worst: Mapping[str, int], everywhere: int) -> int:
    endpoint = side.reach.route_of(request) if request else None
    return min(everywhere, worst.get(endpoint, everywhere) if endpoint else everywhere)


def decay(levels: Sequence[LevelScore], base_levels: Sequence[LevelScore] | None) -> Decay:
    head = _drop(levels)
    base = _drop(base_levels) if base_levels else None
    delta = round(head - base, 1) if head is not None and base is not None else None
    return Decay(head, base, delta)


def _drop(levels: Sequence[LevelScore]) -> float | None:
    first, last = levels[0].share, levels[-1].share
    return None if first is None or last is None else round(100 * (last - first), 1)


def strict_share(levels: Sequence[LevelScore], contract: ContractResult | None) -> float | None:
    """The share at L0 if every level holds for every unit that passed, else 0."""
    if levels[0].share is None:
        return None
    if contract is not None and contract.error:
        return 0.0
    if levels[0].unit == "endpoint" and levels[0].counted < levels[0].total:
        return 0.0
    return levels[0].share if levels[-1].counted == levels[0].counted else 0.0
