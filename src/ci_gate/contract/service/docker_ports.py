"""Which ports a container listens on, for the sentence on a service that does not answer."""

from __future__ import annotations

from typing import Any, Final

from ci_gate.contract.service.docker_container import run_in
from ci_gate.contract.service.docker_engine import ENGINE_ERRORS

#: How the sentence ends on a service that can be reached, and not where it is asked.
ELSEWHERE: Final = "; set contract.service.docker.port)"
_LISTEN: Final = "0A"
_TABLES: Final = ("grep", "-h", f" {_LISTEN} ", "/proc/net/tcp", "/proc/net/tcp6")
_TIMEOUT: Final = 10.0
_LOOPBACK: Final = ("7F", "00000000000000000000000001000000")
_ENGINES_OWN: Final = "0B00007F"  # 127.0.0.11, where the engine answers for names


def listening(container: Any, port: int) -> str:
    """``; it listens on …`` and what follows from it; empty where it cannot be seen."""
    try:
        ran = run_in(container, _TABLES, _TIMEOUT)
    except ENGINE_ERRORS:
        return ""
    if ran.code not in (0, 1, 2):  # grep: found, not found, one of the files is not there
        return ""
    found = sorted(_sockets(ran.output))
    if not found:
        return " (it listens on no port)"
    if any(number == port and not local for number, local in found):
        return ""
    if (port, True) in found:
        return f" (it listens on 127.0.0.1:{port} only; it has to listen on 0.0.0.0)"
    others = ", ".join(str(number) for number in dict.fromkeys(number for number, _ in found))
    return f" (it listens on {others}{ELSEWHERE}"


def _sockets(table: str) -> set[tuple[int, bool]]:
    """Port, and whether only programs in the container reach it."""
    found = set()
    for line in table.splitlines():
        fields = line.split()
        if len(fields) < 4 or fields[3] != _LISTEN:
            continue
        address, _, number = fields[1].partition(":")
        if address == _ENGINES_OWN:
            continue
        local = address == _LOOPBACK[1] or (len(address) == 8 and address.endswith(_LOOPBACK[0]))
        found.add((int(number, 16), local))
    return found
