"""One run's things in the Docker Engine. All carry the run's label, by which they are found and
removed when the run ends, and by the next run if this one was killed."""

from __future__ import annotations

import os
import platform
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import APIError, NotFound

from ci_gate.contract.service.docker_engine import ENGINE_ERRORS, engine_errors, said

RUN: Final = "ci-gate.run"
_STARTED: Final = "ci-gate.started"
_SYSTEM: Final = "ci-gate.system"
_PROCESS: Final = "ci-gate.process"
_CONTAINER: Final = "ci-gate.container"
#: Seconds after which a run counts as dead where its process cannot be seen.
_FORGOTTEN: Final = 6 * 3600
_ROUNDS: Final = 5
_SHORT: Final = 12  # characters of an id in what the builder prints
_LAYERS: Final = 10_000


class Run:
    """Names and labels for what a run makes, and the end of it."""

    def __init__(self, client: docker.DockerClient, container: str | None) -> None:
        """``container``: the one that the gate itself runs in."""
        self.client = client
        self.id = uuid.uuid4().hex[:12]
        self.labels = {
            RUN: self.id,
            _STARTED: str(int(time.time())),
            _SYSTEM: _system(),
            _PROCESS: process_mark(os.getpid()) or str(os.getpid()),
            **({_CONTAINER: container} if container else {}),
        }
        #: What a build spoke of, newest last: layers that it made, found in its cache, or pulled,
        #: and whatever its commands print in that form.
        self._layers: dict[str, None] = {}
        self._before: frozenset[str] = frozenset()

    def name(self, part: str) -> str:
        return f"ci-gate-{self.id}-{part}"

    def remove(self) -> list[str]:
        """Remove everything; the answer names what could not be removed."""
        left = remove(self.client, self.id)
        self._drop_others()
        for layer in reversed(self._layers):
            try:
                image = self.client.images.get(layer).attrs
                if _nameless(image):
                    self.client.api.remove_image(image["Id"], noprune=True)
            except ENGINE_ERRORS:
                continue  # gone already, or below an image that somebody else has built since
        return left

    def note_images(self) -> None:
        """Images that are there now are not this run's, whatever a build says of them."""
        self._before = self._images()

    def note_layer(self, layer: str) -> None:
        """A layer that a build spoke of, by the beginning of its id."""
        self._layers[layer[:_SHORT]] = None
        if len(self._layers) > _LAYERS:
            self._drop_others()

    def _drop_others(self) -> None:
        """Forget what is no image, or was one before the build."""
        if self._layers:
            made = {image.rpartition(":")[2][:_SHORT] for image in self._images() - self._before}
            self._layers = {layer: None for layer in self._layers if layer in made}

    def _images(self) -> frozenset[str]:
        return frozenset(self.client.api.images(all=True, quiet=True))


def remove(client: docker.DockerClient, run: str) -> list[str]:
    """Remove what carries the label of ``run``. A call that was under way when the run was
    interrupted may still give birth to something, so one look is not enough."""
    left: list[str] = []
    for _ in range(_ROUNDS):
        left = []
        if not _remove_once(client, f"{RUN}={run}", left):
            return []
    return left


def _remove_once(client: docker.DockerClient, label: str, left: list[str]) -> bool:
    """Whether there was anything to remove."""
    filters: dict[str, Any] = {"label": label}
    seen = False
    for network in client.networks.list(filters=filters):
        seen = True
        for member in _members(client, str(network.id)):
            own = label == f"{RUN}={member.labels.get(RUN)}"
            if own or _of_a_build(member, str(network.name)):
                _try(left, f"container {member.name}", member.remove, force=True, v=True)
            else:  # the gate's own
                _try(left, f"network {network.name}", network.disconnect, member, force=True)
    for container in client.containers.list(all=True, filters=filters, ignore_removed=True):
        seen = True
        _try(left, f"container {container.name}", container.remove, force=True, v=True)
    for network in client.networks.list(filters=filters):
        _try(left, f"network {network.name}", network.remove)
    for image in client.images.list(filters=filters):
        seen = True
        layers = _layers_below(client, image)
        how = {"force": True, "noprune": True}
        _try(left, f"image {image.id}", client.images.remove, str(image.id), **how)
        for layer in layers:
            _try([], layer, client.images.remove, layer, noprune=True)
    return seen


def _layers_below(client: docker.DockerClient, image: Any) -> list[str]:
    """The nameless layers that a run's build made on the way to its image."""
    found: list[str] = []
    started = _whole(image.labels.get(_STARTED))
    parent = image.attrs.get("Parent")
    while parent:
        try:
            layer = client.images.get(parent).attrs
        except ENGINE_ERRORS:
            break
        if not _nameless(layer) or _epoch(layer["Created"]) < started:
            break
        found.append(parent)
        parent = layer.get("Parent")
    return found


def _nameless(image: Mapping[str, Any]) -> bool:
    return not (image.get("RepoTags") or image.get("RepoDigests"))


def _epoch(moment: str) -> float:
    """The engine's notation, which has nanoseconds."""
    return datetime.fromisoformat(f"{moment[:19]}+00:00").timestamp()


def _members(client: docker.DockerClient, network: str) -> list[Any]:
    """Containers on a network. A builder's own carry no label; they are found here."""
    try:
        return list(
            client.containers.list(all=True, filters={"network": network}, ignore_removed=True)
        )
    except ENGINE_ERRORS:
        return []


def _of_a_build(container: Any, network: str) -> bool:
    """Started by the builder for this very network, and not joined to it later."""
    return bool(container.attrs["HostConfig"]["NetworkMode"] == network)


def _try(
    left: list[str], what: str, action: Callable[..., object], *given: Any, **how: Any
) -> None:
    try:
        action(*given, **how)
    except NotFound:
        return
    except APIError as error:
        if "already in progress" not in str(error.explanation):
            left.append(f"{what} ({said(error)})")


def remove_leftovers(client: docker.DockerClient) -> int:
    """Remove what runs left behind that were killed; the number of such runs."""
    with engine_errors("list what earlier runs left behind"):
        dead = [run for run, labels in _runs(client).items() if not _alive(client, labels)]
        for run in dead:
            remove(client, run)
    return len(dead)


def _runs(client: docker.DockerClient) -> dict[str, Mapping[str, str]]:
    filters: dict[str, Any] = {"label": RUN}
    found: dict[str, Mapping[str, str]] = {}
    for container in client.containers.list(all=True, filters=filters, ignore_removed=True):
        found.setdefault(container.labels[RUN], container.labels)
    for network in client.networks.list(filters=filters):
        labels = (network.attrs or {}).get("Labels") or {}
        found.setdefault(labels[RUN], labels)
    for image in client.images.list(filters=filters):
        found.setdefault(image.labels[RUN], image.labels)
    return found


def _alive(client: docker.DockerClient, labels: Mapping[str, str]) -> bool:
    """Whether the process that made a run is still there; where it cannot be seen, whether the run
    is young."""
    if labels.get(_SYSTEM) == _system():
        pid = labels.get(_PROCESS, "")
        return process_mark(_whole(pid.partition("@")[0])) == pid
    if _CONTAINER in labels:
        try:
            return bool(client.containers.get(labels[_CONTAINER]).status == "running")
        except NotFound:
            return False
    return time.time() - _whole(labels.get(_STARTED)) < _FORGOTTEN


def _whole(text: str | None) -> int:
    """A label's number; 0 for none or for anything else, as a Dockerfile may write labels too."""
    return int(text) if text and len(text) < 20 and text.isdecimal() else 0


def _system() -> str:
    """Where process ids mean the same: one boot of a machine, one process namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return platform.node()


def process_mark(pid: int) -> str | None:
    """A process, told apart from a later one of the same id where the system says when it began;
    None if there is none."""
    try:
        began = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        return f"{pid}@{began}"
    except OSError:
        if Path("/proc/self/stat").exists() or pid <= 0:
            return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return str(pid)
