"""The pull request comment.

The template holds the order of the parts; every part is built here from escaped text, each within
a share of the 65,536 characters that GitHub takes, the worst findings first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, StrictUndefined, Template

from ci_gate.reports.escape import code, link, prose
from ci_gate.reports.failures import FailedEndpoint, failed_endpoints, service_log
from ci_gate.reports.mermaid import decay_chart, layer_graph
from ci_gate.reports.text import change, clean, headline, judged, percent, place, plural, points

if TYPE_CHECKING:
    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

LIMIT: Final = 65_536
MARKER: Final = "<!-- ci-gate:comment -->"
_BLOCKING: Final = 24_000
_FAILURES: Final = 9_000
_REST: Final = 12_000
_TASKS: Final = 9_000
_ENTRIES: Final = 150
_REASONS: Final = 10
_ENDPOINTS: Final = 3
_ASSERTIONS: Final = 3
_ICON: Final = {"pass": "✅", "blocked": "⛔", "incomplete": "⚠️"}
_TITLE: Final = {"pass": "pass", "blocked": "blocked", "incomplete": "incomplete"}


class MarkdownReport:
    """``prefix`` stands before each file's path in links (``../blob/SHA/``); empty: no links."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix

    def render(self, scorecard: Scorecard, _style: Style, rules: Mapping[str, RuleDoc]) -> str:
        if _all_is_well(scorecard):
            return f"{MARKER}\n✅ **constraint-gate: pass.** {_well(scorecard)}\n"
        text = _template().render(**self._parts(scorecard, rules)) + "\n"
        return text if len(text) <= LIMIT else text[: LIMIT - 200].rpartition("\n")[0] + _CUT

    def _parts(self, scorecard: Scorecard, rules: Mapping[str, RuleDoc]) -> dict[str, object]:
        blocking = scorecard.blocking
        rest = [f for f in scorecard.findings if not f.blocking]
        graph = layer_graph(scorecard.architecture)
        failed = failed_endpoints(scorecard)
        tasks = _tasks(blocking, [item for item in failed if item.first.blocking])
        log = "\n".join(service_log(scorecard))
        return {
            "icon": _ICON[scorecard.verdict.value],
            "title": _TITLE[scorecard.verdict.value],
            "headline": f"**{prose(headline(scorecard))}**",
            "reasons": [prose(reason) for reason in scorecard.reasons[1 : _REASONS + 1]],
            "failed": _bounded(
                (self._failed(item, rules) for item in failed),
                len(failed),
                _FAILURES,
                "\n",
                "more endpoint",
            ),
            "failed_title": _failed_title(scorecard),
            "log": log,
            "log_fence": _fence(log),
            "notes": [prose(note) for note in _notes(scorecard)],
            "blocking": self._grouped(blocking, rules),
            "blocking_title": "What blocks",
            "levels": _levels(scorecard),
            "decay": _decay(scorecard),
            "chart": decay_chart(scorecard),
            "chart_note": "The first line is the base, the second this change."
            if scorecard.base_levels
            else "",
            "graph": graph,
            "graph_open": any(edge.breaches for edge in scorecard.architecture.edges),
            "rest": _bounded((self._line(f) for f in rest), len(rest), _REST, "\n"),
            "rest_title": _rest_title(rest),
            "tasks": tasks,
            "fence": _fence(tasks),
            "footer": f"{judged(scorecard)} · "
            + prose(f"constraint-gate {scorecard.tool_version}"),
        }

    def _grouped(self, blocking: Sequence[JudgedFinding], rules: Mapping[str, RuleDoc]) -> str:
        groups: dict[str, list[JudgedFinding]] = {}
        for found in blocking[:_ENTRIES]:
            groups.setdefault(_group(found), []).append(found)
        blocks = []
        for name, members in groups.items():
            for number, found in enumerate(members):
                head = f"\n#### {name}\n" if number == 0 else ""
                blocks.append(f"{head}\n{self._entry(found, rules)}")
        return _bounded(blocks, len(blocking), _BLOCKING, "\n")

    def _failed(self, item: FailedEndpoint, rules: Mapping[str, RuleDoc]) -> str:
        title = code(item.title) if " /" in item.title else prose(item.title)
        lines = [f"\n- **{title}** {prose(item.summary)}"]
        for failure in item.failures[:_ASSERTIONS]:
            said = failure.assertion.message
            lines.append(
                f"  - {code(failure.assertion.name, 200)}"
                + (f": {prose(said, 300)}" if said else "")
            )
        if len(item.failures) > _ASSERTIONS:
            lines.append(f"  - … and {plural(len(item.failures) - _ASSERTIONS, 'more assertion')}")
        cause, reason = item.first.cause, item.reason
        if cause is not None:
            where = f"{clean(cause.path, 200)}:{cause.line}"
            at = link(where, cause.path, cause.line, self._prefix)
            lines.append(f"  - **Broke at** {at} {prose(cause.error, 300)}")
        if reason is not None:
            finding = reason.finding
            at = link(place(reason), finding.path, finding.start.line, self._prefix)
            name = _rule_link(finding.rule, rules)
            label = "Why" if cause is not None else "Suspect"
            lines.append(f"  - **{label}:** {prose(finding.message, 300)} ({name} {at})")
        return "\n".join(lines)

    def _entry(self, found: JudgedFinding, rules: Mapping[str, RuleDoc]) -> str:
        finding = found.finding
        name = _rule_link(finding.rule, rules)
        where = link(place(found), finding.path, finding.start.line, self._prefix)
        lines = [f"- **{name}** {where}", f"  {prose(finding.message)}"]
        for related in finding.related[:3]:
            at = link(
                f"{clean(related.path, 200)}:{related.line}",
                related.path,
                related.line,
                self._prefix,
            )
            lines.append(f"  - {at} {prose(related.message, 300)}")
        if finding.why:
            lines.append(f"  - **Why:** {prose(finding.why)}")
        if finding.fix:
            lines.append(f"  - **Fix:** {prose(finding.fix)}")
        return "\n".join(lines)

    def _line(self, found: JudgedFinding) -> str:
        finding = found.finding
        where = link(place(found), finding.path, finding.start.line, self._prefix)
        reason = f" ({prose(found.suppression_reason, 200)})" if found.suppression_reason else ""
        kind = f"{finding.severity.value}, {found.status}{reason}"
        return f"\n- {code(finding.rule)} {where} {kind}: {prose(finding.message, 300)}"


_CUT: Final = "\n\nThe comment was cut here: the JSON report has everything.\n"


def _template() -> Template:
    source = files("ci_gate.reports").joinpath("templates/comment.md.j2").read_text("utf-8")
    # Not HTML: each part is escaped for Markdown by ci_gate.reports.escape before it gets here.
    return Environment(autoescape=False, undefined=StrictUndefined).from_string(source)


def _rule_link(rule: str, rules: Mapping[str, RuleDoc]) -> str:
    doc = rules.get(rule)
    return f"[{code(rule)}]({doc.url})" if doc and doc.url else code(rule)


def _failed_title(scorecard: Scorecard) -> str:
    contract = scorecard.contract
    total = len(contract.assertions) if contract else 0
    verb = "fails" if len(scorecard.failures) == 1 else "fail"
    return f"Contract: {len(scorecard.failures):,} of {plural(total, 'assertion')} {verb}"


def _notes(scorecard: Scorecard) -> list[str]:
    contract = scorecard.contract
    if contract is None:
        return []
    flaky = [item for item in contract.assertions if item.flaky]
    notes = [
        f"{plural(len(flaky), 'assertion')} failed and passed when run once more: "
        + ", ".join(clean(item.name, 120) for item in flaky[:_ASSERTIONS])
    ]
    return [*(notes if flaky else []), *contract.notes][:_REASONS]


def _all_is_well(scorecard: Scorecard) -> bool:
    return (
        scorecard.verdict.value == "pass"
        and not any(found.status == "new" for found in scorecard.findings)
        and not scorecard.failures
        and not _notes(scorecard)
    )


def _well(scorecard: Scorecard) -> str:
    existing = sum(1 for f in scorecard.findings if f.status == "existing")
    known = f" {plural(existing, 'finding')} of the base left as they were." if existing else ""
    return f"{prose(headline(scorecard))} {judged(scorecard)}.{known}"


def _group(found: JudgedFinding) -> str:
    """The endpoints whose code a finding is in, as a heading."""
    if found.finding.repository_wide:
        return "The whole service"
    if not found.endpoints:
        return "Code that no endpoint is known to reach"
    if len(found.endpoints) == 1:
        return code(found.endpoints[0], 120)
    rest = len(found.endpoints) - _ENDPOINTS
    names = ", ".join(code(e, 120) for e in found.endpoints[:_ENDPOINTS])
    return names + (f" and {rest} more" if rest > 0 else "")


def _levels(scorecard: Scorecard) -> str:
    if not scorecard.levels or not scorecard.levels[0].total:
        return ""
    unit = f"{scorecard.levels[0].unit}s"
    base = scorecard.base_levels
    head = f"| Level | {unit} that count | Share |" + (" Base | This change |" if base else "")
    rule = "| --- | ---: | ---: |" + (" ---: | ---: |" if base else "")
    rows = [head, rule]
    for number, level in enumerate(scorecard.levels):
        row = f"| {level.name} | {level.counted} of {level.total} | {percent(level.share)} |"
        if base:
            row += f" {percent(base[number].share)} | {points(change(level, base[number]))} |"
        rows.append(row)
    return "\n".join(rows)


def _decay(scorecard: Scorecard) -> str:
    decay = scorecard.decay
    if decay.head is None:
        return ""
    text = f"Decay from L0 to L3: **{points(decay.head)} points**"
    if decay.base is not None:
        text += f"; the base has {points(decay.base)}, so this change did {points(decay.delta)}"
    return f"{text}."


def _rest_title(rest: Sequence[JudgedFinding]) -> str:
    kinds = ("new", "existing", "suppressed")
    counts = {kind: sum(1 for f in rest if f.status == kind) for kind in kinds}
    words = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    return f"Does not block: {words}"


def _tasks(blocking: Sequence[JudgedFinding], failed: Sequence[FailedEndpoint]) -> str:
    lines = [item.sentence for item in failed]
    for found in blocking[:_ENTRIES]:
        finding = found.finding
        lines.append(
            f"{place(found)} [{finding.rule}] {clean(finding.message, 300)}"
            f" Fix: {clean(finding.fix, 300)}"
        )
    tasks = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return _bounded(tasks, len(failed) + len(blocking), _TASKS, "\n", "more task")


def _fence(text: str) -> str:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return "`" * max(3, longest + 1)


def _bounded(
    blocks: Iterable[str], total: int, limit: int, joint: str, noun: str = "more finding"
) -> str:
    """As many blocks, from the first, as fit; the last line says how many did not."""
    kept: list[str] = []
    size = 0
    for block in blocks:
        size += len(block) + len(joint)
        if size > limit:
            break
        kept.append(block)
    if len(kept) < total:
        kept.append(f"\n… and {plural(total - len(kept), noun)} in the full report.")
    return joint.join(kept)
