"""The Docker Engine: how it is reached, and what its errors mean to a person."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import docker
from docker.errors import APIError, DockerException
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from ci_gate.contract.output import last_line
from ci_gate.contract.service.interface import ServiceError

#: What a call to the engine raises; each has a sentence from `said`.
ENGINE_ERRORS: Final = (DockerException, RequestException, HTTPError)
_CALL_TIMEOUT: Final = 120  # seconds for one call that is to answer at once
_AGAIN: Final = 1.0  # seconds until what was to end is ended once more
_LOCAL: Final = ("unix://", "http+unix://", "npipe://", "http+npipe://")


def connect() -> docker.DockerClient:
    """The engine that the docker command would use.

    Raises:
        ServiceError: none answers, or it may not be used.
    """
    client = None
    try:
        client = docker.from_env(timeout=_CALL_TIMEOUT)
        client.ping()
    except ENGINE_ERRORS as error:
        if client is not None:
            client.close()
        raise ServiceError(_no_engine(error)) from None
    return client


def _no_engine(error: Exception) -> str:
    remedy = "or set contract.service.mode to process in .ci-gate.yml"
    text = str(error)
    if "PermissionError" in text or "Permission denied" in text:
        return (
            "this user may not use the Docker Engine's socket; add the user to the group docker, "
            f"{remedy}"
        )
    return (
        f"no Docker Engine answers ({last_line(text)}); start Docker, in a container mount its "
        f"socket, {remedy}"
    )


def said(error: Exception) -> str:
    """What an engine's error says, in one line."""
    if isinstance(error, APIError) and error.explanation:
        return last_line(str(error.explanation))
    return last_line(str(error))


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """An error of the engine while ``doing`` becomes one sentence."""
    try:
        yield
    except ENGINE_ERRORS as error:
        raise ServiceError(f"the Docker Engine could not {doing}: {said(error)}") from None


def addresses_are_reachable(client: docker.DockerClient) -> bool:
    """Whether a container's own address can be reached from where the engine runs: so it is on
    Linux, unless the engine lives in a virtual machine or belongs to a user without root."""
    if sys.platform != "linux" or not is_local(client):
        return False
    info = client.info()
    options = info.get("SecurityOptions") or []
    return info.get("OperatingSystem") != "Docker Desktop" and not any(
        "rootless" in option for option in options
    )


def is_local(client: docker.DockerClient) -> bool:
    """Whether the engine runs on this machine, as far as its address tells."""
    address = client.api.base_url
    return address.startswith((*_LOCAL, "http://127.0.0.1", "http://localhost")) or (
        "docker" in address and "localhost" in address
    )


@contextmanager
def time_limit(seconds: float, end: Callable[[], None]) -> Iterator[threading.Event]:
    """Calls ``end`` from another thread if the block takes longer, and again until it is over: what
    it ends may be between two steps. The event then is set."""
    over, expired = threading.Event(), threading.Event()

    def watch() -> None:
        if over.wait(seconds):
            return
        expired.set()
        while True:
            with suppress(*ENGINE_ERRORS):
                end()
            if over.wait(_AGAIN):
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield expired
    finally:
        over.set()
