"""TCP ports: which are free, and which a process and its descendants listen on (Linux)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ci_gate.regex import regex

_LISTENING: Final = "0A"
NOT_FOUND: Final = 404
_ANSWER: Final = 5.0  # seconds
_ANSWER_BYTES: Final = 1024 * 1024
_STATUS: Final = regex(rb"HTTP/1\.[01] (\d{3})\b")
_IN_PATH: Final = "/?&=%:@!$'()*+,;~"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Can a service listen on that port, on loopback?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_up(status: int | None, path: str) -> bool:
    """Does an answer with that status say that the service is up? Any below 500 does, but for a
    404 for a path that the configuration names: it names nothing there."""
    return status is not None and status < 500 and not (status == NOT_FOUND and path != "/")


def wrong_path(path: str) -> str:
    """What a service that is up and answers its health path with 404 tells."""
    return (
        f"the service answers GET {path} with {NOT_FOUND}; set contract.service.health in "
        ".ci-gate.yml to a path that it has"
    )


def answer(port: int, path: str, host: str = "127.0.0.1", seconds: float = _ANSWER) -> int | None:
    """The status that a request for ``path`` is answered with, if it is. What answers is not
    trusted to come to an end."""
    request = f"GET {quote(path, safe=_IN_PATH)} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    request += "Accept: */*\r\nConnection: close\r\n\r\n"
    deadline = time.monotonic() + seconds
    said = b""
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.sendall(request.encode())
            while len(said) < _ANSWER_BYTES and (left := deadline - time.monotonic()) > 0:
                connection.settimeout(left)
                chunk = connection.recv(65536)
                if not chunk:
                    break
                said += chunk
    except OSError:
        pass  # what came before may do
    status = _STATUS.match(said)
    return int(status[1]) if status is not None else None


def listening_ports(pid: int) -> list[int]:
    """Ports in ascending order; empty where the system does not tell."""
    wanted = {inode for each in _family(pid) for inode in _sockets(each)}
    if not wanted:
        return []
    return sorted({port for inode, port in _listeners() if inode in wanted})


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_bytes().rpartition(b")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def _sockets(pid: int) -> Iterator[str]:
    """The inodes of a process's sockets."""
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = str(link.readlink())
            if target.startswith("socket:["):
                yield target[8:-1]
    except OSError:
        return


def _listeners() -> Iterator[tuple[str, int]]:
    """Inode and port of each listening socket."""
    for name in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{name}").read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTENING:
                yield fields[9], int(fields[1].rpartition(":")[2], 16)
