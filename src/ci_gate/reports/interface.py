"""What a report format is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Scorecard


@dataclass(frozen=True, slots=True)
class Style:
    """How a report for people looks. ``quiet``: findings and verdict, a line each. ``verbose``:
    notes and suppressed findings too. ``width``: columns of the terminal."""

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    width: int = 100


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """What a report needs of a rule's page; ``summary`` is one line, the rest Markdown."""

    summary: str
    why: str = ""
    fix: str = ""
    source: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The scorecard of one merge on the default branch. ``shares``: L0 to L3, 0 to 1."""

    commit: str
    date: str  # ISO 8601
    shares: tuple[float | None, ...]
    decay: float | None


@dataclass(frozen=True, slots=True)
class Context:
    """What the pull request's reports say besides the scorecard. Texts are untrusted: they are
    escaped where they are shown.

    ``key``: marks the comment as this workflow's for this service. ``path``: the judged folder in
    the repository. ``links``: prefix of a file's path in links. ``author``: sentences that say who
    wrote the change, and what shows it. ``record``: how this author's agent has done so far, one
    sentence. ``notes``: what else the reader must know (policy taken from the base, ...).
    ``template``: the team's own layout of the comment. ``tool_url``: where constraint-gate itself
    is to be had.
    """

    service: str = ""
    key: str = ""
    commit: str = ""
    run: str = ""  # "RUN_ID.ATTEMPT"
    run_url: str = ""
    path: str = "."
    links: str = ""
    author: tuple[str, ...] = ()
    record: str = ""
    trend: tuple[TrendPoint, ...] = ()
    notes: tuple[str, ...] = ()
    template: str | None = None
    tool_url: str = ""

    @property
    def folder(self) -> str:
        """What stands before a finding's path to make it count from the repository's root."""
        return "" if self.path in ("", ".") else f"{self.path.strip('/')}/"


class Report(Protocol):
    def render(self, scorecard: Scorecard, style: Style, rules: Mapping[str, RuleDoc]) -> str:
        """The whole report."""
        ...
