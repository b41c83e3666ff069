"""What a run of the Action tells its runner: the log, outputs, the job summary, files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ci_gate.github import workflow
from ci_gate.reports import Style, render
from ci_gate.reports.text import clean

if TYPE_CHECKING:
    from ci_gate.github.authorship import Authorship
    from ci_gate.github.publish import Published
    from ci_gate.github.settings import Settings
    from ci_gate.reports.interface import Context, RuleDoc
    from ci_gate.scorecard.model import Scorecard

_TITLE = "constraint-gate"
_WHOLE = "The rest is in the log of this run."


class RunLog:
    """Writes to standard output, where the runner reads commands."""

    def error(self, text: str) -> None:
        self._say("error", text)

    def warning(self, text: str) -> None:
        self._say("warning", text)

    def notice(self, text: str) -> None:
        self._say("notice", text)

    def report(self, scorecard: Scorecard, rules: Mapping[str, RuleDoc]) -> None:
        """The terminal's report. It quotes the change's code: no line of it is a command."""
        with workflow.commands_stopped(sys.stdout):
            self._write(render(scorecard, "terminal", Style(width=120), rules))

    def annotations(
        self, scorecard: Scorecard, rules: Mapping[str, RuleDoc], context: Context
    ) -> None:
        """Findings at their lines, where neither review nor check could show them there."""
        self._write(render(scorecard, "github", rules=rules, context=context))

    def told(self, published: Published) -> None:
        """What GitHub refused, and how to have it allowed."""
        for sentence in published.refused:
            self.warning(sentence)
        for sentence in published.notes:
            self.notice(sentence)
        if published.remedy:
            self.notice(f"Give the job the permissions that it lacks:\n{published.remedy}")

    def summary(
        self,
        path: Path | None,
        scorecard: Scorecard,
        rules: Mapping[str, RuleDoc],
        context: Context,
    ) -> None:
        """The comment's text as the job summary."""
        text = render(scorecard, "markdown", rules=rules, context=context)
        try:
            workflow.add_summary(path, text.partition("\n")[2], _WHOLE)
        except OSError as error:
            self.warning(f"cannot write the job summary: {error.strerror or error}")

    def file(
        self,
        path: Path,
        scorecard: Scorecard,
        kind: str,
        rules: Mapping[str, RuleDoc],
        context: Context,
    ) -> None:
        """A report that a later step reads."""
        try:
            text = render(scorecard, kind, rules=rules, context=context)
            workflow.write_file(path, text.encode("utf-8", "replace"))
        except OSError as error:
            self.error(f"cannot write {path.name}: {error.strerror or error}")

    def outputs(
        self,
        settings: Settings,
        verdict: str,
        author: Authorship,
        scorecard: Scorecard | None = None,
        comment_url: str = "",
    ) -> None:
        """The step's outputs; numbers that there are none of are empty."""
        values = {
            "verdict": verdict,
            "judged": str(scorecard is not None).lower(),
            "agent": author.agents[0] if author.agents else "",
            "report": settings.inputs.json_file or "",
            "comment-url": comment_url,
        }
        shares: list[float | None] = [None] * 4
        decay: tuple[float | None, float | None] = (None, None)
        counts = ("", "")
        if scorecard is not None:
            shares = [level.share for level in scorecard.levels]
            decay = (scorecard.decay.head, scorecard.decay.base)
            new = sum(1 for found in scorecard.findings if found.status == "new")
            counts = (str(len(scorecard.blocking)), str(new))
        values |= {f"share-l{level}": _number(share) for level, share in enumerate(shares)}
        values |= {"decay": _number(decay[0]), "decay-base": _number(decay[1])}
        values |= {"findings": counts[0], "new-findings": counts[1]}
        try:
            workflow.set_outputs(settings.output_path, values)
        except OSError as error:
            self.warning(f"cannot set the step's outputs: {error.strerror or error}")

    def _say(self, kind: Literal["error", "warning", "notice"], text: str) -> None:
        lines = "\n".join(clean(line, indented=True) for line in text.splitlines())
        self._write(workflow.message(kind, lines, _TITLE))

    def _write(self, text: str) -> None:
        stream = sys.stdout
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
