"""The pull request comment.

The template holds the order of the parts; every part is built from escaped text, each within
a share of the 65,536 characters that GitHub takes, the worst findings first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from ci_gate.reports import sections
from ci_gate.reports.bounds import bounded, size
from ci_gate.reports.defects import defects, hit
from ci_gate.reports.entries import Entries
from ci_gate.reports.escape import block, code, prose
from ci_gate.reports.failures import service_log
from ci_gate.reports.interface import Context
from ci_gate.reports.mermaid import decay_chart, layer_graph
from ci_gate.reports.tasks import tasks
from ci_gate.reports.text import headline, judged, plural

if TYPE_CHECKING:
    from jinja2 import Template

    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

LIMIT: Final = 65_536
_FIRST: Final = 5  # defects told in full
_ENTRIES: Final = 12_000
_MORE: Final = 12_000
_OTHERS: Final = 10_000
_SUPPRESSED: Final = 4_000
_TASKS: Final = 12_000
_FINDINGS: Final = 200  # in the list for templates
_LINES: Final = 10  # of notes, reasons, authorship
_ICON: Final = {"pass": "✅", "blocked": "⛔", "incomplete": "⚠️"}
#: what goes first when all of it is too long
_SPARED: Final = ("layers", "trend", "chart", "others", "suppressed", "more", "judged", "log",
                  "tasks", "author", "broken_before", "levels", "notes", "reasons")  # fmt: skip


class MarkdownReport:
    """With a context, the comment on its pull request."""

    def __init__(self, context: Context | None = None) -> None:
        self._context = context or Context()

    def render(self, scorecard: Scorecard, _style: Style, rules: Mapping[str, RuleDoc]) -> str:
        values = variables(scorecard, rules, self._context)
        first = f"{marker(self._context)}\n"
        room = LIMIT - size(first) - 1
        if self._context.template is not None:
            from ci_gate.reports.template import TemplateError, fill  # noqa: PLC0415

            try:
                return f"{first}{fill(self._context.template, values, room).strip()}\n"
            except TemplateError as error:
                note = f"The comment template was not used: {error}"
                values["notes"] = [prose(note, 400), *values["notes"]]
        return f"{first}{_fitting(values, room)}\n"


def marker(context: Context) -> str:
    """The hidden first line by which the comment is found again."""
    if not context.key:
        return "<!-- ci-gate:comment -->"
    words = {"key": context.key, "run": context.run, "sha": context.commit}
    said = " ".join(f"{name}={_word(value)}" for name, value in words.items())
    return f"<!-- ci-gate:comment {said} -->"


def _word(text: str) -> str:
    return "".join(c for c in text[:100] if c.isascii() and (c.isalnum() or c == "."))


def variables(
    scorecard: Scorecard, rules: Mapping[str, RuleDoc], context: Context
) -> dict[str, Any]:
    """What a template can use, by name. All of it is escaped; docs/comment-template.md lists it."""
    found = defects(scorecard)
    entries = Entries(rules, context.links, context.folder)
    passed = scorecard.verdict.value == "pass"
    rest = [f for f in scorecard.findings if not f.blocking and not f.silenced]
    rest = [f for f in rest if f.status == "new"] if passed else rest
    silenced = [f for f in scorecard.findings if not f.blocking and f.silenced]
    log = "\n".join(service_log(scorecard))
    listed = tasks(scorecard, _TASKS, context.path, _address(context.tool_url))
    full = (entries.defect(n, d) for n, d in enumerate(found[:_FIRST], 1))
    lines = (entries.line(n, d) for n, d in enumerate(found[_FIRST:], _FIRST + 1))
    past = sections.trend(context.trend)
    graph = layer_graph(scorecard.architecture)
    return {
        "verdict": scorecard.verdict.value,
        "icon": _ICON[scorecard.verdict.value],
        "service": code(context.service, 80),
        "headline": prose(headline(scorecard)),
        "reach": _reach(scorecard),
        "reasons": [prose(reason) for reason in scorecard.reasons[1 : _LINES + 1]],
        "notes": [
            prose(note, 400) for note in [*context.notes[:_LINES], *sections.notes(scorecard)]
        ],
        "defects": bounded(full, min(len(found), _FIRST), _ENTRIES, "\n\n", "more defect"),
        "more": bounded(lines, max(0, len(found) - _FIRST), _MORE, "\n", "more defect"),
        "more_title": f"{plural(max(0, len(found) - _FIRST), 'more defect')} that block",
        "findings": [_fields(found, entries) for found in scorecard.findings[:_FINDINGS]],
        "log": block(log) if log else "",
        "levels": "" if passed and _still(scorecard) else sections.levels(scorecard),
        "decay": sections.decay(scorecard),
        "broken_before": list(sections.broken_before(scorecard, context.folder)),
        "others": bounded(map(entries.other, rest), len(rest), _OTHERS, "\n"),
        "others_title": sections.others_title(rest),
        "suppressed": bounded(map(entries.other, silenced), len(silenced), _SUPPRESSED, "\n"),
        "suppressed_title": f"Suppressed by this change: {plural(len(silenced), 'finding')}",
        "chart": _chart(scorecard),
        "trend": past,
        "layers": block(graph, "mermaid") if graph else "",
        "judged": list(sections.how(scorecard)),
        "judged_line": judged(scorecard),
        "author": [prose(line, 400) for line in context.author[:_LINES]],
        "record": prose(context.record, 400),
        "tasks": block(listed) if listed else "",
        "known": _known(scorecard) if passed else "",
        "run_url": _address(context.run_url),
        "tool_url": _address(context.tool_url),
        "commit": code(context.commit[:12]),
        "cut": False,
        "version": prose(scorecard.tool_version, 40),
    }


def _fields(found: JudgedFinding, entries: Entries) -> dict[str, Any]:
    """A finding for a template that lays findings out itself."""
    finding = found.finding
    return {
        "rule": entries.rule(finding.rule),
        "place": entries.at(finding.path, finding.start.line),
        "message": prose(finding.message),
        "why": prose(finding.why),
        "fix": prose(finding.fix),
        "severity": finding.severity.value,
        "status": found.status,
        "blocking": found.blocking,
        "changed": found.changed,
        "endpoints": [code(name, 120) for name in found.endpoints[:_LINES]],
    }


def _reach(scorecard: Scorecard) -> str:
    """How many endpoints the defects hit; empty where that says nothing."""
    touched, known = hit(scorecard)
    return f"{touched} of {plural(known, 'endpoint')} hit." if touched else ""


def _chart(scorecard: Scorecard) -> str:
    chart = decay_chart(scorecard)
    if not chart:
        return ""
    two = "\n\nThe first line is the base, the second this change." if scorecard.base_levels else ""
    return f"{block(chart, 'mermaid')}{two}"


def _still(scorecard: Scorecard) -> bool:
    """The change moves no level."""
    base = scorecard.base_levels
    return base is None or [level.share for level in base] == [
        level.share for level in scorecard.levels
    ]


def _known(scorecard: Scorecard) -> str:
    known = sum(1 for found in scorecard.findings if found.status == "existing")
    were = "it was" if known == 1 else "they were"
    return f"{plural(known, 'finding')} of the base left as {were}." if known else ""


def _address(url: str) -> str:
    """An address that can stand in a Markdown link; empty for anything else."""
    return url if re.fullmatch(r"https?://[A-Za-z0-9.:/_~%?=&#-]{1,500}", url) else ""


def _fitting(values: dict[str, Any], room: int) -> str:
    """The built-in comment, without the parts that can best be spared where it is too long."""
    text = _laid_out(values)
    for name in _SPARED:
        if size(text) <= room:
            return text
        values = {**values, name: "", "cut": True}
        text = _laid_out(values)
    return text


def _laid_out(values: dict[str, Any]) -> str:
    return re.sub(r"\n{3,}", "\n\n", _built_in().render(values)).strip()


@cache
def _built_in() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    source = files("ci_gate.reports").joinpath("templates/comment.md.j2").read_text("utf-8")
    # Not HTML: each part is escaped for Markdown by ci_gate.reports.escape before it gets here.
    return Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True).from_string(source)  # fmt: skip
