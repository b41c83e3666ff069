"""Packages that scripts and images install by command."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.dependencies.manifest import Manifest
from ci_gate.codemodel.dependencies.requirement import Requirement, normal, parse
from ci_gate.codemodel.dependencies.requirements_txt import beside
from ci_gate.regex import regex

_FILES: Final = regex(
    r"(?:^|/)(?:(?:Dockerfile|Containerfile)[\w.-]*|[\w.-]+\.[Dd]ockerfile|[\w.-]+\.sh|Makefile|"
    r"GNUmakefile|[Jj]ustfile|Procfile|render\.yaml|app\.yaml|nixpacks\.toml|railway\.json|"
    r"(?:docker-)?compose[\w.-]*\.ya?ml)$"
)
_IMAGE_FILE: Final = regex(
    r"(?:^|/)(?:(?:Dockerfile|Containerfile)[\w.-]*|[\w.-]+\.[Dd]ockerfile)$"
)
_INSTALL: Final = regex(
    r"\b(?:(?:pip3?(?:\.\d+)?|pipenv|conda|mamba|micromamba)(?:\s+-[-\w=]+)*\s+install"
    r"|(?:uv|poetry|pdm|rye)(?:\s+-[-\w=]+)*\s+add)\b([^\n;&|]*)"
)
_SAID: Final = regex(r"\b(?:echo|printf|log|print)\b[^\n;&|]*")
_WITH: Final = regex(r"--with[= ]([\w.,\[\]=<>~!-]+)")
_SYSTEM: Final = regex(r"\b(?:python3?|py3)-([a-z][a-z0-9.-]+)")
_FROM: Final = regex(
    r"^FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?", re.MULTILINE | re.IGNORECASE
)
#: Images that bring an interpreter or nothing; any other may bring packages that nobody lists.
_PLAIN: Final = regex(
    r"(?:^|/)(?:python|pypy|debian|ubuntu|alpine|fedora|centos|rockylinux|amazonlinux|almalinux|"
    r"scratch|distroless|ubi\d*|uv|node|nginx|postgres|redis|golang|rust|busybox|bitnami|"
    r"python3?[\w.-]*|base-debian[\w.-]*|lambda|cypress|mcr|buildpack-deps|slim)\b"
)
_MAX_BYTES: Final = 200_000


def is_command_file(path: str) -> bool:
    return _FILES.search(path) is not None


def read(path: str, text: str) -> Manifest:
    """What the commands in a script, image or makefile install."""
    found = Manifest(path)
    if len(text) > _MAX_BYTES:
        return found
    joined = _SAID.sub("", re.sub(r"\\\r?\n", "  ", text))
    for match in _INSTALL.finditer(joined):
        line = joined.count("\n", 0, match.start()) + 1
        for requirement in _words(found, match[1], line):
            found.requirements.append(requirement)
    for match in _WITH.finditer(joined):
        for word in match[1].split(","):
            requirement_ = parse(word, path, 1)
            if requirement_ is not None:
                found.requirements.append(requirement_)
    for match in _SYSTEM.finditer(joined):
        for name in (match[1], f"python-{match[1]}"):
            if known.is_known(normal(name)):
                found.requirements.append(Requirement(normal(name), path, 1))
    if _IMAGE_FILE.search(path):
        _images(found, joined)
    return found


def _words(found: Manifest, text: str, line: int) -> Iterator[Requirement]:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        words = text.split()
    skip = False
    for number, word in enumerate(words):
        if skip:
            skip = False
        elif word in ("-r", "--requirement"):
            skip = True
            if number + 1 < len(words):
                found.includes.append(_place(found.path, words[number + 1]))
        elif word.startswith("-r") and len(word) > 2:
            found.includes.append(_place(found.path, word[2:]))
        elif word.startswith("-"):
            skip = word in ("-i", "-c", "-t", "--index-url", "--extra-index-url", "--target",
                            "--group", "-G", "--constraint", "-e", "--prefix", "--python", "-n",
                            "-p", "-f", "--find-links", "--root", "--only-group", "-E", "--extra",
                            "--trusted-host", "--timeout", "--optional")  # fmt: skip
        elif "$" not in word and not word.startswith((".", "/")):
            requirement = parse(word, found.path, line)
            if requirement is not None:
                yield requirement


def _place(path: str, name: str) -> str:
    """A file that a command names: a variable in front of it stands for its folder."""
    name = re.sub(r"^\$\{?\w+\}?/|^\"?\$\([^)]*\)/", "", name)
    return beside(path, posixpath.normpath(name.lstrip("/")))


def _images(found: Manifest, text: str) -> None:
    """Is the last stage built on an image that may bring packages along?"""
    bases: dict[str, str] = {}
    last = ""
    for match in _FROM.finditer(text):
        image, stage = match[1].lower(), (match[2] or "").lower()
        last = bases.get(image, image)
        if stage:
            bases[stage] = last
    if last and "$" not in last and not _PLAIN.search(last):
        found.unread = True
