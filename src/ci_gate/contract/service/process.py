"""The service as a local process on a free loopback port. Needs nothing but the service's own
dependencies on PATH."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ci_gate.contract.databases import Access, engine_of, settings
from ci_gate.contract.isolation import isolation, refusal
from ci_gate.contract.output import last_error, last_line
from ci_gate.contract.postgres import Postgres, PostgresError
from ci_gate.contract.processes import Program, environment
from ci_gate.contract.service.failed_step import failed_step, missing_file, missing_library
from ci_gate.contract.service.interface import NotUp, ServiceError
from ci_gate.contract.service.plan import Plan
from ci_gate.contract.sockets import NOT_FOUND, answer, free_port, is_free, is_up, wrong_path
from ci_gate.regex import regex

_POLL: Final = 0.05  # seconds between two looks at a service that is starting
_DYING: Final = 0.3  # seconds that a service takes to end after a request broke it
_SETUP_TIMEOUT: Final = 600.0  # seconds for one set-up command
#: Where set-up commands put programs, below the service's folder.
_INSTALLED: Final = (".venv/bin", "venv/bin", "node_modules/.bin")
_NOT_INSTALLED: Final = regex(
    r"ModuleNotFoundError|No module named|Cannot find (?:module|package)|command not found"
    r"|ERR_MODULE_NOT_FOUND|: not found$"
)
_INSTALL: Final = (
    "; install what the service needs in contract.service.setup, or before the gate runs "
    "(or mend contract.service.command, where it is the one that names it)"
)
_MYSQL: Final = (
    "the service needs MySQL, which the gate can only start as a container: set "
    "contract.service.mode: docker"
)


class ProcessService:
    """Runs the plan's command in ``root`` (a copy of the tree that may be written to); ``home`` is
    an empty scratch directory."""

    def __init__(self, root: Path, home: Path, plan: Plan) -> None:
        self._root = root
        self._cwd = root / plan.service.cwd
        self._home = home
        self._plan = plan
        self._port = 0
        self._program: Program | None = None
        self.notes: list[str] = []
        self._running = ExitStack()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        return self._program.output if self._program else ""

    def ended(self) -> str | None:
        code = self._program.wait(_DYING) if self._program is not None else None
        return None if code is None else f"ended with {code}"

    def __enter__(self) -> Self:
        if (reason := refusal()) is not None:
            raise ServiceError(reason)
        config = self._plan.service
        if not config.command:
            raise ServiceError(
                "no command to start the service; set contract.service.command in .ci-gate.yml"
            )
        if not self._cwd.is_dir():
            raise ServiceError(f"contract.service.cwd {config.cwd!r} is not a directory")
        with ExitStack() as running:
            self._running = running
            self._port = self._choose_port()
            env = self._environment(self._database())
            for command in config.setup:
                self._run("set-up", command, env)
            for what in ("migrate", "seed"):
                if (step := getattr(config.database, what)) is not None:
                    self._run(what, step, env)
            self._program = self._start(config.command, env)
            self._running.callback(self._program.stop)
            self._wait_until_up(self._program)
            self._running = running.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def _choose_port(self) -> int:
        fixed = self._plan.port
        if fixed is None:
            return free_port()
        if not is_free(fixed):
            raise ServiceError(
                f"the service listens on port {fixed} only, which is taken on this machine; make "
                "it read PORT, or put {port} into contract.service.command"
            )
        return fixed

    # --- what it is told ---

    def _environment(self, database: dict[str, str]) -> dict[str, str]:
        own = {key: self._filled(value) for key, value in self._plan.service.env.items()}
        ports = dict.fromkeys(("PORT", *self._plan.hints.port_variables), str(self._port))
        told = {"HOST": "127.0.0.1", **ports, **database, **own}
        env = environment(self._home, told)
        if "PATH" not in own:
            made = [str(self._cwd / folder) for folder in _INSTALLED]
            env["PATH"] = os.pathsep.join([*made, *self._plan.path, env["PATH"]])
        return env

    def _filled(self, text: str) -> str:
        return text.replace("{port}", str(self._port))

    def _database(self) -> dict[str, str]:
        """A fresh database, and the settings that say where it is."""
        config, hints = self._plan.service.database, self._plan.hints
        engine = engine_of(config, hints)
        if engine is None:
            return {}
        if engine == "mysql":
            raise ServiceError(_MYSQL)
        if engine == "sqlite":
            place = self._home / "database"
            place.mkdir()
            access = Access("sqlite", path=str((place / "service.sqlite3").resolve()))
        else:
            place = self._home.parent / f"{self._home.name}-postgres"
            place.mkdir()
            try:
                server = Postgres(place)
            except PostgresError as error:
                raise ServiceError(str(error)) from None
            self._running.callback(server.stop)
            access = server.access
        return settings(config, hints, access)

    # --- running it ---

    def _start(self, command: Sequence[str], env: dict[str, str]) -> Program:
        words = [self._filled(part) for part in command]
        cwd = self._cwd.resolve()
        if not cwd.is_relative_to(self._root.resolve()):  # set-up may have put a link there
            raise ServiceError(
                f"contract.service.cwd {self._plan.service.cwd!r} leads out of the tree"
            )
        try:
            return Program(words, cwd, env, writable=[self._root], readable=self._readable())
        except OSError as error:
            where = "on PATH"
            if isinstance(error, PermissionError) and isolation() == "user":
                where = "on PATH where other users than root can run it"
            raise ServiceError(
                f"cannot run {words[0]!r}: {error.strerror or error}; is it installed, and {where}?"
            ) from None

    def _readable(self) -> list[Path]:
        return [*(Path(path) for path in self._plan.path), *self._plan.links.values()]

    def _run(self, what: str, command: Sequence[str], env: dict[str, str]) -> None:
        program = self._start(command, env)
        try:
            code = program.wait(_SETUP_TIMEOUT)
        finally:
            program.stop()
        if code != 0:
            self._program = program  # its output is the log
            raise failed_step(
                what, " ".join(command), code, _SETUP_TIMEOUT, program.output,
                self._lacks_library(program.output),
            )  # fmt: skip

    def _lacks_library(self, output: str) -> bool:
        """Did it miss a library that no set-up command was asked to install?"""
        return not self._plan.service.setup and missing_library(output, self._cwd)

    def _wait_until_up(self, program: Program) -> None:
        config = self._plan.service
        deadline = time.monotonic() + config.start_timeout
        status = None
        while time.monotonic() < deadline:
            code = program.wait(_POLL)
            if code is not None:
                said = last_error(program.output)
                remedy = missing_file(program.output, self._root) or (
                    _INSTALL if _NOT_INSTALLED.search(said) else ""
                )
                text = f"the service ended with {code} at start: {said}{remedy}"
                raise (ServiceError if self._lacks_library(program.output) else NotUp)(text)
            status = answer(self._port, config.health)
            if is_up(status, config.health):
                return
        if status == NOT_FOUND:
            raise ServiceError(wrong_path(config.health))
        others = [str(port) for port in program.listening() if port != self._port]
        elsewhere = (
            f"; it listens on port {' and '.join(others)}, and was told {self._port} by PORT: make "
            "it read PORT, or put {port} into contract.service.command"
            if others
            else ""
        )
        raise NotUp(
            f"the service did not answer GET {config.health} on port {self._port} within "
            f"{config.start_timeout:g} s{elsewhere}: {last_line(program.output)}"
        )
