"""What the engine's builder is sent: the files of the build context, without those that its
``.dockerignore`` names.

The files are the change's, so that no pattern and no nesting of theirs may take more than a short
time, and none that is unreadable breaks more than this run.
"""

from __future__ import annotations

import fnmatch
import io
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from ci_gate.contract.service.interface import ServiceError
from ci_gate.data import dataclass
from ci_gate.plainfile import open_file

_IGNORE: Final = ".dockerignore"
_IGNORE_BYTES: Final = 64 * 1024
_PATTERNS: Final = 1000
_DOCKERFILE_BYTES: Final = 2 * 1024 * 1024
_SPOOL: Final = 16 * 1024 * 1024
#: What a Dockerfile that does not lie in the context is called in it.
_PLACED: Final = ".ci-gate.Dockerfile"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """``parts``: one for each folder or file on the way; None is ``**``, any number of them."""

    parts: tuple[re.Pattern[str] | None, ...]
    keeps: bool  # written with ``!``

    def covers(self, path: Sequence[str]) -> bool:
        """Does it match the path, or a folder around it?"""
        places = {0}
        for part in self.parts:
            if part is None:
                places = set(range(min(places), len(path) + 1))
            else:
                places = {n + 1 for n in places if n < len(path) and part.match(path[n])}
            if not places:
                return False
        return places != {0}


@contextmanager
def build_context(context: Path, dockerfile: Path) -> Iterator[tuple[IO[bytes], str]]:
    """The archive for the builder, and the Dockerfile's name in it.

    Raises:
        ServiceError: the context cannot be read, or asks for too much.
    """
    context, dockerfile = Path(os.path.normpath(context)), Path(os.path.normpath(dockerfile))
    patterns = tuple(_patterns(context / _IGNORE))
    inside = dockerfile.is_relative_to(context)
    name = dockerfile.relative_to(context).as_posix() if inside else _PLACED
    with tempfile.SpooledTemporaryFile(_SPOOL) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                for path in _files(context, patterns, always=(name, _IGNORE)):
                    archive.add(context / path, path, recursive=False)
                if not inside:
                    _place(archive, dockerfile)
        except OSError as error:
            raise ServiceError(
                f"the build context cannot be read: {error.strerror or error}"
            ) from None
        stream.seek(0)
        yield stream, name


def _place(archive: tarfile.TarFile, dockerfile: Path) -> None:
    with open_file(dockerfile.resolve()) as stream:
        text = stream.read(_DOCKERFILE_BYTES)
    item = tarfile.TarInfo(_PLACED)
    item.size = len(text)
    archive.addfile(item, io.BytesIO(text))


def _files(context: Path, patterns: Sequence[_Pattern], always: Sequence[str]) -> Iterator[str]:
    """Folders before what lies in them."""
    saved = any(pattern.keeps for pattern in patterns)
    left = [""]
    while left:
        folder = left.pop()
        with os.scandir(context / folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            ignored = path not in always and _ignored(path, patterns)
            within = entry.is_dir(follow_symlinks=False)
            if not ignored:
                yield path
            if within and (not ignored or saved or _leads_to(path, always)):
                left.append(path)


def _leads_to(folder: str, paths: Sequence[str]) -> bool:
    return any(path.startswith(f"{folder}/") for path in paths)


def _ignored(path: str, patterns: Sequence[_Pattern]) -> bool:
    """The last pattern that matches decides."""
    parts = path.split("/")
    return next((not p.keeps for p in reversed(patterns) if p.covers(parts)), False)


def _patterns(file: Path) -> Iterator[_Pattern]:
    if not os.path.lexists(file):
        return
    try:
        with open_file(file.resolve()) as stream:
            data = stream.read(_IGNORE_BYTES + 1)
    except OSError as error:
        raise ServiceError(f"{_IGNORE} cannot be read: {error.strerror or error}") from None
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(data) > _IGNORE_BYTES or len(lines) > _PATTERNS:
        raise ServiceError(
            f"{_IGNORE} has more than {_PATTERNS:,} patterns or 64 KiB; make it shorter"
        )
    for line in lines:
        keeps = line.startswith("!")
        parts = os.path.normpath("/" + line.removeprefix("!").strip()).strip("/").split("/")
        if parts != [""]:
            yield _Pattern(tuple(_part(part) for part in parts), keeps)


def _part(text: str) -> re.Pattern[str] | None:
    """The standard library's expression for it takes no longer for a pattern made for that."""
    if text == "**":
        return None
    text = re.sub(r"\\(.)", r"[\1]", text).replace("[^", "[!")
    return re.compile(fnmatch.translate(text))
