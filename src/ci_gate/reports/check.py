"""The check run: title, two texts and an annotation for every finding that is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from ci_gate.data import dataclass
from ci_gate.findings import Severity
from ci_gate.reports.bounds import size
from ci_gate.reports.defects import Defect, defects
from ci_gate.reports.markdown import variables
from ci_gate.reports.text import clean, ended, headline, whole

if TYPE_CHECKING:
    from ci_gate.reports.interface import Context, RuleDoc
    from ci_gate.scorecard.model import JudgedFinding, Scorecard

TITLE_LIMIT: Final = 255
TEXT_LIMIT: Final = 65_535
MESSAGE_LIMIT: Final = 64_000  # of an annotation
_LINES: Final = 10  # a longer finding is marked on its first line

Level = Literal["failure", "warning", "notice"]
_LEVEL: Final[dict[Severity, Level]] = {
    Severity.ERROR: "warning",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


@dataclass(frozen=True, slots=True)
class CheckAnnotation:
    """A note on lines of a file; ``path`` counts from the repository's root. Plain text."""

    path: str
    start_line: int
    end_line: int
    level: Level
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckOutput:
    """``summary`` and ``text`` are Markdown, each within GitHub's limit; ``annotations`` are all
    there are, those that block first."""

    title: str
    summary: str
    text: str
    annotations: tuple[CheckAnnotation, ...]


def check_output(
    scorecard: Scorecard, rules: Mapping[str, RuleDoc], context: Context
) -> CheckOutput:
    """What the check run shows."""
    values = variables(scorecard, rules, context)
    title = f"{scorecard.verdict.value}: {headline(scorecard)}"
    return CheckOutput(
        clean(title, TITLE_LIMIT - 1),
        _joined(_summary(values)),
        _joined(_text(values)),
        tuple(_annotations(scorecard, context)),
    )


def _summary(values: Mapping[str, Any]) -> Iterator[str]:
    yield " ".join(part for part in (f"**{values['headline']}**", values["reach"]) if part)
    yield _listed(values["reasons"])
    yield values["defects"]
    yield _listed([f"**Note:** {note}" for note in values["notes"]])
    yield values["levels"]
    yield values["decay"]


def _text(values: Mapping[str, Any]) -> Iterator[str]:
    for title, part in (
        ("The end of the service's log", values["log"]),
        (values["more_title"], values["more"]),
        ("Copy for your agent", values["tasks"]),
        (values["suppressed_title"], values["suppressed"]),
        ("Contract assertions that fail on the base too", _listed(values["broken_before"])),
        (values["others_title"], values["others"]),
        ("How it was judged", _listed(values["judged"])),
        ("Who wrote it", _listed([*values["author"], values["record"]])),
    ):
        yield f"### {title}\n\n{part}" if part else ""


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _joined(parts: Iterator[str]) -> str:
    """The parts in their order, without those that no longer fit."""
    text = ""
    for part in filter(None, parts):
        longer = f"{text}\n\n{part}" if text else part
        if size(longer) <= TEXT_LIMIT:
            text = longer
    return text


def _annotations(scorecard: Scorecard, context: Context) -> Iterator[CheckAnnotation]:
    folder = context.folder
    for defect in defects(scorecard):
        if defect.found is not None:
            yield _finding(defect.found, folder, defect)
            continue
        item = defect.failed[0]
        if item.first.cause is not None:
            line = max(1, item.first.cause.line)
            title = clean(f"contract: {item.title} {item.summary}", TITLE_LIMIT - 1)
            path = whole(folder + item.first.cause.path)
            yield CheckAnnotation(path, line, line, "failure", title, item.sentence)
    for found in scorecard.findings:
        if not found.blocking and (found.status == "new" or found.silenced):
            yield _finding(found, folder)


def _finding(found: JudgedFinding, folder: str, defect: Defect | None = None) -> CheckAnnotation:
    finding = found.finding
    first = max(1, finding.start.line)
    last = finding.end.line if first <= finding.end.line < first + _LINES else first
    says = "blocks" if found.blocking else found.status
    parts = [finding.message, finding.why, f"Fix: {finding.fix}" if finding.fix else ""]
    parts += [f"Fails now: {item.sentence}" for item in (defect.failed[:3] if defect else [])]
    return CheckAnnotation(
        whole(folder + finding.path),
        first,
        last,
        "failure" if found.blocking else _LEVEL[finding.severity],
        clean(f"{finding.rule} ({says})", TITLE_LIMIT - 1),
        "\n".join(ended(part) for part in parts if part)[:MESSAGE_LIMIT] or finding.rule,
    )
