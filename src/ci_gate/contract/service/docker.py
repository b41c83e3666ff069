"""The service in containers of a Docker Engine, cut off from the outside.

Its image is made with access to registries. It runs on a network that leads nowhere but to its
database and to the gate, without capabilities, limited in memory, processors and processes, with
nothing of the caller's environment and nothing of the caller's files mounted.
"""

from __future__ import annotations

import time
import urllib.parse
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from ci_gate.contract.databases import Access, engine_of, settings
from ci_gate.contract.output import last_error, last_line
from ci_gate.contract.service.docker_container import create, log_of, put_file, run_in
from ci_gate.contract.service.docker_database import DatabaseContainer
from ci_gate.contract.service.docker_engine import ENGINE_ERRORS, connect, engine_errors
from ci_gate.contract.service.docker_image import Image, ImageMaker
from ci_gate.contract.service.docker_network import PUBLISHED, Networks, own_container
from ci_gate.contract.service.docker_ports import ELSEWHERE, listening
from ci_gate.contract.service.docker_run import Run, remove_leftovers
from ci_gate.contract.service.failed_step import failed_step, missing_file
from ci_gate.contract.service.images import KeptImages
from ci_gate.contract.service.interface import NotUp, ServiceError
from ci_gate.contract.service.plan import Plan
from ci_gate.contract.sockets import NOT_FOUND, answer, is_up, wrong_path
from ci_gate.signals import Signals

_PORT: Final = 8000
_SQLITE: Final = "/tmp/ci-gate.sqlite3"  # anybody may write there
_POLL: Final = 0.1  # seconds between two looks at a service that is starting
_ANSWER: Final = 10.0  # seconds for one answer of a service that is starting
_LOOK: Final = 5.0  # seconds between two looks at where it listens instead
_LOOKS: Final = 3  # that many in a row settle it
_GRACE: Final = 1  # seconds between asking the service to end and ending it
_COMMAND_TIMEOUT: Final = 600.0  # seconds for migrating; for seeding
_GO: Final = "/ci-gate-go"
#: Holds the service back until the database is migrated. It then takes this program's place.
_HELD: Final = f'while [ ! -e {_GO} ]; do sleep 0.1 2>/dev/null || sleep 1; done; exec "$@"'


class DockerService:
    """Runs the service of the tree in ``root``. ``notes`` say what the reader of the result should
    know; they are complete after leaving. ``run``: the label's value of all that it makes, but for
    the image, which belongs to ``images``."""

    def __init__(self, root: Path, plan: Plan, images: KeptImages | None = None) -> None:
        self._root = root
        self._plan = plan
        self._images = images
        self._config = plan.service
        self._log = ""
        self._container: Any = None
        self._base_url = ""
        self._up = False
        self.run = ""
        self._leaving = ExitStack()
        self.notes: list[str] = []

    @property
    def base_url(self) -> str:
        return self._base_url

    @property
    def log(self) -> str:
        return self._log if self._container is None else log_of(self._container)

    def ended(self) -> str | None:
        if self._container is None:
            return None
        try:
            self._container.reload()
        except ENGINE_ERRORS:
            return None
        return self._end() if self._container.status == "exited" else None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            signals = stack.enter_context(Signals())
            images = self._images
            if images is None:
                images = stack.enter_context(KeptImages())
            client = connect()
            stack.callback(client.close)
            with engine_errors("say what runs in it"):
                own = own_container(client)
            remove_leftovers(client)
            run = Run(client, own)
            self.run = run.id
            stack.callback(self._remove, run, signals)
            self._start(run, Networks(run, own), images, own)
            self._leaving = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leaving.close()

    def _start(self, run: Run, networks: Networks, images: KeptImages, own: str | None) -> None:
        config = self._config
        if networks.published:
            self.notes.append(PUBLISHED)
        hints = self._plan.hints
        engine = engine_of(config.database, hints)
        database, access = None, Access("sqlite", path=_SQLITE)
        if engine in ("postgresql", "mysql"):
            database = DatabaseContainer(run, networks, config.database, engine)
            access = database.access
        image = images.image(self._root, config, own, lambda made: self._make(made, own))
        port = config.docker.port or self._plan.port or next(iter(image.ports), _PORT)
        env = {
            "HOST": "0.0.0.0",
            **dict.fromkeys(("PORT", *hints.port_variables), str(port)),
            "PYTHONUNBUFFERED": "1",
            **(settings(config.database, hints, access) if engine else {}),
            **{key: value.replace("{port}", str(port)) for key, value in config.env.items()},
        }
        self._container = self._create(run, networks, image, port, env)
        if database:
            database.wait()
        with engine_errors("start the service's container"):
            self._container.start()
        for key, command in (("migrate", config.database.migrate), ("seed", config.database.seed)):
            if command:
                self._prepare(key, command)
        if self._held:
            put_file(self._container, _GO)
        self._wait_until_up(networks, port)

    def _make(self, run: Run, own: str | None) -> Image:
        maker = ImageMaker(run, Networks(run, own), self._config)
        try:
            return maker.make(self._root)
        finally:
            self._log = maker.output

    @property
    def _held(self) -> bool:
        return bool(self._config.database.migrate or self._config.database.seed)

    def _create(
        self, run: Run, networks: Networks, image: Image, port: int, env: dict[str, str]
    ) -> Any:
        given = [part.replace("{port}", str(port)) for part in self._config.command or ()]
        command = [*image.entrypoint, *(given or image.command)]
        if not command:
            raise ServiceError(
                "no command to start the service; set contract.service.command in .ci-gate.yml"
            )
        if self._held:
            command = ["sh", "-c", _HELD, "sh", *command]
        return create(
            run,
            "service",
            image.name,
            network=networks.inside,
            limits=self._config.docker,
            entrypoint=command[:1],
            command=command[1:],
            environment=env,
            working_dir=image.workdir,
            ports=networks.ports(port),
            # Names of the outside are not looked up either: engines before 25 forward questions
            # from a network without access to it. The database's name is found all the same.
            dns=["127.0.0.1"],
        )

    def _prepare(self, key: str, command: tuple[str, ...]) -> None:
        text = " ".join(command)
        with engine_errors(f"run {text!r} in the service's container"):
            ran = run_in(self._container, command, _COMMAND_TIMEOUT)
        if ran.code == 0:
            return
        self._log = ran.output
        self._container = None
        raise failed_step(key, text, ran.code, _COMMAND_TIMEOUT, ran.output)

    def _wait_until_up(self, networks: Networks, port: int) -> None:
        container, config = self._container, self._config
        deadline = time.monotonic() + config.start_timeout
        status, elsewhere = None, 0
        looked = time.monotonic()
        while time.monotonic() < deadline and elsewhere < _LOOKS:
            if time.monotonic() - looked > _LOOK:
                looked = time.monotonic()
                elsewhere = elsewhere + 1 if listening(container, port).endswith(ELSEWHERE) else 0
            with engine_errors("look after the service's container"):
                container.reload()
            if container.status != "running":
                advice = missing_file(self.log, self._root)
                raise NotUp(f"the service {self._end()} at start: {last_error(self.log)}{advice}")
            self._base_url = networks.base_url(container, port)
            left = deadline - time.monotonic()
            status = _answer(self._base_url, config.health, left) if self._base_url else None
            if is_up(status, config.health):
                self._up = True
                return
            time.sleep(_POLL)
        if status == NOT_FOUND:
            raise ServiceError(wrong_path(config.health))
        waited = config.start_timeout
        if elsewhere == _LOOKS:
            waited = round(time.monotonic() - deadline + config.start_timeout)
        raise NotUp(
            f"the service did not answer GET {config.health} on port {port} within {waited:g} s"
            f"{listening(container, port)}: {last_line(self.log)}"
        )

    def _end(self) -> str:
        """How the service came to its end."""
        state = self._container.attrs["State"]
        if state.get("OOMKilled"):
            limit = self._config.docker.memory
            return (
                f"was ended for using more than its {limit} of memory "
                "(contract.service.docker.memory)"
            )
        return f"ended with {state['ExitCode']}"

    def _remove(self, run: Run, signals: Signals) -> None:
        with signals.held():
            self._stop()
            try:
                left = run.remove()
            except ENGINE_ERRORS:
                left = ["the containers of this run (the Docker Engine does not answer)"]
        self.notes += [f"could not remove {item}; the next run will try again" for item in left]

    def _stop(self) -> None:
        """End the service, keep its log."""
        if self._container is None:
            return
        try:
            self._container.reload()
            if self._container.status == "running":
                self._container.stop(timeout=_GRACE)
            elif self._up:
                self.notes.append(f"the service {self._end()} before the tests were over")
        except ENGINE_ERRORS:
            pass  # it is removed all the same
        self._log = log_of(self._container)
        self._container = None


def _answer(base_url: str, path: str, seconds: float) -> int | None:
    place = urllib.parse.urlsplit(base_url)
    assert place.hostname is not None and place.port is not None
    return answer(place.port, path, place.hostname, max(1.0, min(seconds, _ANSWER)))
