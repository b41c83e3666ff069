"""The port in a service's command line: found, replaced by ``{port}``, or added."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from ci_gate.regex import regex

_PLACEHOLDER: Final = "{port}"
_LONG: Final = frozenset({"--port", "--http-port", "--http"})
_BIND: Final = frozenset({"--bind", "-b", "--listen", "--host-port"})
#: Programs whose ``-p`` is the port.
_SHORT: Final = frozenset({"flask", "daphne", "fastapi", "next", "serve", "http-server"})
_ADDRESS: Final = regex(r"^(?:(?P<host>[\w.*-]*|\[[0-9a-fA-F:]*\]):)?(?P<port>\d{2,5})$")
_SHELL: Final = regex(
    r"(?P<option>(?:--port|--http-port)[= ]|(?:--bind|-b|--listen)[= ]\s*[\w.*\[\]-]*:)"
    r"(?P<port>\d{2,5})\b"
)
#: What to add to a program that listens on a port of its own choice unless it is told.
_ADDED: Final = {
    "uvicorn": ("--port", _PLACEHOLDER),
    "hypercorn": ("--bind", f"127.0.0.1:{_PLACEHOLDER}"),
    "gunicorn": ("--bind", f"127.0.0.1:{_PLACEHOLDER}"),
    "daphne": ("-p", _PLACEHOLDER),
    "granian": ("--port", _PLACEHOLDER),
    "waitress-serve": (f"--port={_PLACEHOLDER}",),
}


def with_port(words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The command with ``{port}`` for the port that it names, or would choose; and whether it is
    told the port that way."""
    if any(_PLACEHOLDER in word for word in words):
        return words, True
    if is_shell(words):
        text, count = _SHELL.subn(lambda m: m["option"] + _PLACEHOLDER, words[-1])
        return (*words[:-1], text), bool(count)
    changed = _replaced(words)
    if changed != words:
        return changed, True
    program = PurePosixPath(words[0]).name
    if program in ("python", "python3") and words[1:2] == ("-m",) and len(words) > 2:
        program = words[2]
    if any(word.startswith("unix:") or "$" in word for word in words):
        return words, False
    if program in _ADDED:
        place = 1 if program == "waitress-serve" else len(words)
        if not any(word in ("-c", "--config") or word.startswith("--config=") for word in words):
            return (*words[:place], *_ADDED[program], *words[place:]), True
    if program in ("flask", "fastapi") and words[-1:] != ("--help",) and _runs(words):
        return (*words, "--port", _PLACEHOLDER), True
    if "runserver" in words:
        return (*words, f"127.0.0.1:{_PLACEHOLDER}"), True
    return words, False


def named_port(words: tuple[str, ...]) -> int | None:
    """The port that is written in the command; None for none."""
    if is_shell(words):
        found = _SHELL.search(words[-1])
        return int(found["port"]) if found else None
    changed = _replaced(words)
    for before, after in zip(words, changed, strict=True):
        if before != after and (digits := re.search(r"(\d{2,5})$", before)):
            return int(digits[1])
    return None


def is_shell(words: tuple[str, ...]) -> bool:
    """Is it ``sh -c TEXT``?"""
    return len(words) == 3 and words[1] == "-c" and words[0].endswith("sh")


def _runs(words: tuple[str, ...]) -> bool:
    return any(word in ("run", "dev") for word in words[1:])


def _replaced(words: tuple[str, ...]) -> tuple[str, ...]:
    short = PurePosixPath(words[0]).name in _SHORT
    takes = {*_LONG, *_BIND, "runserver", *(("-p",) if short else ())}
    return tuple(
        _word(word, before in takes) for before, word in zip(("", *words), words, strict=False)
    )


def _word(word: str, is_address: bool) -> str:
    name, sign, value = word.partition("=")
    if sign and (name in _LONG or name in _BIND) and (found := _ADDRESS.match(value)):
        return f"{name}={_address(found)}"
    if is_address and (found := _ADDRESS.match(word)):
        return _address(found)
    if word.startswith("-b") and (found := _ADDRESS.match(word[2:])):
        return f"-b{_address(found)}"
    return word


def _address(found: re.Match[str]) -> str:
    host = found["host"]
    return _PLACEHOLDER if host is None else f"{host}:{_PLACEHOLDER}"
