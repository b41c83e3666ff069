"""Scores the gate, or another tool, on a corpus of labelled services (see docs/evaluation.md).

    python tools/evaluate.py CORPUS
    python tools/evaluate.py CORPUS --command 'semgrep scan --sarif --config rules {tree}'

Exit codes: 0 the score holds, 1 too few defects caught or a false alarm, 2 the corpus or the
command line is wrong, 3 a scan failed.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from corpus import (
    DETECTABLE,
    LANGUAGES,
    App,
    BadInput,
    Corpus,
    Defect,
    LookAlike,
    Place,
    check_labels,
    read_corpus,
    tree,
)
from findings import Finding, ScanFailed, Tool, nearest

#: Lines by which a finding may be off the labelled place.
TOLERANCE: Final = 3
#: The classes that a tool which runs nothing can be held to.
STATIC: Final = ("local", "cross-file")
GATE: Final = (
    f"{shlex.quote(sys.executable)} -m ci_gate scan {{tree}}"
    " --format json --contract off --fail-on new --jobs 1 --quiet"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A defect, with the findings that its pull request adds."""

    defect: Defect
    new: tuple[Finding, ...]

    @property
    def at_place(self) -> list[Finding]:
        """New blocking findings at a labelled place, of any group."""
        return [f for f in self.new if f.blocking and _hits(f, self.defect.places)]

    @property
    def caught(self) -> bool:
        return any(f.group == self.defect.group for f in self.at_place)

    @property
    def beside(self) -> list[Finding]:
        """New blocking findings elsewhere."""
        return [f for f in self.new if f.blocking and f not in self.at_place]


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """A blocking finding on harmless code; ``id`` is that of the look-alike, or "clean"."""

    app: str
    id: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Failure:
    """A tree that the tool did not judge."""

    app: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    judged: tuple[Judged, ...]
    false_alarms: tuple[FalseAlarm, ...]
    failures: tuple[Failure, ...]
    harmless: int  # clean services and look-alikes

    def of(self, group: str | None, classes: Sequence[str]) -> list[Judged]:
        """The defects of a group (None: all groups) and of these classes."""
        return [
            j
            for j in self.judged
            if group in (None, j.defect.group) and j.defect.detectable in classes
        ]

    @property
    def recall(self) -> float | None:
        """Of the defects that can be seen without running the service; None where there is none."""
        static = self.of(None, STATIC)
        return sum(j.caught for j in static) / len(static) if static else None

    def exit_code(self, at_least: float) -> int:
        if self.failures:
            return 3
        low = self.recall is not None and self.recall < at_least
        return 1 if low or self.false_alarms else 0


def _hits(finding: Finding, places: Iterable[Place]) -> bool:
    return any(_near(at, place) for at in (finding.place, *finding.related) for place in places)


def _near(at: Place, place: Place) -> bool:
    return (
        at.path == place.path
        and at.start <= place.end + TOLERANCE
        and at.end >= place.start - TOLERANCE
    )


def evaluate(corpus: Corpus, tool: Tool, jobs: int) -> Score:
    """Scan every tree of the corpus. A tree that was not scanned counts as one without findings."""
    check_labels(corpus)
    labels: tuple[Defect | LookAlike, ...] = (*corpus.defects, *corpus.look_alikes)

    def scan(job: tuple[App, Path | None]) -> list[Finding] | ScanFailed:
        app, patch = job
        with tree(app, patch) as root:
            try:
                return tool.scan(root)
            except ScanFailed as error:
                return error

    with ThreadPoolExecutor(jobs) as pool:
        work = [
            *((app, None) for app in corpus.apps),
            *((label.app, label.patch) for label in labels),
        ]
        results = list(
            track(
                pool.map(scan, work),
                "scanning",
                len(work),
                console=Console(stderr=True),
                transient=True,
                disable=not sys.stderr.isatty(),
            )
        )
    names = [*((app.name, "clean") for app in corpus.apps), *((x.app.name, x.id) for x in labels)]
    failures = tuple(
        Failure(*name, str(result))
        for name, result in zip(names, results, strict=True)
        if isinstance(result, ScanFailed)
    )
    found = [[] if isinstance(result, ScanFailed) else result for result in results]
    clean = dict(zip((app.name for app in corpus.apps), found, strict=False))
    judged = []
    alarms = [
        FalseAlarm(app, "clean", f)
        for app, findings in clean.items()
        for f in findings
        if f.blocking
    ]
    for label, findings in zip(labels, found[len(clean) :], strict=True):
        known = {f.fingerprint for f in clean[label.app.name]}
        new = tuple(f for f in findings if f.fingerprint not in known)
        if isinstance(label, Defect):
            judged.append(Judged(label, new))
        else:
            alarms += [FalseAlarm(label.app.name, label.id, f) for f in new if f.blocking]
    harmless = len(corpus.apps) + len(corpus.look_alikes)
    return Score(tuple(judged), tuple(alarms), failures, harmless)


def show(score: Score, at_least: float, console: Console) -> None:
    """The score for a person: the table, then what is wrong."""
    table = Table("group", title="Defects caught at the labelled place, of the labelled group")
    for head in (*DETECTABLE, "all", "any group"):
        table.add_column(head, justify="right")
    groups = sorted({j.defect.group for j in score.judged})
    for group in groups:
        table.add_row(group, *_cells(score, group), end_section=group == groups[-1])
    table.add_row("all", *_cells(score, None), style="bold")
    console.print(table)
    for j in score.judged:
        if not j.caught:
            defect = j.defect
            _line(console, f"missed ({defect.detectable}): {defect.app.name} {defect.id} "
                           f"{defect.group}/{defect.cls} at {defect.places[0]}")  # fmt: skip
            for finding in nearest(j.new, defect.places[0]):
                _line(console, f"    nearest: {finding}")
    for j in score.judged:
        for finding in j.beside:
            _line(console, f"elsewhere: {j.defect.app.name} {j.defect.id}: {finding}")
    for alarm in score.false_alarms:
        _line(console, f"false alarm: {alarm.app} {alarm.id}: {alarm.finding}")
    for failure in score.failures:
        _line(console, f"scan failed: {failure.app} {failure.id}: {failure.reason}")
    static = score.of(None, STATIC)
    share = "" if score.recall is None else f" ({score.recall:.1%}, at least {at_least:.0%} wanted)"
    _line(console, f"{sum(j.caught for j in static)} of {len(static)} local and cross-file defects "
                   f"caught{share}; {len(score.false_alarms)} false alarms on {score.harmless} "
                   f"harmless trees; {len(score.failures)} scans failed")  # fmt: skip


def _cells(score: Score, group: str | None) -> list[str]:
    parts = [score.of(group, (name,)) for name in DETECTABLE]
    whole = score.of(group, DETECTABLE)
    counts = [(sum(j.caught for j in part), len(part)) for part in (*parts, whole)]
    counts.append((sum(bool(j.at_place) for j in whole), len(whole)))
    return [f"{caught}/{total}" if total else "–" for caught, total in counts]


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def as_json(score: Score, at_least: float) -> dict[str, Any]:
    """The score for a program."""
    return {
        "recall": score.recall,
        "at_least": at_least,
        "defects": [
            {
                "app": j.defect.app.name,
                "id": j.defect.id,
                "group": j.defect.group,
                "cls": j.defect.cls,
                "static_detectable": j.defect.detectable,
                "place": str(j.defect.places[0]),
                "caught": j.caught,
                "caught_any_group": bool(j.at_place),
                "new_findings": [str(f) for f in j.new],
            }
            for j in score.judged
        ],
        "harmless_trees": score.harmless,
        "false_alarms": [
            {"app": a.app, "id": a.id, "finding": str(a.finding)} for a in score.false_alarms
        ],
        "failures": [{"app": f.app, "id": f.id, "reason": f.reason} for f in score.failures],
    }


def _names(
    _context: click.Context, _option: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    """Names given with commas, or by several options."""
    return tuple(name.strip() for text in value for name in text.split(",") if name.strip())


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("corpus", type=click.Path(path_type=Path))
@click.option("--command", default=GATE, metavar="COMMAND", help="The tool to score; {tree} stands "
              "for the folder to scan. It prints the gate's JSON report, or SARIF.")  # fmt: skip
@click.option("--sarif-level", type=click.Choice(["error", "warning", "note"]), default="error",
              show_default=True, help="SARIF results this severe or worse count.")  # fmt: skip
@click.option("--at-least", type=click.FloatRange(0, 1), default=0.9, show_default=True,
              help="The share of local and cross-file defects to catch.")  # fmt: skip
@click.option("--languages", multiple=True, callback=_names, metavar="NAME,…",
              help=f"Only services in these: {', '.join(LANGUAGES)}.")  # fmt: skip
@click.option("--groups", multiple=True, callback=_names, metavar="NAME,…",
              help="Only labels of these groups.")  # fmt: skip
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Also write the score to a file.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(min=1), default=600, show_default=True,
              help="Seconds for one scan.")  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1,
              show_default="number of processors", help="Scans at a time.")  # fmt: skip
def main(
    *,
    corpus: Path,
    command: str,
    sarif_level: str,
    at_least: float,
    languages: tuple[str, ...],
    groups: tuple[str, ...],
    target: Path | None,
    timeout: float,
    jobs: int,
) -> None:
    """Score the gate, or another tool, on a CORPUS of labelled services."""
    try:
        if unknown := sorted(set(languages) - set(LANGUAGES)):
            raise BadInput(f"unknown language {', '.join(unknown)}")
        if "{tree}" not in command:
            raise BadInput("--command has to name {tree}, the folder to scan")
        words = tuple(shlex.split(command))
        if shutil.which(words[0]) is None:
            raise BadInput(f"--command: there is no program {words[0]}")
        tool = Tool(words, sarif_level, timeout)
        score = evaluate(read_corpus(corpus).select(languages, groups), tool, jobs)
        if target is not None:
            text = json.dumps(as_json(score, at_least), indent=1, ensure_ascii=False)
            target.write_text(text + "\n", "utf-8")
    except (BadInput, OSError, ValueError) as error:
        click.echo(f"evaluate: {error}", err=True)
        sys.exit(2)
    console = Console()
    show(score, at_least, console if console.is_terminal else Console(width=120))
    sys.exit(score.exit_code(at_least))


if __name__ == "__main__":
    main()
