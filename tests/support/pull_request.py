"""A pull request on the double of GitHub, and the gate's client to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from ci_gate.github.api import Client, Clock
from support.github import diffs
from support.github.fixtures import GitHub
from support.github.state import Data, Repository

NUMBER: Final = 7
HEAD: Final = "a" * 40


def lines(*numbers: int) -> str:
    return "".join(f"line {number}\n" for number in numbers)


#: Of a.py lines 20 to 23 are new, so that the diff shows 17 to 26; b.py is new.
FILES: Final = (
    diffs.change(
        "a.py", lines(*range(60)), lines(*range(19)) + "new\n" * 4 + lines(*range(19, 60))
    ),
    diffs.change("b.py", None, lines(*range(200))),
)


@dataclass
class Stage:
    """``slept``: the pauses that clients took; they pass at once."""

    github: GitHub
    slept: list[float] = field(default_factory=list)
    tokens: int = 0

    @property
    def repository(self) -> Repository:
        return self.github.repository()

    def client(
        self, permissions: Mapping[str, str] | None = None, login: str = "", **options: Any
    ) -> Client:
        self.tokens += 1
        token = f"ghs_token{self.tokens}"
        if login:
            self.github.state.token(token, permissions, login, "user")
        else:
            self.github.state.token(token, permissions)
        clock = Clock(time.time, self._sleep)
        return Client(token, "acme/shop", api_url=self.github.url, clock=clock, **options)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        time.sleep(min(seconds, 0.02))  # others may run meanwhile

    def fault(self, on: str, kind: str = "", **more: Any) -> None:
        self.github.fault(on, kind, **more)

    def asked(self, *operations: str) -> list[Data]:
        return [entry for entry in self.github.log if entry.get("operation") in operations]

    def at_once(self, *jobs: Callable[[], Any]) -> list[Any]:
        """The results of several runs, each in a thread of its own."""
        results: list[Any] = [None] * len(jobs)

        def run(index: int) -> None:
            results[index] = jobs[index]()

        threads = [threading.Thread(target=run, args=(i,)) for i in range(len(jobs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        return results


@pytest.fixture
def stage(github: GitHub) -> Stage:
    """A repository with one open pull request."""
    github.repository().add_pull(NUMBER, FILES, head=HEAD)
    return Stage(github)
