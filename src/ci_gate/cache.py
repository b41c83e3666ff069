"""What earlier runs worked out, kept under the user's cache folder.

An entry is found by a digest of all that it depends on: the bytes that were read, the options, the
gate's own code, the versions of what it parses with. It carries a seal made with a key that lies
outside of the cache folder, so that a cache that somebody else wrote, or that was restored from an
untrusted run, is a cache without entries. Why, and why in this form: docs/decisions/0011-cache.md.

Nothing here raises: a damaged, missing or foreign entry is a miss, and a folder that cannot be
written to keeps nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import stat
import sys
import time
from collections.abc import Iterable
from functools import cache as remembered
from pathlib import Path
from typing import Final

from ci_gate import __version__
from ci_gate.plainfile import open_file

#: Names another folder for what is kept; an empty value keeps nothing.
FOLDER_VARIABLE: Final = "CI_GATE_CACHE_DIR"
#: The secret that entries are sealed with, where machines share a cache.
KEY_VARIABLE: Final = "CI_GATE_CACHE_KEY"

_LIMIT: Final = 1024 * 1024 * 1024
_MAX_ENTRY: Final = 128 * 1024 * 1024
_READING: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SEAL: Final = 32
_KEY_BYTES: Final = 32
_PART: Final = 1 << 20
_FRESH: Final = 24 * 3600.0
"""An entry used within so many seconds is not marked as used again."""
_TRIM_EVERY: Final = 3600.0
_LEFTOVER: Final = 3600.0
_PARSERS: Final = (
    "pathspec", "pyyaml", "semgrep", "sqlglot", "tree-sitter", "tree-sitter-javascript",
    "tree-sitter-python", "tree-sitter-typescript",
)  # fmt: skip


class Cache:
    """Sealed entries in a folder, by name. Safe to share between processes and machines: an entry
    appears whole or not at all, and its name says what is in it."""

    def __init__(self, folder: Path, key: bytes, limit: int = _LIMIT) -> None:
        self.folder = folder
        self._key = key
        self._limit = limit
        self._writable = True

    def get(self, name: str) -> bytes | None:
        """What is kept under ``name``, as it was put there; None where there is no such thing."""
        try:
            handle = os.open(self._place(name), _READING)
            try:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_ENTRY:
                    return None
                data = os.read(handle, status.st_size)
            finally:
                os.close(handle)
        except OSError:
            return None
        content = data[_SEAL:]
        if not hmac.compare_digest(data[:_SEAL], self._seal(name, content)):
            return None
        if time.time() - status.st_mtime > _FRESH:
            with contextlib.suppress(OSError):
                os.utime(self._place(name))
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keep ``content``. Another process that puts the same at the same time does no harm."""
        if not self._writable or len(content) > min(_MAX_ENTRY - _SEAL, self._limit // 4):
            return
        place = str(self._place(name))
        temporary = f"{place}.{os.urandom(8).hex()}.new"
        try:
            handle = _made(temporary)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(self._seal(name, content) + content)
                os.replace(temporary, place)  # noqa: PTH105  thousands in one scan
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError:  # read-only, full, not a folder: there is no point in trying again
            self._writable = False

    def trim(self) -> None:
        """Remove what was longest unused where there is too much, and what killed runs left.
        Looks at most once an hour."""
        mark = self.folder / "trimmed"
        now = time.time()
        with contextlib.suppress(OSError):
            if now - mark.stat().st_mtime < _TRIM_EVERY:
                return
        try:
            mark.touch()
        except OSError:
            return
        entries = []
        for entry in _entries(self.folder):
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if entry.name.endswith(".new") and now - status.st_mtime > _LEFTOVER:
                _remove(entry.path)
                continue
            entries.append((status.st_mtime, status.st_size, entry.path))
        left = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if left <= self._limit:
                break
            _remove(path)
            left -= size

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:]

    def _seal(self, name: str, content: bytes) -> bytes:
        sealed = hashlib.blake2b(content, key=self._key, digest_size=_SEAL)
        sealed.update(name.encode())
        return sealed.digest()


def open_cache(folder: Path | None = None) -> Cache | None:
    """The cache in ``folder``, else where the environment says, else in the user's cache folder;
    None where nothing is to be kept, or there is no key to seal it with."""
    if folder is None:
        named = os.environ.get(FOLDER_VARIABLE)
        if named == "":
            return None
        folder = Path(named) / "scan" if named else _below("XDG_CACHE_HOME", ".cache", "scan")
    key = _key()
    return None if folder is None or key is None else Cache(folder, key)


def name_of(kind: str, *parts: str | bytes) -> str:
    """The name of what follows from ``parts`` with this version of the gate."""
    digest = hashlib.blake2b(digest_size=24)
    for part in (version(), kind, *parts):
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


@remembered
def version() -> str:
    """A digest of the gate's own code and of what it parses with. The code is read rather than the
    version number, which stays the same while someone works on the gate."""
    digest = hashlib.blake2b(digest_size=24)
    package = os.path.dirname(__file__)  # noqa: PTH120  every scan reads all of this
    for path in sorted(_sources(package)):
        digest.update(path[len(package) :].encode())
        digest.update(_digest_of(path))
    said = [__version__, sys.version, *_installed()]
    digest.update("\0".join(said).encode())
    return digest.hexdigest()


def _digest_of(path: str) -> bytes:
    """Without a file object, which takes as long as the digest."""
    digest = hashlib.blake2b()
    handle = os.open(path, os.O_RDONLY)
    try:
        while part := os.read(handle, _PART):
            digest.update(part)
    finally:
        os.close(handle)
    return digest.digest()


def _sources(folder: str) -> Iterable[str]:
    for here, names, files in os.walk(folder):
        names[:] = [name for name in names if name != "__pycache__"]
        yield from (f"{here}{os.sep}{name}" for name in files if not name.endswith(".pyc"))


def _installed() -> list[str]:
    """The parsers and their versions, as the names of their metadata folders tell them: reading
    what lies in these takes as long as the rest of a scan that finds its result."""
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = [item.name for item in Path(folder).iterdir()]
        except OSError:
            continue
        found.update(
            name
            for name in names
            if name.endswith(".dist-info")
            and name.partition("-")[0].lower().replace("_", "-") in _PARSERS
        )
    return sorted(found)


def _below(variable: str, default: str, name: str) -> Path | None:
    base = os.environ.get(variable)
    if base and Path(base).is_absolute():
        return Path(base) / "ci-gate" / name
    try:
        return Path.home() / default / "ci-gate" / name
    except RuntimeError:  # a user without a home
        return None


def _key() -> bytes | None:
    """The secret of the environment, else this user's own on this machine, made when first needed.
    It is not kept in the cache folder: who can write there must not be able to seal."""
    given = os.environ.get(KEY_VARIABLE)
    if given:
        return hashlib.blake2b(given.encode(), digest_size=_KEY_BYTES).digest()
    place = _below("XDG_STATE_HOME", ".local/state", "cache.key")
    if place is None:
        return None
    try:
        return _read_key(place) or _make_key(place)
    except OSError:
        return None


def _read_key(place: Path) -> bytes | None:
    """None: there is none yet."""
    try:
        with open_file(place, follow=True) as stream:
            status = os.fstat(stream.fileno())
            key = stream.read(_KEY_BYTES + 1)
    except FileNotFoundError:
        return None
    if status.st_uid != os.geteuid() or status.st_mode & 0o077 or len(key) != _KEY_BYTES:
        raise PermissionError("not a key of this user alone")
    return key


def _make_key(place: Path) -> bytes | None:
    import tempfile  # noqa: PLC0415

    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(os.urandom(_KEY_BYTES))
        with contextlib.suppress(FileExistsError):  # another run was faster
            os.link(temporary, place)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return _read_key(place)


def _made(path: str) -> int:
    """A new file for this user alone. ``tempfile`` would take as long as all else that is done for
    an entry."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
        return os.open(path, flags, 0o600)


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            below = [entry for entry in found if len(entry.name) == 2]
    except OSError:
        return
    for entry in below:
        try:
            with os.scandir(entry.path) as found:
                yield from found
        except OSError:
            continue


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
