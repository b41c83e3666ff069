"""The gate in a container with the engine's socket, as the Action runs it."""

from __future__ import annotations

import importlib.util
import io
import json
import socket
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import pytest

from support.engine import IMAGE, SERVER, things, write

pytestmark = pytest.mark.docker
SOURCES = Path(__file__).parents[2] / "src"
LIBRARIES = ("docker", "requests", "urllib3", "idna", "certifi", "charset_normalizer")
SOCKET = "/var/run/docker.sock"

GATE = """
import json, sys, urllib.request
from pathlib import Path
from ci_gate.config_contract import DockerConfig, ServiceConfig
from ci_gate.contract.service.docker import DockerService
from ci_gate.contract.service.plan import Plan

config = ServiceConfig(
    command=("python3", "service.py"), mode="docker", docker=DockerConfig(image=sys.argv[1])
)
with DockerService(Path("/gate/tree"), Plan(config)) as service:
    answer = urllib.request.urlopen(service.base_url + "/" + sys.argv[2]).read().decode()
    print(json.dumps([service.run, service.base_url, answer, service.notes]))
"""
#: Tries a port of the machine that the engine runs on, by the address that other networks have it.
SERVICE = (
    SERVER
    + """
import socket

def answer(path):
    route = [line.split() for line in open("/proc/net/route")][1]
    gateway = socket.inet_ntoa(bytes.fromhex(route[2])[::-1])
    found = []
    for host in (gateway, "172.17.0.1"):
        try:
            socket.create_connection((host, int(path[1:] or 0)), timeout=2).close()
            found.append(host)
        except OSError:
            continue
    return found

serve()
"""
)


def test_the_gate_joins_the_network_of_its_service_and_leaves_it(
    engine: docker.DockerClient, tmp_path: Path
) -> None:
    if not Path(SOCKET).is_socket():
        pytest.skip(f"the engine has no socket {SOCKET}")
    root = write(tmp_path, {"gate.py": GATE, "tree/service.py": SERVICE})
    with listener() as port:
        command = ["python3", "/gate/gate.py", IMAGE, str(port)]
        container = engine.containers.create(
            IMAGE,
            command,
            environment={"PYTHONPATH": "/src:/libraries"},
            volumes={SOCKET: {"bind": SOCKET, "mode": "rw"}},
        )
        try:
            container.put_archive("/", packed(root))
            container.start()
            code = container.wait(timeout=170)["StatusCode"]
            output = container.logs().decode()
            assert code == 0, output
            run, base_url, answer, notes = json.loads(output)
            assert base_url.startswith("http://")
            assert not base_url.startswith("http://127.0.0.1")
            assert answer == "[]"
            assert notes == []
            container.reload()
            assert list(container.attrs["NetworkSettings"]["Networks"]) == ["bridge"]
            assert things(engine, f"ci-gate.run={run}") == []
        finally:
            container.remove(force=True)


def packed(root: Path) -> bytes:
    """The gate, what it needs, and its work, as an archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.add(root, "gate")
        archive.add(SOURCES, "src", filter=without_caches)
        for name in LIBRARIES:
            found = importlib.util.find_spec(name)
            assert found is not None and found.origin is not None
            place = Path(found.origin).parent
            archive.add(place, f"libraries/{name}", filter=without_caches)
    return stream.getvalue()


def without_caches(item: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in item.name else item


@contextmanager
def listener() -> Iterator[int]:
    """A port of this machine that takes connections."""
    with socket.create_server(("0.0.0.0", 0)) as server:

        def take() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
