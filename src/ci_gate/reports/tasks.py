"""The list of tasks to hand to a coding agent: plain text that needs nothing besides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.reports.bounds import bounded
from ci_gate.reports.defects import Defect, defects
from ci_gate.reports.suggestion import suggest
from ci_gate.reports.text import clean, ended, spot

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Scorecard

_FIELD: Final = 400
_ASSERTIONS: Final = 3
_RELATED: Final = 4


def tasks(scorecard: Scorecard, limit: int, path: str = ".", tool_url: str = "") -> str:
    """What blocks, as numbered tasks within ``limit`` characters; empty where nothing does.
    ``path`` is the judged folder in the repository, ``tool_url`` where ci-gate is to be had."""
    found = defects(scorecard)
    if not found:
        return ""
    since = f" --base {clean(scorecard.base, 40)}" if scorecard.base else ""
    head = (
        "constraint-gate blocks this pull request. Mend each defect where it is; do not get past"
        "\nit by a suppression, a weaker test or a change of .ci-gate.yml. Paths are relative to"
        f"\n{clean(path, _FIELD)}/"
    ) if path not in ("", ".") else (
        "constraint-gate blocks this pull request. Mend each defect where it is; do not get past"
        "\nit by a suppression, a weaker test or a change of .ci-gate.yml."
    )  # fmt: skip
    version = clean(scorecard.tool_version, 40)
    how = f"from {tool_url}" if tool_url else "its README says how"
    foot = (
        f"When done, with constraint-gate {version} installed ({how}), this must exit with 0:"
        f"\nci-gate scan {_quoted(path or '.')}{since}"
    )
    listed = (_task(number, defect, scorecard) for number, defect in enumerate(found, 1))
    body = bounded(listed, len(found), limit - len(head) - len(foot) - 4, "\n\n", "more task")
    return f"{head}\n\n{body}\n\n{foot}"


def _task(number: int, defect: Defect, scorecard: Scorecard) -> str:
    lines = []
    if defect.found is not None:
        finding = defect.found.finding
        lines.append(f"{spot(finding.path, finding.start.line)} [{clean(finding.rule, 100)}]")
        lines.append(ended(finding.message, _FIELD))
        if finding.why:
            lines.append(f"Why: {ended(finding.why, _FIELD)}")
        if finding.fix:
            lines.append(f"Fix: {ended(finding.fix, _FIELD)}")
        suggestion = suggest(defect.found, scorecard)
        if suggestion is not None and suggestion.first == suggestion.last:
            after = [clean(line, _FIELD, indented=True) for line in suggestion.after]
            if not after:
                lines.append(f"Line {suggestion.first} goes.")
            elif len(after) == 1:
                lines.append(f"Line {suggestion.first} becomes: {after[0].strip()}")
        lines += [
            f"See: {spot(related.path, related.line)} {clean(related.message, 200)}"
            for related in finding.related[:_RELATED]
        ]
    else:
        cause = defect.failed[0].first.cause
        place = f"{spot(cause.path, cause.line)} " if cause is not None else ""
        lines.append(f"{place}[contract] {defect.failed[0].sentence}")
    for item in defect.failed:
        for failure in item.failures[:_ASSERTIONS]:
            said = clean(failure.assertion.message, 200)
            lines.append(f"Fails: {clean(failure.assertion.name, 200)}: {said}")
    if defect.endpoints:
        names = [clean(name, 120) for name in defect.endpoints[:_RELATED]]
        more = len(defect.endpoints) - _RELATED
        lines.append(f"Hits: {', '.join(names)}" + (f" and {more} more" if more > 0 else ""))
    return f"{number}. " + "\n   ".join(lines)


def _quoted(path: str) -> str:
    path = clean(path, _FIELD)
    harmless = all(c.isalnum() or c in "/._-" for c in path)
    return path if harmless else "'" + path.replace("'", "") + "'"
