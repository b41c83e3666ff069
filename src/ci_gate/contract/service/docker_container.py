"""Containers, limited, labelled and without privileges; programs and files in them."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from docker.types import EndpointConfig, LogConfig

from ci_gate.config_contract import DockerConfig
from ci_gate.contract.output import Log, harmless
from ci_gate.contract.service.docker_engine import ENGINE_ERRORS, engine_errors, time_limit
from ci_gate.contract.service.docker_run import Run
from ci_gate.data import dataclass

#: What package managers and the entry points of database images need: to own files and to change
#: to another user.
INSTALLING: Final = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID")
_LOG: Final = {"max-size": "2m", "max-file": "2"}
_LOG_LINES: Final = 20_000
_SPOOL: Final = 16 * 1024 * 1024


def create(
    run: Run,
    part: str,
    image: str,
    *,
    network: str,
    limits: DockerConfig,
    capabilities: Sequence[str] = (),
    aliases: Sequence[str] = (),
    **options: Any,
) -> Any:
    """A container that is not started yet.

    Raises:
        ServiceError: the engine refuses.
    """
    with engine_errors(f"make the container {run.name(part)}"):
        return run.client.containers.create(
            image,
            name=run.name(part),
            labels=run.labels,
            network=network,
            networking_config={network: EndpointConfig(run.client.api.api_version, list(aliases))},
            cap_drop=["ALL"],
            cap_add=list(capabilities),
            security_opt=["no-new-privileges:true"],
            mem_limit=limits.memory,
            memswap_limit=limits.memory,
            nano_cpus=int(limits.cpus * 1e9),
            pids_limit=limits.pids,
            # The engine would run an image's own check beside the container's limits.
            healthcheck={"test": ["NONE"]},
            log_config=LogConfig(type="json-file", config=_LOG),
            # The engine's client may add a proxy with its password to the environment.
            use_config_proxy=False,
            **options,
        )


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a program: its exit code, None when it was ended after its time."""

    code: int | None
    output: str


def run_in(
    container: Any,
    command: Sequence[str],
    seconds: float,
    env: Mapping[str, str] | None = None,
    workdir: str | None = None,
) -> Ran:
    """Run a program in a running container; after ``seconds`` the container is killed."""
    api = container.client.api
    printed = Log()
    with time_limit(seconds, container.kill) as expired:
        started = api.exec_create(
            container.id, list(command), environment=dict(env or {}), workdir=workdir
        )["Id"]
        try:
            for chunk in api.exec_start(started, stream=True):
                printed.add(chunk)
        except ENGINE_ERRORS:
            if not expired.is_set():
                raise
    if expired.is_set():
        return Ran(None, printed.text())
    code = api.exec_inspect(started)["ExitCode"]
    return Ran(-1 if code is None else int(code), printed.text())


def log_of(container: Any) -> str:
    """The end of what the container's program has printed."""
    try:
        data: bytes = container.logs(stdout=True, stderr=True, tail=_LOG_LINES)
    except ENGINE_ERRORS:
        return ""
    return harmless(data[-Log.LAST :].decode("utf-8", "replace"))


def copy_in(container: Any, source: Path, target: str, owner: tuple[int, int]) -> None:
    """Put the files below ``source`` into the container's folder ``target``, which is made."""

    def owned(item: tarfile.TarInfo) -> tarfile.TarInfo:
        item.uid, item.gid = owner
        item.uname = item.gname = ""
        item.mode |= 0o755 if item.isdir() else 0o644
        return item

    with tempfile.SpooledTemporaryFile(_SPOOL) as stream:
        with tarfile.open(fileobj=stream, mode="w") as archive:
            archive.add(source, target.strip("/"), filter=owned)
        stream.seek(0)
        with engine_errors("copy the files into the container"):
            container.put_archive("/", stream)


def put_file(container: Any, path: str) -> None:
    """Put an empty file into the container."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        item = tarfile.TarInfo(path.strip("/"))
        item.mode = 0o644
        archive.addfile(item, io.BytesIO())
    stream.seek(0)
    with engine_errors("start the service in its container"):
        container.put_archive("/", stream)
