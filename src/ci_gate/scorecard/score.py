"""Findings, routes and assertions in; the scorecard out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from ci_gate import __version__
from ci_gate.codemodel.syntax import Module
from ci_gate.config import Config
from ci_gate.contract.model import ContractResult
from ci_gate.findings import Finding
from ci_gate.repository import Changes, Tree
from ci_gate.scorecard.attribution import attribute
from ci_gate.scorecard.fingerprint import fingerprints
from ci_gate.scorecard.layers import summarise
from ci_gate.scorecard.levels import counts, decay, score_levels, strict_share
from ci_gate.scorecard.looks import Looks
from ci_gate.scorecard.model import (
    JudgedFinding,
    Scorecard,
)
from ci_gate.scorecard.once import told_once
from ci_gate.scorecard.reach import Reach
from ci_gate.scorecard.sides import Judged, Side
from ci_gate.scorecard.suppress import suppress
from ci_gate.scorecard.verdict import decide


def score(
    *,
    root: Path | str,
    head: Judged,
    base: Judged | None = None,
    changes: Changes | None = None,
    contract: ContractResult | None = None,
    base_contract: ContractResult | None = None,
    config: Config | None = None,
    problems: Iterable[str] = (),
    known_rules: Container[str] | None = None,
) -> Scorecard:
    """The scorecard of ``head``, against ``base`` where there is one.

    Args:
        base_contract: what the contract's tests gave on the base, where they ran.
        problems: sentences on what could not be judged; any makes the verdict incomplete.
        known_rules: ids of all rules there are, for suppressions that name none of them.
    """
    config = config or Config()
    here = _side(head, changes.renames if changes else {}, config, known_rules)
    before = _side(base, {}, config, known_rules) if base else None
    judged = _judge(here, before, changes, config)
    if base_contract is not None and not base_contract.assertions:
        base_contract = None
    levels = score_levels(here, contract, config)
    base_levels = score_levels(before, base_contract, config, like=contract) if before else None
    if base_levels is not None and base_contract is None and contract and contract.assertions:
        base_levels = [replace(level, counted=0, total=0) for level in base_levels]
    lost = decay(levels, base_levels)
    files = head.facts.model.modules
    looks = Looks(head.facts.model, changes)
    failures = attribute(
        contract, base_contract, judged, here.reach, files, config,
        looks=looks, base_reach=before.reach if before else None,
    )  # fmt: skip
    for failure in failures:
        if failure.cause is not None and failure.cause.path not in here.sources:
            here.sources[failure.cause.path] = _lines(head.tree, failure.cause.path)
        for look in failure.looks:
            if look.path not in here.sources:
                here.sources[look.path] = _lines(head.tree, look.path)
    verdict, reasons = decide(
        judged, failures, levels, lost, head=head, contract=contract, config=config,
        problems=problems,
    )  # fmt: skip
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
        decay=lost,
        strict_share=strict_share(levels, contract),
        findings=judged,
        routes=here.reach.routes,
        contract=contract,
        engines=list(head.engines),
        skipped=list(skipped.values()),
        base=changes.base if changes and base else None,
        files=len(head.facts.model.modules),
        sources=here.sources,
        failures=failures,
    )


def _side(
    judged: Judged, renames: Mapping[str, str], config: Config, known: Container[str] | None
) -> Side:
    modules = _with_findings(judged)
    failed = any(engine.errors for engine in judged.engines) or not config.semgrep.enabled
    told = told_once(judged.findings)
    result = suppress(told, modules, known, lambda n: not failed and _ran(n, config))
    findings = [*told, *result.notes]
    wanted = {f.path for f in findings} | {r.path for f in findings for r in f.related}
    sources = {path: _lines(judged.tree, path) for path in sorted(wanted)}
    marks = fingerprints(findings, judged.facts.model, sources, renames)
    return Side(findings, marks, result.reasons, Reach(judged.facts.model), sources)


def _with_findings(judged: Judged) -> Mapping[str, Module]:
    """The program's modules, and tests in which something was found."""
    model = judged.facts.model
    found = {finding.path for finding in judged.findings}.intersection(model.tests)
    if not found:
        return model.modules
    from ci_gate.codemodel.build import build  # noqa: PLC0415  seldom needed

    return {**model.modules, **build(model.tree, sorted(found)).modules}


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
    here: Side, before: Side | None, changes: Changes | None, config: Config
) -> list[JudgedFinding]:
    left = Counter(before.fingerprints if before else ())
    silent = Counter(before.fingerprints[index] for index in before.reasons) if before else None
    result = []
    for index, finding in enumerate(here.findings):
        fingerprint = here.fingerprints[index]
        known = left[fingerprint] > 0
        if known:
            left[fingerprint] -= 1
        status: Literal["new", "existing", "suppressed"] = "existing" if known else "new"
        silenced = False
        if index in here.reasons:
            status = "suppressed"
            silenced = silent is not None and not silent[fingerprint]
            if silent is not None and not silenced:
                silent[fingerprint] -= 1
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
                silenced=silenced,
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
    if finding.group == "suppression" or not counts(finding, config):
        return False
    return (status == "new" and config.fail_on == "new") or (
        status in ("new", "existing") and config.fail_on == "all"
    )
