"""The major version of Sequelize that a package asks for."""

from __future__ import annotations

import json
import posixpath
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.regex import regex

_RANGE: Final = regex(r"^[\^~=v\s]*(\d{1,9})(?:\.|$|\s*-)")
_MAX_FILE: Final = 200_000


class Versions:
    """Asks the ``package.json`` nearest above a file."""

    def __init__(self, model: CodeModel) -> None:
        self._tree = model.tree
        self._known: dict[str, int | None] = {}

    def major(self, path: str) -> int | None:
        """None where no package above names the dependency, or its range is not of one major."""
        folder = posixpath.dirname(path)
        while True:
            found = self._of(posixpath.join(folder, "package.json"))
            if found is not None or not folder:
                return found
            folder = posixpath.dirname(folder)

    def _of(self, path: str) -> int | None:
        if path not in self._known:
            self._known[path] = self._read(path) if self._tree.exists(path) else None
        return self._known[path]

    def _read(self, path: str) -> int | None:
        try:
            text = self._tree.text(path)
            data = json.loads(text) if len(text) <= _MAX_FILE else None
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        for group in ("dependencies", "peerDependencies", "devDependencies"):
            named = data.get(group)
            wanted = named.get("sequelize") if isinstance(named, dict) else None
            if isinstance(wanted, str) and "||" not in wanted:
                match = _RANGE.match(wanted)
                if match:
                    return int(match[1])
        return None
