"""What a step tells its runner: outputs, the job summary, lines of the log."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TextIO

from ci_gate.regex import regex
from ci_gate.reports.github import escaped, escaped_property

#: GitHub drops the whole summary of a step that is larger.
MAX_SUMMARY: Final = 1024 * 1024
_FENCE: Final = regex(r" {0,3}(```+|~~~+)")
_NAME: Final = regex(r"[A-Za-z_][A-Za-z0-9_-]*")
_MAX_MESSAGE: Final = 4_000


def set_outputs(path: Path | None, values: Mapping[str, str]) -> None:
    """Set the step's outputs. Values may hold anything: the line that ends each is a fresh secret,
    so that no value can end early and set another output.

    Raises:
        OSError: the runner's file cannot be written.
    """
    if path is None:
        return
    entries = []
    for name, value in values.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name an output")
        end = f"ghadelimiter_{secrets.token_hex(16)}"
        entries.append(f"{name}<<{end}\n{_utf8(value)}\n{end}\n")
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("".join(entries))


def add_summary(path: Path | None, text: str, rest: str) -> None:
    """Add Markdown to the job summary. What does not fit is cut at a line; ``rest`` is then the
    last line and says where the whole is.

    Raises:
        OSError: the runner's file cannot be written.
    """
    if path is None:
        return
    room = MAX_SUMMARY - (path.stat().st_size if path.is_file() else 0)
    shown = _fit(_utf8(text if text.endswith("\n") else f"{text}\n"), room, rest)
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(shown)


def write_file(path: Path, data: bytes) -> None:
    """Write a file of the workspace in place of what is there, which may be a link that the change
    has put there.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with path.open("xb") as stream:
        stream.write(data)


def _fit(text: str, room: int, rest: str) -> str:
    """``text`` in at most ``room`` bytes, cut at a line, with ``rest`` after it."""
    if len(text.encode()) <= room:
        return text
    last = f"\n{_utf8(rest)}\n"
    kept: list[str] = []
    size = len(last.encode())
    for line in text.splitlines(keepends=True):
        size += len(line.encode())
        if size > room:
            break
        kept.append(line)
    while kept and len("".join(end := [*kept, _closing(kept), last]).encode()) > room:
        kept.pop()
    return "".join(end) if kept else last.lstrip() if len(last.encode()) <= room else ""


def _closing(lines: Sequence[str]) -> str:
    """What ends the code block and the folded parts that ``lines`` leave open."""
    fence, folded = "", 0
    for line in lines:
        match = _FENCE.match(line)
        if not fence:
            fence = match[1] if match else ""
            folded += line.count("<details") - line.count("</details")
        elif match and match[1].startswith(fence) and not line.strip(f" \n{fence[0]}"):
            fence = ""
    return (f"{fence}\n" if fence else "") + "</details>\n" * folded


def message(
    kind: Literal["error", "warning", "notice", "debug"], text: str, title: str = ""
) -> str:
    """A workflow command that shows ``text`` on the run's page; a line of the log to print."""
    shown = escaped(_utf8(text[:_MAX_MESSAGE]))
    fields = f" title={escaped_property(_utf8(title))}" if title else ""
    return f"::{kind}{'' if kind == 'debug' else fields}::{shown}\n"


@contextmanager
def commands_stopped(stream: TextIO) -> Iterator[None]:
    """Around text that comes from the change: what looks like a workflow command in it is text."""
    token = secrets.token_hex(16)
    stream.write(f"::stop-commands::{token}\n")
    stream.flush()
    try:
        yield
    finally:
        stream.write(f"\n::{token}::\n")
        stream.flush()


def _utf8(text: str) -> str:
    """Names of files may hold bytes that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
