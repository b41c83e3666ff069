"""What goes wrong with the double of GitHub, and the double as a process of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.github import diffs
from support.github.client import ask, query
from support.github.double import Double
from support.github.fixtures import GitHub, need_descriptions
from support.github.state import Repository, State, sha_of

ISSUE = "/repos/acme/shop/issues/7"
PULL = "/repos/acme/shop/pulls/7"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop(github: GitHub) -> Repository:
    repository = github.repository()
    repository.add_pull(7, [diffs.change("a.py", "a\n", "b\n")])
    return repository


def comment(github: GitHub, body: str = "b") -> Any:
    return ask(github, "POST", f"{ISSUE}/comments", {"body": body})


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("unauthorized", 401, "Bad credentials"),
        ("forbidden", 403, "Resource not accessible by integration"),
        ("not_found", 404, "Not Found"),
        ("unprocessable", 422, "Validation Failed"),
        ("primary_limit", 403, "API rate limit exceeded"),
        ("secondary_limit", 403, "secondary rate limit"),
        ("server_error", 500, "Server Error"),
        ("bad_gateway", 502, "<h1>502 Bad Gateway"),
        ("unavailable", 503, "<h1>503"),
        ("gateway_timeout", 504, "<h1>504"),
    ],
)
def test_answers_that_go_wrong(
    github: GitHub, shop: Repository, kind: str, status: int, words: str
) -> None:
    github.fault("issues/create-comment", kind)
    said = comment(github)
    assert said.status == status
    assert words in (said.body.decode() if isinstance(said.body, bytes) else said.message)
    assert shop.comments(7) == []
    assert comment(github).status == 201


def test_limits_say_when_they_end(github: GitHub, shop: Repository) -> None:
    github.fault("write", "primary_limit", reset_in=30)
    github.fault("write", "secondary_limit", skip=1, retry_after=7, status=429)
    first, second = comment(github), comment(github)
    assert first.headers["X-RateLimit-Remaining"] == "0"
    assert 25 < int(first.headers["X-RateLimit-Reset"]) - time.time() < 35
    assert (second.status, second.headers["Retry-After"]) == (429, "7")


def test_which_requests_are_hit(github: GitHub, shop: Repository) -> None:
    github.fault("issues/create-comment", "bad_gateway", skip=1, times=2)
    assert [comment(github).status for _ in range(4)] == [201, 502, 502, 201]
    github.fault("*", "unavailable", times=None)
    assert ask(github, "GET", PULL).status == 503
    assert query(github, "{ viewer { login } }").status == 503
    github.state.data["faults"].clear()
    github.fault("graphql/viewer", "forbidden")
    assert ask(github, "GET", PULL).status == 200
    assert query(github, "{ viewer { login } }").status == 403


def test_a_write_whose_answer_is_lost_took_effect(github: GitHub, shop: Repository) -> None:
    github.fault("issues/create-comment", "bad_gateway", after=True)
    assert comment(github).status == 502
    github.fault("issues/create-comment", "hang_up", after=True)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        comment(github)
    assert len(shop.comments(7)) == 2


def test_closed_cut_off_and_slow(github: GitHub, shop: Repository) -> None:
    github.fault("issues/create-comment", "hang_up")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        comment(github)
    assert shop.comments(7) == []
    github.fault("pulls/get", "cut_off")
    with pytest.raises(http.client.IncompleteRead):
        ask(github, "GET", PULL)
    github.fault("pulls/get", "slow", seconds=0.3)
    start = time.monotonic()
    assert ask(github, "GET", PULL).status == 200
    assert time.monotonic() - start > 0.3


def test_somebody_changes_things_in_between(github: GitHub, shop: Repository) -> None:
    shop.add_comment(7, "<!-- mark -->")
    shop.add_comment(7, "other")
    edit = {"do": "edit_comment", "containing": "<!-- mark", "body": "by hand"}
    github.fault("issues/list-comments", change=edit)
    delete = {"do": "delete_comment", "containing": "other"}
    github.fault("issues/list-comments", skip=1, change=delete)
    head = {"do": "push", "number": 7, "sha": sha_of("next"), "forced": True}
    github.fault("pulls/create-review", change=head)
    listed = [ask(github, "GET", f"{ISSUE}/comments").body for _ in range(2)]
    assert [[c["body"] for c in part] for part in listed] == [["by hand", "other"], ["by hand"]]
    asked = {"event": "COMMENT", "body": "b", "commit_id": shop.pull(7)["head"]["sha"]}
    said = ask(github, "POST", f"{PULL}/reviews", asked)
    assert said.body["errors"] == ["commit_id is not part of the pull request"]


def test_two_runs_look_before_either_writes(github: GitHub, shop: Repository) -> None:
    github.fault("issues/list-comments", meet=2)

    def run() -> None:
        if not ask(github, "GET", f"{ISSUE}/comments").body:
            comment(github)

    runs = [threading.Thread(target=run) for _ in range(2)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert len(shop.comments(7)) == 2


def test_a_fault_that_there_is_not(github: GitHub) -> None:
    with pytest.raises(AssertionError, match="no such fault: sunshine"):
        github.fault("*", "sunshine")


@pytest.fixture
def process(tmp_path: Path) -> Iterator[GitHub]:
    """The double in a process of its own."""
    need_descriptions()
    state = State()
    state.token("ghs_workflow")
    state.repository().add_pull(7, [diffs.change("a.py", "a\n", "b\n")])
    tmp_path.joinpath("state.json").write_text(json.dumps(state.data))
    command = [sys.executable, "-m", "tests.support.github.server"]
    command += ["--state", str(tmp_path / "state.json"), "--log", str(tmp_path / "log.json")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        address = started.stdout.readline().strip()
        try:
            yield GitHub(Double(), address)
        finally:
            started.terminate()


DIFF = """diff --git a/b.py b/b.py
new file mode 100644
--- /dev/null
+++ b/b.py
@@ -0,0 +1 @@
+b
"""


def test_as_a_process(process: GitHub, tmp_path: Path) -> None:
    assert comment(process, "first").status == 201
    head = {"do": "push", "number": 7, "sha": sha_of("next"), "diff": DIFF}
    assert ask(process, "POST", "/_double/change", head).status == 200
    fault = [{"on": "issues/create-comment", "kind": "forbidden"}]
    assert ask(process, "POST", "/_double/faults", fault).status == 200
    assert comment(process, "second").status == 403
    assert ask(process, "GET", PULL).body["head"]["sha"] == sha_of("next")
    assert ask(process, "GET", f"{PULL}/files").body[0]["filename"] == "b.py"
    assert ask(process, "GET", "/nothing").status == 404
    assert "no such operation" in ask(process, "GET", "/_double/violations").body[0]
    state = ask(process, "GET", "/_double/state").body
    assert [c["body"] for c in state["repositories"]["acme/shop"]["comments"]] == ["first"]
    written = json.loads(tmp_path.joinpath("log.json").read_text())
    assert [entry["status"] for entry in written["log"]] == [201, 403, 200, 200, 404]
    assert written["log"] == ask(process, "GET", "/_double/log").body
