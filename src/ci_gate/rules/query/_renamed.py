"""Query parameters that a change gives another name."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts

_ALIKE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Renamed:
    """The parameter ``before`` of the base's endpoint is ``now`` in the change's ``run``, read at
    ``node``."""

    run: Run
    before: str
    now: str
    node: s.Node


def renamed_parameters(facts: Facts) -> Iterator[Renamed]:
    """Parameters by which the base filters and which the change reads under another name only."""
    if facts.base is None:
        return
    before = {_endpoint(run): run for run in facts.base.flows.served() if _is_whole(run)}
    for run in facts.flows.served():
        old = before.get(_endpoint(run))
        if old is None or not _is_whole(run):
            continue
        read = {source.name for source in run.read if source.part == "query"}
        gone = sorted(_filtering(old) - read)
        new = sorted(_filtering(run) - {source.name for source in old.read})
        for name in gone:
            alike = [other for other in new if _is_alike(name, other)]
            if len(alike) == 1:
                node = min(
                    (source.node for source in run.read if source.name == alike[0]),
                    key=lambda item: item.span,
                )
                yield Renamed(run, name, alike[0], node)


def _endpoint(run: Run) -> tuple[str, str]:
    return (run.route.method, run.route.path) if run.route is not None else ("", "")


def _is_whole(run: Run) -> bool:
    """All that the run reads of the query string is known."""
    return run.complete and not run.wildcard


def _filtering(run: Run) -> set[str]:
    """The parameters that arrive in a statement."""
    return {
        source.name
        for event in run.events
        if isinstance(event, Ran) and event.how in ("many", "count", "rows")
        for source in event.data
        if source.part == "query" and source.name is not None
    }


def _is_alike(one: str, other: str) -> bool:
    """One name is the other's with something added, or nearly the same."""
    first, second = (name.lower().replace("_", "").replace("-", "") for name in (one, other))
    if first in second or second in first:
        return True
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE
