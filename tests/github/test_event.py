"""The event's payload: GitHub's own examples, hand-written ones, and garbage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ci_gate.github import event as events
from ci_gate.github.event import Actor, Event, EventError, PullRequest, TriggeringRun
from ci_gate.github.settings import Inputs, Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / ".build/github/node_modules/@octokit/webhooks-examples/api.github.com/index.json"
HEAD, BASE, OTHER = "a" * 40, "b" * 40, "c" * 40
REPOSITORY = {"full_name": "octo/app", "default_branch": "main"}
KINDS = ["pull_request", "merge_group", "push", "workflow_run", "workflow_dispatch", "schedule"]


def settings(path: Path | None, name: str = "pull_request") -> Settings:
    return Settings(
        Inputs(), Path("/"), name, path, "octo/app", HEAD, "refs/pull/7/merge", "octocat", "CI",
        "gate", 1, 1, "https://api.github.com", "https://github.com",
        "https://api.github.com/graphql", None, None,
    )  # fmt: skip


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, Any], Event]:
    def read(name: str, payload: Any) -> Event:
        path = tmp_path / "event.json"
        path.write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        return events.read(settings(path, name))

    return read


def pull_request(**fields: Any) -> dict[str, Any]:
    change = {
        "number": 7,
        "title": "Add orders",
        "body": None,
        "draft": False,
        "labels": [{"name": "bug"}, {"name": "codex"}],
        "user": {"login": "octocat", "id": 583231, "type": "User"},
        "head": {"sha": HEAD, "ref": "orders", "repo": {"full_name": "octo/app"}},
        "base": {"sha": BASE, "ref": "main", "repo": {"full_name": "octo/app"}},
    }
    return {"number": 7, "pull_request": change | fields, "repository": REPOSITORY}


Read = Callable[[str, Any], Event]


def test_pull_request(read: Read) -> None:
    change = PullRequest(
        number=7,
        author=Actor("octocat", 583231),
        head_sha=HEAD,
        head_ref="orders",
        head_repository="octo/app",
        base_ref="main",
        base_sha=BASE,
        title="Add orders",
        labels=("bug", "codex"),
    )
    event = read("pull_request", pull_request())
    assert event == Event("pull_request", "octo/app", "main", change, base=BASE)
    assert not event.from_fork


def test_pull_request_from_a_fork(read: Read) -> None:
    head = {"sha": HEAD, "ref": "main", "repo": {"full_name": "stranger/app"}}
    assert read("pull_request", pull_request(head=head)).from_fork


def test_pull_request_from_a_fork_that_was_deleted(read: Read) -> None:
    event = read("pull_request", pull_request(head={"sha": HEAD, "ref": "main", "repo": None}))
    assert event.from_fork
    assert event.pull_request is not None
    assert event.pull_request.head_repository is None


def test_pull_request_of_an_app(read: Read) -> None:
    user = {"login": "Copilot", "id": 198982749, "type": "Bot",
            "html_url": "https://github.com/apps/copilot-swe-agent"}  # fmt: skip
    change = read("pull_request", pull_request(user=user)).pull_request
    assert change is not None
    assert change.author == Actor("Copilot", 198982749, "Bot", "copilot-swe-agent")
    bot = {"login": "dependabot[bot]", "id": 49699333, "type": "Bot"}
    change = read("pull_request", pull_request(user=bot)).pull_request
    assert change is not None
    assert change.author.app == "dependabot"


def test_pull_request_of_a_deleted_account(read: Read) -> None:
    change = read("pull_request", pull_request(user=None)).pull_request
    assert change is not None
    assert change.author == Actor("ghost")


def test_texts_can_be_written_as_utf8(read: Read) -> None:
    raw = json.dumps(pull_request(title="x", labels=[{"name": "x"}])).encode()
    change = read("pull_request", raw.replace(b'"x"', b'"\\ud800!"')).pull_request
    assert change is not None
    assert (change.title, change.labels) == ("?!", ("?!",))


def test_merge_group(read: Read) -> None:
    group = {"head_sha": HEAD, "head_ref": "refs/heads/gh-readonly-queue/main/pr-7-x",
             "base_sha": BASE, "base_ref": "refs/heads/main"}  # fmt: skip
    event = read("merge_group", {"merge_group": group, "repository": REPOSITORY})
    assert event == Event("merge_group", "octo/app", "main", base=BASE)


@pytest.mark.parametrize(
    ("ref", "before", "base"),
    [
        ("refs/heads/main", BASE, BASE),
        ("refs/heads/new", "0" * 40, "main"),
        ("refs/heads/main", "0" * 40, None),  # the first push to the default branch
        ("refs/tags/v1", "0" * 40, None),
    ],
)
def test_push(read: Read, ref: str, before: str, base: str | None) -> None:
    payload = {"ref": ref, "before": before, "after": HEAD, "repository": REPOSITORY}
    assert read("push", payload) == Event("push", "octo/app", "main", base=base)


def test_push_that_deletes(read: Read) -> None:
    payload = {"ref": "refs/heads/x", "before": BASE, "after": "0" * 40, "deleted": True}
    with pytest.raises(EventError, match="deletes its branch"):
        read("push", payload)


def test_workflow_run(read: Read) -> None:
    run = {"id": 9, "run_attempt": 2, "event": "pull_request", "conclusion": "failure",
           "head_sha": OTHER, "head_branch": "orders",
           "head_repository": {"full_name": "stranger/app"}}  # fmt: skip
    event = read("workflow_run", {"workflow_run": run, "repository": REPOSITORY})
    triggering = TriggeringRun(
        id=9, attempt=2, event="pull_request", conclusion="failure", head_sha=OTHER,
        head_repository="stranger/app", head_branch="orders",
    )  # fmt: skip
    assert event == Event("workflow_run", "octo/app", "main", run=triggering)
    gone = read("workflow_run", {"workflow_run": run | {"head_repository": None}})
    assert gone.run is not None
    assert gone.run.head_repository is None


@pytest.mark.parametrize("name", ["schedule", "workflow_dispatch", "release"])
def test_runs_on_no_change(read: Read, name: str) -> None:
    assert read(name, {"schedule": "0 3 * * *"}) == Event("other", "octo/app", "")


@pytest.mark.parametrize("name", ["pull_request_target", "issue_comment"])
def test_events_that_are_refused(read: Read, name: str) -> None:
    with pytest.raises(EventError, match=rf"^event {name} runs with the secrets .* pull_request"):
        read(name, pull_request())


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"1" * 5000, "is not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "pull_request is not an object"),
        (pull_request(number="7"), "pull_request.number is not a number"),
        (pull_request(number=True), "pull_request.number is not a number"),
        (pull_request(head=[]), "pull_request.head is not an object"),
        (pull_request(title=3), "pull_request.title is not a text"),
        (pull_request(head={"sha": "HEAD", "ref": "x"}), "head.sha is not the id of a commit"),
        (pull_request(head={"sha": HEAD, "ref": "-x"}), "head.ref is not the name of a branch"),
        (pull_request(head={"sha": HEAD, "ref": "a\nb"}), "head.ref is not the name of a branch"),
        (pull_request(head={"sha": HEAD, "ref": "x", "repo": 1}), "head.repo is not an object"),
    ],
)
def test_wrong_payloads(read: Read, payload: Any, message: str) -> None:
    with pytest.raises(EventError, match=message):
        read("pull_request", payload)


def test_payload_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EventError, match="No such file"):
        events.read(settings(tmp_path / "gone"))


def test_payload_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    with path.open("wb") as stream:
        stream.truncate(events.MAX_BYTES + 1)
    with pytest.raises(EventError, match="larger than 32 MiB"):
        events.read(settings(path))


@pytest.mark.skipif(not EXAMPLES.is_file(), reason=".ci/tools has not fetched webhooks-examples")
@pytest.mark.parametrize("name", KINDS)
def test_githubs_own_examples(read: Read, name: str) -> None:
    examples = [example for entry in json.loads(EXAMPLES.read_text())
                if entry["name"] == name for example in entry["examples"]]  # fmt: skip
    assert examples or name == "schedule"
    for example in examples:
        if example.get("deleted") is True:
            with pytest.raises(EventError, match="deletes its branch"):
                read(name, example)
            continue
        event = read(name, example)
        assert event.kind == (name if name in events.Kind.__args__ else "other")
        assert event.default_branch == example["repository"]["default_branch"]
        if name == "pull_request":
            assert event.pull_request is not None
            assert event.pull_request.head_sha == example["pull_request"]["head"]["sha"]


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([HEAD])
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
_FIELDS = st.sampled_from(
    ["number", "user", "head", "base", "labels", "title", "body", "sha", "ref", "repo", "login",
     "id", "type", "full_name", "before", "after", "deleted", "base_sha", "head_sha", "event"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A good payload in which a few fields, anywhere, hold something else or are gone."""
    payload = json.loads(json.dumps(pull_request()))
    payload |= {"merge_group": {"base_sha": BASE}, "before": BASE, "ref": "refs/heads/x",
                "workflow_run": {"id": 1, "run_attempt": 1, "event": "push",
                                 "head_sha": HEAD}}  # fmt: skip
    for _ in range(draw(st.integers(1, 4))):
        part: Any = payload
        while isinstance(part, dict) and part:
            key = draw(st.sampled_from(sorted(part)) | _FIELDS)
            if draw(st.booleans()) or not isinstance(part.get(key), dict):
                part[key] = draw(_VALUES)
                break
            part = part[key]
    return payload


@hypothesis_settings(max_examples=300)
@given(name=st.sampled_from(KINDS), payload=damaged() | _VALUES)
def test_garbage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, payload: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.json"
    path.write_text(json.dumps(payload))
    try:
        event = events.read(settings(path, name))
    except EventError as error:
        assert "\n" not in str(error)
    else:
        repr(event).encode()
