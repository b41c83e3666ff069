"""Many entry points, followed in two processes.

On a large program this takes longer than all else, so half of it is done beside the other. What a
machine has seen changes what it sees later: objects of modules live as long as it does. So there
are two shares, of which each begins with what was known before both, wherever and in whatever order
they are followed, and reports do not depend on the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Run
from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.parallel import Beside, can_fork
from ci_gate.repository import Noticed

Entry = TypeVar("Entry")
Follow = Callable[[Entry, set[FunctionInfo]], Run | None]
"""Follows an entry point; what the runs before it have entered is there already."""

_MIN_ENTRIES: Final = 100
"""Below this, a process costs more than it saves."""
_SAMPLE: Final = 32
"""One of so many is followed before the shares part, so that both know what all endpoints run."""
_TOGETHER: Final = 40
"""So many entry points that follow each other are of one share: much of what they do is alike."""


class Shares:
    def __init__(self, model: CodeModel, entities: Entities, jobs: int) -> None:
        self._model = model
        self._entities = entities
        self._jobs = jobs

    def follow(self, entries: Sequence[Entry], follow: Follow[Entry]) -> list[Run]:
        """The runs of all entry points, in their order.

        Raises:
            WorkerDied: the process of the other share ended before it was done.
        """
        if len(entries) < _MIN_ENTRIES or not can_fork():
            found = self._followed(entries, range(len(entries)), follow)
        else:
            found = self._in_two(entries, follow)
        return [found[number] for number in sorted(found)]

    def _in_two(self, entries: Sequence[Entry], follow: Follow[Entry]) -> dict[int, Run]:
        from ci_gate.codemodel.dataflow.parcels import Parcels  # noqa: PLC0415  large trees only

        parcels, tree = Parcels(self._model, self._entities), self._model.tree
        first, mine, other = _parted(len(entries))
        found = self._followed(entries, first, follow)
        entered = frozenset[FunctionInfo]().union(*(run.entered for run in found.values()))

        def work() -> tuple[bytes | None, Noticed]:
            return parcels.pack(self._followed(entries, other, follow, entered)), tree.noticed()

        with Beside(work) as beside:
            done = beside.result() if self._jobs < 2 else None
            found |= self._followed(entries, mine, follow, entered)
            packed, noticed = done or beside.result()
        tree.notice(noticed)
        if packed is None:
            return found | self._followed(entries, other, follow, entered)
        unpacked: dict[int, Run] = parcels.unpack(packed)
        return found | unpacked

    def _followed(
        self,
        entries: Sequence[Entry],
        numbers: Sequence[int],
        follow: Follow[Entry],
        before: Collection[FunctionInfo] = (),
    ) -> dict[int, Run]:
        entered = set(before)
        found: dict[int, Run] = {}
        for number in numbers:
            run = follow(entries[number], entered)
            if run is not None:
                found[number] = run
                entered |= run.entered
        return found


def _parted(count: int) -> tuple[list[int], list[int], list[int]]:
    """The numbers below ``count``: a few from all over, the rest in two shares of about the same
    work."""
    first = list(range(0, count, _SAMPLE))
    shares: tuple[list[int], list[int]] = ([], [])
    for number in range(count):
        if number % _SAMPLE:
            shares[number // _TOGETHER % 2].append(number)
    return first, *shares


def joined_homes(runs: Sequence[Run]) -> None:
    """All runs share the files of what they speak of, as those of one machine do."""
    homes: dict[s.Node, str] = {}
    for shared in {id(run.homes): run.homes for run in runs}.values():
        homes.update(shared)
    for run in runs:
        run.homes = homes
