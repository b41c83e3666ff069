"""A run's networks, and the gate's way to the service through them.

Set-up commands and builds have one with access to the outside, the service and its database one
without.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import docker
from docker.errors import NotFound

from ci_gate.contract.service.docker_engine import addresses_are_reachable, engine_errors, is_local
from ci_gate.contract.service.docker_run import Run
from ci_gate.contract.service.interface import ServiceError
from ci_gate.regex import regex

_ID: Final = regex(r"/containers/([0-9a-f]{64})/(?:hostname|hosts|resolv\.conf)$")
_LOOPBACK: Final = "127.0.0.1"
#: Without an address of its own on the network, the machine that the engine runs on is out of the
#: service's reach. A gate on that machine itself would not reach the service either.
_HOSTLESS: Final = {"com.docker.network.bridge.inhibit_ipv4": "true"}

PUBLISHED: Final = (
    "the Docker Engine runs in a virtual machine, so the service's port is published on this "
    "machine's loopback address, and the service's network is not cut off from the outside"
)


class Networks:
    """Made when asked for, removed with the run. ``own``: the container that the gate runs in."""

    def __init__(self, run: Run, own: str | None) -> None:
        self._run = run
        self._own = own
        self._made: dict[str, Any] = {}
        self.published = own is None and not addresses_are_reachable(run.client)
        if self.published and not is_local(run.client):
            raise ServiceError(
                f"the Docker Engine at {run.client.api.base_url} is another machine's, where the "
                "service cannot be reached; run the gate on that machine"
            )

    @property
    def outside(self) -> str:
        """The network that reaches registries."""
        return self._network("setup", internal=False)

    @property
    def inside(self) -> str:
        """The network of the service and its database, without access to the outside."""
        return self._network("service", internal=not self.published)

    def _network(self, part: str, internal: bool) -> str:
        name = self._run.name(part)
        if part not in self._made:
            with engine_errors(f"make the network {name}"):
                self._made[part] = self._run.client.networks.create(
                    name,
                    driver="bridge",
                    internal=internal,
                    labels=self._run.labels,
                    options=dict(_HOSTLESS) if internal and self._own else None,
                )
                if internal and self._own:
                    self._made[part].connect(self._own)
        return name

    def ports(self, port: int) -> dict[str, Any]:
        """What the service's container is to publish."""
        return {f"{port}/tcp": (_LOOPBACK, None)} if self.published else {}

    def base_url(self, container: Any, port: int) -> str:
        """Where the gate finds ``port`` of a running container."""
        settings = container.attrs["NetworkSettings"]
        if self.published:
            bound: Sequence[dict[str, str]] = settings["Ports"].get(f"{port}/tcp") or ()
            return f"http://{_LOOPBACK}:{bound[0]['HostPort']}" if bound else ""
        address = settings["Networks"][self._run.name("service")]["IPAddress"]
        return f"http://{address}:{port}" if address else ""


def own_container(client: docker.DockerClient) -> str | None:
    """The id of the container of this engine that the gate runs in, if it runs in one whose network
    can be added to."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
    except OSError:
        return None
    for line in mounts.splitlines():
        # The engine mounts these three files into each container, from a folder of its own.
        source = line.split(" ")[3:5]
        found = _ID.search(source[0]) if source else None
        if found is None or source[1] not in ("/etc/hostname", "/etc/hosts", "/etc/resolv.conf"):
            continue
        try:
            container = client.containers.get(found[1])
        except NotFound:
            return None  # another engine's
        mode = container.attrs["HostConfig"]["NetworkMode"]
        return None if mode == "host" else found[1]
    return None
