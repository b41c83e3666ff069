"""A service in memory, given as path -> source, and its route table."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from ci_gate.codemodel.model import Route
from ci_gate.codemodel.routing import find_routes

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
    from tests.support.trees import model_of

    def build(files: Files) -> Table:
        sources = {path: textwrap.dedent(text) for path, text in files.items()}
        return Table(find_routes(model_of(sources)))

    return build
