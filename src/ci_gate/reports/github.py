"""Annotations through GitHub's workflow commands, within the number that it shows for a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ci_gate.findings import Severity
from ci_gate.reports.failures import FailedEndpoint, failed_endpoints
from ci_gate.reports.text import clean, ended, headline, judged, plural

if TYPE_CHECKING:
    from ci_gate.reports.interface import Context, RuleDoc, Style
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

PER_KIND: Final = 10
_KINDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning"}


class GithubReport:
    """With a context, paths count from the repository's root."""

    def __init__(self, context: Context | None = None) -> None:
        self._folder = context.folder if context else ""

    def render(self, scorecard: Scorecard, _style: Style, _rules: Mapping[str, RuleDoc]) -> str:
        return "".join(f"{line}\n" for line in _lines(scorecard, self._folder))


def _lines(scorecard: Scorecard, folder: str) -> Iterator[str]:
    shown = {"error": 0, "warning": 0}
    left = 0
    for failed in failed_endpoints(scorecard):
        if not failed.first.blocking:
            continue
        if shown["error"] >= PER_KIND:
            left += 1
            continue
        shown["error"] += 1
        yield _failed(failed, folder)
    for found in scorecard.findings:
        kind = "error" if found.blocking else _KINDS.get(found.finding.severity)
        if kind is None or found.status == "suppressed":
            continue
        if shown[kind] >= PER_KIND:
            left += 1
            continue
        shown[kind] += 1
        yield _command(kind, found, folder)
    rest = f" {plural(left, 'more finding')} not shown here: see the report." if left else ""
    text = f"{headline(scorecard)} {judged(scorecard)}.{rest}"
    title = f"constraint-gate: {scorecard.verdict.value}"
    yield f"::notice title={escaped_property(title)}::{escaped(clean(text))}"


def _failed(failed: FailedEndpoint, folder: str) -> str:
    cause = failed.first.cause
    fields = {"title": f"contract: {failed.title} {failed.summary}"}
    if cause is not None:
        fields = {
            "file": clean(folder + cause.path, 1_000),
            "line": str(max(1, cause.line)),
            **fields,
        }
    text = escaped(failed.sentence)
    return f"::error {_listed(fields)}::{text}"


def _command(kind: str, found: JudgedFinding, folder: str) -> str:
    finding = found.finding
    title = f"{finding.rule} ({'blocks' if found.blocking else found.status})"
    text = "\n".join(
        ended(part)
        for part in (finding.message, finding.why, f"Fix: {finding.fix}" if finding.fix else "")
        if part
    )
    line = max(1, finding.start.line)
    fields = {
        "file": clean(folder + finding.path, 1_000),
        "line": str(line),
        "endLine": str(max(line, finding.end.line)),
        "title": clean(title, 200),
    }
    return f"::{kind} {_listed(fields)}::{escaped(text)}"


def _listed(fields: Mapping[str, str]) -> str:
    return ",".join(f"{name}={escaped_property(value)}" for name, value in fields.items())


def escaped(text: str) -> str:
    """The text of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """The value of one of its properties."""
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
