"""A service in memory, given as path -> source, and its route table."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from ci_gate.codemodel import model
from ci_gate.codemodel.model import Route
from ci_gate.codemodel.python import lower as lower_python
from ci_gate.codemodel.routing import find_routes
from ci_gate.codemodel.syntax import Module
from support.trees import MemoryTree

Files = dict[str, str]


class Table:
    """The routes of a service, to be asked in a test's words."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = routes

    @property
    def endpoints(self) -> list[str]:
        return [route.endpoint for route in self.routes]

    def handlers(self, endpoint: str) -> list[str]:
        """The names of an endpoint's handlers, the view first."""
        [route] = [route for route in self.routes if route.endpoint == endpoint]
        return [item.qualname.partition("::")[2] for item in route.handlers]

    def incomplete(self) -> list[str]:
        return [route.endpoint for route in self.routes if not route.complete]


@pytest.fixture
def table() -> Callable[[Files], Table]:
    def build(files: Files) -> Table:
        tree = MemoryTree({path: textwrap.dedent(text) for path, text in files.items()})
        modules = {path: lower(path, tree.read(path)) for path in tree.files}
        return Table(find_routes(model.CodeModel(tree, modules)).routes)

    return build


def lower(path: str, source: bytes) -> Module:
    if path.endswith(".py"):
        return lower_python(path, source)
    from ci_gate.codemodel.javascript import lower as lower_javascript

    return lower_javascript(path, source)
