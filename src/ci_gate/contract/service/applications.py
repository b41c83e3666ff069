"""Ways to start the service that its code shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.contract.service.candidates import Candidate, inside
from ci_gate.contract.service.plan import Hints
from ci_gate.regex import regex
from ci_gate.repository import Tree

_SETTINGS: Final = regex(r"DJANGO_SETTINGS_MODULE")
_MAIN: Final = regex(r"^if\s+__name__\s*==\s*['\"]__main__['\"]", re.MULTILINE)
_STARTS: Final = regex(r"\b(?:run|run_app|serve|serve_forever|run_until_complete)\s*\(")
_PYTHON: Final = ("main.py", "app.py", "server.py", "run.py", "wsgi.py", "asgi.py", "src/main.py")
_NODE: Final = ("server", "index", "app", "main", "src/server", "src/index", "src/app", "src/main")
_ASGI: Final = frozenset({"fastapi", "starlette"})


def applications(tree: Tree, folder: str, hints: Hints) -> Iterator[Candidate]:
    """Of the code in ``folder``, the likeliest first."""
    manage = inside(folder, "manage.py")
    if tree.exists(manage) and _SETTINGS.search(tree.text(manage)):
        words = ("python", "manage.py", "runserver", "127.0.0.1:{port}", "--noreload")
        yield Candidate(words, manage, folder)
    yield from _packages(tree, folder)
    yield from _object(folder, hints)
    for name in _PYTHON:
        path = inside(folder, name)
        if tree.exists(path) and _MAIN.search(text := tree.text(path)) and _STARTS.search(text):
            yield Candidate(("python", name), path, folder)
    for name in _NODE:
        path = inside(folder, f"{name}.js")
        if tree.exists(path) and ".listen(" in tree.text(path):
            yield Candidate(("node", f"{name}.js"), path, folder)


def _packages(tree: Tree, folder: str) -> Iterator[Candidate]:
    """``python -m package``."""
    prefix = "" if folder == "." else f"{folder}/"
    for path in tree.files:
        if path.startswith(prefix) and path.endswith("/__main__.py"):
            name = path[len(prefix) : -len("/__main__.py")]
            if "/" not in name and name not in ("tests", "test"):
                yield Candidate(("python", "-m", name), path, folder)


def _object(folder: str, hints: Hints) -> Iterator[Candidate]:
    """The application object, given to a server for it."""
    if hints.application is None:
        return
    name = hints.application
    source = f"the application `{name}`"
    factory = ("--factory",) if hints.factory else ()
    if _ASGI.intersection(hints.frameworks):
        server = ("--host", "127.0.0.1", "--port", "{port}")
        yield Candidate(("uvicorn", name, *factory, *server), source, folder)
        yield Candidate(("hypercorn", name, "--bind", "127.0.0.1:{port}"), source, folder)
    elif "flask" in hints.frameworks:
        called = f"{name}()" if hints.factory else name
        yield Candidate(("gunicorn", "--bind", "127.0.0.1:{port}", called), source, folder)
        yield Candidate(
            ("flask", "--app", name, "run", "--host", "127.0.0.1", "--port", "{port}"),
            source,
            folder,
        )
