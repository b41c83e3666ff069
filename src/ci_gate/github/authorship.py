"""Who wrote the change: a coding agent or not, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark. ``strong`` marks decide alone; weak ones never do, however many."""

    agent: str
    kind: str  # login, app, author, committer, trailer, branch, label, body
    text: str  # a sentence part: "trailer Co-Authored-By: ... <noreply@anthropic.com> in 3 commits"
    strong: bool


@dataclass(frozen=True, slots=True)
class Authorship:
    """``agents``: those with a strong mark, the best shown first; empty: no agent is known."""

    agents: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def by_agent(self) -> bool:
        return bool(self.agents)
