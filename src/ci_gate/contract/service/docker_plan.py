"""What is guessed of a service that runs in containers, apart from what holds everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from ci_gate.config_contract import ServiceConfig
from ci_gate.contract.service.candidates import inside
from ci_gate.repository import Tree

_ALL: Final = "0.0.0.0"
#: Programs that listen on the loopback address unless they are told another, and how to tell them.
_HOST: Final = {
    "uvicorn": "--host",
    "flask": "--host",
    "fastapi": "--host",
    "granian": "--host",
    "daphne": "-b",
    "hypercorn": "--bind",
}
_OPTIONS: Final = ("--host", "-h", "-b", "--bind")


def dockerfile_of(tree: Tree, config: ServiceConfig, folder: str) -> tuple[str, str] | None:
    """The Dockerfile that the service's image is built from and the folder that it is given, if it
    is built."""
    docker = config.docker
    if docker.dockerfile:
        return docker.dockerfile, config.cwd
    for context in dict.fromkeys((folder, config.cwd)) if docker.image is None else ():
        if tree.exists(path := inside(context, "Dockerfile")):
            return path, context
    return None


def on_all_addresses(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command, so that it is reached from outside of its container."""
    words = tuple(word.replace("127.0.0.1:{port}", f"{_ALL}:{{port}}") for word in words)
    names = [PurePosixPath(word).name for word in words[:3]]
    program = next((name for name in names if name in _HOST), None)
    if program is None or any(word.partition("=")[0] in _OPTIONS for word in words):
        return words
    return (*words, _HOST[program], _ALL)


def installation(tree: Tree, folder: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The command that installs what a Python service needs, and the file that names it."""
    pip = ("python3", "-m", "pip", "install")
    for name, words in (
        ("requirements.txt", (*pip, "-r", "requirements.txt")),
        ("pyproject.toml", (*pip, ".")),
    ):
        if tree.exists(path := inside(folder, name)):
            yield words, path
            return
