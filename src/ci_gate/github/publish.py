"""The scorecard on the pull request: comment, review and check, each as far as the token reaches.

Nothing here changes the verdict. What GitHub refuses is told in the log, with its remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ci_gate.github import check_run, comment, marker, review
from ci_gate.github.errors import ApiError, granting
from ci_gate.reports import render
from ci_gate.reports.check import check_annotations, check_text
from ci_gate.reports.review import review_comments
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


@dataclass(frozen=True, slots=True)
class Target:
    """Where a scorecard is published. ``number``: the pull request, if the run is for one.
    ``scanned``: the commit whose lines the findings name, where it is not ``head``."""

    client: Client
    number: int | None
    head: str
    context: Context
    key: str
    run: marker.Run
    lines: review.Lines | None = None


@dataclass(slots=True)
class Published:
    """What became of it. ``refused``: one sentence each, for the log."""

    comment_url: str = ""
    check_url: str = ""
    reviewed: bool = False
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # permissions

    @property
    def remedy(self) -> str:
        """The lines of the workflow that grant what was missing; empty where nothing was."""
        return granting(sorted(set(self.missing))) if self.missing else ""

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        try:
            yield
        except ApiError as error:
            self.refused.append(str(error))
            if error.permission:
                self.missing.append(error.permission)
        except Exception as error:  # a defect of ours must not cost the verdict
            self.refused.append(f"{what}: internal error: {type(error).__name__}: {error}")


def publish(
    scorecard: Scorecard, target: Target, inputs: Inputs, rules: Mapping[str, RuleDoc]
) -> Published:
    """Comment, review and check as the inputs want them."""
    done = Published()
    if target.number is not None and inputs.comment != "off":
        worth = inputs.comment == "always" or bool(scorecard.findings or scorecard.failures)
        with done.trying("comment"):
            body = render(scorecard, "markdown", rules=rules, context=target.context)
            _comment(done, target, body, create=worth or scorecard.exit_code != 0)
    if target.number is not None and inputs.review != "off":
        with done.trying("review"):
            found = review_comments(scorecard, rules, target.context)
            review.publish(
                target.client,
                target.number,
                found,
                head=target.head,
                key=target.key,
                run=target.run,
                blocking=scorecard.verdict is Verdict.BLOCKED,
                request_changes=inputs.review == "request-changes",
                lines=target.lines,
            )
            done.reviewed = True
    if inputs.check:
        with done.trying("check run"):
            text = check_text(scorecard, rules, target.context)
            annotations = check_annotations(scorecard, rules, target.context)
            _check(done, target, _CONCLUSIONS[scorecard.verdict], text, annotations)
    return done


def publish_note(
    title: str, sentence: str, conclusion: check_run.Conclusion, target: Target, inputs: Inputs
) -> Published:
    """A run without a scorecard: a comment that is there says so now, and so does the check."""
    done = Published()
    if target.number is not None and inputs.comment != "off":
        with done.trying("comment"):
            body = f"**constraint-gate: {title}.** {sentence}\n"
            _comment(done, target, body, create=conclusion == "failure")
    if inputs.check:
        with done.trying("check run"):
            _check(done, target, conclusion, check_run.CheckText(title, sentence), [])
    return done


def _comment(done: Published, target: Target, body: str, *, create: bool) -> None:
    assert target.number is not None
    context = target.context
    short = (
        f"**constraint-gate:** the report is too long for a comment: "
        f"[see the run]({context.run_url}).\n"
    )
    url = comment.publish(
        target.client,
        target.number,
        body,
        key=target.key,
        run=target.run,
        sha=target.head,
        short=short,
        create=create,
    )
    done.comment_url = url or ""


def _check(
    done: Published,
    target: Target,
    conclusion: check_run.Conclusion,
    text: check_run.CheckText,
    annotations: list[check_run.Annotation],
) -> None:
    service = target.context.service
    written = check_run.publish(
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
    done.check_url = written.url
