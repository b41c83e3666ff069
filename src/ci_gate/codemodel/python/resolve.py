"""Python's imports to files of the tree.

Which directories are on ``sys.path`` is nowhere written down for a tree that is not installed. It
is worked out from what projects do: manifests that name package directories, folders with a
manifest or a ``manage.py``, ``src/``, and, for scripts, the directory of the importing file.
"""

from __future__ import annotations

import posixpath
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel.places import folders_above
from ci_gate.codemodel.resolution import Resolved
from ci_gate.regex import regex
from ci_gate.repository import Tree

_MANIFESTS: Final = (
    "pyproject.toml", "setup.py", "setup.cfg", "manage.py", "Pipfile", "requirements.txt",
    "alembic.ini", "pytest.ini", "tox.ini",
)  # fmt: skip
_SETUP_DIR: Final = regex(r"""package_dir\s*=\s*\{\s*["']["']\s*:\s*["']([\w./-]+)["']""")
_WHERE: Final = regex(r"^\s*where\s*=\s*([\w./-]+)\s*$", re.MULTILINE)
_UNRESOLVED: Final = Resolved("unresolved")


class PythonResolver:
    """Resolves import specifiers as :class:`ci_gate.codemodel.syntax.Import` writes them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._files = {path for path in tree.files if path.endswith((".py", ".pyi"))}
        self._folders = {
            folder for path in self._files for folder in folders_above(posixpath.dirname(path))
        }
        self._cache: dict[tuple[str, str], Resolved] = {}

    def resolve(self, importer: str, specifier: str) -> Resolved:
        """What ``specifier`` means in the file ``importer``.

        A relative import, and an absolute one whose first segment is in the tree, is
        ``unresolved`` when it leads to no file.
        """
        key = (posixpath.dirname(importer), specifier)
        found = self._cache.get(key)
        if found is None:
            found = self._relative(*key) if specifier.startswith(".") else self._absolute(*key)
            self._cache[key] = found
        return found

    def _relative(self, folder: str, specifier: str) -> Resolved:
        name = specifier.lstrip(".")
        for _ in range(len(specifier) - len(name) - 1):
            if not folder:
                return _UNRESOLVED
            folder = posixpath.dirname(folder)
        parts = name.split(".") if name else []
        return self._at(posixpath.join(folder, *parts)) or _UNRESOLVED

    def _absolute(self, folder: str, specifier: str) -> Resolved:
        parts = specifier.split(".")
        partial = False
        for root in self._roots_for(folder):
            found = self._at(posixpath.join(root, *parts))
            if found is not None and found.kind == "file":
                return found
            first = self._at(posixpath.join(root, parts[0]))
            if first is not None and (first.kind == "file" or found is not None):
                if found is not None:
                    return found
                partial = partial or root in self._roots
        if partial and parts[0] not in sys.stdlib_module_names:
            return _UNRESOLVED
        builtin = parts[0] in sys.stdlib_module_names
        return Resolved("builtin" if builtin else "external", package=parts[0])

    def _at(self, path: str) -> Resolved | None:
        for candidate in (f"{path}/__init__.py", f"{path}.py", f"{path}/__init__.pyi",
                          f"{path}.pyi"):  # fmt: skip
            if candidate.lstrip("/") in self._files:
                return Resolved("file", candidate.lstrip("/"))
        return Resolved("namespace", path) if path in self._folders and path else None

    def _roots_for(self, folder: str) -> Iterator[str]:
        """The likely entries of ``sys.path``, nearest first: those above the importing file, its
        own directory where it is a script's, then the rest."""
        above = list(folders_above(folder))
        seen: set[str] = set()
        for root in above:
            for candidate in (root, *self._src_of.get(root, ())):
                if candidate in self._roots and candidate not in seen:
                    seen.add(candidate)
                    yield candidate
        if folder not in seen:
            seen.add(folder)
            yield folder
        for root in sorted(self._roots - seen, key=lambda r: (r.count("/"), r)):
            yield root

    @cached_property
    def _src_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for root in self._roots:
            if root:
                found.setdefault(posixpath.dirname(root), []).append(root)
        return found

    @cached_property
    def _roots(self) -> frozenset[str]:
        roots = {""}
        for path in self._tree.files:
            folder, name = posixpath.split(path)
            if name in _MANIFESTS or name.startswith("requirements"):
                if not self._is_package(folder):
                    roots.add(folder)
                roots |= self._declared(path, folder)
        for folder in self._folders:
            if posixpath.basename(folder) == "src" and not self._is_package(folder):
                roots.add(folder)
            elif self._is_package(folder):
                parent = posixpath.dirname(folder)
                if not self._is_package(parent):
                    roots.add(parent)
        return frozenset(roots)

    def _is_package(self, folder: str) -> bool:
        return bool(folder) and f"{folder}/__init__.py" in self._files

    def _declared(self, path: str, folder: str) -> set[str]:
        """Package directories that a manifest names."""
        name = posixpath.basename(path)
        if name not in ("pyproject.toml", "setup.py", "setup.cfg"):
            return set()
        try:
            text = self._tree.text(path)
        except OSError:
            return set()
        if name == "pyproject.toml":
            places = _from_pyproject(text)
        else:
            places = [*_SETUP_DIR.findall(text), *_WHERE.findall(text)]
        joined = (posixpath.normpath(posixpath.join(folder, place)) for place in places)
        return {place for place in joined if place in self._folders}


def _from_pyproject(text: str) -> list[str]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):  # also a number that is too long
        return []
    found: list[object] = []
    setuptools = _get(data, "tool", "setuptools")
    directories = _get(setuptools, "package-dir")
    if isinstance(directories, dict):
        found += directories.values()
    for where in (
        _get(setuptools, "packages", "find", "where"),
        _get(data, "tool", "pytest", "ini_options", "pythonpath"),
    ):
        found += where if isinstance(where, list) else [where]
    packages = _get(data, "tool", "poetry", "packages")
    if isinstance(packages, list):
        found += [item.get("from") for item in packages if isinstance(item, dict)]
    wheel = _get(data, "tool", "hatch", "build", "targets", "wheel", "packages")
    if isinstance(wheel, list):
        found += [posixpath.dirname(item) for item in wheel if isinstance(item, str)]
    return [item for item in found if isinstance(item, str) and item]


def _get(data: object, *keys: str) -> object:
    for key in keys:
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data
