"""Which tests belong to the program: those that it imports itself.

Tests are no part of what is judged, and often most of a tree. What they call, patch or leave out
says nothing of the running service, so they are not read at all, but for helpers that lie among
them and that the service uses.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final

from ci_gate.codemodel.imports import Target
from ci_gate.codemodel.places import is_test
from ci_gate.codemodel.syntax import Module
from ci_gate.repository import Tree

Resolve = Callable[[str, str], Target]


#: Modules that make a folder an application of a service, whatever its name: a platform for exams
#: has an application ``tests``.
_OF_APPLICATIONS: Final = frozenset({
    "admin.py", "apps.py", "models.py", "routers.py", "routes.py", "serializers.py", "urls.py",
    "views.py",
})  # fmt: skip


def tests_among(paths: Collection[str]) -> set[str]:
    """The tests among the sources of a tree."""
    found = {path for path in paths if is_test(path)}
    folders = {posixpath.split(path) for path in found}
    applications = {folder for folder, name in folders if name in _OF_APPLICATIONS}
    if not applications:
        return found
    return {
        path
        for path in found
        if is_test(posixpath.basename(path))
        or not any(path.startswith(f"{folder}/") for folder in applications)
    }


def imported(modules: Iterable[Module], tests: Container[str], resolve: Resolve) -> set[str]:
    """Those of ``tests`` that imports of ``modules`` lead to, packages around them included."""
    found: set[str] = set()
    for module in modules:
        for item in module.imports:
            target = resolve(module.path, item.specifier)
            _add(found, target.path, tests)
            if module.language != "python":
                continue
            if target.directory is None and not (target.path or "").endswith("__init__.py"):
                continue
            joint = "" if item.specifier.endswith(".") else "."
            for name in item.names if item.kind != "import" else ():
                inner = resolve(module.path, f"{item.specifier}{joint}{name.name}")
                _add(found, inner.path, tests)
    return found


def importers(path: str, tests: Sequence[str], tree: Tree, resolve: Resolve) -> list[str]:
    """Those of ``tests`` that import the module ``path``. Only tests that name it are read."""
    from ci_gate.codemodel.build import lower_file  # noqa: PLC0415  a cycle

    named = PurePosixPath(path)
    name = named.parent.name if named.stem in ("__init__", "index") else named.stem
    found = []
    for test in tests:
        try:
            data = tree.read(test)
            if name.encode() not in data:
                continue
            module = lower_file(test, data)
        except (OSError, RecursionError, MemoryError):
            continue
        if imported([module], {path}, resolve):
            found.append(test)
    return found


def _add(found: set[str], path: str | None, tests: Container[str]) -> None:
    if path is None or path not in tests or path in found:
        return
    found.add(path)
    if path.endswith(".py"):
        _add(found, f"{posixpath.dirname(path)}/__init__.py", tests)
        _add(found, f"{posixpath.dirname(posixpath.dirname(path))}/__init__.py", tests)
