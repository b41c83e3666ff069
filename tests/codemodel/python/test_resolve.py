"""Python's import specifiers to files of the tree."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.python.resolve import PythonResolver
from support.trees import MemoryTree

FILES = {
    "pyproject.toml": "[tool.setuptools.packages.find]\nwhere = ['lib']\n",
    "app/__init__.py": "",
    "app/services/__init__.py": "",
    "app/services/slugs.py": "",
    "app/repositories/users.py": "",  # a namespace package
    "lib/inner/__init__.py": "",
    "src/thing/__init__.py": "",
    "backend/manage.py": "",
    "backend/shop/models.py": "",
    "scripts/tool.py": "",
    "scripts/helper.py": "",
    "json.py": "",
}


@pytest.mark.parametrize(
    ("importer", "specifier", "kind", "leads_to"),
    [
        ("app/x.py", "app.services", "file", "app/services/__init__.py"),
        ("app/x.py", "app.services.slugs", "file", "app/services/slugs.py"),
        ("app/x.py", "app.repositories", "namespace", "app/repositories"),
        ("app/repositories/users.py", "..services.slugs", "file", "app/services/slugs.py"),
        ("app/services/__init__.py", ".slugs", "file", "app/services/slugs.py"),
        ("app/services/slugs.py", ".", "file", "app/services/__init__.py"),
        ("app/x.py", "inner", "file", "lib/inner/__init__.py"),
        ("app/x.py", "thing", "file", "src/thing/__init__.py"),
        ("backend/shop/views.py", "shop.models", "file", "backend/shop/models.py"),
        ("scripts/tool.py", "helper", "file", "scripts/helper.py"),
        ("app/x.py", "app.servces.slugs", "unresolved", None),
        ("app/x.py", "...too.far", "unresolved", None),
        ("app/x.py", ".nowhere", "unresolved", None),
        ("app/x.py", "sqlalchemy.orm", "external", "sqlalchemy"),
        ("app/x.py", "os.path", "builtin", "os"),
    ],
)
def test_resolution(importer: str, specifier: str, kind: str, leads_to: str | None) -> None:
    found = PythonResolver(MemoryTree(FILES)).resolve(importer, specifier)
    assert (found.kind, found.path or found.package) == (kind, leads_to)


@pytest.mark.parametrize("manifest", ["[", "tool = 1", "[tool.setuptools]\npackages = 3\n", "\x00"])
def test_broken_manifests_are_no_manifests(manifest: str) -> None:
    resolver = PythonResolver(MemoryTree({**FILES, "pyproject.toml": manifest}))
    assert resolver.resolve("app/x.py", "app.services").kind == "file"
