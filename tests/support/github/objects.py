"""A git database: objects named as git itself names them, refs, and what leads where."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from .state import Data, Repository, now

Files = dict[str, tuple[str, str]]  # path -> mode, sha
_TYPES: Final = {"040000": "tree", "160000": "commit"}
_PERSON: Final = {"name": "dev", "email": "dev@example.org"}


def _named(kind: str, content: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).hexdigest()


class Objects:
    def __init__(self, repository: Repository) -> None:
        self.data: Data = repository.data["git"]

    def add_blob(self, content: bytes) -> str:
        sha = _named("blob", content)
        self.data["blobs"][sha] = base64.b64encode(content).decode()
        return sha

    def blob(self, sha: str) -> bytes | None:
        encoded = self.data["blobs"].get(sha)
        return None if encoded is None else base64.b64decode(encoded)

    def files(self, tree: str, prefix: str = "") -> Files:
        found: Files = {}
        for path, mode, sha in self.data["trees"][tree]:
            if mode == "040000":
                found |= self.files(sha, f"{prefix}{path}/")
            else:
                found[prefix + path] = (mode, sha)
        return found

    def add_tree(self, files: Files) -> str:
        """The tree of these files and, below it, that of each folder."""
        entries: list[tuple[str, str, str]] = []
        folders: dict[str, Files] = {}
        for path, known in files.items():
            first, below, rest = path.partition("/")
            if below:
                folders.setdefault(first, {})[rest] = known
            else:
                entries.append((path, *known))
        entries += [(name, "040000", self.add_tree(inner)) for name, inner in folders.items()]
        entries.sort(key=lambda entry: entry[0] + ("/" if entry[1] == "040000" else ""))
        content = b"".join(
            f"{mode.lstrip('0')} {path}\0".encode() + bytes.fromhex(sha)
            for path, mode, sha in entries
        )
        sha = _named("tree", content)
        self.data["trees"][sha] = [list(entry) for entry in entries]
        return sha

    def has(self, sha: str) -> bool:
        return any(sha in self.data[kind] for kind in ("blobs", "trees", "commits"))

    def add_commit(
        self,
        tree: str,
        parents: list[str],
        message: str,
        author: Mapping[str, str] | None = None,
        committer: Mapping[str, str] | None = None,
    ) -> str:
        who = {**_PERSON, "date": now(), **(author or {})}
        by = who | dict(committer or {})
        rows = [f"tree {tree}", *(f"parent {sha}" for sha in parents)]
        rows += [f"author {_signed(who)}", f"committer {_signed(by)}", "", message]
        sha = _named("commit", "\n".join(rows).encode())
        made: dict[str, Any] = {"sha": sha, "tree": tree, "parents": parents, "message": message}
        made |= {"author": who, "committer": by, "login": None, "date": who["date"]}
        self.data["commits"][sha] = made | {"name": who["name"], "email": who["email"]}
        return sha

    def leads_to(self, old: str, new: str) -> bool:
        """Is ``old`` the commit ``new`` or before it?"""
        seen, waiting = set(), [new]
        while waiting:
            sha = waiting.pop()
            if sha == old:
                return True
            if sha not in seen:
                seen.add(sha)
                waiting += self.data["commits"].get(sha, {}).get("parents", [])
        return False

    def commit_files(
        self, branch: str, changes: Mapping[str, bytes | None], message: str = "Work", **who: Any
    ) -> str:
        """A commit on a branch, made if it is not there; None removes a file."""
        ref = f"refs/heads/{branch}"
        tip = self.data["refs"].get(ref)
        known = self.data["commits"].get(tip) if tip else None
        files = self.files(known["tree"]) if known else {}
        for path, content in changes.items():
            if content is None:
                files.pop(path, None)
            else:
                files[path] = ("100644", self.add_blob(content))
        made = self.add_commit(self.add_tree(files), [tip] if tip else [], message, **who)
        self.data["refs"][ref] = made
        return made

    def read(self, ref: str, path: str) -> bytes | None:
        """A file at a branch: what a test asks."""
        tip = self.data["refs"].get(f"refs/heads/{ref}", ref)
        known = self.data["commits"].get(tip)
        entry = self.files(known["tree"]).get(path) if known else None
        return self.blob(entry[1]) if entry else None


def kind(mode: str) -> str:
    return _TYPES.get(mode, "blob")


def _signed(person: Mapping[str, str]) -> str:
    at = int(datetime.fromisoformat(person["date"].replace("Z", "+00:00")).timestamp())
    return f"{person['name']} <{person['email']}> {at} +0000"
