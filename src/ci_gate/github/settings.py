"""The Action's inputs and the runner's environment as one typed object."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Mode = Literal["agents", "all"]
CommentWhen = Literal["always", "findings", "off"]
ReviewAs = Literal["comment", "request-changes", "off"]
AnnotationsWhen = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the workflow's ``with:`` asks for; an empty text in it means the default."""

    path: str = "."
    name: str = ""  # of the service, where one pull request is judged several times
    config: str | None = None
    base: str | None = None
    mode: Mode = "agents"
    fail_on: Literal["new", "all", "never"] | None = None
    threshold: Literal["error", "warning", "note"] | None = None
    contract: Literal["auto", "off"] = "auto"
    comment: CommentWhen = "always"
    comment_template: str | None = None
    review: ReviewAs = "comment"
    check: bool = True
    annotations: AnnotationsWhen = "auto"
    summary: bool = True
    sarif_file: str | None = None
    json_file: str | None = None
    markdown_file: str | None = None
    bundle: str | None = None  # folder to write what a trusted workflow posts for a fork
    artifact: str = "constraint-gate"  # workflow_run: name of the artifact that holds the bundle
    history_branch: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """One run of the Action. ``token`` is taken out of the environment when this is read."""

    inputs: Inputs
    workspace: Path
    event_name: str
    event_path: Path | None
    repository: str  # owner/name
    sha: str
    ref: str
    actor: str
    workflow: str
    job: str
    run_id: int
    run_attempt: int
    api_url: str
    server_url: str
    graphql_url: str
    output_path: Path | None
    summary_path: Path | None
    token: str | None = field(default=None, repr=False)

    @property
    def run_url(self) -> str:
        """The page of this run."""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"
