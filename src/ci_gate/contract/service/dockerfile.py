"""What a Dockerfile says of how its service is started."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.data import dataclass
from ci_gate.regex import regex

_MOST: Final = 64 * 1024  # characters that are looked at
_CONTINUED: Final = regex(r"\\[ \t]*\n(?:[ \t]*#[^\n]*\n)*")
_VARIABLE: Final = regex(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))")


@dataclass(slots=True)
class Dockerfile:
    """The last stage. ``command`` has ``ENTRYPOINT`` first; a text is shell form. ``line`` is that
    of the command. ``copied_to``: where the whole build context lies in the image."""

    command: tuple[str, ...] | str | None = None
    line: int = 0
    folder: str = "/"
    copied_to: str | None = None
    ports: list[int] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> Dockerfile:
    """Never fails: what is not understood is left out."""
    found = Dockerfile()
    entry: tuple[str, ...] | str | None = None
    command: tuple[str, ...] | str | None = None
    for line, word, rest in _instructions(text[:_MOST]):
        match word:
            case "FROM":
                found, entry, command = Dockerfile(), None, None
            case "WORKDIR":
                found.folder = posixpath.normpath(
                    posixpath.join(found.folder, _filled(rest, found.environment))
                )
            case "ENV":
                found.environment |= _pairs(rest)
            case "EXPOSE":
                for part in _filled(rest, found.environment).split():
                    number = part.partition("/")[0]
                    found.ports += [int(number)] if number.isdigit() else []
            case "COPY" | "ADD":
                words = [part for part in rest.split() if not part.startswith("--")]
                if len(words) == 2 and words[0] in (".", "./") and "--from" not in rest:
                    found.copied_to = posixpath.normpath(posixpath.join(found.folder, words[1]))
            case "ENTRYPOINT":
                entry, command, found.line = _command(rest), None, line
            case "CMD":
                command, found.line = _command(rest), line
    found.command = _joined(entry, command)
    return found


def _joined(
    entry: tuple[str, ...] | str | None, command: tuple[str, ...] | str | None
) -> tuple[str, ...] | str | None:
    if entry is None or isinstance(entry, str):  # shell form takes no arguments
        return command if entry is None else entry
    if command is None:
        return entry
    return (*entry, *(command if isinstance(command, tuple) else ("/bin/sh", "-c", command)))


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, instruction, arguments; continued lines are joined."""
    text = text.replace("\r\n", "\n")
    line = 1
    while text:
        end = text.find("\n")
        while end > 0 and _CONTINUED.match(text, _slash(text, end)):
            gap = _CONTINUED.match(text, _slash(text, end))
            assert gap is not None
            end = text.find("\n", gap.end())
        whole = text if end < 0 else text[:end]
        text = "" if end < 0 else text[end + 1 :]
        joined = _CONTINUED.sub(" ", whole).strip()
        word, _, rest = joined.partition(" ")
        if word and not word.startswith("#"):
            yield line, word.upper(), rest.strip()
        line += whole.count("\n") + 1


def _slash(text: str, end: int) -> int:
    """Where the backslash before a line's end is, if there is one."""
    place = end - 1
    while place > 0 and text[place] in " \t":
        place -= 1
    return place


def _command(rest: str) -> tuple[str, ...] | str | None:
    if rest.startswith("["):
        try:
            words = json.loads(rest)
        except ValueError:
            return rest
        return tuple(str(word) for word in words) or None
    return rest or None


def _pairs(rest: str) -> dict[str, str]:
    """``A=1 B="two words"`` or ``A 1``."""
    found = re.findall(r"""(\w+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)""", rest)
    if not found:
        name, _, value = rest.partition(" ")
        return {name: value.strip()} if value else {}
    return {name: value.strip("\"'") for name, value in found}


def _filled(text: str, environment: dict[str, str]) -> str:
    return _VARIABLE.sub(
        lambda m: environment.get(m[1] or m[3], m[2] if m[2] is not None else m[0]), text
    )
