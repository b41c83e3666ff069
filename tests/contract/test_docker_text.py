"""What containers print, as it is shown."""

from __future__ import annotations

import docker
import pytest
import requests

from ci_gate.contract.service.docker_engine import connect
from ci_gate.contract.service.docker_text import Tail, last_words
from ci_gate.contract.service.interface import ServiceError


def test_last_words_are_one_line() -> None:
    assert last_words("one\n  two  2\n\n \x1b[0m\n") == "two 2"
    assert last_words("one\ntwo\n", 2) == "one | two"
    assert last_words("\n") == "it printed nothing"
    assert len(last_words("x" * 1000)) == 300


def test_a_tail_keeps_the_end() -> None:
    tail = Tail(10)
    for number in range(1000):
        tail.add(f"{number} ".encode())
    assert tail.text == "7 998 999 "
    tail.add(b"y" * 100)
    assert tail.text == "y" * 10


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
