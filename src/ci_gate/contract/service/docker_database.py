"""The service's database: a container of its own beside it, fresh for each run."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

from ci_gate.config_contract import DatabaseConfig, DatabaseEngine, DockerConfig
from ci_gate.contract.databases import Access
from ci_gate.contract.output import last_line
from ci_gate.contract.service.docker_container import INSTALLING, create, log_of, run_in
from ci_gate.contract.service.docker_engine import ENGINE_ERRORS, engine_errors
from ci_gate.contract.service.docker_image import pull
from ci_gate.contract.service.docker_network import Networks
from ci_gate.contract.service.docker_run import Run
from ci_gate.contract.service.interface import ServiceError
from ci_gate.data import dataclass

_HOST: Final = "database"  # the name by which the service finds it
_USER: Final = "ci_gate"
_START_TIMEOUT: Final = 120.0  # seconds until it answers
_CHECK_TIMEOUT: Final = 30.0
_POLL: Final = 0.2
_LIMITS: Final = DockerConfig(memory="1g", cpus=2.0, pids=512)


@dataclass(frozen=True, slots=True)
class _Engine:
    """How to run one in a container. ``env``: the official image's variables for user, password and
    name. ``check``: connects as the service will; the official images listen on the network only
    once the database is made."""

    image: str
    tag: str
    port: int
    env: tuple[str, str, str]
    extra: Mapping[str, str]
    check: str


_ENGINES: Final[Mapping[DatabaseEngine, _Engine]] = {
    "postgresql": _Engine(
        "postgres",
        "17-alpine",
        5432,
        ("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"),
        {},
        'PGPASSWORD="$POSTGRES_PASSWORD" psql -h 127.0.0.1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" '
        "-c 'SELECT 1'",
    ),
    "mysql": _Engine(
        "mysql",
        "8.4",
        3306,
        ("MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_DATABASE"),
        {"MYSQL_RANDOM_ROOT_PASSWORD": "yes"},
        "client=$(command -v mysql || command -v mariadb) && "
        '"$client" -h 127.0.0.1 -u "$MYSQL_USER" -p"$MYSQL_PASSWORD" "$MYSQL_DATABASE" '
        "-e 'SELECT 1'",
    ),
}


class DatabaseContainer:
    """Started at once, so that it comes up while the service's image is made. ``access``: where the
    service finds it."""

    def __init__(
        self, run: Run, networks: Networks, config: DatabaseConfig, engine: DatabaseEngine
    ) -> None:
        self._engine = _ENGINES[engine]
        self.access = Access(engine, _HOST, self._engine.port, _USER, secrets.token_hex(12), _USER)
        image = config.image or f"{self._engine.image}:{config.version or self._engine.tag}"
        pull(run, image, "contract.service.database.image")
        values = (self.access.user, self.access.password, self.access.name)
        self._container: Any = create(
            run,
            "database",
            image,
            network=networks.inside,
            limits=_LIMITS,
            capabilities=INSTALLING,
            aliases=[_HOST],
            environment={**dict(zip(self._engine.env, values, strict=True)), **self._engine.extra},
        )
        with engine_errors("start the database's container"):
            self._container.start()

    def wait(self) -> None:
        """Until it takes connections as the service will make them.

        Raises:
            ServiceError: it does not.
        """
        deadline = time.monotonic() + _START_TIMEOUT
        said = ""
        with engine_errors("look after the database's container"):
            while time.monotonic() < deadline:
                if not self._runs():
                    code = self._container.attrs["State"]["ExitCode"]
                    raise ServiceError(
                        f"the {self.access.engine} container ended with {code} at start: "
                        f"{last_line(log_of(self._container), 2)}"
                    )
                try:
                    ran = run_in(self._container, ("sh", "-c", self._engine.check), _CHECK_TIMEOUT)
                except ENGINE_ERRORS:
                    if self._runs():
                        raise
                    continue  # it came to its end between the look and the check
                if ran.code == 0:
                    return
                said = last_line(ran.output)
                time.sleep(_POLL)
        raise ServiceError(
            f"the {self.access.engine} container took no connection within {_START_TIMEOUT:.0f} s: "
            f"{said}"
        )

    def _runs(self) -> bool:
        self._container.reload()
        return bool(self._container.status == "running")
