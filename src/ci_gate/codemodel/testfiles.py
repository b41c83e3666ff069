"""Which tests belong to the program: those that it imports itself.

Tests are no part of what is judged, and often most of a tree. What they call, patch or leave out
says nothing of the running service, so they are not read at all, but for helpers that lie among
them and that the service uses.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from ci_gate.codemodel.imports import Resolve
from ci_gate.codemodel.places import is_test
from ci_gate.codemodel.syntax import Module
from ci_gate.regex import regex
from ci_gate.repository import Tree

#: Modules that make a folder an application of a service, whatever its name: a platform for exams
#: has an application ``tests``.
_OF_APPLICATIONS: Final = frozenset({
    "admin.py", "apps.py", "models.py", "routers.py", "routes.py", "serializers.py", "urls.py",
    "views.py",
})  # fmt: skip


#: What a test has in it. A model of A/B tests may lie in ``ab_test.py``.
_TESTING: Final = regex(rb"\bdef test|\bpytest\b|\bunittest\b|TestCase\b")


def tests_among(sources: Mapping[str, bytes]) -> set[str]:
    """The tests among the sources of a tree."""
    found = {path for path in sources if is_test(path)}
    folders = {posixpath.split(path) for path in found}
    applications = tuple(f"{folder}/" for folder, name in folders if name in _OF_APPLICATIONS)
    return {path for path in found if _is_one(path, sources[path], applications)}


def _is_one(path: str, data: bytes, applications: tuple[str, ...]) -> bool:
    if is_test(posixpath.basename(path)):
        return says_test(path, data)
    return not path.startswith(applications)


def says_test(path: str, data: bytes) -> bool:
    """Whether nothing in the file speaks against its name: a module that only its own name makes a
    test has something of one in it."""
    folder, name = posixpath.split(path)
    if not name.endswith(".py") or not is_test(name) or is_test(f"{folder}/"):
        return True
    return bool(_TESTING.search(data))


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


def defined(name: str, tests: Sequence[str], tree: Tree) -> bool:
    """Whether a test seems to define a class or table of that name."""
    written = re.escape(name.encode())
    word = re.compile(rb"\bclass\s+" + written + rb"\b|[\"']" + written + rb"[\"']")
    for test in tests:
        try:
            data = tree.read(test)
        except OSError:
            continue
        if name.encode() in data and word.search(data):
            return True
    return False


def _add(found: set[str], path: str | None, tests: Container[str]) -> None:
    if path is None or path not in tests or path in found:
        return
    found.add(path)
    if path.endswith(".py"):
        _add(found, f"{posixpath.dirname(path)}/__init__.py", tests)
        _add(found, f"{posixpath.dirname(posixpath.dirname(path))}/__init__.py", tests)
