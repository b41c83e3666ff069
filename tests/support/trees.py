"""A tree of files in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ci_gate.repository import Noticed, Skipped


class MemoryTree:
    """Satisfies :class:`ci_gate.repository.Tree`; contents may be text or bytes."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {
            path: content.encode() if isinstance(content, str) else content
            for path, content in files.items()
        }

    @property
    def files(self) -> Sequence[str]:
        return sorted(self._files)

    @property
    def skipped(self) -> Sequence[Skipped]:
        return []

    def exists(self, path: str) -> bool:
        return path in self._files

    def set_aside(self, paths: Iterable[str]) -> None:
        """Nobody asks what was read of it."""

    def noticed(self) -> Noticed:
        return Noticed((), steady=True)

    def notice(self, noticed: Noticed) -> None:
        """It is always the same."""

    def read(self, path: str) -> bytes:
        try:
            return self._files[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    def text(self, path: str) -> str:
        return self.read(path).decode("utf-8", "replace")

    def export(self, target: Path) -> None:
        for path, data in self._files.items():
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
