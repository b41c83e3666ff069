"""What running the contract's tests gives."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Assertion:
    """One check of the contract's tests.

    ``endpoint`` is ``METHOD /path`` as requested or as a template; None when the test made no
    request that could be attributed. ``seconds`` is None where the runner does not say.
    """

    name: str
    endpoint: str | None
    passed: bool
    message: str = ""
    seconds: float | None = None
    flaky: bool = False


@dataclass(slots=True)
class ContractResult:
    """The outcome of one runner on one service.

    ``error`` is set when the tests could not be run to the end (service did not start, runner
    missing, time-out): then the verdict is incomplete, whatever ``assertions`` hold. ``log`` is the
    tail of the service's own output.
    """

    runner: str
    assertions: list[Assertion] = field(default_factory=list)
    error: str | None = None
    log: str = ""

    @property
    def passed(self) -> int:
        return sum(1 for a in self.assertions if a.passed)

    @property
    def failed(self) -> int:
        return len(self.assertions) - self.passed
