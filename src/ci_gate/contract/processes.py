"""Programs of the project under test: started without our environment, ended with their children.

They are untrusted. They see neither tokens nor settings of the caller (:mod:`isolation` says by
what means), may write into their own folders only, and their output is capped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from ci_gate.contract.isolation import LAUNCHER, job
from ci_gate.contract.output import Log
from ci_gate.contract.sockets import listening_ports

_KEPT: Final = ("LANG", "LC_ALL", "SSL_CERT_FILE", "SSL_CERT_DIR")
_GRACE: Final = 5.0  # seconds between asking a program to end and ending it
_END: Final = 20.0  # seconds for the launcher to end all


def environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What a program of the project sees: a path, a language, a home of its own, and ``extra``."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    own = str(home / ".local" / "bin")  # where pip puts programs that it installs for a user
    path = os.pathsep.join([own, os.environ.get("PATH", os.defpath)])
    own_pip = {"PIP_BREAK_SYSTEM_PACKAGES": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {**kept, **own_pip, "PATH": path, "HOME": str(home), "TMPDIR": str(home), **extra}


class Program:
    """A running program, with everything that it starts.

    It may write into ``cwd``, its ``HOME`` and ``writable``; as root, these are given to the user
    that it runs as. What lies in the caller's home or in a folder for temporary files can be read
    if it is on one of its paths or ``readable``.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        writable: Sequence[Path] = (),
        readable: Sequence[Path] = (),
    ) -> None:
        folders = dict.fromkeys([cwd, *([Path(env["HOME"])] if "HOME" in env else []), *writable])
        order = job(command, cwd, env, folders, readable)
        self._log = Log()
        reader, writer = os.pipe()
        try:
            self.process = subprocess.Popen(
                LAUNCHER,
                cwd="/",
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(writer,),
            )
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._order = self.process.stdin
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        try:
            self._begin({**order, "status": writer}, reader)
        except BaseException:
            self.kill()
            raise

    def _begin(self, order: Mapping[str, object], reader: int) -> None:
        """Wait until the program runs, or say why it does not."""
        with os.fdopen(reader, "rb") as status:
            self._order.write(json.dumps(order).encode() + b"\n")
            self._order.flush()
            said = status.read()
        if said:
            failure = json.loads(said)
            raise OSError(failure["errno"], failure["text"])

    @property
    def output(self) -> str:
        return self._log.text()

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if it is still running after ``seconds``. When it has ended, so
        has all that it started. A program that a signal ended has 128 and the signal's number."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(_GRACE)
        return code

    def stop(self) -> None:
        """End it and everything it started: asked first, then killed."""
        self._ask_to_end()
        self.wait(_GRACE)
        self.kill()

    def kill(self) -> None:
        """End it and everything it started at once."""
        self._close()
        if self.wait(_END) is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(_GRACE)

    def listening(self) -> list[int]:
        """The TCP ports that it and its children listen on, as far as the system tells."""
        return listening_ports(self.process.pid)

    def _ask_to_end(self) -> None:
        try:
            self.process.send_signal(signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            return

    def _close(self) -> None:
        try:
            self._order.close()
        except BrokenPipeError:
            return

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            while chunk := stream.read1(65536):  # type: ignore[attr-defined]
                self._log.add(chunk)
