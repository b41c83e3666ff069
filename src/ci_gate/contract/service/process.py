"""The service as a local process on a free loopback port. Needs nothing but the service's own
dependencies on PATH."""

from __future__ import annotations

import http.client
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ci_gate.config_contract import ServiceConfig
from ci_gate.contract.processes import Program, environment
from ci_gate.contract.service.interface import ServiceError

_POLL: Final = 0.05  # seconds between two looks at a service that is starting
_SETUP_TIMEOUT: Final = 600.0  # seconds for one set-up command


class ProcessService:
    """Runs ``config.command`` in ``root`` (a directory that may be written to)."""

    def __init__(self, root: Path, home: Path, config: ServiceConfig) -> None:
        self._cwd = root / config.cwd
        self._home = home
        self._config = config
        self._port = 0
        self._program: Program | None = None
        self.notes: list[str] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return self._program.output if self._program else ""

    def __enter__(self) -> Self:
        if not self._config.command:
            raise ServiceError(
                "no command to start the service; set contract.service.command in .ci-gate.yml"
            )
        if not self._cwd.is_dir():
            raise ServiceError(f"contract.service.cwd {self._config.cwd!r} is not a directory")
        self._port = _free_port()
        port = str(self._port)
        env = environment(
            self._home,
            {
                "HOST": "127.0.0.1",
                "PORT": port,
                **{key: value.replace("{port}", port) for key, value in self._config.env.items()},
            },
        )
        for command in self._config.setup:
            self._set_up(command, env)
        try:
            self._program = self._start(
                [part.replace("{port}", port) for part in self._config.command], env
            )
            self._wait_until_up(self._program)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._program is not None:
            self._program.stop()

    def _start(self, command: list[str], env: dict[str, str]) -> Program:
        try:
            return Program(command, self._cwd, env)
        except OSError as error:
            raise ServiceError(
                f"cannot run {command[0]!r}: {error.strerror or error}; is it installed, and on "
                "PATH?"
            ) from None

    def _set_up(self, command: tuple[str, ...], env: dict[str, str]) -> None:
        program = self._start(list(command), env)
        try:
            code = program.wait(_SETUP_TIMEOUT)
        finally:
            program.stop()
        if code != 0:
            what = (
                f"took more than {_SETUP_TIMEOUT:.0f} s" if code is None else f"ended with {code}"
            )
            raise ServiceError(
                f"set-up command {' '.join(command)!r} {what}: {_end(program.output)}"
            )

    def _wait_until_up(self, program: Program) -> None:
        deadline = time.monotonic() + self._config.start_timeout
        while time.monotonic() < deadline:
            code = program.wait(_POLL)
            if code is not None:
                raise ServiceError(
                    f"the service ended with {code} at start: {_end(program.output)}"
                )
            if self._answers():
                return
        raise ServiceError(
            f"the service did not answer GET {self._config.health} within "
            f"{self._config.start_timeout:g} s: {_end(program.output)}"
        )

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", self._config.health)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end(output: str) -> str:
    """The last line that says something: of a stack trace, the error."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it printed nothing"
