"""What a runner of contract tests offers. One module beside this one per kind of test."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.model import RunnerResult
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run: the tests of ``config``, found below ``root`` (a copy of the tree that may
    be written to), against the service that answers at ``base_url`` (no trailing slash). ``home``
    is an empty scratch directory. Paths of ``config`` were checked to lie below ``root``.
    ``pythons``: those of the checkout's virtual environments."""

    config: RunnerConfig
    root: Path
    home: Path
    base_url: str
    pythons: tuple[str, ...] = ()


class Runner(Protocol):
    """Runs a job. It never raises for what the tests or the service do."""

    def run(self, job: Job) -> RunnerResult: ...
