"""Which manifests speak for a module, and what gets installed by them."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel.dependencies import commands, known, locks, pyproject, requirements_txt
from ci_gate.codemodel.dependencies import setuptools as setup_files
from ci_gate.codemodel.dependencies.manifest import Manifest
from ci_gate.codemodel.dependencies.requirement import Release, Requirement
from ci_gate.codemodel.places import folders_above
from ci_gate.codemodel.syntax import Module
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

_REQUIREMENTS: Final = regex(
    r"(?:^|/)(?:[\w.-]*requirements?[\w.-]*|constraints?[\w.-]*|deps)\.(?:txt|in|pip)$"
    r"|(?:^|/)(?:requirements?|reqs|deps|dependencies)/[\w.-]+\.(?:txt|in|pip)$"
)
_CONDA: Final = regex(r"(?:^|/)(?:environment|conda)[\w.-]*\.ya?ml$")
#: Builds whose dependencies are written in a language of their own.
_OTHER_BUILDS: Final = frozenset({
    "BUILD.bazel", "WORKSPACE.bazel", "MODULE.bazel", "pants.toml", "BUCK", "flake.nix",
    "shell.nix", "default.nix", "buildout.cfg", "conanfile.py",
})  # fmt: skip
_DEVELOPMENT: Final = regex(r"(?:^|[-_.])(?:dev|devel|local|tests?|testing|lint|docs?|ci)\w*[-_.]")
_MAX_HOPS: Final = 64
_NEWEST: Final[Release] = (1_000_000,)


@dataclass(frozen=True, slots=True)
class Environment:
    """What is installed where a module runs.

    ``read`` is false where a manifest asks for something that is not known: then nothing can be
    said of what is missing. ``complete``: a lock file lists all that is installed. ``unknown`` are
    the distributions of which it is not known what they bring along, ``own`` those that the tree
    builds itself.
    """

    manifests: tuple[Manifest, ...]
    installed: frozenset[str]
    unknown: frozenset[str]
    own: frozenset[str]
    read: bool
    complete: bool

    @property
    def requirements(self) -> Sequence[Requirement]:
        return [item for manifest in self.manifests for item in manifest.requirements]

    def dropped(self, name: str) -> Requirement | None:
        """The requirement for a release that no longer brings the distribution along."""
        return next(
            (
                item
                for item in self.requirements
                if (until := known.brought_until(item.name).get(name)) is not None
                and (item.oldest or ()) >= until
            ),
            None,
        )

    @property
    def main(self) -> Manifest:
        """The manifest that a missing distribution belongs in: the nearest that people write."""
        written = [item for item in self.manifests if not item.complete and _is_manifest(item)]
        return (written or list(self.manifests))[0]


class Environments:
    """The environments of a tree's modules."""

    def __init__(self, tree: Tree, modules: Mapping[str, Module]) -> None:
        self._tree = tree
        self._modules = modules
        self._cache: dict[str, Environment | None] = {}
        self._made: dict[tuple[tuple[str, ...], bool], Environment] = {}

    def of(self, path: str) -> Environment | None:
        """The environment of a module; None where no manifest speaks for it."""
        folder = posixpath.dirname(path)
        if folder not in self._cache:
            self._cache[folder] = self._environment(folder)
        return self._cache[folder]

    @cached_property
    def manifests(self) -> Sequence[Manifest]:
        """Every manifest of the tree, lock files and installing commands included."""
        found: list[Manifest] = []
        for path in self._tree.files:
            manifest = self._read(path)
            if manifest is not None:
                found.append(manifest)
        return found

    # --- reading ---

    def _read(self, path: str) -> Manifest | None:
        name = posixpath.basename(path)
        if name == "setup.py":
            module = self._modules.get(path)
            return setup_files.read_setup_py(module) if module is not None else None
        if not (
            name in ("pyproject.toml", "setup.cfg", "Pipfile")
            or name in locks.FILES
            or _REQUIREMENTS.search(path)
            or _CONDA.search(path)
            or commands.is_command_file(path)
        ):
            return None
        try:
            text = self._tree.text(path)
        except OSError:
            return Manifest(path, unread=True)
        if name in locks.FILES:
            return locks.read(path, text)
        if name == "pyproject.toml":
            return pyproject.read(path, text)
        if name == "Pipfile":
            return pyproject.read_pipfile(path, text)
        if name == "setup.cfg":
            return setup_files.read_setup_cfg(path, text)
        if _CONDA.search(path):
            return setup_files.read_conda(path, text)
        if _REQUIREMENTS.search(path):
            return requirements_txt.read(path, text)
        return commands.read(path, text)

    @cached_property
    def _by_path(self) -> dict[str, Manifest]:
        return {item.path: item for item in self.manifests}

    # --- putting together ---

    @cached_property
    def _source_folders(self) -> frozenset[str]:
        """The folders with Python modules in them or below them, ``setup.py`` aside."""
        found: set[str] = set()
        for path, module in self._modules.items():
            if module.language == "python" and posixpath.basename(path) != "setup.py":
                found.update(folders_above(posixpath.dirname(path)))
        return frozenset(found)

    def _environment(self, folder: str) -> Environment | None:
        above = list(folders_above(folder))
        near = [item for item in self.manifests if self._speaks_for(item, above)]
        near.sort(key=lambda item: _distance(item, above))
        if not any(_is_manifest(item) and not _is_development(item) for item in near):
            return None
        whole, read = self._closure(near)
        read = read and not self._is_built_otherwise
        key = (tuple(item.path for item in whole), read)
        if key not in self._made:
            self._made[key] = _environment(whole, read)
        return self._made[key]

    @cached_property
    def _is_built_otherwise(self) -> bool:
        return any(posixpath.basename(path) in _OTHER_BUILDS for path in self._tree.files)

    def _speaks_for(self, manifest: Manifest, above: Sequence[str]) -> bool:
        folder = posixpath.dirname(manifest.path)
        return folder in above or folder not in self._source_folders

    def _closure(self, near: Sequence[Manifest]) -> tuple[list[Manifest], bool]:
        """The manifests with all that they include, and whether all of it was read."""
        whole: dict[str, Manifest] = {}
        read = True
        waiting = list(near)
        built = {item.name: item for item in self.manifests if item.name is not None}
        while waiting and len(whole) < _MAX_HOPS * 8:
            manifest = waiting.pop(0)
            if manifest.path in whole:
                continue
            whole[manifest.path] = manifest
            read = read and not manifest.unread
            for name in manifest.includes:
                found = self._named(name)
                if found is None and not commands.is_command_file(manifest.path):
                    read = False
                waiting += found or ()
            for requirement in manifest.requirements:
                if requirement.name in built:
                    waiting.append(built[requirement.name])
                elif requirement.direct is not None and not known.is_known(requirement.name):
                    read = False
        return list(whole.values()), read

    def _named(self, path: str) -> list[Manifest] | None:
        """The manifest at a path, or those of a folder; None where the tree has none."""
        if path in self._by_path:
            return [self._by_path[path]]
        inside = [
            self._by_path[inner]
            for name in ("pyproject.toml", "setup.py", "setup.cfg")
            if (inner := posixpath.normpath(posixpath.join(path, name))) in self._by_path
        ]
        if inside:
            return inside
        if not self._tree.exists(path):
            return None
        try:
            made = requirements_txt.read(path, self._tree.text(path))
        except OSError:
            return None
        return [made]


def _environment(manifests: Sequence[Manifest], read: bool) -> Environment:
    asked = [item for manifest in manifests for item in manifest.requirements]
    locked = {item.name for item in asked if item.kind == "locked"}
    wanted = {
        item.name
        for item in asked
        if item.kind == "requires" and not item.marker and not commands.is_command_file(item.path)
    }
    complete = bool(locked) and wanted <= locked
    closure = known.installed(
        ((item.name, item.extras) for item in asked), _oldest(asked, locked if complete else ())
    )
    own = frozenset(manifest.name for manifest in manifests if manifest.name)
    unknown = frozenset() if complete else closure.unknown - own
    return Environment(tuple(manifests), closure.names | own, unknown, own, read, complete)


def _oldest(asked: Sequence[Requirement], locked: Collection[str]) -> dict[str, Release]:
    """The oldest release that each distribution can be, as far as all its specifiers settle that.
    A complete lock file lists itself what the ``locked`` releases bring along."""
    bounds: defaultdict[str, list[Release]] = defaultdict(list)
    for item in asked:
        if item.specifier.strip(" *"):
            bounds[item.name].append(item.oldest or ())
    return {name: min(found) for name, found in bounds.items()} | dict.fromkeys(locked, _NEWEST)


def _is_manifest(manifest: Manifest) -> bool:
    return not commands.is_command_file(manifest.path)


def _is_development(manifest: Manifest) -> bool:
    return _DEVELOPMENT.search(posixpath.basename(manifest.path)) is not None


def _distance(manifest: Manifest, above: Sequence[str]) -> tuple[int, bool, str]:
    folder = posixpath.dirname(manifest.path)
    place = above.index(folder) if folder in above else len(above)
    return place, _is_development(manifest), manifest.path
