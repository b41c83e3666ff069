"""The fixture `github`: a double on a port, and what a test says to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from .description import PACKAGES
from .double import Double
from .faults import KINDS
from .server import Server
from .state import Data, Repository, State

TOKEN = "ghs_workflow"


@dataclass
class GitHub:
    """``url``: the API's address (GITHUB_API_URL); ``token``: as a workflow has it."""

    double: Double
    address: str
    token: str = TOKEN
    prefix: str = ""

    @property
    def url(self) -> str:
        return self.address + self.prefix

    @property
    def graphql_url(self) -> str:
        return f"{self.address}{'/api' if self.prefix else ''}/graphql"

    @property
    def state(self) -> State:
        return self.double.state

    @property
    def violations(self) -> list[str]:
        return self.double.violations

    @property
    def refused(self) -> list[str]:
        return self.double.refused

    @property
    def log(self) -> list[Data]:
        return self.double.log

    def requests(self, operation: str = "") -> list[Data]:
        """The log's entries of one operation ("issues/create-comment", "graphql/viewer")."""
        return [entry for entry in self.log if operation in ("", entry.get("operation"))]

    def take_violations(self) -> list[str]:
        """For a test that means to commit them."""
        taken, self.double.violations[:] = list(self.violations), []
        return taken

    def repository(self, name: str = "acme/shop", **options: Any) -> Repository:
        return self.state.repository(name, **options)

    def fault(self, on: str, kind: str = "", **options: Any) -> None:
        """See faults.py: fault("issues/create-comment", "bad_gateway", times=2)."""
        assert kind in KINDS, f"no such fault: {kind}"
        self.state.data["faults"].append({"on": on, "kind": kind, **options})


def need_descriptions() -> None:
    for name in ("openapi", "graphql-schema"):
        if not (PACKAGES / name).is_dir():
            pytest.skip(f"@octokit/{name} is not there; .ci/tools fetches it")


def _running(description: str, prefix: str) -> Iterator[GitHub]:
    need_descriptions()
    double = Double(description=description)
    double.state.token(TOKEN)
    server = Server(double, "127.0.0.1", 0)
    server.start()
    yield GitHub(double, server.address, prefix=prefix)
    server.stop()
    assert double.violations == []


@pytest.fixture
def github() -> Iterator[GitHub]:
    """api.github.com, with an empty state and one token."""
    yield from _running("api.github.com", "")


@pytest.fixture
def github_enterprise() -> Iterator[GitHub]:
    """GitHub Enterprise Server, under /api/v3."""
    yield from _running("ghes-3.19", "/api/v3")
