"""What the double knows: plain JSON data, and the changes that people make to it."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from . import diffs

Data = dict[str, Any]
BOT: Final = "github-actions[bot]"
#: The GITHUB_TOKEN of a workflow that asks for what the Action's quick start asks for.
WORKFLOW_PERMISSIONS: Final[Mapping[str, str]] = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
}


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sha_of(*parts: object) -> str:
    return hashlib.sha1("\0".join(map(str, parts)).encode()).hexdigest()


def _empty(name: str) -> Data:
    lists = (
        *("pulls", "comments", "reviews", "review_comments", "threads", "check_runs"),
        *("labels", "artifacts", "runs", "statuses"),
    )
    known = {
        "id": 1,
        "name": name,
        "private": True,
        "default_branch": "main",
        "created_at": now(),
        "git": {"refs": {}, "commits": {}, "trees": {}, "blobs": {}},
    }
    return known | {key: [] for key in lists}


class State:
    """``data`` is all of it; what a test adds goes through the methods of Repository."""

    def __init__(self, data: Data | None = None) -> None:
        self.lock = threading.RLock()
        self.store_port = 0  # of the server of artifacts' files
        fresh: Data = {
            "next_id": 1000,
            "tokens": {},
            "users": {},
            "repositories": {},
            "faults": [],
            "writes_per_minute": None,
            "requests_left": 5000,
            "artifact_files": {},
        }
        self.data: Data = fresh | (data or {})
        for name, repository in self.data["repositories"].items():
            self.data["repositories"][name] = _empty(name) | repository
        self.user(BOT, "Bot", 41898282)

    def new_id(self) -> int:
        self.data["next_id"] += 1
        return int(self.data["next_id"])

    def user(self, login: str, kind: str = "User", number: int | None = None) -> Data:
        users = self.data["users"]
        if login not in users:
            bot = kind == "Bot" or login.endswith("[bot]")
            number = number or self.new_id()
            users[login] = {"login": login, "id": number, "type": "Bot" if bot else kind}
        return dict(users[login])

    def token(
        self,
        text: str,
        permissions: Mapping[str, str] | None = None,
        login: str = BOT,
        kind: str = "installation",
    ) -> str:
        """``kind``: installation (of an App; GITHUB_TOKEN is one) or user."""
        self.user(login)
        given = dict(WORKFLOW_PERMISSIONS if permissions is None else permissions)
        self.data["tokens"][text] = {"login": login, "kind": kind, "permissions": given}
        return text

    def repository(self, name: str = "acme/shop", **options: Any) -> Repository:
        """The repository, made if it is not there."""
        if name not in self.data["repositories"]:
            self.user(name.split("/", maxsplit=1)[0], "Organization")
            fresh = _empty(name) | {"id": self.new_id()} | options
            self.data["repositories"][name] = fresh
        return Repository(self, self.data["repositories"][name])

    def find_repository(self, owner: str, name: str) -> Repository | None:
        wanted = f"{owner}/{name}".lower()
        for full_name, data in self.data["repositories"].items():
            if full_name.lower() == wanted:
                return Repository(self, data)
        return None


class Repository:
    """One repository of the state. Lists hold the newest last; of git see objects.Objects."""

    def __init__(self, state: State, data: Data) -> None:
        self.state = state
        self.data = data

    @property
    def name(self) -> str:
        return str(self.data["name"])

    def pull(self, number: int) -> Data:
        return next(p for p in self.data["pulls"] if p["number"] == number)

    def comments(self, number: int) -> list[Data]:
        return [c for c in self.data["comments"] if c["number"] == number]

    def reviews(self, number: int) -> list[Data]:
        return [r for r in self.data["reviews"] if r["pull"] == number]

    def review_comments(self, number: int) -> list[Data]:
        return [c for c in self.data["review_comments"] if c["pull"] == number]

    def threads(self, number: int) -> list[Data]:
        return [t for t in self.data["threads"] if t["pull"] == number]

    def check_runs(self, head_sha: str | None = None) -> list[Data]:
        return [c for c in self.data["check_runs"] if head_sha in (None, c["head_sha"])]

    def add_pull(
        self,
        number: int = 7,
        files: Sequence[diffs.File] = (),
        *,
        head: str = "",
        base: str = "",
        author: str = "dev",
        **options: Any,
    ) -> Data:
        """A pull request; ``files`` come from diffs.change or diffs.files_of."""
        self.state.user(author)
        head = head or sha_of("head", self.name, number)
        base = base or sha_of("base", self.name, number)
        pull = {
            "id": self.state.new_id(),
            "number": number,
            "title": "Add orders",
            "body": "",
            "state": "open",
            "draft": False,
            "author": author,
            "labels": [],
            "head": {"ref": "feature", "sha": head, "repository": self.name},
            "base": {"ref": self.data["default_branch"], "sha": base, "repository": self.name},
            "merge_commit_sha": sha_of("merge", head, base),
            "files": list(files),
            "commits": [],
            "created_at": now(),
            "updated_at": now(),
        } | options
        self.data["pulls"].append(pull)
        self.add_commit(number, head)
        return pull

    def add_commit(
        self, number: int, sha: str, message: str = "Work", author: str = "", **options: Any
    ) -> Data:
        """A commit of a pull request, as ``commits`` of the API lists it."""
        pull = self.pull(number)
        login = author or pull["author"]
        commit = {
            "sha": sha,
            "message": message,
            "login": login,
            "name": login,
            "email": f"{login}@example.org",
            "parents": [pull["base"]["sha"]],
            "date": now(),
        } | options
        pull["commits"].append(commit)
        return commit

    def push(
        self,
        number: int,
        sha: str,
        files: Sequence[diffs.File] | None = None,
        *,
        forced: bool = False,
        message: str = "Work",
    ) -> None:
        """A new head; comments on lines that left the diff are outdated then."""
        pull = self.pull(number)
        if forced:
            pull["commits"] = []
        pull["head"]["sha"] = sha
        pull["merge_commit_sha"] = sha_of("merge", sha, pull["base"]["sha"])
        pull["updated_at"] = now()
        self.add_commit(number, sha, message)
        if files is None:
            return
        old, new = diffs.placed(pull["files"]), diffs.placed(list(files))
        pull["files"] = list(files)
        for comment in self.review_comments(number):
            _follow(comment, old, new)
            if comment["line"] is not None:
                comment["commit_id"] = sha

    def add_comment(self, number: int, body: str, login: str = "dev", **options: Any) -> Data:
        self.state.user(login)
        comment = {
            "id": self.state.new_id(),
            "number": number,
            "login": login,
            "body": body,
            "created_at": now(),
            "updated_at": now(),
            "minimized": None,
        } | options
        self.data["comments"].append(comment)
        return comment

    def edit_comment(self, comment_id: int, body: str) -> None:
        comment = next(c for c in self.data["comments"] if c["id"] == comment_id)
        comment |= {"body": body, "updated_at": now()}

    def delete_comment(self, comment_id: int) -> None:
        kept = [c for c in self.data["comments"] if c["id"] != comment_id]
        self.data["comments"][:] = kept

    def add_branch(self, name: str, sha: str) -> None:
        """A branch whose commits' contents do not matter; others: objects.Objects."""
        self.data["git"]["refs"][f"refs/heads/{name}"] = sha

    def add_run(self, run_id: int, **options: Any) -> Data:
        run = {
            "id": run_id,
            "name": "constraint-gate",
            "event": "pull_request",
            "status": "completed",
            "conclusion": "failure",
            "head_branch": "feature",
            "head_sha": sha_of("head", self.name, 7),
            "head_repository": self.name,
            "path": ".github/workflows/gate.yml",
            "run_attempt": 1,
            "created_at": now(),
        } | options
        self.data["runs"].append(run)
        return run

    def add_artifact(
        self, run_id: int, name: str, content: bytes | Mapping[str, bytes], **options: Any
    ) -> Data:
        """An artifact of a run: the bytes of a zip file, or the files to put into one."""
        if not isinstance(content, bytes):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for file_name, data in content.items():
                    archive.writestr(file_name, data)
            content = packed.getvalue()
        artifact = {
            "id": self.state.new_id(),
            "run": run_id,
            "name": name,
            "size": len(content),
            "expired": False,
            "created_at": now(),
        } | options
        self.data["artifacts"].append(artifact)
        encoded = base64.b64encode(content).decode()
        self.state.data["artifact_files"][str(artifact["id"])] = encoded
        return artifact


def _follow(comment: Data, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Where a comment's line is after a push: at the same text in the new diff, or nowhere."""
    if comment["line"] is None:
        return
    side, path = comment["side"], comment["path"]
    before = diffs.line_at(old.get(path, ""), comment["line"], side)
    same = [
        line
        for line in diffs.lines(new.get(path, ""))
        if before and line.text == before.text and (line.right if side == "RIGHT" else line.left)
    ]
    if not same:
        comment |= {"line": None, "start_line": None, "position": None}
        return

    def distance(line: diffs.DiffLine) -> int:
        return abs(((line.right if side == "RIGHT" else line.left) or 0) - comment["line"])

    nearest = min(same, key=distance)
    moved = (nearest.right if side == "RIGHT" else nearest.left) or 0
    if comment["start_line"] is not None:
        comment["start_line"] += moved - comment["line"]
    comment |= {"line": moved, "position": nearest.position}
