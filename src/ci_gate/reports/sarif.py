"""SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from ci_gate.findings import GROUP_LEVEL, LEVEL_NAMES
from ci_gate.reports.failures import failed_endpoints
from ci_gate.reports.interface import Context
from ci_gate.reports.suggestion import suggest
from ci_gate.reports.text import clean, whole

if TYPE_CHECKING:
    from ci_gate.findings import Finding
    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.reports.suggestion import Suggestion
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

SCHEMA_URI: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RESULT_LIMIT: Final = 25_000
SIZE_LIMIT: Final = 10_000_000  # bytes, packed
RELATED_LIMIT: Final = 50
_HELP_LIMIT: Final = 8_000
FINGERPRINT: Final = "ciGate/v1"


class SarifReport:
    """At most :data:`RESULT_LIMIT` results, and no more than code scanning takes in one file: the
    worst; a notification says what was left out."""

    def __init__(self, context: Context | None = None) -> None:
        self._context = context or Context()

    def render(self, scorecard: Scorecard, _style: Style, rules: Mapping[str, RuleDoc]) -> str:
        count = min(len(scorecard.findings), RESULT_LIMIT)
        while True:
            run = _run(scorecard, rules, self._context, count)
            log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
            text = whole(json.dumps(log, indent=1, ensure_ascii=False)) + "\n"
            if count <= 1 or _packed(text) <= SIZE_LIMIT:
                return text
            count = count * 3 // 4


def _packed(text: str) -> int:
    """The size of a file as it is uploaded; one that is small enough as it is, is not packed."""
    raw = text.encode()
    return len(raw) if len(raw) <= SIZE_LIMIT else len(gzip.compress(raw, compresslevel=6))


def _run(
    scorecard: Scorecard, rules: Mapping[str, RuleDoc], context: Context, count: int
) -> dict[str, Any]:
    shown = scorecard.findings[:count]
    paths = _Paths(context.folder)
    first: dict[str, Finding] = {}
    for found in shown:
        first.setdefault(found.finding.rule, found.finding)
    index = {rule: number for number, rule in enumerate(sorted(first))}
    return {
        "tool": {
            "driver": {
                "name": "constraint-gate",
                "semanticVersion": scorecard.tool_version,
                "version": scorecard.tool_version,
                "rules": [_descriptor(first[rule], rules.get(rule)) for rule in index],
            }
        },
        "automationDetails": {"id": _category(context)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(scorecard, count)],
        "results": [_result(found, scorecard, index, paths) for found in shown],
        "properties": {
            "verdict": scorecard.verdict.value,
            "reasons": [clean(reason) for reason in scorecard.reasons[:100]],
        },
    }


def _descriptor(finding: Finding, doc: RuleDoc | None) -> dict[str, Any]:
    why = doc.why if doc and doc.why else clean(finding.why)
    fix = doc.fix if doc and doc.fix else clean(finding.fix)
    summary = doc.summary if doc else finding.rule
    parts = [("", summary), ("Why is this bad?", why), ("Fix", fix)]
    if doc and doc.source:
        parts.append(("Source", doc.source))
    parts = [(head, text[:_HELP_LIMIT]) for head, text in parts]
    markdown = "\n\n".join(f"## {head}\n\n{text}" if head else text for head, text in parts if text)
    plain = "\n\n".join(f"{head}\n{text}" if head else text for head, text in parts if text)
    level = GROUP_LEVEL.get(finding.group, 0)
    descriptor: dict[str, Any] = {
        "id": finding.rule,
        "name": _pascal(finding.rule),
        "shortDescription": {"text": clean(summary, 1_000)},
        "fullDescription": {"text": clean(why or summary, 1_000)},
        "help": {"text": plain, "markdown": markdown},
        "defaultConfiguration": {"level": finding.severity.value},
        "properties": {"tags": [finding.group, LEVEL_NAMES[level]]},
    }
    if doc and doc.url:
        descriptor["helpUri"] = doc.url
    return descriptor


def _pascal(rule: str) -> str:
    return "".join(word.capitalize() for word in rule.replace("/", "-").split("-"))


def _result(
    found: JudgedFinding, scorecard: Scorecard, index: Mapping[str, int], paths: _Paths
) -> dict[str, Any]:
    finding = found.finding
    text = clean(finding.message, 1_000) or finding.rule
    details = [clean(part, 500) for part in (finding.why, finding.fix and f"Fix: {finding.fix}")]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.severity.value,
        "message": {"text": "\n".join([text, *(part for part in details if part)])},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": paths.artifact(finding.path),
                    "region": _region(finding),
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: found.fingerprint},
        "properties": {
            "blocking": found.blocking,
            "engine": finding.engine,
            "endpoints": [clean(e, 400) for e in found.endpoints[:RELATED_LIMIT]],
        },
    }
    related = [
        {
            "id": number,
            "message": {"text": clean(place.message, 1_000) or "related"},
            "physicalLocation": {
                "artifactLocation": paths.artifact(place.path),
                "region": {"startLine": max(1, place.line)},
            },
        }
        for number, place in enumerate(finding.related[:RELATED_LIMIT], 1)
    ]
    if related:
        result["relatedLocations"] = related
    if found.status == "suppressed":
        suppression: dict[str, Any] = {"kind": "inSource"}
        if found.suppression_reason:
            suppression["justification"] = clean(found.suppression_reason, 1_000)
        result["suppressions"] = [suppression]
    suggestion = suggest(found, scorecard)
    if suggestion is not None:
        said = clean(finding.fix, 500) or text
        result["fixes"] = [_fix(suggestion, said, paths.artifact(finding.path))]
    if scorecard.base is not None and found.status != "suppressed":
        result["baselineState"] = "new" if found.status == "new" else "unchanged"
    return result


def _fix(suggestion: Suggestion, description: str, artifact: dict[str, str]) -> dict[str, Any]:
    """Whole lines: columns are counted by bytes in some engines."""
    text = "".join(f"{line}\n" for line in suggestion.after)
    region = {
        "startLine": suggestion.first, "startColumn": 1,
        "endLine": suggestion.last, "endColumn": len(suggestion.before[-1]) + 1,
    }  # fmt: skip
    replacement = {"deletedRegion": region, "insertedContent": {"text": text.removesuffix("\n")}}
    change = {"artifactLocation": artifact, "replacements": [replacement]}
    return {"description": {"text": description}, "artifactChanges": [change]}


def _category(context: Context) -> str:
    """Keeps the results of services and workflows apart, the same from run to run."""
    parts = [clean(part, 200).replace("/", "-") for part in (context.service, context.key) if part]
    return "".join(f"{part}/" for part in ["constraint-gate", *parts])


class _Paths:
    """Paths from the root of the repository."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def artifact(self, path: str) -> dict[str, str]:
        return {"uri": quote(whole(self._folder + path), safe="/-._~"), "uriBaseId": "ROOT"}


def _region(finding: Finding) -> dict[str, int]:
    line, column = max(1, finding.start.line), max(1, finding.start.column)
    end = (max(1, finding.end.line), max(1, finding.end.column))
    region = {"startLine": line, "startColumn": column}
    if end > (line, column):
        region |= {"endLine": end[0], "endColumn": end[1]}
    return region


def _invocation(scorecard: Scorecard, count: int) -> dict[str, Any]:
    errors = [f"{e.name}: {error}" for e in scorecard.engines for error in e.errors]
    if scorecard.contract is not None and scorecard.contract.error:
        errors.append(scorecard.contract.error)
    if scorecard.verdict.value == "incomplete":
        errors = list(dict.fromkeys([*errors, *scorecard.reasons]))
    notes = [{"level": "error", "message": {"text": clean(error)}} for error in errors]
    notes += [
        {"level": "error" if failed.first.blocking else "warning",
         "message": {"text": failed.sentence}}
        for failed in failed_endpoints(scorecard)[:1_000]
    ]  # fmt: skip
    left = len(scorecard.findings) - count
    if left > 0:
        text = f"{left} findings are left out; these are the worst {count}."
        notes.append({"level": "warning", "message": {"text": text}})
    notes += [
        {"level": "note", "message": {"text": clean(f"not judged: {s.path}: {s.reason}")}}
        for s in scorecard.skipped[:1_000]
    ]
    return {
        "executionSuccessful": not errors,
        "exitCode": scorecard.exit_code,
        "toolExecutionNotifications": notes,
    }
