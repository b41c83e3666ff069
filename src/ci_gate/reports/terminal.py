"""The scorecard on a terminal: worst first, each finding with its code."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ci_gate.regex import regex
from ci_gate.reports.failures import FailedEndpoint, broke, failed_endpoints, looks, service_log
from ci_gate.reports.text import change, clean, headline, judged, percent, place, plural, points

if TYPE_CHECKING:
    from ci_gate.reports.interface import RuleDoc, Style
    from ci_gate.repository import Skipped
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

FINDING_LIMIT: Final = 200
#: GitHub takes a line for a command that begins so: a line that was wrapped may.
_COMMAND: Final = regex(r"^(\s*)::")
_BAR: Final = 24
_ASSERTIONS: Final = 3
_SKIPPED: Final = 50
_ENDPOINTS: Final = 5  # failing ones that are shown without -v
_COLOR: Final = {"error": "red", "warning": "yellow", "note": "blue"}
_VERDICT: Final = {"pass": "bold green", "blocked": "bold red", "incomplete": "bold yellow"}


class TerminalReport:
    """At most :data:`FINDING_LIMIT` findings; existing ones that do not block, notes, suppressed
    ones and skipped files are counted, and listed with ``verbose``."""

    def render(self, scorecard: Scorecard, style: Style, _rules: Mapping[str, RuleDoc]) -> str:
        out = io.StringIO()
        console = Console(
            file=out,
            force_terminal=style.color,
            no_color=not style.color,
            color_system="standard" if style.color else None,
            width=max(40, style.width),
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        if style.quiet:
            _quiet(console, scorecard)
        else:
            _full(console, scorecard, style.verbose)
        lines = (line.rstrip() for line in out.getvalue().splitlines())
        return "".join(_COMMAND.sub(r"\1: :", line) + "\n" for line in lines)


def _shown(scorecard: Scorecard, verbose: bool) -> list[JudgedFinding]:
    return [
        found
        for found in scorecard.findings
        if found.blocking
        or verbose
        or (found.status == "new" and found.finding.severity.value != "note")
    ]


def _quiet(console: Console, scorecard: Scorecard) -> None:
    for failed in failed_endpoints(scorecard)[:FINDING_LIMIT]:
        console.print(Text(f"contract: {failed.sentence}"), soft_wrap=True)
    shown = _shown(scorecard, verbose=False)
    for found in shown[:FINDING_LIMIT]:
        finding = found.finding
        text = f"{place(found)}:{finding.start.column}: {finding.severity.value}: "
        text += f"{clean(finding.message)} [{finding.rule}]"
        console.print(Text(text), soft_wrap=True)
    if len(shown) > FINDING_LIMIT:
        console.print(f"… and {plural(len(shown) - FINDING_LIMIT, 'more finding')}")
    _verdict(console, scorecard)


def _full(console: Console, scorecard: Scorecard, verbose: bool) -> None:
    shown = _shown(scorecard, verbose)
    endpoints = failed_endpoints(scorecard)
    most = FINDING_LIMIT if verbose else _ENDPOINTS
    for failed in endpoints[:most]:
        for line in _failed(failed, scorecard):
            console.print(line)
        console.print()
    if len(endpoints) > most:
        console.print(f"… and {plural(len(endpoints) - most, 'more endpoint')} (-v shows them)\n")
    for found in shown[:FINDING_LIMIT]:
        for line in _finding(found, scorecard):
            console.print(line)
        console.print()
    for text in service_log(scorecard):
        console.print(Text(f"  | {text}", "dim", no_wrap=True, overflow="ellipsis"))
    _left_out(console, scorecard, shown)
    console.print(_levels(scorecard))
    _facts(console, scorecard, verbose)
    _verdict(console, scorecard)


def _failed(item: FailedEndpoint, scorecard: Scorecard) -> Iterator[Text | Padding]:
    head = Text()
    head.append("failed", "bold red")
    head.append(f"  {item.title}", "bold")
    head.append(f"  {item.summary}{', blocks' if item.first.blocking else ''}", "dim")
    yield head
    shown = ""
    for failure in item.failures[:_ASSERTIONS]:
        assertion = failure.assertion
        repeated = assertion.message == shown
        said = f": {clean(assertion.message, 300)}" if assertion.message and not repeated else ""
        shown = assertion.message
        yield Padding(Text(f"{clean(assertion.name, 200)}{said}"), (0, 0, 0, 2))
    rest = len(item.failures) - _ASSERTIONS
    if rest > 0:
        yield Padding(Text(f"… and {plural(rest, 'more assertion')}"), (0, 0, 0, 2))
    cause = item.first.cause
    if cause is not None:
        yield _labelled("broke at", broke(cause))
        yield from _excerpt(cause.path, cause.line, scorecard, "red", around=0)
    if item.reason is not None:
        reason = f"{clean(item.reason.finding.message)} ({place(item.reason)})"
        yield _labelled("why" if cause is not None else "suspect", reason)
    yield from _looks(item, scorecard)


def _looks(item: FailedEndpoint, scorecard: Scorecard) -> Iterator[Text | Padding]:
    """The places to look at, where nothing tells where it broke."""
    for look in looks(item):
        yield _labelled("look at", f"{clean(look.path, 400)}:{look.line} ({look.why})")
        yield from _excerpt(look.path, look.line, scorecard, "cyan", around=0)


def _finding(found: JudgedFinding, scorecard: Scorecard) -> Iterator[Text | Padding]:
    finding = found.finding
    head = Text()
    head.append(finding.severity.value, f"bold {_COLOR[finding.severity.value]}")
    head.append(f"  {finding.rule}", "bold")
    flags: list[str] = [found.status] if found.status != "new" or scorecard.base else []
    flags += ["blocks"] if found.blocking else []
    head.append(f"  {', '.join(flags)}" if flags else "", "dim")
    yield head
    yield Padding(Text(clean(finding.message)), (0, 0, 0, 2))
    yield from _excerpt(finding.path, finding.start.line, scorecard, _COLOR[finding.severity.value])
    for related in finding.related[:5]:
        yield Padding(Text(clean(related.message)), (0, 0, 0, 2))
        yield from _excerpt(related.path, related.line, scorecard, "cyan", around=0)
    for label, text in (("why", finding.why), ("fix", finding.fix)):
        if text:
            yield _labelled(label, clean(text))
    if found.endpoints:
        rest = len(found.endpoints) - 3
        reach = ", ".join(clean(e, 200) for e in found.endpoints[:3])
        yield _labelled("hits", reach + (f" and {rest} more" if rest > 0 else ""))
    if found.suppression_reason:
        yield _labelled("suppressed", clean(found.suppression_reason))


def _labelled(label: str, text: str) -> Padding:
    return Padding(Text.assemble((f"{label}: ", "bold"), text), (0, 0, 0, 2))


def _excerpt(
    path: str, line: int, scorecard: Scorecard, color: str, around: int = 1
) -> Iterator[Text]:
    yield Text(f"  --> {clean(path, 400)}:{line}", "dim", no_wrap=True, overflow="fold")
    lines = scorecard.sources.get(path, [])
    for number in range(max(1, line - around), min(len(lines), line + around) + 1):
        marked = number == line
        code = clean(lines[number - 1].replace("\t", "    "), 300, indented=True)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"  {'>' if marked else ' '} {number:>5} | ", color if marked else "dim")
        text.append(code, "bold" if marked else "")
        yield text


def _left_out(console: Console, scorecard: Scorecard, shown: list[JudgedFinding]) -> None:
    if len(shown) > FINDING_LIMIT:
        console.print(f"… and {plural(len(shown) - FINDING_LIMIT, 'more finding')}\n")
    listed = {id(found) for found in shown}
    hidden = [found for found in scorecard.findings if id(found) not in listed]
    if hidden:
        kinds = {
            "existing": sum(1 for f in hidden if f.status == "existing"),
            "note": sum(1 for f in hidden if f.status == "new"),
            "suppressed": sum(1 for f in hidden if f.status == "suppressed"),
        }
        words = ", ".join(
            plural(count, kind) if kind == "note" else f"{count:,} {kind}"
            for kind, count in kinds.items()
            if count
        )
        console.print(f"Not shown: {words} (-v shows them)\n", style="dim")


def _levels(scorecard: Scorecard) -> Table:
    unit = scorecard.levels[0].unit if scorecard.levels else "endpoint"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for title in ("Level", f"{unit.capitalize()}s that count", "", "Share"):
        table.add_column(title, no_wrap=True)
    if scorecard.base_levels:
        table.add_column("Base", no_wrap=True)
        table.add_column("Change", no_wrap=True)
    for number, level in enumerate(scorecard.levels):
        filled = round((level.share or 0) * _BAR)
        bar = Text("█" * filled + "░" * (_BAR - filled), "green" if level.share == 1 else "yellow")
        cells: list[str | Text] = [
            level.name,
            bar,
            f"{level.counted}/{level.total}",
            percent(level.share),
        ]
        if scorecard.base_levels:
            base = scorecard.base_levels[number]
            cells += [percent(base.share), points(change(level, base))]
        table.add_row(*cells)
    return table


def _facts(console: Console, scorecard: Scorecard, verbose: bool) -> None:
    decay = scorecard.decay
    if decay.head is not None:
        text = f"Decay L0 to L3: {points(decay.head)} points"
        if decay.base is not None:
            text += f" (base {points(decay.base)}, this change {points(decay.delta)})"
        console.print(text)
    contract = scorecard.contract
    if contract is not None and contract.assertions:
        total = plural(len(contract.assertions), "assertion")
        flaky = [item for item in contract.assertions if item.flaky]
        shaky = f", {len(flaky)} flaky" if flaky else ""
        console.print(
            f"Contract: {contract.passed} of {total} passed{shaky} ({clean(contract.runner)})"
        )
        for item in flaky[:_ASSERTIONS]:
            asked = f" ({clean(item.endpoint)})" if item.endpoint else ""
            console.print(Text(f"  flaky: {clean(item.name, 200)}{asked}", "yellow"))
        if len(flaky) > _ASSERTIONS:
            console.print(f"  … and {len(flaky) - _ASSERTIONS} more")
    for note in contract.notes if contract is not None else ():
        console.print(Text(clean(note), "dim"))
    skipped = f", {plural(len(scorecard.skipped), 'file')} skipped" if scorecard.skipped else ""
    named = " (-v names it)" if len(scorecard.skipped) == 1 else " (-v names them)"
    named = named if skipped and not verbose else ""
    console.print(f"{judged(scorecard)}{skipped}{named}", style="dim")
    if verbose:
        _skipped(console, scorecard.skipped)


def _skipped(console: Console, files: Sequence[Skipped]) -> None:
    for item in files[:_SKIPPED]:
        line = f"  {clean(item.path, 200)}: {clean(item.reason, 200)}"
        console.print(Text(line, "dim"), soft_wrap=True)
    if len(files) > _SKIPPED:
        console.print(f"  … and {len(files) - _SKIPPED} more", style="dim")


def _verdict(console: Console, scorecard: Scorecard) -> None:
    line = Text(scorecard.verdict.value.upper(), _VERDICT[scorecard.verdict.value])
    line.append(f"  {clean(headline(scorecard))}", "default")
    console.print(line)
    for reason in scorecard.reasons[1:]:
        console.print(Padding(Text(clean(reason)), (0, 0, 0, 2)))
