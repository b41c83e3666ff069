"""The JSON report, schema version 1: for other tools. Its schema lies beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ci_gate.findings import Position
from ci_gate.reports.suggestion import suggest
from ci_gate.reports.text import whole

if TYPE_CHECKING:
    from ci_gate.codemodel.model import Route
    from ci_gate.contract.model import Assertion
    from ci_gate.findings import Replacement
    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.scorecard.model import (
        ArchitectureSummary,
        Decay,
        EngineRun,
        FailedAssertion,
        JudgedFinding,
        LevelScore,
        Scorecard,
    )
    from ci_gate.stack.model import Service

SCHEMA_VERSION: Final = 1
TEXT_LIMIT: Final = 4_000  # characters of a message
LOG_LIMIT: Final = 20_000


def schema() -> dict[str, Any]:
    """The published JSON Schema of the report."""
    text = Path(__file__).with_name("report.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


class JsonReport:
    def render(self, scorecard: Scorecard, _style: Style, _rules: Mapping[str, RuleDoc]) -> str:
        return whole(json.dumps(as_data(scorecard), indent=2, ensure_ascii=False)) + "\n"


def portable(scorecard: Scorecard, limit: int, entries: int) -> bytes:
    """The report for another process that reads at most ``limit`` bytes and ``entries`` findings:
    the worst ones; a reason tells how many are left out."""
    kept = min(len(scorecard.findings), entries)
    while True:
        left = len(scorecard.findings) - kept
        said = [f"This report leaves out {left:,} findings; the worst are here."] if left else []
        card = replace(
            scorecard,
            findings=scorecard.findings[:kept],
            reasons=[*scorecard.reasons, *said],
        )
        text = whole(json.dumps(as_data(card), ensure_ascii=False)).encode()
        if len(text) <= limit or not kept:
            return text
        kept = min(kept * limit // len(text), kept - 1)


def as_data(scorecard: Scorecard) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "constraint-gate", "version": scorecard.tool_version},
        "verdict": scorecard.verdict.value,
        "reasons": list(scorecard.reasons),
        "base": scorecard.base,
        "stack": {"services": [_service(s, scorecard) for s in scorecard.stack.services]},
        "levels": [_level(level) for level in scorecard.levels],
        "base_levels": None
        if scorecard.base_levels is None
        else [_level(level) for level in scorecard.base_levels],
        "decay": _decay(scorecard.decay),
        "strict_share": scorecard.strict_share,
        "files": scorecard.files,
        "architecture": _architecture(scorecard.architecture),
        "routes": [_route(route) for route in scorecard.routes],
        "findings": [_finding(judged, scorecard) for judged in scorecard.findings],
        "contract": _contract(scorecard),
        "engines": [_engine(engine) for engine in scorecard.engines],
        "skipped": [
            {"path": s.path, "reason": s.reason, "failure": s.failure} for s in scorecard.skipped
        ],
    }


def _service(service: Service, scorecard: Scorecard) -> dict[str, Any]:
    inside = "" if service.root in (".", "") else service.root.rstrip("/") + "/"
    layers = {
        name: [d for d in directories if f"{d}/".startswith(inside)]
        for name, directories in scorecard.architecture.layers.items()
    }
    return {
        "root": service.root,
        "languages": service.languages,
        "frameworks": service.frameworks,
        "orms": service.orms,
        "databases": service.databases,
        "architecture": {"style": scorecard.architecture.style, "layers": layers},
        "evidence": [
            {"fact": e.fact, "path": e.path, "line": e.line, "text": e.text}
            for e in service.evidence
        ],
    }


def _level(level: LevelScore) -> dict[str, Any]:
    return {
        "level": level.level,
        "name": level.name,
        "share": level.share,
        "counted": level.counted,
        "total": level.total,
        "unit": level.unit,
    }


def _decay(decay: Decay) -> dict[str, Any]:
    return {"head": decay.head, "base": decay.base, "delta": decay.delta}


def _architecture(architecture: ArchitectureSummary) -> dict[str, Any]:
    return {
        "style": architecture.style,
        "written": architecture.written,
        "layers": [
            {"name": name, "directories": directories}
            for name, directories in architecture.layers.items()
        ],
        "edges": [
            {"source": e.source, "target": e.target, "count": e.count, "breaches": e.breaches}
            for e in architecture.edges
        ],
    }


def _route(route: Route) -> dict[str, Any]:
    return {
        "method": route.method,
        "path": route.path,
        "file": route.module,
        "line": max(1, route.span[0]),
    }


def _finding(judged: JudgedFinding, scorecard: Scorecard) -> dict[str, Any]:
    finding = judged.finding
    suggestion = suggest(judged, scorecard)
    return {
        "rule": finding.rule,
        "group": finding.group,
        "level": finding.level,
        "severity": finding.severity.value,
        "blocking": judged.blocking,
        "status": judged.status,
        "engine": finding.engine,
        "path": finding.path,
        "start": _position(finding.start),
        "end": _position(finding.end),
        "message": _cut(finding.message),
        "why": _cut(finding.why),
        "fix": _cut(finding.fix),
        "endpoints": list(judged.endpoints),
        "related": [
            {"path": r.path, "line": r.line, "message": _cut(r.message)} for r in finding.related
        ],
        "fingerprint": judged.fingerprint,
        "repository_wide": finding.repository_wide,
        "changed": judged.changed,
        "suppression": {"reason": judged.suppression_reason, "new": judged.silenced}
        if judged.status == "suppressed"
        else None,
        "replacement": _replacement(finding.replacement),
        "lines": None if suggestion is None else list(suggestion.before),
    }


def _replacement(replacement: Replacement | None) -> dict[str, Any] | None:
    if replacement is None or len(replacement.text) > TEXT_LIMIT:
        return None
    return {
        "start": _position(replacement.start),
        "end": _position(replacement.end),
        "text": replacement.text,
    }


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "…"


def _position(position: Position) -> dict[str, int]:
    return {"line": max(1, position.line), "column": max(1, position.column)}


def _contract(scorecard: Scorecard) -> dict[str, Any] | None:
    contract = scorecard.contract
    if contract is None:
        return None
    failures = {
        id(failure.assertion): (number, failure)
        for number, failure in enumerate(scorecard.failures)
    }
    return {
        "runner": contract.runner,
        "total": len(contract.assertions),
        "passed": contract.passed,
        "failed": contract.failed,
        "error": contract.error,
        "down": contract.down,
        "log": contract.log[-LOG_LIMIT:],
        "notes": [_cut(note) for note in contract.notes],
        "assertions": [_assertion(item, failures.get(id(item))) for item in contract.assertions],
    }


def _assertion(item: Assertion, failed: tuple[int, FailedAssertion] | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": _cut(item.name),
        "endpoint": item.endpoint,
        "passed": item.passed,
        "message": _cut(item.message),
        "runner": item.runner,
        "flaky": item.flaky,
        "seconds": item.seconds,
    }
    if failed is not None:
        order, failure = failed
        cause = failure.cause
        shown |= {
            "endpoint": failure.endpoint,
            "requested": item.endpoint,
            "order": order,
            "status": failure.status,
            "blocking": failure.blocking,
            "cause": {"path": cause.path, "line": cause.line, "error": _cut(cause.error)}
            if cause is not None
            else None,
            "findings": [judged.fingerprint for judged in failure.findings],
            "looks": [{"path": x.path, "line": x.line, "why": x.why} for x in failure.looks],
        }
    return shown


def _engine(engine: EngineRun) -> dict[str, Any]:
    return {
        "name": engine.name,
        "version": engine.version,
        "files": engine.files,
        "rules": engine.rules,
        "errors": list(engine.errors),
    }
