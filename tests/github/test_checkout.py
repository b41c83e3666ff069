"""Checkouts as workflows make them: shallow clones of a real remote, deepened to the merge base."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ci_gate.git import Git
from ci_gate.github.checkout import Checkout, CheckoutError, prepare, trust
from ci_gate.github.event import Actor, Event, PullRequest
from ci_gate.github.settings import Inputs, Settings
from support.repositories import GitRepository


def _data(text: str) -> str:
    return f"data {len(text) + 1}\n{text}\n\n"


class Hub:
    """A remote as GitHub's is: bare, any commit may be asked for, pull requests have refs."""

    def __init__(self, root: Path) -> None:
        self.bare = root / "hub/octo/app"
        self.bare.mkdir(parents=True)
        self.author = GitRepository(root / "author", {"app.py": "x = 0\n"})
        self.url = f"file://{root}/hub"
        for command in (
            ("init", "--bare", "--quiet", "--initial-branch=main", "."),
            ("config", "uploadpack.allowAnySHA1InWant", "true"),
        ):
            subprocess.run(["git", *command], cwd=self.bare, check=True)
        self.author.git("remote", "add", "origin", f"file://{self.bare}")
        self.push()

    def push(self) -> None:
        self.author.git("push", "--quiet", "--all", "--force", "origin")

    def commits(self, count: int, name: str) -> str:
        """So many commits on the branch that is checked out; the last one's id."""
        branch = self.author.git("symbolic-ref", "HEAD")
        stream = "".join(
            f"commit {branch}\ncommitter test <test@example.com> {1_700_000_000 + number} +0000\n"
            f"{_data(f'{name} {number}')}{'' if number else f'from {branch}^0' + chr(10)}"
            f"M 100644 inline {name}.py\n{_data(f'x = {number}')}"
            for number in range(count)
        )
        subprocess.run(["git", "fast-import", "--quiet"], cwd=self.author.root,
                       input=stream.encode(), check=True)  # fmt: skip
        self.author.git("reset", "--quiet", "--hard")
        return self.author.git("rev-parse", "HEAD")

    def pull(self, number: int, head: str) -> str:
        """The refs of a pull request of ``head`` to main; the id of the trial merge."""
        git = self.author.git
        git("checkout", "--quiet", "--detach", "main")
        git("merge", "--quiet", "--no-ff", "--message", f"Merge {head} into main", head)
        merge = git("rev-parse", "HEAD")
        git("push", "--quiet", "--force", "origin",
            f"{head}:refs/pull/{number}/head", f"{merge}:refs/pull/{number}/merge")  # fmt: skip
        return merge

    def checkout(self, place: Path, commit: str, depth: int | None = 1) -> GitRepository:
        """As actions/checkout does it: one commit, by its id."""
        clone = GitRepository(place)
        clone.git("remote", "add", "origin", f"file://{self.bare}")
        limit = [f"--depth={depth}"] if depth else []
        clone.git("fetch", "--quiet", "--no-tags", *limit, "origin", commit)
        clone.git("checkout", "--quiet", "--detach", commit)
        return clone


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def settings(hub: Hub, place: Path, **inputs: str) -> Settings:
    return Settings(
        Inputs(**inputs), place, "pull_request", None, "octo/app", "0" * 40, "refs/pull/7/merge",
        "octocat", "CI", "gate", 1, 1, "https://api.github.com", hub.url, "", None, None,
    )  # fmt: skip


def pull_request(head: str, base: str, fork: str | None = "octo/app") -> Event:
    change = PullRequest(7, Actor("octocat"), head, "orders", fork, "main", base)
    return Event("pull_request", "octo/app", "main", change, base=base)


def branched(hub: Hub, change: int, since: int = 1) -> tuple[str, str, str]:
    """A branch of so many commits, and so many on main since: merge base, head, tip of main."""
    start = hub.commits(3, "start")
    hub.author.git("checkout", "--quiet", "-b", "orders")
    head = hub.commits(change, "orders")
    hub.author.git("checkout", "--quiet", "main")
    tip = hub.commits(since, "main")
    hub.push()
    return start, head, tip


def test_trial_merge(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=2)
    merge = hub.pull(7, head)
    clone = hub.checkout(place, merge)
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert (found.scanned, found.head, found.base) == (merge, head, tip)
    assert [commit.message for commit in found.commits] == ["orders 1\n", "orders 0\n"]
    assert found.notes == ()
    assert Git(place).merge_base(tip) == tip
    assert set(Git(place).changed_lines(tip)) == {"orders.py"}
    assert clone.git("rev-parse", "HEAD") == merge


def test_trial_merge_with_a_newer_base_than_the_event_knows(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=1)
    hub.author.git("checkout", "--quiet", "main")
    newer = hub.commits(2, "theirs")
    hub.push()
    hub.checkout(place, hub.pull(7, head))
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert found.base == newer
    assert len(found.commits) == 1
    assert set(Git(place).changed_lines(newer)) == {"orders.py"}


@pytest.mark.parametrize(("change", "since"), [(1, 1), (6, 1), (1, 40), (70, 20)])
def test_head_is_checked_out(hub: Hub, place: Path, change: int, since: int) -> None:
    start, head, tip = branched(hub, change, since)
    hub.checkout(place, head)
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert (found.scanned, found.head, found.base) == (head, head, start)
    assert len(found.commits) == change
    assert found.notes == ()


def test_no_more_is_fetched_than_needed(hub: Hub, place: Path) -> None:
    hub.commits(60, "old")
    start, head, tip = branched(hub, change=2)
    clone = hub.checkout(place, head)
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start
    assert int(clone.git("rev-list", "--count", head)) < 10


def test_depth_that_the_workflow_asked_for_is_kept(hub: Hub, place: Path) -> None:
    hub.commits(60, "old")
    start, head, tip = branched(hub, change=2, since=5)
    clone = hub.checkout(place, head, depth=30)
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start
    assert int(clone.git("rev-list", "--count", head)) >= 30


def test_whole_clone_stays_whole(hub: Hub, place: Path) -> None:
    start, head, tip = branched(hub, change=1)
    clone = hub.checkout(place, head, depth=None)
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start
    assert clone.git("rev-parse", "--is-shallow-repository") == "false"


def test_nothing_is_fetched_where_all_is_there(hub: Hub, place: Path) -> None:
    start, head, tip = branched(hub, change=1)
    clone = hub.checkout(place, head, depth=None)
    clone.git("fetch", "--quiet", "origin", tip)
    hub.bare.rename(hub.bare.with_name("gone"))
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_partial_clone_gets_the_files_of_the_base(hub: Hub, place: Path, left_out: str) -> None:
    hub.author.commit({"deep/er/app.py": "x = 1\n", "top.py": ""})
    start, head, tip = branched(hub, change=2)
    subprocess.run(["git", "config", "uploadpack.allowFilter", "true"], cwd=hub.bare, check=True)
    clone = GitRepository(place)
    clone.git("remote", "add", "origin", f"file://{hub.bare}")
    clone.git("fetch", "--quiet", f"--filter={left_out}", "origin")
    clone.git("checkout", "--quiet", "--detach", head)
    before = (place / ".git/config").read_text()
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start
    clone.git("remote", "set-url", "origin", "file:///gone")  # git would fetch by itself
    before = before.replace(f"file://{hub.bare}", "file:///gone")
    git = Git(place)
    assert {git.blob(entry.sha) for entry in git.tree(start)} >= {b"x = 1\n", b""}
    git.close()
    assert (place / ".git/config").read_text() == before


def test_main_merged_into_the_change(hub: Hub, place: Path) -> None:
    _, _, tip = branched(hub, change=1, since=12)
    hub.author.git("checkout", "--quiet", "orders")
    hub.author.git("merge", "--quiet", "--no-ff", "--message", "Merge main", "main")
    head = hub.commits(1, "more")
    hub.push()
    hub.checkout(place, head)
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert found.base == tip
    assert [commit.message.strip() for commit in found.commits] == [
        "more 0",
        "Merge main",
        "orders 0",
    ]


def test_fork_has_only_the_pull_requests_ref(hub: Hub, place: Path) -> None:
    subprocess.run(["git", "config", "--unset", "uploadpack.allowAnySHA1InWant"],
                   cwd=hub.bare, check=True)  # fmt: skip
    start, head, tip = branched(hub, change=2)
    hub.author.git("push", "--quiet", "origin", f"{head}:refs/pull/7/head", ":refs/heads/orders")
    hub.checkout(place, tip)
    Git(place).run("fetch", "--quiet", "--depth=1", f"file://{hub.bare}", "refs/pull/7/head")
    Git(place).run("checkout", "--quiet", "--detach", head)
    found = prepare(settings(hub, place), pull_request(head, tip, "stranger/app"), {})
    assert (found.head, found.base) == (head, start)


def test_force_push_since_the_event(hub: Hub, place: Path) -> None:
    start, head, tip = branched(hub, change=2)
    merge = hub.pull(7, head)
    hub.checkout(place, merge)
    hub.author.git("checkout", "--quiet", "-B", "orders", start)
    newer = hub.commits(1, "again")
    hub.push()
    hub.pull(7, newer)
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert (found.scanned, found.head, found.base) == (merge, head, tip)
    assert len(found.commits) == 2


def test_something_else_is_checked_out(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=1)
    hub.checkout(place, tip)
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert (found.scanned, found.head) == (tip, head)
    assert f"neither the head of pull request #7 ({head[:12]}) nor" in found.notes[0]


@pytest.mark.parametrize("base", ["release", "origin/release", "v1"])
def test_base_by_name(hub: Hub, place: Path, base: str) -> None:
    start, head, tip = branched(hub, change=1)
    hub.author.git("branch", "release", start)
    hub.author.git("tag", "--annotate", "--message", "one", "v1", start)
    hub.author.git("push", "--quiet", "origin", "release", "v1")
    hub.checkout(place, head)
    found = prepare(settings(hub, place, base=base), pull_request(head, tip), {})
    assert found.base == start


def test_base_that_nobody_knows(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=1)
    hub.checkout(place, head)
    with pytest.raises(CheckoutError, match="'relaese' is no branch, tag or commit of octo/app"):
        prepare(settings(hub, place, base="relaese"), pull_request(head, tip), {})


def test_push_compares_with_the_tip_before(hub: Hub, place: Path) -> None:
    before = hub.commits(2, "start")
    after = hub.commits(3, "more")
    hub.push()
    hub.checkout(place, after)
    found = prepare(settings(hub, place), Event("push", "octo/app", "main", base=before), {})
    assert (found.scanned, found.head, found.base) == (after, after, before)
    assert len(found.commits) == 3


def test_run_on_no_change(hub: Hub, place: Path) -> None:
    tip = hub.commits(1, "start")
    hub.push()
    hub.checkout(place, tip)
    assert prepare(settings(hub, place), Event("other", "octo/app", ""), {}) == Checkout(tip, tip)


def test_no_checkout(hub: Hub, place: Path) -> None:
    place.mkdir()
    with pytest.raises(CheckoutError, match="holds no git checkout; add actions/checkout"):
        prepare(settings(hub, place), Event("push", "octo/app", "main"), {})


def test_checkout_that_is_broken(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=2)
    hub.checkout(place, head, depth=None)
    for pack in (place / ".git/objects/pack").iterdir():
        pack.unlink()
    for item in (place / ".git/objects").glob("??/*"):
        item.unlink()
    with pytest.raises(CheckoutError):
        prepare(settings(hub, place), pull_request(head, tip), {})


def test_remote_that_cannot_be_reached(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=1)
    hub.checkout(place, head)
    hub.bare.rename(hub.bare.with_name("gone"))
    with pytest.raises(CheckoutError, match=r"cannot be fetched: .*fetch-depth: 0.*contents: read"):
        prepare(settings(hub, place), pull_request(head, tip), {})


def test_change_is_judged_without_all_of_its_commits(hub: Hub, place: Path) -> None:
    _, head, tip = branched(hub, change=3)
    merge = hub.pull(7, head)
    hub.checkout(place, merge, depth=2)
    hub.bare.rename(hub.bare.with_name("gone"))
    found = prepare(settings(hub, place), pull_request(head, tip), {})
    assert found.base == tip
    assert "does not hold all commits of the change" in found.notes[0]


def test_settings_of_the_checkout_run_nothing(hub: Hub, place: Path, tmp_path: Path) -> None:
    """What a step before this one left in .git/config must get no chance to see the token."""
    start, head, tip = branched(hub, change=1)
    clone = hub.checkout(place, head)
    mark = tmp_path / "ran"
    clone.git("config", "remote.origin.uploadpack", f"touch {mark}; git-upload-pack")
    clone.git("config", "core.sshCommand", f"touch {mark}")
    clone.git("config", "credential.helper", f"!touch {mark}")
    clone.git("config", "core.fsmonitor", f"touch {mark}")
    assert prepare(settings(hub, place), pull_request(head, tip), {}).base == start
    assert not mark.exists()


def test_address_is_not_changed_to_another_protocol(hub: Hub, place: Path, tmp_path: Path) -> None:
    _, head, tip = branched(hub, change=1)
    clone = hub.checkout(place, head)
    mark = tmp_path / "ran"
    clone.git("config", "core.sshCommand", f"touch {mark}")
    clone.git("config", "url.ssh://evil/.insteadOf", f"{hub.url}/")
    with pytest.raises(CheckoutError, match="transport 'ssh' not allowed"):
        prepare(settings(hub, place), pull_request(head, tip), {})
    assert not mark.exists()


def test_trust_is_added_to_what_is_there(tmp_path: Path) -> None:
    environ = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    trust(tmp_path, environ)
    assert environ["GIT_CONFIG_COUNT"] == "2"
    known = subprocess.run(
        ["git", "config", "--get-all", "safe.directory"],
        env={**os.environ, **environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert known.stdout.splitlines() == [str(tmp_path)]


@pytest.fixture
def web(hub: Hub) -> Iterator[list[list[str]]]:
    """The remote by HTTP, for the one token and no other; the Authorization headers it was sent."""
    seen: list[list[str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = self.headers.get_all("Authorization") or []
            seen.append(headers)
            if headers != ["basic eC1hY2Nlc3MtdG9rZW46Z2hzX3NlY3JldA=="]:
                self.send_error(400 if len(headers) > 1 else 401)
                return
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            done = subprocess.run(
                ["git", "http-backend"], input=body, capture_output=True, check=True,
                env={**os.environ, "GIT_PROJECT_ROOT": str(hub.bare.parents[1]),
                     "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path, "QUERY_STRING": query,
                     "REQUEST_METHOD": self.command,
                     "CONTENT_TYPE": self.headers.get("Content-Type") or "",
                     "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
                     "GIT_PROTOCOL": self.headers.get("Git-Protocol") or ""},
            )  # fmt: skip
            head, _, answer = done.stdout.partition(b"\r\n\r\n")
            self.wfile.write(b"HTTP/1.0 200 OK\r\n" + head + b"\r\n\r\n" + answer)

        do_POST = do_GET

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    yield seen
    server.shutdown()
    server.server_close()


def test_token(hub: Hub, place: Path, web: list[list[str]]) -> None:
    """Sent once, in place of what actions/checkout left, and kept nowhere."""
    start, head, tip = branched(hub, change=3)
    clone = hub.checkout(place, head)
    clone.git("config", f"http.{hub.url}/.extraheader", "AUTHORIZATION: basic b2xkZXI=")
    with_token = replace(settings(hub, place), token="ghs_secret")
    environ: dict[str, str] = {}
    assert prepare(with_token, pull_request(head, tip), environ).base == start
    assert web
    assert all(len(headers) == 1 for headers in web)
    assert "secret" not in str(environ)
    kept = [path for path in (place / ".git").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"ghs_secret" in path.read_bytes()]
    assert "Z2hzX3NlY3JldA" not in (place / ".git/config").read_text()
