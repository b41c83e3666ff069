"""What running the contract's tests gives."""

from __future__ import annotations

from dataclasses import field

from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Assertion:
    """One check of the contract's tests.

    ``endpoint`` is ``METHOD /path`` as requested or as a template; None when the test made no
    request that could be attributed. ``seconds`` is None where the runner does not say. ``flaky``:
    it failed, and passed when the tests ran once more.
    """

    name: str
    endpoint: str | None
    passed: bool
    message: str = ""
    seconds: float | None = None
    flaky: bool = False
    runner: str = ""


@dataclass(slots=True)
class RunnerResult:
    """The outcome of one runner.

    ``error`` is set when its tests could not be run to the end (time-out, tests that are not there
    or cannot be read); ``assertions`` are those that were seen. ``missing`` is set, and nothing was
    run, when a tool that it needs is not there: the sentence says how to get it. ``notes``: what
    was chosen where the configuration does not say.
    """

    assertions: list[Assertion] = field(default_factory=list)
    error: str | None = None
    missing: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ContractResult:
    """The outcome of all runners on one service.

    ``runner`` names them (``postman+pytest``). ``error`` is set when the tests could not be run to
    the end (service did not start, tool missing, time-out): then the verdict is incomplete,
    whatever ``assertions`` hold. ``unfinished``: the runners whose tests did not run, or not to
    their end, and why. ``log`` is the tail of the service's own output. ``notes`` are sentences on
    what was guessed and what was skipped as configured. ``down``: the error is that the service, as
    told to start, ended or did not answer. ``died``: it was up and came to an end while its tests
    ran (``ended with 1``). ``gone``: names of assertions that pass on the base and were not made.
    """

    runner: str
    assertions: list[Assertion] = field(default_factory=list)
    error: str | None = None
    log: str = ""
    notes: list[str] = field(default_factory=list)
    down: bool = False
    died: str | None = None
    gone: list[str] = field(default_factory=list)
    unfinished: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        return sum(1 for a in self.assertions if a.passed)

    @property
    def failed(self) -> int:
        return len(self.assertions) - self.passed
