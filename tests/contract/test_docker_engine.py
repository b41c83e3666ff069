"""A Docker Engine that cannot be used."""

from __future__ import annotations

import docker
import pytest
import requests

from ci_gate.contract.service.docker_engine import connect
from ci_gate.contract.service.interface import ServiceError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "add the user to the group docker"),
        (FileNotFoundError(2, "No such file or directory"), "start Docker"),
    ],
)
def test_an_engine_that_cannot_be_used(
    error: OSError, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_options: object) -> None:
        cause = requests.exceptions.ConnectionError("Connection aborted.", error)
        raise docker.errors.DockerException(f"Error while fetching server API version: {cause}")

    monkeypatch.setattr(docker, "from_env", refused)
    with pytest.raises(ServiceError, match=words):
        connect()
