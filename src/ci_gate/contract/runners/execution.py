"""Run a test tool to its end, or until its time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ci_gate.contract.processes import Program, environment
from ci_gate.contract.runners.interface import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a tool ended. ``code`` is None if it had to be ended; ``error`` is set if it did not
    start or took too long."""

    code: int | None
    output: str
    error: str | None = None


def execute(
    command: Sequence[str],
    job: Job,
    env: Mapping[str, str],
    *,
    cwd: Path | None = None,
    late: str = "the contract tests took more than {seconds:g} s and were ended",
) -> Outcome:
    """Run ``command`` with nothing of our environment but a path, a language and ``env``."""
    try:
        program = Program(command, cwd or job.root, environment(job.home, env))
    except OSError as error:
        return Outcome(None, "", f"cannot run {command[0]}: {error.strerror or error}")
    try:
        code = program.wait(job.config.timeout)
    finally:
        program.stop()
    if code is None:
        return Outcome(None, program.output, late.format(seconds=job.config.timeout))
    return Outcome(code, program.output)


def settings(job: Job) -> dict[str, str]:
    """The runner's variables with the service's address in its place."""
    return {
        name: value.replace("{base_url}", job.base_url)
        for name, value in job.config.variables.items()
    }
