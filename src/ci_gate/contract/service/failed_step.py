"""A set-up command, migration or seeding that failed: whose doing it was."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Final

from ci_gate.contract.output import last_error
from ci_gate.contract.service.interface import NotUp, ServiceError
from ci_gate.regex import regex

#: What a machine lacks, not the project: a network, a registry, a server, room, a program.
_OUTSIDE: Final = regex(
    r"Temporary failure in name resolution|Name or service not known|Could not resolve host"
    r"|nodename nor servname|getaddrinfo|EAI_AGAIN|ENOTFOUND|ECONN(?:REFUSED|RESET|ABORTED)"
    r"|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Network is unreachable|No route to host"
    r"|Connection (?:refused|reset|aborted|timed out)|connection to server .{0,200}failed"
    r"|[Cc]ould not connect to|Can't connect to|Failed to establish a new connection|MaxRetryError"
    r"|ReadTimeout|ConnectTimeout|SSLCertVerificationError|SSL_ERROR|certificate verify failed"
    r"|Connect call failed|ProxyError|tunneling socket"
    r"|\bHTTP(?:/[\d.]+| error| status)? ?(?:429|5\d\d)\b"
    r"|Unable to locate package|Hash Sum mismatch|Failed to fetch"
    r"|No space left|ENOSPC|Cannot allocate memory|Out of memory|heap out of memory|MemoryError"
    r"|Permission denied|EACCES|EPERM|Operation not permitted|Read-only file system|EROFS"
    r"|command not found|: not found$|is not recognized|executable file not found"
    r"|^ci-gate: ended, as",
    re.MULTILINE | re.IGNORECASE,
)
_TAKEN: Final = 400  # lines of the end that are looked at
_NO_PROGRAM: Final = (126, 127)
_SIGNALED: Final = range(129, 193)  # a signal ended it
_PYTHON_MODULE: Final = regex(r"No module named '([\w.]+)'")
_NODE_MODULE: Final = regex(r"Cannot find (?:module|package) '([^'./][^']*)'")
_OWN_FILE: Final = regex(r"Cannot find module '(\.{1,2}/[^'\n]{1,300})'")
_REQUIRED_BY: Final = regex(r"(?:^- |\()(/[^\s():]{1,400}\.[cm]?[jt]sx?)\b", re.MULTILINE)
_SCRIPTS: Final = (".js", ".cjs", ".mjs", ".ts", ".jsx", ".tsx")


def failed_step(what: str, command: str, code: int | None, seconds: float, output: str,
                lacks_library: bool = False) -> ServiceError:  # fmt: skip
    """The error for a command that did not succeed; ``code`` is None when it took too long.

    :class:`NotUp` where nothing else than the project can be the reason: on a base where it
    succeeds, the change broke it. ``lacks_library``: it missed a library that nobody installed.
    """
    if code is None:
        return ServiceError(
            f"{what} command {command!r} took more than {seconds:.0f} s: {last_error(output)}"
        )
    text = f"{what} command {command!r} ended with {code}: {last_error(output)}"
    end = "\n".join(output.splitlines()[-_TAKEN:])
    outside = code in _NO_PROGRAM or code < 0 or code in _SIGNALED or _OUTSIDE.search(end)
    return ServiceError(text) if outside or lacks_library else NotUp(text)


def missing_library(output: str, root: Path) -> bool:
    """Does the output end with the import of a library that is no part of the tree?"""
    said = last_error(output)
    if (python := _PYTHON_MODULE.search(said)) is not None:
        top = python[1].partition(".")[0]
        return not any(
            (folder / top).is_dir() or (folder / f"{top}.py").is_file()
            for folder in (root, *_folders(root))
        )
    return _NODE_MODULE.search(said) is not None


def missing_file(output: str, root: Path) -> str:
    """The advice where the output ends with the import of a file of the tree's own that is not
    there; empty for anything else."""
    wanted = _OWN_FILE.search(last_error(output))
    if wanted is None:
        return ""
    name = wanted[1]
    begin = output.rindex(wanted[0])
    importing = _REQUIRED_BY.search(output, begin)
    place = _in_root(root, importing[1]) if importing is not None else None
    if place is None:
        return "; there is no such file"
    folder = (place.parent / name).parent
    near = get_close_matches(PurePosixPath(name).name, _modules(folder), 1, 0.6)
    said = f"; there is no such file beside {place.relative_to(root).as_posix()}"
    return f"{said}: did you mean {name.rpartition('/')[0]}/{near[0]}?" if near else said


def _in_root(root: Path, path: str) -> Path | None:
    """The file of the tree that a path means which was seen where the service ran."""
    parts = PurePosixPath(path).parts
    places = (root.joinpath(*parts[n:]) for n in range(1, len(parts)))
    return next((place for place in places if place.is_file()), None)


def _modules(folder: Path) -> list[str]:
    try:
        return [item.stem for item in folder.iterdir() if item.suffix in _SCRIPTS]
    except OSError:
        return []


def _folders(root: Path) -> list[Path]:
    try:
        return [item for item in root.iterdir() if item.is_dir() and not item.is_symlink()]
    except OSError:
        return []
