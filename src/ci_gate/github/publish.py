"""The scorecard on the pull request: comment, review and check, each as far as the token reaches.

Nothing here changes the verdict. What GitHub refuses is told in the log, with its remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.data import dataclass
from ci_gate.github import check_run, comment, marker, review
from ci_gate.github.errors import ApiError, granting
from ci_gate.reports import render
from ci_gate.reports.check import check_output
from ci_gate.reports.escape import prose
from ci_gate.reports.review import inline_comments
from ci_gate.reports.text import headline
from ci_gate.scorecard.model import Verdict

if TYPE_CHECKING:
    from ci_gate.github.api import Client
    from ci_gate.github.settings import Inputs
    from ci_gate.reports.interface import Context, RuleDoc
    from ci_gate.scorecard.model import Scorecard

CHECK: Final = "constraint-gate"
_CONCLUSIONS: Final[dict[Verdict, check_run.Conclusion]] = {
    Verdict.PASS: "success",
    Verdict.BLOCKED: "failure",
    Verdict.INCOMPLETE: "failure",
}

#: Path and lines of what was scanned -> lines that the pull request's diff shows, or None.
Place: TypeAlias = Callable[[str, int, int], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a scorecard is published. ``number``: the pull request, if the run is for one. Without
    ``place`` there are no inline comments."""

    client: Client
    number: int | None
    head: str
    context: Context
    key: str
    run: marker.Run
    place: Place | None = None


@dataclass(slots=True)
class Published:
    """What became of it. ``refused``: one sentence each, for the log. ``in_diff``: findings are
    shown at their lines."""

    comment_url: str = ""
    in_diff: bool = False
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def remedy(self) -> str:
        """The lines of the workflow that grant what was missing; empty where nothing was."""
        return granting(sorted(set(self.missing))) if self.missing else ""

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Go on after a refusal."""
        try:
            yield
        except ApiError as error:
            self.refused.append(str(error))
            if error.permission:
                self.missing.append(error.permission)
        except Exception as error:  # a defect of the gate's must not cost the verdict
            self.refused.append(f"{what}: internal error: {type(error).__name__}: {error}")


def publish(
    scorecard: Scorecard, target: Target, inputs: Inputs, rules: Mapping[str, RuleDoc]
) -> Published:
    """Comment, review and check as the inputs want them."""
    done = Published()
    if target.number is not None and inputs.comment != "off":
        with done.trying("comment"):
            body = render(scorecard, "markdown", rules=rules, context=target.context)
            worth = bool(scorecard.exit_code or scorecard.findings or scorecard.failures)
            _comment(done, target, body, create=worth or inputs.comment == "always")
    if target.number is not None and inputs.review != "off" and target.place is not None:
        with done.trying("review"):
            _review(done, scorecard, target, target.place, inputs, rules)
    if inputs.check:
        with done.trying("check run"):
            output = check_output(scorecard, rules, target.context)
            annotations = [
                check_run.Annotation(a.path, a.start_line, a.end_line, a.level, a.title, a.message)
                for a in output.annotations
            ]
            text = check_run.CheckText(output.title, output.summary, output.text)
            _check(done, target, _CONCLUSIONS[scorecard.verdict], text, annotations)
            done.in_diff = True
    return done


def publish_note(
    title: str, sentence: str, conclusion: check_run.Conclusion, target: Target, inputs: Inputs
) -> Published:
    """A run without a scorecard: the check says why, and so does the comment, which is written
    anew only if something is wrong."""
    done = Published()
    text = prose(sentence, 2_000)
    if target.number is not None and inputs.comment != "off":
        with done.trying("comment"):
            body = f"**constraint-gate: {title}.** {text}\n"
            _comment(done, target, body, create=conclusion == "failure")
    if inputs.check:
        with done.trying("check run"):
            _check(done, target, conclusion, check_run.CheckText(title, text), [])
    return done


def _comment(done: Published, target: Target, body: str, *, create: bool) -> None:
    assert target.number is not None
    url = comment.publish(
        target.client,
        target.number,
        marker.unmarked(body),
        key=target.key,
        run=target.run,
        sha=target.head,
        short=f"**constraint-gate:** the report is too long for a comment; "
        f"[the run]({target.context.run_url}) has it.\n",
        create=create,
    )
    done.comment_url = url or ""


def _review(
    done: Published,
    scorecard: Scorecard,
    target: Target,
    place: Place,
    inputs: Inputs,
    rules: Mapping[str, RuleDoc],
) -> None:
    assert target.number is not None
    comments = []
    inline = inline_comments(scorecard, rules, target.context)
    for item in inline:
        lines = place(item.path, item.first, item.last)
        if lines is None:
            continue
        first, last = lines
        exact = last - first == item.last - item.first
        body = f"{item.body}\n{item.suggestion}" if exact and item.suggestion else item.body
        start = first if first < last else None
        comments.append(review.ReviewComment(item.path, last, body, item.fingerprint, start))
    made = review.publish(
        target.client,
        target.number,
        comments,
        present=frozenset(item.fingerprint for item in inline),
        blocked=scorecard.verdict is Verdict.BLOCKED,
        complete=scorecard.verdict is not Verdict.INCOMPLETE,
        request_changes=inputs.review == "request-changes",
        summary=prose(f"constraint-gate: {headline(scorecard)}"),
        head_sha=target.head,
        key=target.key,
        run=target.run,
    )
    done.notes += made.notes
    if made.moved:
        done.notes.append("The pull request has a newer commit: no inline comments for this one.")
    done.in_diff = True


def _check(
    done: Published,
    target: Target,
    conclusion: check_run.Conclusion,
    text: check_run.CheckText,
    annotations: list[check_run.Annotation],
) -> None:
    service = target.context.service
    made = check_run.publish(
        target.client,
        f"{CHECK} ({service})" if service else CHECK,
        target.head,
        conclusion,
        text,
        annotations,
        key=target.key,
        run=target.run,
        details_url=target.context.run_url,
    )
    if made.left:
        done.notes.append(f"{made.left:,} annotations are left out: the comment has the worst.")
