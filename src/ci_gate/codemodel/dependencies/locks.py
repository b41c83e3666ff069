"""Lock files: all that gets installed, by name."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from ci_gate.codemodel.dependencies.manifest import Manifest
from ci_gate.codemodel.dependencies.requirement import Requirement, normal
from ci_gate.regex import regex

FILES: Final = frozenset({
    "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "conda-lock.yml",
})  # fmt: skip
_CONDA_NAME: Final = regex(r"^\s*(?:-\s+)?name:\s*([\w.-]+)\s*$", re.MULTILINE)


def read(path: str, text: str) -> Manifest | None:
    """The packages of a lock file; None where it cannot be read."""
    try:
        names = list(_names(path, text))
    except (ValueError, RecursionError):
        return None
    found = Manifest(path, complete=True)
    found.requirements = [
        Requirement(normal(name), path, 1, specifier=version and f"=={version}", kind="locked")
        for name, version in names
    ]
    return found if names else None


def _names(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Each package with its version, an empty text where none is written."""
    if path.endswith("Pipfile.lock"):
        data = json.loads(text)
        for section in ("default", "develop"):
            packages = data.get(section) if isinstance(data, dict) else None
            for name, entry in packages.items() if isinstance(packages, dict) else ():
                version = entry.get("version") if isinstance(entry, dict) else None
                yield name, str(version or "").removeprefix("==")
    elif path.endswith(".yml"):
        for match in _CONDA_NAME.finditer(text):
            yield match[1], ""
    else:
        table: dict[str, Any] = tomllib.loads(text)
        packages = table.get("package") or table.get("packages")
        for package in packages if isinstance(packages, list) else ():
            if isinstance(package, dict) and isinstance(package.get("name"), str):
                yield package["name"], str(package.get("version") or "")
