"""One program, from start to end: wall time, processor time and memory of it and its children."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """``memory`` is the largest process's resident set in MB. ``code``: None where it was stopped
    because it took too long."""

    wall: float
    cpu: float
    memory: float
    code: int | None

    @property
    def finished(self) -> bool:
        return self.code is not None


def measure(
    command: Sequence[str],
    folder: Path,
    timeout: float,
    environment: Mapping[str, str] | None = None,
) -> Measurement:
    """Run ``command`` in ``folder``; what it prints is thrown away."""
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    used: resource.struct_rusage | None = None
    status = 0
    while time.monotonic() - started < timeout:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        used = None
        time.sleep(0.002)
    wall = time.monotonic() - started
    code = None if used is None else os.waitstatus_to_exitcode(status)
    if used is None:
        os.killpg(process.pid, signal.SIGKILL)
        _, _, used = os.wait4(process.pid, 0)
    process.returncode = code if code is not None else -signal.SIGKILL
    return Measurement(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code)


def median(runs: Sequence[Measurement]) -> Measurement:
    """The run with the middle wall time; one that did not finish where there is one."""
    stopped = [run for run in runs if not run.finished]
    return stopped[0] if stopped else sorted(runs, key=lambda run: run.wall)[len(runs) // 2]
