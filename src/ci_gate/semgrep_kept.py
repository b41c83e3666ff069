"""What Semgrep found in files before. Its rules see one file at a time: what they find depends on
the file's path and bytes, on the rules and on Semgrep's version, and on nothing else.

All files of a tree share one entry: thousands of nearly empty ones would take longer to find than
Semgrep takes to start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from hashlib import blake2b
from typing import Final

from ci_gate.cache import Cache, name_of
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Position, Related, Replacement, Severity
from ci_gate.serial import Codec, Unreadable

_LEAST: Final = 1_000
_TIMES: Final = 4
"""So many times the files of this run stay in the entry: those of other branches too."""


@dataclass(slots=True)
class FileResult:
    """What Semgrep said of a file. ``counted``: it says that it scanned it."""

    counted: bool
    findings: list[Finding]


@dataclass(slots=True)
class _Kept:
    version: str = ""
    files: dict[str, FileResult] = field(default_factory=dict)


_CODEC: Final = Codec(_Kept, (_Kept, FileResult, Finding, Severity, Position, Related, Replacement))


class KeptResults:
    """The results of earlier runs with the same ``rules`` (all that tells them apart, as text)."""

    def __init__(self, cache: Cache | None, rules: Sequence[str]) -> None:
        self._cache = cache
        self._rules = blake2b("\0".join(rules).encode("utf-8", "surrogateescape")).digest()
        self._name = name_of("semgrep", self._rules) if cache is not None else ""
        self._kept = self._load()
        self._of_this_run: dict[str, FileResult] = {}

    @property
    def version(self) -> str:
        """The version of the Semgrep that found it."""
        return self._kept.version

    def get(self, path: str, data: bytes) -> FileResult | None:
        """What is known of a file."""
        name = self._file(path, data)
        found = self._kept.files.get(name)
        if found is not None:
            self._of_this_run[name] = found
        return found

    def add(self, path: str, data: bytes, result: FileResult) -> None:
        self._of_this_run[self._file(path, data)] = result

    def save(self, version: str) -> None:
        """Keep what was added, and of the rest what was used last."""
        if self._cache is None:
            return
        own = self._of_this_run
        rest = [item for item in self._kept.files.items() if item[0] not in own]
        room = max(_LEAST, (_TIMES - 1) * len(own))
        data = _CODEC.dump(_Kept(version, {**dict(rest[-room:]), **own}))
        if data is not None:
            self._cache.put(self._name, data)

    def _load(self) -> _Kept:
        data = self._cache.get(self._name) if self._cache is not None else None
        try:
            return _Kept() if data is None else _CODEC.load(data)
        except Unreadable:
            return _Kept()

    def _file(self, path: str, data: bytes) -> str:
        digest = blake2b(data, digest_size=20, key=self._rules)
        digest.update(b"\0" + path.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()
