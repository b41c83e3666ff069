"""The image that the service runs in: built from its Dockerfile, or a runtime image in which its
set-up commands have run."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any, Final

from docker.errors import ImageNotFound
from docker.utils import parse_bytes

from ci_gate.config_contract import ServiceConfig
from ci_gate.contract.output import Log, last_line
from ci_gate.contract.service.docker_container import INSTALLING, copy_in, create, run_in
from ci_gate.contract.service.docker_context import build_context
from ci_gate.contract.service.docker_engine import ENGINE_ERRORS, engine_errors, said, time_limit
from ci_gate.contract.service.docker_network import Networks
from ci_gate.contract.service.docker_run import Run
from ci_gate.contract.service.failed_step import failed_step
from ci_gate.contract.service.interface import ServiceError
from ci_gate.data import dataclass
from ci_gate.regex import regex

FOLDER: Final = "/app"  # where the tree lies in a runtime image
_BUILD_TIMEOUT: Final = 1200.0  # seconds for a build; a pull
_SETUP_TIMEOUT: Final = 600.0  # seconds for one set-up command
_ID_TIMEOUT: Final = 60.0
_MARGIN: Final = 60  # seconds for the builder to say that it was ended
_LAYER: Final = regex(r"^ ---> ([0-9a-f]{12,64})\s*$")
_WAIT: Final = ("sh", "-c", "while :; do sleep 3600; done")


@dataclass(frozen=True, slots=True)
class Image:
    """``entrypoint`` and ``command`` as the image declares them; ``workdir``: where the service is
    to start (None: as the image says); ``ports``: those that it exposes, lowest first."""

    name: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    workdir: str | None
    ports: tuple[int, ...]


class ImageMaker:
    """Makes the image of a run. ``output`` is the end of what building and set-up printed."""

    def __init__(self, run: Run, networks: Networks, config: ServiceConfig) -> None:
        self._run = run
        self._networks = networks
        self._config = config
        self.output = ""

    def make(self, root: Path) -> Image:
        """The image for the service in ``root``.

        Raises:
            ServiceError: it cannot be built, pulled or set up.
        """
        docker = self._config.docker
        context = root / self._config.cwd
        if not (context.is_dir() and context.resolve().is_relative_to(root.resolve())):
            raise ServiceError(
                f"contract.service.cwd {self._config.cwd!r} is not a folder of the tree; mend it "
                "in .ci-gate.yml"
            )
        dockerfile = root / docker.dockerfile if docker.dockerfile else context / "Dockerfile"
        if docker.dockerfile and not _below(dockerfile, root):
            raise ServiceError(
                f"contract.service.docker.dockerfile {docker.dockerfile!r} is not in the tree; "
                "mend it in .ci-gate.yml"
            )
        if docker.dockerfile or (docker.image is None and dockerfile.is_file()):
            return self._described(self._build(context, dockerfile), None)
        if docker.image is None:
            raise ServiceError(
                "there is no Dockerfile for the service; set contract.service.docker.dockerfile, "
                "or contract.service.docker.image to the image to run it in, in .ci-gate.yml"
            )
        pull(self._run, docker.image)
        return self._set_up(root, docker.image)

    def _build(self, context: Path, dockerfile: Path) -> str:
        tag = f"{self._run.name('image')}:latest"
        output, error = Log(), ""
        network = self._networks.outside
        with engine_errors("list its images"):
            self._run.note_images()
        memory = int(parse_bytes(self._config.docker.memory))
        with (
            build_context(context, dockerfile) as (archive, name),
            time_limit(_BUILD_TIMEOUT, lambda: self._end_build(network)) as expired,
        ):
            try:
                stream = self._run.client.api.build(
                    fileobj=archive,
                    custom_context=True,
                    dockerfile=name,
                    tag=tag,
                    labels=self._run.labels,
                    buildargs=dict(self._config.docker.build_args),
                    # As for containers: a proxy's address may hold a password.
                    use_config_proxy=False,
                    network_mode=network,
                    container_limits={"memory": memory, "memswap": memory},
                    rm=True,
                    forcerm=True,
                    decode=True,
                    timeout=int(_BUILD_TIMEOUT) + _MARGIN,
                )
                with closing(stream):
                    error = self._follow(stream, output, expired)
            except (*ENGINE_ERRORS, OSError) as failure:
                error = said(failure)
            finally:
                self.output = output.text()
        if expired.is_set():
            error = f"it took more than {_BUILD_TIMEOUT:.0f} s"
        if error:
            raise ServiceError(_build_failed(dockerfile.name, error, self.output))
        return tag

    def _follow(self, stream: Any, output: Log, expired: threading.Event) -> str:
        """Read the builder's answer to its end, or that of its time; its error, if any. A step that
        runs no container, such as a download, ends when nobody listens any more."""
        error = ""
        for message in stream:
            if expired.is_set():
                break
            text = message.get("stream") or ""
            output.add(text.encode())
            layer = _LAYER.match(text)
            if layer:
                self._run.note_layer(layer[1])
            error = str(message.get("error") or error)
        return error

    def _end_build(self, network: str) -> None:
        for container in self._run.client.containers.list(filters={"network": network}):
            container.kill()

    def _set_up(self, root: Path, base: str) -> Image:
        """The base with the tree in it, after the set-up commands."""
        config = self._config
        workdir = str(PurePosixPath(FOLDER, config.cwd))
        container = create(
            self._run,
            "setup",
            base,
            network=self._networks.outside,
            limits=config.docker,
            capabilities=INSTALLING,
            entrypoint=list(_WAIT),
            command=[],
        )
        with engine_errors(f"start a container of the image {base}"):
            container.start()
            owner = _owner(container)
        copy_in(container, root, FOLDER, owner)
        for command in config.setup:
            self._run_set_up(container, command, workdir)
        described = self._described(base, workdir)
        with engine_errors("keep what the set-up commands made"):
            container.kill()
            made = container.commit(repository=self._run.name("image"), tag="latest")
            container.remove(force=True, v=True)
        return Image(
            str(made.id), described.entrypoint, described.command, workdir, described.ports
        )

    def _run_set_up(self, container: Any, command: tuple[str, ...], workdir: str) -> None:
        with engine_errors(f"run {' '.join(command)!r} in the container"):
            ran = run_in(container, command, _SETUP_TIMEOUT, self._config.env, workdir)
        self.output = ran.output
        if ran.code == 0:
            return
        raise failed_step("set-up", " ".join(command), ran.code, _SETUP_TIMEOUT, ran.output)

    def _described(self, name: str, workdir: str | None) -> Image:
        with engine_errors(f"look at the image {name}"):
            config = self._run.client.images.get(name).attrs.get("Config") or {}
        ports = [
            int(port)
            for item in config.get("ExposedPorts") or ()
            for port, _, kind in [item.partition("/")]
            if port.isdigit() and kind in ("", "tcp")
        ]
        return Image(
            name,
            tuple(config.get("Entrypoint") or ()),
            tuple(config.get("Cmd") or ()),
            workdir,
            tuple(sorted(ports)),
        )


def pull(run: Run, image: str, setting: str = "contract.service.docker.image") -> None:
    """Have the image in the engine.

    Raises:
        ServiceError: it is neither there nor can it be had.
    """
    with engine_errors(f"look for the image {image}"):
        try:
            run.client.images.get(image)
            return
        except ImageNotFound:
            pass
    try:
        run.client.images.pull(image)
    except ENGINE_ERRORS as error:
        raise ServiceError(
            f"the image {image} is not there and cannot be pulled ({said(error)}); have it "
            f"there, or set {setting} in .ci-gate.yml"
        ) from None


def _below(path: Path, root: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(root.resolve())


def _owner(container: Any) -> tuple[int, int]:
    """The user that the image runs programs as, to whom the service's files are to belong."""
    ran = run_in(container, ("sh", "-c", "id -u; id -g"), _ID_TIMEOUT)
    words = ran.output.split()
    if ran.code == 0 and len(words) == 2 and all(word.isdigit() for word in words):
        return int(words[0]), int(words[1])
    raise ServiceError(
        "the image has no shell to run set-up commands with; set contract.service.docker.image to "
        f"one that has ({last_line(ran.output)})"
    )


def _build_failed(name: str, error: str, output: str) -> str:
    if "BuildKit" in f"{error} {output}":
        return (
            f"{name} needs BuildKit ({last_line(error)}), and the gate builds without it; leave "
            "out --mount, --link, --chmod and here-documents, or set contract.service.docker.image "
            "and contract.service.setup in .ci-gate.yml"
        )
    end = last_line(output, 3)
    return f"building {name} failed: {last_line(error)}; the end of the build: {end}"
