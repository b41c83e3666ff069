"""The event that started the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["pull_request", "merge_group", "push", "workflow_run", "other"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who opened the pull request; ``app`` is the slug of the GitHub App that did, if one did."""

    login: str
    id: int = 0
    kind: str = "User"  # User, Bot, Organization, Mannequin
    app: str | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What the payload says of the pull request. All texts are the author's: untrusted."""

    number: int
    author: Actor
    head_sha: str
    head_ref: str
    head_repository: str | None  # None: the fork was deleted
    base_ref: str
    base_sha: str  # tip of the base branch at the event, not the merge base
    title: str = ""
    body: str = ""
    labels: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class TriggeringRun:
    """``workflow_run``: the run whose artifact is to be posted."""

    id: int
    event: str
    conclusion: str | None
    head_sha: str
    head_repository: str | None
    head_branch: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """``base``: the ref or commit to compare with (pull requests, merge groups, pushes)."""

    kind: Kind
    repository: str
    default_branch: str
    pull_request: PullRequest | None = None
    run: TriggeringRun | None = None
    base: str | None = None

    @property
    def from_fork(self) -> bool:
        """Does the change come from another repository, so that the token cannot write?"""
        change = self.pull_request
        return change is not None and change.head_repository != self.repository
