"""A scorecard from a JSON report that a run without rights wrote: hostile until it is read.

Whoever opened the pull request may have written every byte. What is read is of the schema's form
and bounded; its texts are as untrusted as any code's, and every report escapes them.
"""

from __future__ import annotations

import json
import math
import posixpath
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from ci_gate.codemodel.model import Route
from ci_gate.contract.model import Assertion, ContractResult
from ci_gate.findings import (
    GROUP_LEVEL,
    LEVEL_NAMES,
    Finding,
    Position,
    Related,
    Replacement,
    Severity,
)
from ci_gate.reports.json import schema
from ci_gate.repository import Skipped
from ci_gate.scorecard.model import (
    ArchitectureSummary,
    Cause,
    Decay,
    EngineRun,
    FailedAssertion,
    JudgedFinding,
    LayerEdge,
    LevelScore,
    Look,
    Scorecard,
    Verdict,
)
from ci_gate.stack.model import Evidence, Service, Stack

SIZE_LIMIT: Final = 10_000_000  # bytes
DEPTH_LIMIT: Final = 12  # the schema needs 8
ITEM_LIMIT: Final = 50_000  # entries of any list
NUMBER_LIMIT: Final = 1_000_000_000
_PATH_LIMIT: Final = 4_000
LINES_LIMIT: Final = 2_000_000  # of the files with suggestions; no suggestion beyond it


class ReportError(Exception):
    """The report cannot be read; the message is a sentence."""


def read(text: bytes) -> Scorecard:
    """The scorecard that a JSON report tells of.

    Raises:
        ReportError: it is too large, not JSON, not of the schema's form, or contradicts itself.
    """
    data = _parse(text)
    _check(data, "$")
    _validate(data)
    try:
        card = _scorecard(data)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ReportError(f"The report is not of the form of version 1: {error!r:.200}") from None
    _agree(card)
    return card


def _parse(text: bytes) -> Any:
    if len(text) > SIZE_LIMIT:
        raise ReportError(f"The report has {len(text):,} bytes; at most {SIZE_LIMIT:,} are read.")
    if _depth(text) > DEPTH_LIMIT:
        raise ReportError(f"The report is nested more than {DEPTH_LIMIT} deep.")
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_not_finite)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"The report is not JSON: {str(error)[:200]}") from None


def _not_finite(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _depth(text: bytes) -> int:
    """The deepest nesting, found before anything is parsed."""
    deepest = depth = 0
    quoted = escaped = False
    for byte in text:
        if quoted:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                quoted = False
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _check(value: Any, where: str) -> None:
    """Lists are bounded, and numbers finite and not absurd."""
    if isinstance(value, list):
        if len(value) > ITEM_LIMIT:
            many = f"{len(value):,} entries; at most {ITEM_LIMIT:,} are read."
            raise ReportError(f"{where} has {many}")
        for item in value:
            _check(item, where)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(item, f"{where}.{key}"[:100])
    elif isinstance(value, int | float) and not (
        math.isfinite(value) and abs(value) <= NUMBER_LIMIT
    ):
        raise ReportError(f"{where} is not a number that a report can have.")


def _validate(data: Any) -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    error = next(Draft202012Validator(schema()).iter_errors(data), None)
    if error is not None:
        where = ".".join(str(part) for part in error.absolute_path) or "the report"
        said = error.message if len(error.message) < 300 else f"{error.validator} is not kept"
        raise ReportError(f"The report is not of the form of version 1: {where[:200]}: {said}")


def _scorecard(data: dict[str, Any]) -> Scorecard:
    findings = [_judged(item) for item in data["findings"]]
    by_fingerprint: dict[str, JudgedFinding] = {}
    excerpts = _Excerpts()
    for found, item in zip(findings, data["findings"], strict=True):
        by_fingerprint.setdefault(found.fingerprint, found)
        excerpts.add(found, item.get("lines"))
    contract, failures = _contract(data["contract"], by_fingerprint)
    return Scorecard(
        tool_version=data["tool"]["version"],
        root=".",
        verdict=Verdict(data["verdict"]),
        reasons=data.get("reasons", []),
        stack=Stack([_service(item) for item in data["stack"]["services"]]),
        architecture=_architecture(data.get("architecture")),
        levels=_levels(data["levels"]),
        base_levels=None if data.get("base_levels") is None else _levels(data["base_levels"]),
        decay=Decay(**data["decay"]),
        strict_share=data.get("strict_share"),
        findings=findings,
        routes=[_route(item) for item in data.get("routes", [])],
        contract=contract,
        engines=[_engine(item) for item in data["engines"]],
        skipped=[
            Skipped(item["path"], item["reason"], item.get("failure", False))
            for item in data["skipped"]
        ],
        base=data.get("base"),
        files=data.get("files", max((item["files"] for item in data["engines"]), default=0)),
        sources=excerpts.sources,
        failures=failures,
    )


def _judged(item: dict[str, Any]) -> JudgedFinding:
    if item["group"] not in GROUP_LEVEL:
        raise ValueError(f"there is no group {item['group']}")
    if not item["fingerprint"].isalnum():  # the schema's pattern lets a line end through
        raise ValueError("a fingerprint is wrong")
    suppression = item.get("suppression") or {}
    finding = Finding(
        rule=item["rule"],
        group=item["group"],
        severity=Severity(item["severity"]),
        path=_path(item["path"]),
        start=Position(**item["start"]),
        end=Position(**item["end"]),
        message=item["message"],
        why=item["why"],
        fix=item["fix"],
        subject="",
        engine=item["engine"],
        related=tuple(Related(_path(r["path"]), r["line"], r["message"]) for r in item["related"]),
        repository_wide=item.get("repository_wide", False),
        replacement=_replacement(item.get("replacement")),
    )
    return JudgedFinding(
        finding=finding,
        fingerprint=item["fingerprint"],
        status=item["status"],
        blocking=item["blocking"],
        endpoints=tuple(item["endpoints"]),
        changed=item.get("changed", False),
        suppression_reason=suppression.get("reason"),
        silenced=suppression.get("new", False),
    )


def _replacement(item: dict[str, Any] | None) -> Replacement | None:
    if item is None:
        return None
    return Replacement(Position(**item["start"]), Position(**item["end"]), item["text"])


class _Excerpts:
    """The lines that suggestions replace, in otherwise empty files."""

    def __init__(self) -> None:
        self.sources: dict[str, list[str]] = {}
        self._left = LINES_LIMIT

    def add(self, found: JudgedFinding, lines: list[str] | None) -> None:
        replacement = found.finding.replacement
        if not lines or replacement is None:
            return
        first = replacement.start.line
        if replacement.end.line - first != len(lines) - 1:
            raise ValueError("lines do not fit their replacement")
        file = self.sources.get(found.finding.path, [])
        more = max(0, first - 1 + len(lines) - len(file))
        if more > self._left:
            return
        self._left -= more
        file.extend([""] * more)
        file[first - 1 : first - 1 + len(lines)] = lines
        self.sources[found.finding.path] = file


def _contract(
    data: dict[str, Any] | None, findings: dict[str, JudgedFinding]
) -> tuple[ContractResult | None, list[FailedAssertion]]:
    if data is None:
        return None, []
    result = ContractResult(
        runner=data["runner"], error=data.get("error"), log=data.get("log", ""),
        notes=data.get("notes", []), down=data.get("down", False),
    )  # fmt: skip
    failures = []
    for item in data["assertions"]:
        requested = item.get("requested", item["endpoint"])
        made = Assertion(
            item["name"], requested, item["passed"], item["message"], item.get("seconds"),
            item.get("flaky", False), item.get("runner", ""),
        )  # fmt: skip
        result.assertions.append(made)
        if "status" in item:
            cause = item.get("cause")
            failures.append((item.get("order", 0), FailedAssertion(
                made, item["endpoint"], item["status"], item.get("blocking", False),
                Cause(_path(cause["path"]), cause["line"], cause["error"]) if cause else None,
                tuple(findings[key] for key in item.get("findings", []) if key in findings),
                tuple(Look(_path(x["path"]), x["line"], x["why"]) for x in item.get("looks", [])),
            )))  # fmt: skip
    failures.sort(key=lambda pair: pair[0])
    return result, [failure for _, failure in failures]


def _architecture(data: dict[str, Any] | None) -> ArchitectureSummary:
    if data is None:
        return ArchitectureSummary("", written=False)
    layers = {item["name"]: item["directories"] for item in data["layers"]}
    edges = [LayerEdge(**edge) for edge in data["edges"]]
    return ArchitectureSummary(data["style"], data["written"], layers, edges)


def _levels(items: Iterable[dict[str, Any]]) -> list[LevelScore]:
    levels = [
        LevelScore(number, LEVEL_NAMES[number], item["counted"], item["total"], item["unit"])
        for number, item in enumerate(items)
    ]
    if any(level.counted > level.total for level in levels):
        raise ValueError("more counts at a level than there is")
    return levels


def _service(item: dict[str, Any]) -> Service:
    return Service(
        root=_path(item["root"]), languages=item["languages"], frameworks=item["frameworks"],
        orms=item["orms"], databases=item["databases"],
        evidence=[Evidence(**evidence) for evidence in item["evidence"]],
    )  # fmt: skip


def _route(item: dict[str, Any]) -> Route:
    line = item["line"]
    return Route("", item["method"], item["path"], (), _path(item["file"]), (line, 1, line, 1))


def _engine(item: dict[str, Any]) -> EngineRun:
    return EngineRun(
        item["name"], item["version"], item.get("seconds", 0.0), item["files"],
        item.get("rules", 0), tuple(item["errors"]),
    )  # fmt: skip


def _path(path: str) -> str:
    """A path below the root of the judged tree, and nothing else."""
    if len(path) > _PATH_LIMIT or posixpath.isabs(path) or ".." in path.split("/"):
        raise ValueError(f"not a path below the root: {path[:100]!r}")
    return path


def _agree(card: Scorecard) -> None:
    """A report whose verdict its own findings contradict is not posted."""
    blocks = bool(card.blocking) or any(failure.blocking for failure in card.failures)
    if blocks and card.verdict is not Verdict.BLOCKED:
        raise ReportError(f"The report has defects that block, and its verdict is {card.verdict}.")
    if card.base_levels is not None and len(card.base_levels) != len(card.levels):
        raise ReportError("The report has not the same levels for the base.")
