"""The Action's inputs and the runner's environment as one typed object."""

from __future__ import annotations

import ctypes
import difflib
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal, get_args
from urllib.parse import quote

from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.shards import FOLDER, Shard

Mode = Literal["agents", "all"]
ConfigFrom = Literal["base", "head"]
FailOn = Literal["new", "all", "never"]
Threshold = Literal["error", "warning", "note"]
Contract = Literal["auto", "off"]
CommentWhen = Literal["always", "findings", "off"]
ReviewAs = Literal["comment", "request-changes", "off"]
AnnotationsWhen = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the workflow's ``with:`` asks for; an empty text in it means the default.

    Paths are relative to the workspace, with forward slashes, and lie inside of it.
    """

    path: str = "."
    name: str = ""  # of the service, where one pull request is judged several times
    config: str | None = None
    config_from: ConfigFrom = "base"
    base: str | None = None
    mode: Mode = "agents"
    fail_on: FailOn | None = None
    threshold: Threshold | None = None
    contract: Contract = "auto"
    comment: CommentWhen = "always"
    comment_template: str | None = None
    review: ReviewAs = "comment"
    check: bool = True
    annotations: AnnotationsWhen = "auto"
    summary: bool = True
    sarif_file: str | None = None
    json_file: str | None = None
    markdown_file: str | None = None
    shard: Shard | Literal["merge"] | None = None  # run one part of the scan, or merge the parts
    shard_dir: str = FOLDER
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
    tool: str = ""  # owner/name of the repository that the Action is from, where it is known
    tool_ref: str = ""

    @property
    def tool_url(self) -> str:
        """The Action's repository; empty where it is not known, as with ``uses: ./``."""
        return f"{self.server_url}/{self.tool}" if self.tool else ""

    @property
    def rules_url(self) -> str:
        """The folder of the rules' pages, of the version that runs."""
        reference = quote(self.tool_ref or "HEAD", safe="/")
        return f"{self.tool_url}/blob/{reference}/docs/rules" if self.tool else ""

    @property
    def run_url(self) -> str:
        """The page of this run."""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}"

    @property
    def root(self) -> Path:
        """The folder to judge."""
        return self.workspace / self.inputs.path


class SettingsError(Exception):
    """Inputs or variables that make no sense, one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


_NEEDED: Final = ("GITHUB_WORKSPACE", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH",
                  "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_RUN_ID")  # fmt: skip
_TOKENS: Final = ("INPUT_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
#: What the runner gives an action for its caches, artifacts and identity; none of it is used.
_RUNNER_TOKENS: Final = ("ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
_TRUE: Final = ("true", "True", "TRUE")
_FALSE: Final = ("false", "False", "FALSE")
_REPOSITORY: Final = regex(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_SHA: Final = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF: Final = regex(r"(?!-)(?!.*\.\.)(?!.*@\{)(?!.*(?:\.lock|[/.])$)[^\s\x00-\x20\x7f~^:?*\[\\]+")
_ARTIFACT: Final = regex(r'[^"<>|*?:\\/\s\x00-\x1f]{1,200}')
_URL: Final = regex(r"(?:https?|file)://[^\s@]+")
_MAX_NAME: Final = 80


def read(environ: MutableMapping[str, str]) -> Settings:
    """The settings of this run. Takes every token out of ``environ``: what runs later, above all
    the project under test, is not to find one there.

    Raises:
        SettingsError: a variable of the runner is missing, or inputs are wrong; all that is wrong
            is told at once.
    """
    token = _take_token(environ)
    missing = [name for name in _NEEDED if not environ.get(name)]
    if missing:
        raise SettingsError(
            f"`ci-gate action` is the entry point of the GitHub Action, and {_listed(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} not set; elsewhere use `ci-gate scan`"
        )
    reader = _Reader(environ)
    settings = Settings(
        inputs=reader.inputs(),
        workspace=reader.workspace,
        event_name=environ["GITHUB_EVENT_NAME"],
        event_path=Path(environ["GITHUB_EVENT_PATH"]),
        repository=reader.formed("GITHUB_REPOSITORY", _REPOSITORY, "of the form owner/name"),
        sha=reader.formed("GITHUB_SHA", _SHA, "a commit"),
        ref=environ.get("GITHUB_REF", ""),
        actor=environ.get("GITHUB_ACTOR", ""),
        workflow=environ.get("GITHUB_WORKFLOW", ""),
        job=environ.get("GITHUB_JOB", ""),
        run_id=reader.number("GITHUB_RUN_ID"),
        run_attempt=reader.number("GITHUB_RUN_ATTEMPT", 1),
        api_url=(api := reader.url("GITHUB_API_URL", "https://api.github.com")),
        server_url=reader.url("GITHUB_SERVER_URL", "https://github.com"),
        graphql_url=reader.url("GITHUB_GRAPHQL_URL", _graphql(api)),
        output_path=_file(environ.get("GITHUB_OUTPUT")),
        summary_path=_file(environ.get("GITHUB_STEP_SUMMARY")),
        token=token,
        tool=reader.optional("GITHUB_ACTION_REPOSITORY", _REPOSITORY),
        tool_ref=reader.optional("GITHUB_ACTION_REF", _REF),
    )
    if reader.problems:
        raise SettingsError(*reader.problems)
    return settings


def keep_memory_private() -> None:
    """Shut this process off from others of the same user. Taking the token out of the environment
    leaves it in the process's first environment and its memory, which Linux shows to any process of
    the same user (``/proc/PID/environ``): the project under test would be one."""
    if sys.platform == "linux":
        set_dumpable = 4  # PR_SET_DUMPABLE of prctl(2)
        ctypes.CDLL(None).prctl(set_dumpable, 0, 0, 0, 0)


def _take_token(environ: MutableMapping[str, str]) -> str | None:
    token = next((value for name in _TOKENS if (value := environ.get(name, "").strip())), None)
    secrets = {environ[name].strip() for name in (*_TOKENS, *_RUNNER_TOKENS) if name in environ}
    for name in [name for name, value in environ.items() if value.strip() in secrets - {""}]:
        del environ[name]
    return token


class _Reader:
    """Reads variables one by one and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.workspace = Path(os.path.realpath(environ["GITHUB_WORKSPACE"]))
        if not self.workspace.is_dir():
            self.problems.append(f"GITHUB_WORKSPACE: {_short(str(self.workspace))} is no folder")

    def inputs(self) -> Inputs:
        path = self.inside("path") or "."
        if (
            not os.path.isdir(self.workspace / path)  # noqa: PTH112  False for names that are too long
            and self.environ["GITHUB_EVENT_NAME"] != "workflow_run"
        ):
            self.wrong("path", f"{_short(path)} is no folder of the workspace; does a step before "
                               "this one check the repository out (actions/checkout)?")  # fmt: skip
        config = self.inside("config")
        default = Inputs()
        return Inputs(
            path=path,
            name=self.name() or ("" if path == "." else path[:_MAX_NAME]),
            config=config,
            config_from=self.choice("config-from", ConfigFrom) or default.config_from,
            base=self.ref("base"),
            mode=self.choice("mode", Mode) or default.mode,
            fail_on=self.choice("fail-on", FailOn),
            threshold=self.choice("threshold", Threshold),
            contract=self.choice("contract", Contract) or default.contract,
            comment=self.choice("comment", CommentWhen) or default.comment,
            comment_template=self.inside("comment-template"),
            review=self.choice("review", ReviewAs) or default.review,
            check=self.switch("check", default.check),
            annotations=self.choice("annotations", AnnotationsWhen) or default.annotations,
            summary=self.switch("summary", default.summary),
            sarif_file=self.written("sarif-file"),
            json_file=self.written("json-file"),
            markdown_file=self.written("markdown-file"),
            shard=self.shard(),
            shard_dir=self.written("shard-dir") or default.shard_dir,
            bundle=self.written("bundle"),
            artifact=self.artifact() or default.artifact,
            history_branch=self.ref("history-branch"),
        )

    def text(self, name: str) -> str:
        """The input as the runner hands it over (``INPUT_FAIL-ON``), or as action.yml hands it
        on to the container (``INPUT_FAIL_ON``)."""
        variable = f"INPUT_{name.upper()}"
        for key in (variable, variable.replace("-", "_")):
            if value := self.environ.get(key, "").strip():
                return value
        return ""

    def wrong(self, name: str, what: str) -> None:
        self.problems.append(f"input '{name}': {what}")

    def choice(self, name: str, kinds: Any) -> Any:
        value, known = self.text(name), get_args(kinds)
        if not value or value in known:
            return value or None
        near = difflib.get_close_matches(value.lower(), known, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        self.wrong(name, f"{_short(value)} is not one of {', '.join(known)}{hint}")
        return None

    def switch(self, name: str, default: bool) -> bool:
        value = self.text(name)
        if value and value not in (*_TRUE, *_FALSE):
            self.wrong(name, f"{_short(value)} is neither true nor false")
        return value in _TRUE if value else default

    def inside(self, name: str) -> str | None:
        """A path in the workspace, relative to it. A symbolic link on the way is refused: it may be
        the change's, made to be judged by another configuration, or to have a report written
        elsewhere."""
        value = self.text(name)
        if not value:
            return None
        try:
            place = Path(os.path.realpath(self.workspace / value))
            path = place.relative_to(self.workspace).as_posix()
        except (ValueError, OSError):
            self.wrong(name, f"{_short(value)} is outside of the workspace; give it relative to "
                             "the root of the checkout")  # fmt: skip
            return None
        if Path(os.path.normpath(self.workspace / value)) != place:
            self.wrong(name, f"{_short(value)} goes through a symbolic link; name a plain path")
        return path

    def written(self, name: str) -> str | None:
        """A path in the workspace that may be written: nothing of git's."""
        path = self.inside(name)
        if path is not None and (path == "." or ".git" in PurePosixPath(path).parts):
            self.wrong(name, f"{_short(path)} is not a place to write a report to")
        return path

    def name(self) -> str:
        value = self.text("name")
        if len(value) > _MAX_NAME or not value.isprintable():
            self.wrong("name", f"{_short(value)} is not one line of at most {_MAX_NAME} characters")
        return value

    def ref(self, name: str) -> str | None:
        value = self.text(name)
        if value and not _REF.fullmatch(value):
            self.wrong(name, f"{_short(value)} is not the name of a branch, a tag or a commit")
        return value or None

    def shard(self) -> Shard | Literal["merge"] | None:
        value = self.text("shard")
        if not value or value == "merge":
            return "merge" if value else None
        try:
            return Shard.of(value)
        except ValueError as error:
            self.wrong("shard", f"{_short(str(error))}, nor 'merge'")
            return None

    def artifact(self) -> str:
        value = self.text("artifact")
        if value and not _ARTIFACT.fullmatch(value):
            self.wrong("artifact", f"{_short(value)} is not the name of an artifact")
        return value

    def formed(self, name: str, form: re.Pattern[str], what: str) -> str:
        value = self.environ[name]
        if not form.fullmatch(value):
            self.problems.append(f"{name}: {_short(value)} is not {what}")
        return value

    def optional(self, name: str, form: re.Pattern[str]) -> str:
        value = self.environ.get(name, "")
        return value if form.fullmatch(value) else ""

    def number(self, name: str, default: int = 0) -> int:
        value = self.environ.get(name) or str(default)
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            self.problems.append(f"{name}: {_short(value)} is not a number")
            return default
        return int(value)

    def url(self, name: str, default: str) -> str:
        value = (self.environ.get(name) or default).rstrip("/")
        if not _URL.fullmatch(value):
            self.problems.append(f"{name}: {_short(value)} is not an address")
        return value


def _graphql(api_url: str) -> str:
    """Where GitHub answers GraphQL: beside ``/api/v3`` on an Enterprise Server."""
    return f"{api_url.removesuffix('/v3')}/graphql"


def _file(value: str | None) -> Path | None:
    return Path(value) if value else None


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short(value: str) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."
