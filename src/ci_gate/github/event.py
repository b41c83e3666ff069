"""The event that started the run, from the payload that the runner left on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from ci_gate.data import dataclass
from ci_gate.github.settings import Settings
from ci_gate.regex import regex

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
    attempt: int
    event: str
    conclusion: str | None
    head_sha: str
    head_repository: str | None
    head_branch: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. ``other``: a run on no change (schedule, workflow_dispatch, release ...).

    ``base``: the ref or commit to compare with (pull requests, merge groups, pushes).
    ``default_branch`` is empty where the payload does not name it.
    """

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


class EventError(Exception):
    """The run was started by an event that cannot be judged; the message says why."""


#: GitHub's own payloads end at 25 MB.
MAX_BYTES: Final = 32 * 1024 * 1024
_MAX_TEXT: Final = 256 * 1024  # GitHub's bodies end at 65,536 characters
_MAX_LABELS: Final = 100
_SHA: Final = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF: Final = regex(r"(?!-)[^\s\x00-\x20\x7f~^:?*\[\\]{1,1000}")
_APP_PAGE: Final = regex(r"https?://[^/\s]+/apps/([A-Za-z0-9-]+)/?")
_REFUSED: Final = {
    "pull_request_target": "runs with the secrets and the write token of the repository, and code "
    "of the pull request must not be judged there; use the event pull_request (for comments on "
    "pull requests from forks see docs/action.md)",
    "issue_comment": "runs with the secrets and the write token of the repository whoever comments;"
    " use the event pull_request",
}  # fmt: skip


def read(settings: Settings) -> Event:
    """The event of this run.

    Raises:
        EventError: the event cannot be judged, or the payload is not what GitHub sends.
    """
    name = settings.event_name
    if name in _REFUSED:
        raise EventError(f"event {name} {_REFUSED[name]}")
    payload = _Part("", _load(settings))
    repository = payload.part("repository", optional=True)
    default = repository.text("default_branch", optional=True) if repository else ""
    if default and not _REF.fullmatch(default):
        raise EventError("the event's repository.default_branch is not the name of a branch")
    event = Event("other", settings.repository, default)
    match name:
        case "pull_request":
            change = _pull_request(payload.needed("pull_request"))
            return replace(event, kind=name, pull_request=change, base=change.base_sha)
        case "merge_group":
            return replace(event, kind=name, base=payload.needed(name).sha("base_sha"))
        case "push":
            return replace(event, kind=name, base=_push_base(payload, default))
        case "workflow_run":
            return replace(event, kind=name, run=_run(payload.needed(name)))
        case _:
            return event


def _load(settings: Settings) -> dict[str, Any]:
    path = settings.event_path
    try:
        if path is None:
            raise FileNotFoundError(2, "no path is given")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise EventError(
            f"the event's payload cannot be read (GITHUB_EVENT_PATH): {error.strerror or error}"
        ) from None
    if len(raw) > MAX_BYTES:
        raise EventError(f"the event's payload is larger than {MAX_BYTES >> 20} MiB")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise EventError("the event's payload is not JSON (GITHUB_EVENT_PATH)") from None
    if not isinstance(data, dict):
        raise EventError("the event's payload is not a JSON object (GITHUB_EVENT_PATH)")
    return data


@dataclass(frozen=True, slots=True)
class _Part:
    """An object of the payload, read with the name of each field in the messages."""

    where: str
    data: Mapping[str, Any]

    def part(self, key: str, *, optional: bool = False) -> _Part | None:
        """The object at ``key``; None where it is null (or, if optional, not there)."""
        value = self.data.get(key)
        if value is None and (optional or key in self.data):
            return None
        if not isinstance(value, dict):
            raise self._wrong(key, "an object")
        return _Part(f"{self.where}{key}.", value)

    def needed(self, key: str) -> _Part:
        found = self.part(key)
        if found is None:
            raise self._wrong(key, "an object")
        return found

    def text(self, key: str, *, optional: bool = False) -> str:
        value = self.data.get(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return _plain(value)

    def number(self, key: str, *, optional: bool = False) -> int:
        value = self.data.get(key)
        if value is None and optional:
            return 0
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
            raise self._wrong(key, "a number")
        return value

    def sha(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not _SHA.fullmatch(value):
            raise self._wrong(key, "the id of a commit")
        return value

    def ref(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not _REF.fullmatch(value):
            raise self._wrong(key, "the name of a branch")
        return value

    def repository(self, key: str = "repo") -> str | None:
        """``owner/name``, None where the repository was deleted."""
        found = self.part(key, optional=True)
        return found.text("full_name") if found else None

    def labels(self) -> tuple[str, ...]:
        """The names of the labels; an entry that is none is passed over."""
        listed = self.data.get("labels")
        items = listed[:_MAX_LABELS] if isinstance(listed, list) else []
        names = (item.get("name") for item in items if isinstance(item, dict))
        return tuple(_plain(name) for name in names if isinstance(name, str))

    def _wrong(self, key: str, wanted: str) -> EventError:
        return EventError(f"the event's {self.where}{key} is not {wanted} (GITHUB_EVENT_PATH)")


def _plain(text: str) -> str:
    """Of bounded length, and fit to be written as UTF-8: JSON may hold halves of characters."""
    return text[:_MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _pull_request(data: _Part) -> PullRequest:
    head, base = data.needed("head"), data.needed("base")
    return PullRequest(
        number=data.number("number"),
        author=_actor(data.part("user", optional=True), data),
        head_sha=head.sha("sha"),
        head_ref=head.ref("ref"),
        head_repository=head.repository(),
        base_ref=base.ref("ref"),
        base_sha=base.sha("sha"),
        title=data.text("title", optional=True),
        body=data.text("body", optional=True),
        labels=data.labels(),
        draft=data.data.get("draft") is True,
    )


def _actor(user: _Part | None, change: _Part) -> Actor:
    """The author; an account that was deleted is GitHub's ``ghost``."""
    if user is None:
        return Actor("ghost")
    login = user.text("login")
    kind = user.text("type", optional=True) or "User"
    via = change.part("performed_via_github_app", optional=True)
    app = via.text("slug", optional=True) if via else ""
    if not app and kind == "Bot":
        page = _APP_PAGE.fullmatch(user.text("html_url", optional=True))
        app = page[1] if page else login.removesuffix("[bot]")
    return Actor(login, user.number("id", optional=True), kind, app or None)


def _push_base(payload: _Part, default_branch: str) -> str | None:
    """The tip before the push; for a branch that is new, the default branch."""
    if payload.data.get("deleted") is True:
        raise EventError("the push deletes its branch: there is nothing to judge; "
                         "leave such events out (if: github.event.deleted == false)")  # fmt: skip
    before, ref = payload.sha("before"), payload.text("ref")
    if before.strip("0"):
        return before
    branch = ref.removeprefix("refs/heads/")
    return default_branch if branch not in (ref, default_branch) and default_branch else None


def _run(data: _Part) -> TriggeringRun:
    return TriggeringRun(
        id=data.number("id"),
        attempt=data.number("run_attempt"),
        event=data.text("event"),
        conclusion=data.text("conclusion", optional=True) or None,
        head_sha=data.sha("head_sha"),
        head_repository=data.repository("head_repository"),
        head_branch=data.text("head_branch", optional=True) or None,
    )
