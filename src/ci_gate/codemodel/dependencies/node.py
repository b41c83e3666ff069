"""What ``package.json`` says: dependencies and their versions, module format, scripts."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from ci_gate.codemodel.javascript.resolve import filled_star, targets
from ci_gate.codemodel.places import folders_above
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

_SECTIONS: Final = (
    "dependencies", "devDependencies", "peerDependencies", "optionalDependencies",
)  # fmt: skip
_EXACT: Final = regex(
    r"^[\^~=v]*\s*(\d{1,9})(?:\.(?:\d+|x|\*)(?:\.(?:\d+|x|\*)(?:[-+][\w.]*)?)?)?$"
)
_LOCKS: Final = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")


@dataclass(frozen=True, slots=True, eq=False)
class NodePackage:
    """One ``package.json``. ``folder`` is empty at the top of the tree."""

    path: str
    folder: str
    data: Mapping[str, Any]
    text: str

    def section(self, name: str) -> Mapping[str, str]:
        found = self.data.get(name)
        return found if isinstance(found, dict) else {}

    @property
    def declared(self) -> frozenset[str]:
        """Every package that some section names."""
        return frozenset(name for section in _SECTIONS for name in self.section(section))

    @property
    def scripts(self) -> Mapping[str, str]:
        return {
            name: text for name, text in self.section("scripts").items() if isinstance(text, str)
        }

    @property
    def format(self) -> str | None:
        """``module``, ``commonjs``, or None where ``type`` is not written."""
        found = self.data.get("type")
        return found if found in ("module", "commonjs") else None

    def subpath_import(self, specifier: str) -> Sequence[str]:
        """What ``imports`` maps a specifier with ``#`` to, one place per condition; none where no
        pattern fits."""
        entries = self.data.get("imports")
        if not isinstance(entries, dict):
            return ()
        for pattern in sorted(entries, key=lambda key: (key != specifier, -len(key))):
            filled = filled_star(pattern, specifier)
            if filled is not None:
                return sorted({item.replace("*", filled) for item in targets(entries[pattern])})
        return ()

    def line_of(self, text: str) -> int:
        """The first line that holds ``"text"``; 1 where none does."""
        place = self.text.find(json.dumps(text))
        return 1 if place < 0 else self.text[:place].count("\n") + 1


class NodePackages:
    """The packages of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._locked: dict[str, str | None] = {}

    @cached_property
    def all(self) -> Mapping[str, NodePackage]:
        """Folder -> package."""
        found: dict[str, NodePackage] = {}
        for path in self._tree.files:
            if posixpath.basename(path) != "package.json" or "node_modules/" in path:
                continue
            try:
                text = self._tree.text(path)
                data = json.loads(text.removeprefix("\ufeff"))
            except (OSError, ValueError, RecursionError):
                continue
            if isinstance(data, dict):
                folder = posixpath.dirname(path)
                found[folder] = NodePackage(path, folder, data, text)
        return found

    def chain(self, path: str) -> Sequence[NodePackage]:
        """The packages above a file, nearest first: Node looks for modules in this order."""
        return [
            self.all[folder]
            for folder in folders_above(posixpath.dirname(path))
            if folder in self.all
        ]

    def of(self, path: str) -> NodePackage | None:
        """The package that a file belongs to."""
        return next(iter(self.chain(path)), None)

    @cached_property
    def has_workspaces(self) -> bool:
        """Are several packages of the tree installed together?"""
        return "pnpm-workspace.yaml" in self._tree.files or "lerna.json" in self._tree.files or any(
            "workspaces" in package.data for package in self.all.values()
        )  # fmt: skip

    def major(self, path: str, name: str) -> int | None:
        """The major version of a package that a file surely runs with."""
        for package in self.chain(path):
            for section in _SECTIONS:
                written = package.section(section).get(name)
                if isinstance(written, str):
                    match = _EXACT.match(written.strip())
                    return int(match[1]) if match else self._locked_major(package.folder, name)
        return None

    def lock(self, folder: str) -> str | None:
        """The text of the lock file in a folder or above it."""
        for above in folders_above(folder):
            for name in _LOCKS:
                path = posixpath.join(above, name)
                if path not in self._locked:
                    try:
                        self._locked[path] = self._tree.text(path)
                    except (OSError, UnicodeError):
                        self._locked[path] = None
                text = self._locked[path]
                if text is not None:
                    return text
        return None

    def _locked_major(self, folder: str, name: str) -> int | None:
        text = self.lock(folder)
        if text is None:
            return None
        word = re.escape(name)
        pattern = (
            rf'"node_modules/{word}":\s*\{{\s*"version":\s*"(\d{{1,9}})\.'
            rf'|^"?{word}@[^\n]*:\n\s+"?version"?:? "?(\d{{1,9}})\.'
            rf"|^\s+'?/?{word}[@/](\d{{1,9}})\.[\w.()-]*'?:"
        )
        found = {
            next(group for group in match.groups() if group)
            for match in re.finditer(pattern, text, re.MULTILINE)
        }
        return int(found.pop()) if len(found) == 1 else None
