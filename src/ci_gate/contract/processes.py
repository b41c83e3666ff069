"""Programs of the project under test: started without our environment, ended with their children.

They are untrusted. They see neither tokens nor settings of the caller, their output is capped, and
what they leave running is found by a mark in its environment even if it left the process group.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_KEPT: Final = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR")
_MARK: Final = "CI_GATE_RUN"
_LOG_BYTES: Final = 64 * 1024
_GRACE: Final = 5.0  # seconds between asking a program to end and ending it


def environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What a program of the project sees: a path, a language, a home of its own, and ``extra``."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), **extra}


class Program:
    """A running program. Its standard output and error are kept, the last 64 KiB of them.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        self._mark = uuid.uuid4().hex
        self._tail: deque[bytes] = deque()
        self._size = 0
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, _MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        return b"".join(list(self._tail)).decode("utf-8", "replace")

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if it is still running after ``seconds``."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(_GRACE)
        return code

    def stop(self) -> None:
        """End it and everything it started: asked first, then killed."""
        self._signal(signal.SIGTERM)
        if self.wait(_GRACE) is None:
            self._signal(signal.SIGKILL)
            self.wait(_GRACE)
        for pid in self._marked():
            _kill(pid, signal.SIGKILL)
        self._reader.join(_GRACE)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            _kill(self.process.pid, number)

    def _marked(self) -> list[int]:
        """Processes that carry this run's mark (Linux; elsewhere the process group has to do)."""
        wanted = f"{_MARK}={self._mark}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if wanted in entry.read_bytes().split(b"\0"):
                    found.append(int(entry.parent.name))
            except OSError:
                continue
        return found

    def _read(self, stream: IO[bytes]) -> None:
        while chunk := stream.read1(8192):  # type: ignore[attr-defined]
            self._tail.append(chunk)
            self._size += len(chunk)
            while self._size - len(self._tail[0]) > _LOG_BYTES:
                self._size -= len(self._tail.popleft())


def _kill(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
