"""Going every way through the branches: each run follows a script, the next one changes its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

Result = TypeVar("Result")
Decisions: TypeAlias = tuple[tuple[str, bool], ...]
"""The branches taken: the condition in the program's words, and whether it held."""

MAX_FOUND: Final = 64
_MAX_RUNS: Final = 256


class GaveUp(Exception):
    """There are too many ways, or one is too long."""


class Choices:
    """Answers conditions that are not known; an answer once given stays."""

    def __init__(self, script: list[bool]) -> None:
        self._script = script
        self._known: dict[str, bool] = {}
        self.taken: list[tuple[str, bool]] = []

    def ask(self, condition: str, *, implied: bool | None = None) -> bool:
        """Does ``condition`` hold here? ``implied`` is the answer that others already force."""
        known = self._known.get(condition, implied)
        if known is not None:
            return known
        position = len(self.taken)
        answer = self._script[position] if position < len(self._script) else True
        self._known[condition] = answer
        self.taken.append((condition, answer))
        return answer

    def known(self, condition: str) -> bool | None:
        return self._known.get(condition)

    def decisions(self) -> Decisions:
        return tuple(self.taken)


def explore(run: Callable[[Choices], Result | None]) -> list[tuple[Decisions, Result]]:
    """What ``run`` gives on every way on which it gives anything.

    Raises:
        GaveUp: there are too many.
    """
    found: list[tuple[Decisions, Result]] = []
    script: list[bool] = []
    for _ in range(_MAX_RUNS):
        choices = Choices(script)
        result = run(choices)
        if result is not None:
            found.append((choices.decisions(), result))
            if len(found) > MAX_FOUND:
                raise GaveUp
        script = [answer for _, answer in choices.taken]
        while script and not script[-1]:
            script.pop()
        if not script:
            return found
        script[-1] = False
    raise GaveUp
