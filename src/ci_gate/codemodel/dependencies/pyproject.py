"""``pyproject.toml``: the standard tables, Poetry, PDM, uv, Hatch, Flit, Pixi; and ``Pipfile``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ci_gate.codemodel.dependencies.manifest import Manifest, line_of
from ci_gate.codemodel.dependencies.requirement import Requirement, normal, parse
from ci_gate.codemodel.dependencies.requirements_txt import beside
from ci_gate.regex import regex

_DIRECT: Final = ("path", "git", "url", "file")
_SCRIPT: Final = regex(r"^# /// script\n(.*?)^# ///$", re.MULTILINE | re.DOTALL)


def read(path: str, text: str) -> Manifest | None:
    """The manifest in a ``pyproject.toml``; None where it declares no project."""
    found = Manifest(path)
    data = _parsed(text, found)
    if found.unread:
        return found
    reader = _Reader(found, text)
    project, tool = _table(data, "project"), _table(data, "tool")
    reader.project(project, tool)
    for group in _table(data, "dependency-groups").values():
        reader.listed(group)
    reader.poetry(_table(tool, "poetry"))
    reader.others(tool)
    declares = project or any(name in tool for name in ("poetry", "flit", "pixi"))
    return found if declares or found.requirements else None


def groups(path: str, text: str) -> Sequence[Sequence[Requirement]]:
    """The lists of a ``pyproject.toml`` of which each is installed as a whole: what the project
    needs, then each of its extras and groups. Without what holds under a condition only, and
    without what the project overrides."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):  # also a number that is too long
        return ()
    project, tool = _table(data, "project"), _table(data, "tool")
    uv, poetry = _table(tool, "uv"), _table(tool, "poetry")
    overrides = _table(tool, "pdm", "resolution").get("overrides")
    if overrides or "override-dependencies" in uv or "conflicts" in uv:
        return ()
    main = _Reader(Manifest(path), text)
    main.listed(project.get("dependencies"))
    main.mapped(_unconditional(poetry.get("dependencies")))
    found = [main.found.requirements]
    listed = [
        *_table(project, "optional-dependencies").values(),
        *_table(data, "dependency-groups").values(),
    ]
    mapped = [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for group in (*listed, poetry.get("dev-dependencies"), *mapped):
        reader = _Reader(Manifest(path), text)
        if isinstance(group, list):
            reader.listed(group)
        else:
            reader.mapped(_unconditional(group))
        found.append(reader.found.requirements)
    return [[item for item in group if not item.marker] for group in found]


def _unconditional(table: object) -> Mapping[str, Any]:
    return {
        name: given
        for name, given in (table.items() if isinstance(table, dict) else ())
        if isinstance(given, str)
        or (isinstance(given, dict) and not given.keys() & {"markers", "python", "platform"})
    }


def read_pipfile(path: str, text: str) -> Manifest:
    found = Manifest(path)
    data = _parsed(text, found)
    reader = _Reader(found, text)
    for name, table in data.items():
        if name == "packages" or name.endswith("-packages"):
            reader.mapped(table)
    return found


def read_script(path: str, text: str) -> Manifest | None:
    """The manifest in the comments of a single-file script (PEP 723)."""
    match = _SCRIPT.search(text.replace("\r\n", "\n"))
    if match is None:
        return None
    body = "\n".join(line[1:].removeprefix(" ") for line in match[1].splitlines())
    found = Manifest(path)
    data = _parsed(body, found)
    _Reader(found, text).listed(data.get("dependencies"))
    return found


def _parsed(text: str, found: Manifest) -> dict[str, Any]:
    """The document; empty, and noted as unread, where it is not TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # also a number that is too long
        found.unread = True
        return {}


class _Reader:
    def __init__(self, found: Manifest, text: str) -> None:
        self.found = found
        self.text = text

    def project(self, project: Mapping[str, Any], tool: Mapping[str, Any]) -> None:
        found = self.found
        if isinstance(project.get("name"), str):
            found.name = normal(project["name"])
        if isinstance(project.get("requires-python"), str):
            found.python = project["requires-python"], line_of(self.text, "requires-python")
        self.listed(project.get("dependencies"))
        for group in _table(project, "optional-dependencies").values():
            self.listed(group)
        dynamic = project.get("dynamic")
        if isinstance(dynamic, list) and "dependencies" in dynamic and "poetry" not in tool:
            files = _table(tool, "setuptools", "dynamic", "dependencies").get("file")
            files = files or _table(tool, "hatch", "metadata", "hooks", "requirements_txt").get(
                "files"
            )
            names = [files] if isinstance(files, str) else files
            if isinstance(names, list) and names:
                found.includes += [beside(found.path, str(name)) for name in names]
            else:
                found.unread = True

    def poetry(self, poetry: Mapping[str, Any]) -> None:
        if isinstance(poetry.get("name"), str):
            self.found.name = normal(poetry["name"])
        dependencies = poetry.get("dependencies")
        python = dependencies.get("python") if isinstance(dependencies, dict) else None
        if isinstance(python, str):
            self.found.python = python, line_of(self.text, "python", python)
        self.mapped(dependencies)
        self.mapped(poetry.get("dev-dependencies"))
        for group in _table(poetry, "group").values():
            self.mapped(_table(group, "dependencies"))

    def others(self, tool: Mapping[str, Any]) -> None:
        for name in ("uv", "rye"):
            self.listed(_table(tool, name).get("dev-dependencies"))
        for group in _table(tool, "pdm", "dev-dependencies").values():
            self.listed(group)
        for environment in _table(tool, "hatch", "envs").values():
            self.listed(_table(environment).get("dependencies"))
            self.listed(_table(environment).get("extra-dependencies"))
        flit = _table(tool, "flit", "metadata")
        self.listed(flit.get("requires"))
        for group in _table(flit, "requires-extra").values():
            self.listed(group)
        pixi = _table(tool, "pixi")
        for place in (pixi, *_table(pixi, "feature").values()):
            self.mapped(_table(place, "dependencies"))
            self.mapped(_table(place, "pypi-dependencies"))

    def listed(self, items: object) -> None:
        """A list of requirement strings."""
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, str):
                continue
            requirement = parse(item, self.found.path, line_of(self.text, item))
            if requirement is not None:
                self.found.requirements.append(requirement)
            else:
                self.found.unread = True

    def mapped(self, table: object) -> None:
        """A table ``name = version``, as Poetry, Pipenv and Pixi have it."""
        for name, given in table.items() if isinstance(table, dict) else ():
            if name == "python":
                continue
            choices = given if isinstance(given, list) else [given]
            for choice in choices:
                line = _line_of_key(self.text, name, choice)
                self.found.requirements.append(self._entry(name, choice, line))

    def _entry(self, name: str, given: object, line: int) -> Requirement:
        version = given if isinstance(given, str) else ""
        extras: Iterable[object] = ()
        direct = None
        if isinstance(given, dict):
            version = str(given.get("version") or "")
            listed = given.get("extras")
            extras = listed if isinstance(listed, list) else ()
            direct = next((str(given[key]) for key in _DIRECT if key in given), None)
        return Requirement(
            normal(name), self.found.path, line, frozenset(normal(str(item)) for item in extras),
            version, direct=direct, notation="tool",
        )  # fmt: skip


def _line_of_key(text: str, name: str, given: object) -> int:
    """The line of a key, the one with the same value if there are several."""
    pattern = re.compile(rf"""^\s*["']?{re.escape(name)}["']?\s*=""")
    version = given.get("version") if isinstance(given, dict) else given
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if pattern.match(line)]
    if not lines:
        return line_of(text, name)
    return next((number for number, line in lines if str(version) in line), lines[0][0])


def _table(data: object, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
