"""The part ``contract:`` of ``.ci-gate.yml``: the service under test, its database, its tests."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Literal

from ci_gate.data import dataclass

RunnerKind = Literal["postman", "pytest", "openapi", "hurl", "command"]
ServiceMode = Literal["process", "docker"]
DatabaseEngine = Literal["sqlite", "postgresql", "mysql"]
FailOnAssertion = Literal["new", "all"]


@dataclass(frozen=True, slots=True)
class RunnerConfig:
    """One kind of tests. ``{base_url}`` is replaced in ``command`` and in the values of
    ``variables``.

    ``tests``: the collection (postman), folder or file (pytest), description (openapi), files as a
    glob (hurl); relative to the root. ``variables``: global variables of the collection, variables
    of hurl, environment of pytest and of the command. ``report``: what the command writes, JUnit
    XML or CTRF JSON, relative to the root. ``optional``: a missing tool skips this runner, with a
    note, instead of making the verdict incomplete.
    """

    runner: RunnerKind
    tests: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    environment: str | None = None  # postman: path of an environment file
    command: tuple[str, ...] | None = None
    report: str | None = None
    seed: int = 0  # openapi: the same seed generates the same examples
    examples: int = 20  # openapi: at most so many per operation
    timeout: float = 600.0  # seconds for the whole run of this runner
    optional: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """The database that is made afresh for each run.

    ``engine: None``: the one that the service uses as far as the gate sees. ``env``: settings to
    hand to the service; ``{url}``, ``{driver_url}``, ``{host}``, ``{port}``, ``{user}``,
    ``{password}``, ``{name}`` and ``{path}`` (SQLite) are replaced. Empty: the names that the
    service's own settings read. ``migrate`` and ``seed`` run with the service's environment before
    it starts.
    """

    engine: DatabaseEngine | None = None
    version: str | None = None  # docker: the image's tag
    image: str | None = None  # docker: the whole image
    env: dict[str, str] = field(default_factory=dict)
    migrate: tuple[str, ...] | None = None
    seed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """How the service's container is made. ``dockerfile``, else ``image`` with the service's
    ``setup`` commands run in it; both None: the Dockerfile in ``cwd``, if there is one."""

    dockerfile: str | None = None  # relative to the root
    image: str | None = None
    build_args: dict[str, str] = field(default_factory=dict)
    port: int | None = None  # where it listens; None: EXPOSE, else as guessed, else 8000
    memory: str = "1g"
    cpus: float = 2.0
    pids: int = 512


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """How to start the service under test. ``{port}`` in ``command`` and ``env`` values is replaced
    by the port that it is to listen on (process: a free loopback port)."""

    command: tuple[str, ...] | None = None  # None: guessed
    cwd: str = "."
    env: dict[str, str] = field(default_factory=dict)
    setup: tuple[tuple[str, ...], ...] = ()  # commands run before the start
    health: str = "/"  # answers below 500 once the service is up; see sockets.is_up
    start_timeout: float = 60.0
    mode: ServiceMode = "process"
    docker: DockerConfig = field(default_factory=DockerConfig)
    database: DatabaseConfig = field(default_factory=DatabaseConfig)


@dataclass(frozen=True, slots=True)
class ContractConfig:
    """No ``runners``: no contract is configured.

    ``fail_on``: a failed assertion blocks if it is ``new`` (passes on the base, or is not there),
    or always (``all``; also where there is no base). ``min_share``: level (``L0`` ...) to the least
    share in percent; ``max_decay``: most points that may be lost from L0 to L3. ``rerun``: tests
    that failed run once more, on a fresh service.
    """

    runners: tuple[RunnerConfig, ...] = ()
    service: ServiceConfig = field(default_factory=ServiceConfig)
    rerun: bool = True
    fail_on: FailOnAssertion = "new"
    min_share: dict[str, float] = field(default_factory=dict)
    max_decay: float | None = None


class CommandError(ValueError):
    """A command that cannot be split into words."""


def build(data: Mapping[str, Any]) -> ContractConfig:
    """From the checked document.

    Raises:
        CommandError: a command has an open quote.
    """
    timeout = float(data.get("timeout", 600))
    if "runners" in data:
        runners = tuple(_runner(item, timeout) for item in data["runners"])
    else:
        runners = (_runner(data, timeout),) if "runner" in data else ()
    policy = data.get("policy", {})
    return ContractConfig(
        runners=runners,
        service=_service(data.get("service", {})),
        rerun=data.get("rerun", True),
        fail_on=policy.get("fail_on", "new"),
        min_share={key: float(value) for key, value in policy.get("min_share", {}).items()},
        max_decay=float(policy["max_decay"]) if "max_decay" in policy else None,
    )


def _runner(data: Mapping[str, Any], timeout: float) -> RunnerConfig:
    return RunnerConfig(
        runner=data["runner"],
        tests=data.get("tests", ""),
        variables=_texts(data.get("variables", {})),
        environment=data.get("environment"),
        command=_command(data.get("command")),
        report=data.get("report"),
        seed=int(data.get("seed", 0)),
        examples=int(data.get("examples", 20)),
        timeout=float(data.get("timeout", timeout)),
        optional=data.get("optional", False),
    )


def _service(data: Mapping[str, Any]) -> ServiceConfig:
    docker, database = data.get("docker", {}), data.get("database", {})
    if isinstance(database, str):
        database = {"engine": database}
    return ServiceConfig(
        command=_command(data.get("command")),
        cwd=data.get("cwd", "."),
        env=_texts(data.get("env", {})),
        setup=tuple(_split(item) for item in data.get("setup", ())),
        health=data.get("health", "/"),
        start_timeout=float(data.get("start_timeout", 60)),
        mode=data.get("mode", "docker" if "docker" in data else "process"),
        docker=DockerConfig(
            dockerfile=docker.get("dockerfile"),
            image=docker.get("image"),
            build_args=_texts(docker.get("build_args", {})),
            port=docker.get("port"),
            memory=docker.get("memory", "1g"),
            cpus=float(docker.get("cpus", 2)),
            pids=int(docker.get("pids", 512)),
        ),
        database=DatabaseConfig(
            engine=database.get("engine"),
            version=database.get("version"),
            image=database.get("image"),
            env=_texts(database.get("env", {})),
            migrate=_command(database.get("migrate")),
            seed=_command(database.get("seed")),
        ),
    )


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in data.items()}


def _text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _command(value: str | Sequence[str] | None) -> tuple[str, ...] | None:
    return None if value is None else _split(value)


def _split(value: str | Sequence[str]) -> tuple[str, ...]:
    if not isinstance(value, str):
        return tuple(value)
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise CommandError(f"command {value[:60]!r}: {error}; write it as a list") from None
