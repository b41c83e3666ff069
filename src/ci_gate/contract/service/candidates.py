"""Ways to start the service that the files of the tree show, the likeliest first."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Final

import yaml

from ci_gate import yamltext
from ci_gate.contract.service import dockerfile
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

_COMPOSE: Final = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_SCRIPTS: Final = ("run.sh", "start.sh", "scripts/run.sh", "scripts/start.sh", "bin/start")
_SHELL: Final = regex(r"[$&|;<>`*]|^\s*(?:exec|cd)\s|^\s*\w+=")
#: Wrappers that choose an environment, which here is the one on PATH.
_WRAPPER: Final = regex(r"\b(?:poetry|pipenv|pdm|hatch|uv)\s+run\s+(?:--?[\w=-]+\s+)*")
_NOT_HANDED_ON: Final = frozenset({"PATH", "HOME", "PORT", "HOST", "PYTHONPATH", "VIRTUAL_ENV"})
_DATABASES: Final = regex(r"postgres|mysql|maria|redis|mongo|rabbit|nginx|adminer|elastic")


@dataclass(frozen=True, slots=True)
class Candidate:
    """``source`` is the place that shows it (``Procfile:1``); ``ports`` are those that the file
    says the service listens on."""

    command: tuple[str, ...]
    source: str
    cwd: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()


def candidates(tree: Tree, folder: str) -> Iterator[Candidate]:
    """From the files in ``folder``."""
    yield from _dockerfile(tree, folder)
    yield from _compose(tree, folder)
    yield from _procfile(tree, folder)
    for name in _SCRIPTS:
        if tree.exists(inside(folder, name)):
            yield Candidate((f"./{name}",), inside(folder, name), folder)
    yield from _package(tree, folder)


def inside(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


def _dockerfile(tree: Tree, folder: str) -> Iterator[Candidate]:
    path = inside(folder, "Dockerfile")
    if tree.exists(path):
        yield from _from_image(tree, path, folder)


def _from_image(tree: Tree, path: str, context: str) -> Iterator[Candidate]:
    found = dockerfile.parse(tree.text(path))
    if found.command is None:
        return
    root = found.copied_to or found.folder
    command = found.command
    if isinstance(command, str):
        words = split(_here(command, root, context))
    else:
        words = unwrapped(tuple(_here(word, root, context) for word in command))
    below = posixpath.relpath(found.folder, root) if found.copied_to else "."
    cwd = context if below.startswith("..") else inside(context, below)
    env = {
        name: value
        for name, value in found.environment.items()
        if name not in _NOT_HANDED_ON and not value.startswith("/") and "$" not in value
    }
    yield Candidate(words, f"{path}:{found.line}", cwd, env, tuple(found.ports))


def _here(text: str, root: str, context: str) -> str:
    """Paths of the image as paths of the tree."""
    if root == "/":
        return text
    return re.sub(rf"(?<![\w./-]){re.escape(root)}/", "./" if context == "." else "", text)


def _compose(tree: Tree, folder: str) -> Iterator[Candidate]:
    for name in _COMPOSE:
        path = inside(folder, name)
        if not tree.exists(path):
            continue
        text = tree.text(path)
        try:
            document = yamltext.load(text)
        except (yaml.YAMLError, RecursionError):
            continue
        services = document.get("services") if isinstance(document, dict) else None
        for key, service in services.items() if isinstance(services, dict) else ():
            if isinstance(service, dict):
                yield from _compose_service(tree, path, text, str(key), service)


def _compose_service(
    tree: Tree, path: str, text: str, key: str, service: Mapping[str, Any]
) -> Iterator[Candidate]:
    build, command = service.get("build"), service.get("command")
    if build is None or _DATABASES.search(key):
        return
    context = build.get("context", ".") if isinstance(build, dict) else build
    folder = inside(posixpath.dirname(path), str(context))
    if folder.startswith(".."):
        return
    if isinstance(command, str) and command.strip():
        words = split(command)
    elif isinstance(command, list) and command:
        words = unwrapped(tuple(str(word) for word in command))
    else:
        name = build.get("dockerfile", "Dockerfile") if isinstance(build, dict) else "Dockerfile"
        image = inside(folder, str(name))
        if tree.exists(image):
            yield from _from_image(tree, image, folder)
        return
    line = _line_of(text, rf"^\s+{re.escape(key)}\s*:")
    yield Candidate(words, f"{path}:{line}", folder, ports=tuple(_published(service)))


def _published(service: Mapping[str, Any]) -> Iterator[int]:
    """Ports inside of the container."""
    ports = service.get("ports")
    for item in ports if isinstance(ports, list) else ():
        target = item.get("target") if isinstance(item, dict) else str(item).rpartition(":")[2]
        number = str(target).partition("/")[0]
        if number.isdigit():
            yield int(number)


def _procfile(tree: Tree, folder: str) -> Iterator[Candidate]:
    path = inside(folder, "Procfile")
    if not tree.exists(path):
        return
    for number, line in enumerate(tree.text(path).splitlines(), 1):
        name, colon, command = line.partition(":")
        if colon and name.strip() == "web" and command.strip():
            yield Candidate(split(command), f"{path}:{number}", folder)


def _package(tree: Tree, folder: str) -> Iterator[Candidate]:
    path = inside(folder, "package.json")
    scripts = package(tree, folder).get("scripts")
    start = scripts.get("start") if isinstance(scripts, dict) else None
    if isinstance(start, str) and start.strip():
        line = _line_of(tree.text(path), r'"start"\s*:')
        yield Candidate(split(start), f"{path}:{line}", folder)
        return
    main = package(tree, folder).get("main")
    if isinstance(main, str) and tree.exists(inside(folder, main)):
        line = _line_of(tree.text(path), '"main"')
        yield Candidate(("node", main), f"{path}:{line}", folder)


def package(tree: Tree, folder: str) -> dict[str, Any]:
    """The folder's ``package.json``; empty where there is none, or none that can be read."""
    path = inside(folder, "package.json")
    try:
        document = json.loads(tree.text(path)) if tree.exists(path) else {}
    except (ValueError, RecursionError, OSError):
        return {}
    return document if isinstance(document, dict) else {}


def split(command: str) -> tuple[str, ...]:
    """The words of a command line; ``sh -c`` where it needs a shell."""
    command = _WRAPPER.sub("", command.strip())
    if _SHELL.search(command):
        return ("sh", "-c", command)
    try:
        return tuple(shlex.split(command)) or ("true",)
    except ValueError:
        return ("sh", "-c", command)


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without ``poetry run``; ``sh -c`` keeps its text."""
    if len(words) > 2 and words[0] in ("poetry", "pipenv", "pdm", "hatch", "uv") and (
        words[1] == "run"
    ):  # fmt: skip
        return words[2:]
    return tuple(_WRAPPER.sub("", word) for word in words)


def _line_of(text: str, pattern: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    return 1 + text.count("\n", 0, found.start()) if found else 1
