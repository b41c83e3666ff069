"""What an image's build file puts where, and what it starts."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from typing import Final

from ci_gate.data import dataclass
from ci_gate.regex import regex

_INSTRUCTION: Final = regex(r"^\s*([A-Za-z]+)\s+(.*)$", re.DOTALL)
#: Commands of a build that bring files of their own.
_BRINGS: Final = regex(
    r"(?:^|[\s;&|])(?:mv|cp|ln|git|unzip|tar|wget|curl|echo|printf|cat|rsync|sed|touch|tee|"
    r"cookiecutter|django-admin|npm|make)\s"
)
_INSTALLS: Final = regex(
    r"pip3?\s+install\b[^\n;&|]*(?:\s\.(?:\s|\[|$|/)|-e\s)|\bpoetry\s+install|\buv\s+sync|\bpdm\s+"
    r"(?:install|sync)|setup\.py\s+(?:install|develop)|\bpipenv\s+install"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """``COPY sources target``; ``into``: the target is a folder that holds the sources."""

    sources: tuple[str, ...]
    target: str
    into: bool


@dataclass(frozen=True, slots=True)
class Image:
    """The state of a build. ``known`` is false where it cannot be told which files lie where;
    ``installs``: the project is installed as a package."""

    folder: str | None = None
    copies: tuple[Copy, ...] = ()
    known: bool = True
    installs: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """One command that the image runs: the line of its instruction, its words, and the image."""

    line: int
    words: tuple[str, ...]
    image: Image


@dataclass(slots=True)
class _Build:
    stages: dict[str, Image] = field(default_factory=dict)
    image: Image = Image()
    name: str = ""
    commands: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)


def started(text: str) -> Sequence[Started]:
    """What the last stage of a build file starts."""
    build = _Build()
    for line, keyword, rest in instructions(text):
        match keyword:
            case "FROM":
                _from(build, rest)
            case "WORKDIR":
                _workdir(build, rest)
            case "COPY" | "ADD":
                _copy(build, rest, keyword)
            case "ENV" | "ARG" if "PYTHONPATH" in rest:
                build.image = replace(build.image, known=False)
            case "RUN":
                build.image = replace(
                    build.image,
                    known=build.image.known and _BRINGS.search(rest) is None,
                    installs=build.image.installs or _INSTALLS.search(rest) is not None,
                )
            case "CMD" | "ENTRYPOINT":
                build.commands[keyword] = (line, _words(rest))
    return [Started(line, words, build.image) for line, words in build.commands.values() if words]


def instructions(text: str) -> Iterator[tuple[int, str, str]]:
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        first = number
        joined = lines[number]
        while joined.rstrip().endswith("\\") and number + 1 < len(lines):
            number += 1
            following = lines[number]
            if following.lstrip().startswith("#"):
                following = "\\"
            joined = joined.rstrip()[:-1] + " " + following
        number += 1
        match = _INSTRUCTION.match(joined)
        if match and not joined.lstrip().startswith("#"):
            yield first + 1, match[1].upper(), match[2].strip()


def _from(build: _Build, rest: str) -> None:
    if build.name:
        build.stages[build.name] = build.image
    words = [word for word in rest.split() if not word.startswith("--")]
    build.image = build.stages.get(words[0].lower(), Image()) if words else Image()
    build.name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
    build.commands = {}


def _workdir(build: _Build, rest: str) -> None:
    folder = rest.strip("\"'")
    if "$" in folder:
        build.image = replace(build.image, folder=None, known=False)
        return
    build.image = replace(
        build.image, folder=posixpath.normpath(posixpath.join(build.image.folder or "/", folder))
    )


def _copy(build: _Build, rest: str, keyword: str) -> None:
    words = list(_words(rest))
    flags = [word for word in words if word.startswith("--")]
    places = [word for word in words if not word.startswith("--")]
    odd = any("$" in word or "*" in word or "<<" in word or "?" in word for word in places)
    if len(places) < 2 or odd or (keyword == "ADD" and "://" in rest):
        build.image = replace(build.image, known=False)
        return
    if any(flag.startswith("--from") for flag in flags):
        if _covers(_absolute(build.image, places[-1]), build.image.folder):
            build.image = replace(build.image, known=False)
        return
    target = places[-1]
    copy = Copy(
        tuple(posixpath.normpath(source.lstrip("/")) for source in places[:-1]),
        _absolute(build.image, target),
        target.endswith(("/", "/.")) or target == "." or len(places) > 2,
    )
    build.image = replace(build.image, copies=(*build.image.copies, copy))


def may_be_of_the_base(image: Image, name: str) -> bool:
    """Does a full path lead to where nothing is copied, so that the base image may have it?"""
    folder = posixpath.dirname(name)
    return name.startswith("/") and not any(
        folder == posixpath.dirname(copy.target) or name.startswith(copy.target.rstrip("/") + "/")
        for copy in image.copies
    )


def _covers(target: str, folder: str | None) -> bool:
    """May files in ``folder`` come from what is copied to ``target``?"""
    if folder is None:
        return True
    return target == folder or folder.startswith(target.rstrip("/") + "/") or target.startswith(
        folder.rstrip("/") + "/"
    )  # fmt: skip


def _absolute(image: Image, path: str) -> str:
    return posixpath.normpath(posixpath.join(image.folder or "/", path))


def _words(text: str) -> tuple[str, ...]:
    """Exec form (``["a", "b"]``) or shell form."""
    if text.startswith("["):
        try:
            found = json.loads(text[: text.rindex("]") + 1])
        except ValueError:
            return ()
        return tuple(word for word in found if isinstance(word, str))
    try:
        return tuple(shlex.split(text, comments=True))
    except ValueError:
        return ()
