"""A branch of the repository that holds data alone, read and written through the API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.history import Conflict

if TYPE_CHECKING:
    from ci_gate.github.api import Client

_READ: Final = Purpose("read the history's branch", "contents: read")
_WRITE: Final = Purpose("write the history's branch", "contents: write")


class DataBranch:
    """``name``'s tip is looked up by each :meth:`read`; :meth:`write` builds on the last one."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._tip: str | None = None

    def read(self, path: str) -> bytes | None:
        """A file's bytes at the tip; None where there is no such file or no such branch.

        Raises:
            ApiError: the branch cannot be read.
        """
        self._tip = self._find()
        if self._tip is None:
            return None
        client = self._client
        try:
            tree = client.get(f"git/trees/{self._tip}", _READ, recursive=1)
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        for item in tree.get("tree", ()):
            if item.get("path") == path and item.get("type") == "blob":
                blob = client.get(f"git/blobs/{item['sha']}", _READ)
                return base64.b64decode(blob["content"])
        return None

    def write(self, contents: Mapping[str, str], message: str) -> None:
        """One commit with these files on top of the tip that was read.

        Raises:
            Conflict: the branch has moved on since.
            ApiError: the branch cannot be written.
        """
        entries = [
            {"path": path, "mode": "100644", "type": "blob", "content": text}
            for path, text in contents.items()
        ]
        tree: dict[str, Any] = {"tree": entries}
        parents = []
        if self._tip is not None:
            tree["base_tree"] = self._tip
            parents.append(self._tip)
        made = self._post("git/trees", tree)
        commit = {"message": message, "tree": made["sha"], "parents": parents}
        sha = self._post("git/commits", commit)["sha"]
        try:
            if self._tip is None:
                self._post("git/refs", {"ref": f"refs/heads/{self._name}", "sha": sha})
            else:
                where = f"git/refs/heads/{self._name}"
                body = {"sha": sha, "force": False}
                self._client.send("PATCH", where, body, _WRITE, repeat=True)
        except ApiError as error:
            if error.status in (409, 422):
                raise Conflict(str(error)) from None
            raise

    def _find(self) -> str | None:
        try:
            ref = self._client.get(f"git/ref/heads/{self._name}", _READ)
        except ApiError as error:
            if error.status in (404, 409):  # no such branch; no commit at all
                return None
            raise
        sha: str = ref["object"]["sha"]
        return sha

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._client.send("POST", path, body, _WRITE, repeat=True)
