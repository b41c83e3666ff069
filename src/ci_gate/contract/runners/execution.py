"""Run a test tool to its end, or until its time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ci_gate.contract.processes import Program, environment
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.text import plain
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a tool ended. ``code`` is None if it were ended; ``error`` is set if it did not
    start (``absent``: it is not there) or took too long."""

    code: int | None
    output: str
    error: str | None = None
    absent: bool = False


def execute(
    command: Sequence[str],
    job: Job,
    env: Mapping[str, str],
    *,
    cwd: Path | None = None,
    seconds: float | None = None,
    where: str = "",
) -> Outcome:
    """Run ``command`` with nothing of our environment but a path, a language and ``env``, for the
    job's time at most, or the ``seconds`` that are left of it. It may write into the tree, also
    where that is not its ``cwd``."""
    try:
        program = Program(command, cwd or job.root, environment(job.home, env), [job.root])
    except OSError as error:
        why = f"cannot run {plain(command[0], 200)!r}: {error.strerror or error}"
        return Outcome(None, "", why, absent=isinstance(error, FileNotFoundError))
    try:
        code = program.wait(job.config.timeout if seconds is None else seconds)
    finally:
        program.stop()
    if code is None:
        limit = f"{job.config.timeout:g} s"
        late = f"the contract tests took more than {limit} and were ended{where}"
        return Outcome(None, program.output, late)
    return Outcome(code, program.output)


def settings(job: Job) -> dict[str, str]:
    """The runner's variables with the service's address in its place."""
    return {
        name: value.replace("{base_url}", job.base_url)
        for name, value in job.config.variables.items()
    }
