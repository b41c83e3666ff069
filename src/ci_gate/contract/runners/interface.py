"""What a runner of contract tests offers. One module beside this one per kind of test."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ci_gate.contract.model import ContractResult


class Runner(Protocol):
    """Runs the tests at ``tests`` (a path below ``root``) against ``base_url``.

    It never raises for what the tests or the service do: a run that did not come to its end has
    ``error`` set and keeps the assertions it saw. ``home`` is a scratch directory.
    """

    def run(
        self, root: Path, tests: str, base_url: str, home: Path, timeout: float
    ) -> ContractResult: ...
