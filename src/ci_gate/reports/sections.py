"""The parts of the comment below the defects: levels, trend, how it was judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ci_gate.reports.escape import code, prose
from ci_gate.reports.text import change, clean, judged, percent, plural, points, spot

if TYPE_CHECKING:
    from ci_gate.reports.interface import TrendPoint
    from ci_gate.scorecard.model import JudgedFinding, LevelScore, Scorecard

TREND: Final = 10
_SHOWN: Final = 10
_FLAKY: Final = 3


def levels(scorecard: Scorecard) -> str:
    """The table of the levels, with the base's where there is one."""
    if not scorecard.levels or not scorecard.levels[0].total:
        return ""
    unit = f"{scorecard.levels[0].unit.capitalize()}s that count"
    base = scorecard.base_levels
    rows = [f"| {unit} | This change |", "| --- | ---: |"]
    if base:
        rows = [f"| {unit} | Base | This change | Points |", "| --- | ---: | ---: | ---: |"]
    for number, level in enumerate(scorecard.levels):
        cells = [level.name, _counted(level)]
        if base and number < len(base):
            moved = change(level, base[number])
            points_moved = f"**{points(moved)}**" if moved and abs(moved) >= 0.05 else points(moved)
            cells = [level.name, _counted(base[number]), _counted(level), points_moved]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _counted(level: LevelScore) -> str:
    return f"{level.counted} of {level.total} ({percent(level.share)})" if level.total else "–"


def decay(scorecard: Scorecard) -> str:
    """The decay in one line."""
    lost = scorecard.decay
    if lost.head is None:
        return ""
    text = f"Decay from L0 to L3: **{points(lost.head)} points**"
    if lost.base is None:
        return f"{text}."
    if lost.delta is None or abs(lost.delta) < 0.05:
        return f"{text}, as on the base."
    return f"{text}, on the base {points(lost.base)}: this change did {points(lost.delta)}."


def trend(past: Sequence[TrendPoint]) -> str:
    """The last merges on the default branch, the latest first; empty without any."""
    if not past:
        return ""
    rows = ["| Merge | Date | L0 | L1 | L2 | L3 | Decay |"]
    rows.append("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for point in reversed(past[-TREND:]):
        shares = [percent(share) for share in [*point.shares, None, None, None, None][:4]]
        cells = [code(point.commit[:8]), prose(point.date[:10]), *shares, points(point.decay)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def notes(scorecard: Scorecard) -> Iterator[str]:
    """What a reader has to know of this judgement even when all is well, as plain text."""
    contract = scorecard.contract
    flaky = [item for item in contract.assertions if item.flaky] if contract is not None else []
    if flaky:
        names = ", ".join(f"`{clean(item.name, 120)}`" for item in flaky[:_FLAKY])
        yield f"{plural(len(flaky), 'assertion')} failed and passed when run once more: {names}"
    added = sum(1 for found in scorecard.findings if found.silenced)
    if added:
        yield f"This change suppresses {plural(added, 'finding')}; see below for the reasons."


def how(scorecard: Scorecard) -> Iterator[str]:
    """How it was judged, as Markdown lines; what is zero is said too."""
    base = f", compared with {code(scorecard.base[:12])}" if scorecard.base else ", without a base"
    yield f"{judged(scorecard)}{base}"
    for engine in scorecard.engines:
        yield (
            f"{engine.name} {prose(engine.version, 40)}: {plural(engine.files, 'file')},"
            f" {plural(engine.rules, 'rule')}"
        )
    for service in scorecard.stack.services[:_SHOWN]:
        parts = [*service.languages, *service.frameworks, *service.orms, *service.databases]
        yield f"Service in {code(service.root)}: {prose(', '.join(parts), 300)}"
    if not scorecard.stack.services:
        yield "No supported backend was found"
    layers = scorecard.architecture
    source = "written in the configuration" if layers.written else "inferred from the code"
    names = ", ".join(list(layers.layers)[:_SHOWN])
    yield f"Layers, {source}: {prose(names, 300)}" if layers.layers else "No layers were recognised"
    contract = scorecard.contract
    if contract is None:
        yield "The contract's tests were not run: the levels count endpoints, not assertions"
    else:
        total = plural(len(contract.assertions), "assertion")
        yield f"Contract: {contract.passed:,} of {total} passed ({prose(contract.runner, 80)})"
        yield from (prose(note) for note in contract.notes[:_SHOWN])
    if scorecard.skipped:
        yield f"{plural(len(scorecard.skipped), 'file')} not judged: " + "; ".join(
            f"{code(item.path, 120)} {prose(item.reason, 120)}" for item in scorecard.skipped[:5]
        )
    if scorecard.levels:
        unit = scorecard.levels[0].unit
        yield (
            f"An {unit} counts at a level when it"
            + (" passes and it" if unit == "assertion" else "")
            + " reaches no finding that blocks, of that level or one before it"
        )


def others_title(rest: Sequence[JudgedFinding]) -> str:
    kinds = ("new", "existing", "suppressed")
    counts = {kind: sum(1 for f in rest if f.status == kind) for kind in kinds}
    words = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    return f"Findings that do not block: {words}"


def broken_before(scorecard: Scorecard, folder: str = "") -> Iterator[str]:
    """The contract's assertions that fail and do not block, as Markdown lines; ``folder`` stands
    before each path."""
    failures = [failure for failure in scorecard.failures if not failure.blocking]
    for failure in failures[:_SHOWN]:
        said = f": {prose(failure.assertion.message, 200)}" if failure.assertion.message else ""
        cause = failure.cause
        at = f" ({code(spot(folder + cause.path, cause.line))})" if cause is not None else ""
        yield f"{code(failure.assertion.name, 160)}{said}{at}"
    if len(failures) > _SHOWN:
        yield f"and {plural(len(failures) - _SHOWN, 'more assertion')}"
