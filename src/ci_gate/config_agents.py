"""The part ``agents:`` of ``.ci-gate.yml``: the marks by which coding agents are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any

from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """What shows an agent's hand; compared without regard to case.

    ``emails``: of a commit's author, committer or co-author. GitHub's noreply addresses count with
    any number before the ``+`` unless one is given. ``logins``: who opened the pull request; of an
    app ``SLUG[bot]``. ``branches``: patterns of the head's name (``codex/*``). ``trailers``: a
    key, or ``Key: start of its value``. ``lines``: how a line of the description or of a commit
    message starts, emphasis and pictures before it left out. ``labels``: of the pull request.
    """

    emails: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    trailers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def __add__(self, other: Marks) -> Marks:
        return Marks(*(getattr(self, item.name) + getattr(other, item.name)
                       for item in fields(Marks)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent: any of its ``strong`` marks is proof; its ``weak`` ones are only told."""

    name: str = ""  # as people call it; empty: its key
    strong: Marks = field(default_factory=Marks)
    weak: Marks = field(default_factory=Marks)


def build(data: Mapping[str, Any]) -> dict[str, Agent | None]:
    """From the checked document: key -> agent, None where it is switched off."""
    return {key: _agent(value) if value else None for key, value in data.items()}


def merged(known: Mapping[str, Agent], own: Mapping[str, Agent | None]) -> dict[str, Agent]:
    """``known`` with the user's marks added, without what the user switched off."""
    result = dict(known)
    for key, agent in own.items():
        if agent is None:
            result.pop(key, None)
        else:
            old = result.get(key, Agent(key))
            result[key] = Agent(agent.name or old.name, old.strong + agent.strong,
                                old.weak + agent.weak)  # fmt: skip
    return result


def _agent(data: Mapping[str, Any]) -> Agent:
    return Agent(data.get("name", ""), _marks(data), _marks(data.get("weak", {})))


def _marks(data: Mapping[str, Any]) -> Marks:
    return Marks(**{item.name: tuple(data.get(item.name, ())) for item in fields(Marks)})
