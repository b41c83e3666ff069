"""Findings, routes and assertions in; the scorecard out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from ci_gate import __version__
from ci_gate.config import Config
from ci_gate.contract.model import ContractResult
from ci_gate.findings import LEVEL_NAMES, Finding
from ci_gate.repository import Changes, Tree
from ci_gate.rules.base import Facts
from ci_gate.scorecard.fingerprint import fingerprints
from ci_gate.scorecard.layers import summarise
from ci_gate.scorecard.model import (
    Decay,
    EngineRun,
    JudgedFinding,
    LevelScore,
    Scorecard,
    Verdict,
)
from ci_gate.scorecard.reach import Reach
from ci_gate.scorecard.suppress import suppress


class Judged(Protocol):
    """What the engines say of one tree."""

    @property
    def tree(self) -> Tree: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def engines(self) -> list[EngineRun]: ...


@dataclass(slots=True)
class _Side:
    """One tree's findings with all that is known of each; head and base are made alike."""

    findings: list[Finding]
    fingerprints: list[str]
    reasons: dict[int, str]
    reach: Reach
    sources: dict[str, list[str]]


def score(
    *,
    root: Path | str,
    head: Judged,
    base: Judged | None = None,
    changes: Changes | None = None,
    contract: ContractResult | None = None,
    config: Config | None = None,
    problems: Iterable[str] = (),
    known_rules: Collection[str] | None = None,
) -> Scorecard:
    """The scorecard of ``head``, against ``base`` where there is one.

    Args:
        problems: sentences on what could not be judged; any makes the verdict incomplete.
        known_rules: ids of all rules there are, for suppressions that name none of them.
    """
    config = config or Config()
    here = _side(head, changes.renames if changes else {}, config, known_rules)
    before = _side(base, {}, config, known_rules) if base else None
    judged = _judge(here, before, changes, config)
    levels = _levels(here, contract, config)
    base_levels = _levels(before, None, config, like=contract) if before else None
    verdict, reasons = _verdict(judged, head, contract, config, problems)
    skipped = {(s.path, s.reason): s for s in [*head.tree.skipped, *head.facts.model.skipped]}
    return Scorecard(
        tool_version=__version__,
        root=str(root),
        verdict=verdict,
        reasons=reasons,
        stack=head.facts.stack,
        architecture=summarise(head.facts.architecture, head.facts.model, here.findings),
        levels=levels,
        base_levels=base_levels,
        decay=_decay(levels, base_levels),
        strict_share=_strict(levels, contract),
        findings=judged,
        routes=here.reach.routes,
        contract=contract,
        engines=list(head.engines),
        skipped=list(skipped.values()),
        base=changes.base if changes and base else None,
        files=len(head.facts.model.modules),
        sources=here.sources,
    )


def _side(
    judged: Judged, renames: Mapping[str, str], config: Config, known: Collection[str] | None
) -> _Side:
    modules = judged.facts.model.modules
    failed = any(engine.errors for engine in judged.engines) or not config.semgrep.enabled
    result = suppress(judged.findings, modules, known, lambda n: not failed and _ran(n, config))
    findings = [*judged.findings, *result.notes]
    wanted = {f.path for f in findings} | {r.path for f in findings for r in f.related}
    sources = {path: _lines(judged.tree, path) for path in sorted(wanted)}
    marks = fingerprints(findings, judged.facts.model, sources, renames)
    return _Side(findings, marks, result.reasons, Reach(judged.facts.model), sources)


def _ran(name: str, config: Config) -> bool:
    """Whether a rule or group was asked for."""
    group = name.partition("/")[0]
    if name in config.ignore or group in config.ignore:
        return False
    return not config.select or name in config.select or group in config.select


def _lines(tree: Tree, path: str) -> list[str]:
    try:
        return tree.text(path).split("\n")
    except (OSError, ValueError):
        return []


def _judge(
    here: _Side, before: _Side | None, changes: Changes | None, config: Config
) -> list[JudgedFinding]:
    left = Counter(before.fingerprints if before else ())
    result = []
    for index, finding in enumerate(here.findings):
        fingerprint = here.fingerprints[index]
        known = left[fingerprint] > 0
        if known:
            left[fingerprint] -= 1
        status: Literal["new", "existing", "suppressed"] = "existing" if known else "new"
        if index in here.reasons:
            status = "suppressed"
        changed = changes.lines.get(finding.path, frozenset()) if changes else frozenset()
        result.append(
            JudgedFinding(
                finding=finding,
                fingerprint=fingerprint,
                status=status,
                blocking=_blocks(finding, status, config),
                endpoints=here.reach.of(finding),
                changed=any(
                    line in changed for line in range(finding.start.line, _last_line(finding) + 1)
                ),
                suppression_reason=here.reasons.get(index),
            )
        )
    return sorted(result, key=worst_first)


def _last_line(finding: Finding) -> int:
    """Bounded: a finding on a whole file is not walked line by line."""
    return min(max(finding.start.line, finding.end.line), finding.start.line + 1_000)


def worst_first(judged: JudgedFinding) -> tuple[object, ...]:
    """Sorts findings for every report."""
    finding = judged.finding
    return (
        not judged.blocking,
        judged.status == "suppressed",
        finding.severity.rank,
        judged.status != "new",
        finding.level,
        finding.rule,
        finding.path,
        finding.start,
        judged.fingerprint,
    )


def _blocks(finding: Finding, status: str, config: Config) -> bool:
    if finding.group == "suppression" or not _counts(finding, config):
        return False
    return (status == "new" and config.fail_on == "new") or (
        status in ("new", "existing") and config.fail_on == "all"
    )


def _counts(finding: Finding, config: Config) -> bool:
    """Severe enough to block, and so to cost an endpoint its level."""
    return finding.group != "suppression" and finding.severity.rank <= config.threshold.rank


def _levels(
    side: _Side,
    contract: ContractResult | None,
    config: Config,
    like: ContractResult | None = None,
) -> list[LevelScore]:
    """The share of units that count at each level.

    The base has no test run of its own: with ``like`` it is scored over the same assertions, each
    taken to have the outcome it has in the head, so that the difference is the structure's alone.
    """
    tested = contract or like
    worst = _lowest_level(side, config)
    everywhere = min(
        (
            finding.level
            for index, finding in enumerate(side.findings)
            if finding.repository_wide and index not in side.reasons and _counts(finding, config)
        ),
        default=len(LEVEL_NAMES),
    )
    unit: Literal["assertion", "endpoint"]
    if tested is not None and tested.assertions:
        unit = "assertion"
        breaks = [
            _breaks(side, assertion.endpoint, worst, everywhere) if assertion.passed else 0
            for assertion in tested.assertions
        ]
    else:
        unit = "endpoint"
        breaks = [worst.get(e, everywhere) for e in side.reach.endpoints]
    return [
        LevelScore(level, name, sum(1 for b in breaks if b > level), len(breaks), unit)
        for level, name in enumerate(LEVEL_NAMES)
    ]


def _lowest_level(side: _Side, config: Config) -> dict[str, int]:
    """Endpoint -> the lowest level of a finding that it reaches."""
    lowest: dict[str, int] = {}
    for index, finding in enumerate(side.findings):
        if index in side.reasons or not _counts(finding, config):
            continue
        for endpoint in side.reach.of(finding):
            lowest[endpoint] = min(lowest.get(endpoint, len(LEVEL_NAMES)), finding.level)
    return lowest


def _breaks(side: _Side, request: str | None, worst: Mapping[str, int], everywhere: int) -> int:
    endpoint = side.reach.route_of(request) if request else None
    return min(everywhere, worst.get(endpoint, everywhere) if endpoint else everywhere)


def _decay(levels: Sequence[LevelScore], base_levels: Sequence[LevelScore] | None) -> Decay:
    head = _drop(levels)
    base = _drop(base_levels) if base_levels else None
    delta = round(head - base, 1) if head is not None and base is not None else None
    return Decay(head, base, delta)


def _drop(levels: Sequence[LevelScore]) -> float | None:
    first, last = levels[0].share, levels[-1].share
    return None if first is None or last is None else round(100 * (last - first), 1)


def _strict(levels: Sequence[LevelScore], contract: ContractResult | None) -> float | None:
    """The share at L0 if every level holds for every unit that passed, else 0."""
    if levels[0].share is None:
        return None
    if contract is not None and contract.error:
        return 0.0
    if levels[0].unit == "endpoint" and levels[0].counted < levels[0].total:
        return 0.0
    return levels[0].share if levels[-1].counted == levels[0].counted else 0.0


def _verdict(
    judged: Sequence[JudgedFinding],
    head: Judged,
    contract: ContractResult | None,
    config: Config,
    problems: Iterable[str],
) -> tuple[Verdict, list[str]]:
    incomplete = [*_incomplete(head, contract, config), *problems]
    blocking = [j for j in judged if j.blocking]
    if blocking:
        new = sum(1 for j in blocking if j.status == "new")
        reasons = [_blocking_sentence(len(blocking), new, config, head.facts.base is not None)]
        if incomplete:
            reasons.append("The judgement is also incomplete:")
        return Verdict.BLOCKED, [*reasons, *incomplete]
    if incomplete:
        return Verdict.INCOMPLETE, incomplete
    return Verdict.PASS, [_pass_sentence(judged, head, config)]


def _blocking_sentence(count: int, new: int, config: Config, compared: bool) -> str:
    kind = config.threshold.value if config.threshold.rank == 0 else "finding"
    noun = kind if count == 1 else f"{kind}s"
    verb = "blocks" if count == 1 else "block"
    if compared and new == count:
        return f"{count} new {noun} {verb} this change."
    if compared and new:
        return f"{count} {noun} {verb} this change, {new} of them new."
    return f"{count} {noun} {verb} this change."


def _pass_sentence(judged: Sequence[JudgedFinding], head: Judged, config: Config) -> str:
    if not head.facts.model.modules or not head.facts.stack.services:
        return "There is no supported backend to judge, and the configuration allows that."
    severe = [j for j in judged if j.status != "suppressed" and _counts(j.finding, config)]
    if not severe:
        return "Nothing found that breaks the structure."
    if config.fail_on == "never":
        return f"{len(severe)} found, and nothing blocks: fail-on is never."
    return f"Nothing new: {len(severe)} found that the base has too."


def _incomplete(head: Judged, contract: ContractResult | None, config: Config) -> Iterable[str]:
    for engine in head.engines:
        for error in engine.errors:
            yield f"{engine.name}: {error}"
    if contract is not None and contract.error:
        yield f"The contract's tests did not run to their end: {contract.error}"
    if contract is not None and not contract.error and not contract.assertions:
        yield "The contract's tests made no assertion."
    if not sum(engine.rules for engine in head.engines):
        yield "No rule was run."
    if config.allow_empty:
        return
    if not head.facts.model.modules:
        yield "No source file was judged (--allow-empty accepts that)."
    elif not head.facts.stack.services:
        yield "No supported backend was found (--allow-empty accepts that)."
