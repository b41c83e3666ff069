"""The checkout as data: which files there are, what they hold, what changed since the base."""

from __future__ import annotations

import hashlib
import os
import posixpath
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from ci_gate.data import dataclass
from ci_gate.git import Git, GitError, TreeEntry, added_lines
from ci_gate.gitignore import is_pattern, matcher

#: Larger files are not read: no person wrote them, and a hostile one must not stall the gate.
MAX_BYTES: Final = 2 * 1024 * 1024
#: Directories that hold other people's code, wherever they are.
FOREIGN: Final = frozenset({
    ".git", ".hg", ".svn", "node_modules", "bower_components", "site-packages", "__pycache__",
    ".venv", "venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".next",
    ".nuxt", ".svelte-kit", ".yarn", ".pnpm-store", "__pypackages__",
})  # fmt: skip
_SNIFF: Final = 8192
_ANOTHER: Final = ("another repository (a submodule)", False)
#: Files that rules judge; what is skipped among them is worth a word, a skipped picture is not.
SOURCE_SUFFIXES: Final = (
    ".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not judged, and why.

    ``failure`` is true where the gate could not do what it should have done (unreadable, vanished,
    object missing): that makes a run incomplete. A file skipped by rule (too large, binary, a
    symbolic link) makes it incomplete only where the change under judgement touches it.
    """

    path: str
    reason: str
    failure: bool = False


@dataclass(frozen=True, slots=True)
class Noticed:
    """What reading a tree has shown: files that could not be judged; whether all that was read
    more than once was the same each time; what was read, with its digest."""

    skipped: tuple[Skipped, ...]
    steady: bool
    read: Mapping[str, str] = field(default_factory=dict)


class Tree(Protocol):
    """A readable snapshot of a repository: a work tree, or a commit read from git objects.

    Paths are relative to the tree's root with forward slashes.
    """

    @property
    def files(self) -> Sequence[str]:
        """All files that are neither ignored nor excluded, sorted."""
        ...

    @property
    def skipped(self) -> Sequence[Skipped]: ...

    def exists(self, path: str) -> bool: ...

    def read(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            FileNotFoundError: no such file in the tree (or it vanished).
            OSError: it cannot be read.
        """
        ...

    def text(self, path: str) -> str:
        """The file as UTF-8 text, undecodable bytes replaced."""
        ...

    def set_aside(self, paths: Iterable[str]) -> None:
        """Nothing was drawn from these files, read so far, but what kind of file they are."""
        ...

    def noticed(self) -> Noticed:
        """What reading the tree has shown so far, for the process that forked this one."""
        ...

    def notice(self, noticed: Noticed) -> None:
        """What a forked process has noticed."""
        ...

    def export(self, target: Path) -> None:
        """Copy everything that the tree holds below ``target``, also what is not judged.

        Raises:
            OSError: a file cannot be read, or ``target`` not be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What the work tree has changed since ``base``.

    ``lines`` maps a path of the head to the lines that it adds or changes; ``renames`` maps a path
    of the head to the path it had in the base; ``removals`` a path to the lines behind which it
    takes lines away.
    """

    base: str
    lines: Mapping[str, frozenset[int]]
    renames: Mapping[str, str]
    removals: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which paths are looked at: gitignore-style patterns, empty ``include`` meaning all."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def select(self, paths: Iterable[str]) -> list[str]:
        paths = [path for path in paths if FOREIGN.isdisjoint(path.split("/")[:-1])]
        if not self.include and not self.exclude:
            return sorted(paths)
        wanted, unwanted = matcher(self.include), matcher(self.exclude)
        return sorted(
            path for path in paths if (not self.include or wanted(path)) and not unwanted(path)
        )


class _BaseTree:
    """What both kinds of tree share: the listing is filtered once, each reason is told once."""

    def __init__(self) -> None:
        self._skipped: dict[str, Skipped] = {}
        self._read: dict[str, str] = {}
        self._aside: dict[str, str] = {}
        #: False once a file has been read that is not as it was when it was read before
        self.steady = True

    @property
    def aside(self) -> Mapping[str, str]:
        """Files that were set aside and not read since, with their digests."""
        return {path: said for path, said in self._aside.items() if path not in self._read}

    def set_aside(self, paths: Iterable[str]) -> None:
        for path in paths:
            if path in self._read:
                self._aside[path] = self._read.pop(path)

    def noticed(self) -> Noticed:
        return Noticed(tuple(self._skipped.values()), self.steady, dict(self._read))

    def notice(self, noticed: Noticed) -> None:
        for item in noticed.skipped:
            self._skipped.setdefault(item.path, item)
        for path, digest in noticed.read.items():
            self._saw(path, digest)
        self.steady &= noticed.steady

    def _saw(self, path: str, digest: str) -> None:
        before = self._aside.get(path, digest)
        if before != digest or self._read.setdefault(path, digest) != digest:
            self.steady = False

    @property
    def skipped(self) -> Sequence[Skipped]:
        return sorted(self._skipped.values(), key=lambda item: item.path)

    def text(self, path: str) -> str:
        return self.read(path).decode("utf-8", "replace")

    def read(self, path: str) -> bytes:
        raise NotImplementedError

    def _skip(self, path: str, reason: str, *, failure: bool = False) -> None:
        if path.endswith(SOURCE_SUFFIXES):
            self._skipped.setdefault(path, Skipped(path, reason, failure))


class WorkTree(_BaseTree):
    """The files of a directory as they are on disk now.

    In a git repository the files that git tracks or would track; elsewhere all files but those in
    :data:`FOREIGN` directories and those that a ``.gitignore`` at the root names. Symbolic links
    are not followed: they may leave the tree or run in circles.
    """

    def __init__(self, root: Path, selection: Filter | None = None) -> None:
        super().__init__()
        self.root = root.resolve()
        self.git = Git(self.root)
        self._selection = selection or Filter()
        self._digests: dict[str, str] = {}
        self._links: dict[str, bool] = {"": False}

    @cached_property
    def in_git(self) -> bool:
        return self.git.is_repository()

    @cached_property
    def files(self) -> Sequence[str]:
        listed = self.git.listed() if self.in_git else self._walk()
        kept = []
        for path in self._selection.select(listed):
            reason = self._reason_to_skip(path)
            if reason is None:
                kept.append(path)
            elif reason is _ANOTHER:
                self._skipped[path] = Skipped(path.rstrip("/"), reason[0])
            elif reason:
                self._skip(path, reason[0], failure=reason[1])
        return kept

    def export(self, target: Path) -> None:
        """Copy the files below ``target``, also those that are not judged: large ones, binaries,
        symbolic links within the tree. What is untracked and ignored stays behind.

        Raises:
            OSError: a file cannot be read, or ``target`` not be written.
        """
        links = []
        for path in self.git.listed() if self.in_git else self._walk():
            full, place = self.root / path, target / path
            if any(parent.is_symlink() for parent in _parents(full, self.root)):
                continue
            if full.is_symlink():
                links.append((path, str(full.readlink())))
            elif full.is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(full, place)
                place.chmod(0o755 if os.access(full, os.X_OK) else 0o644)
        _link(target, links)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    def exists(self, path: str) -> bool:
        return path in self._known

    def read(self, path: str) -> bytes:
        data = self.peek(path)
        self._saw(path, _digest(data))
        return data

    def peek(self, path: str) -> bytes:
        """:meth:`read` for one who draws nothing from it that is told: it is not noticed.

        Raises:
            OSError: it cannot be read.
        """
        if path not in self._known:
            raise FileNotFoundError(path)
        full = self.root / path
        try:
            if full.is_symlink():
                raise OSError("became a symbolic link while it was scanned")
            with full.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            self._skip(path, "vanished while it was scanned", failure=True)
            raise
        except OSError as error:
            self._skip(path, f"unreadable: {error.strerror or error}", failure=True)
            raise
        if len(data) > MAX_BYTES:
            self._skip(path, "grew past 2 MiB while it was scanned", failure=True)
            raise OSError("too large")
        return data

    def digest(self, path: str) -> str:
        """A digest of the file's bytes, which does not count as reading it.

        Raises:
            OSError: it cannot be read.
        """
        if path not in self._digests:
            self._digests[path] = _digest(self.peek(path))
        return self._digests[path]

    def _walk(self) -> list[str]:
        ignored = matcher([line for line in _lines(self.root / ".gitignore") if is_pattern(line)])
        found: list[str] = []
        for folder, names, files in os.walk(self.root, onerror=self._unreadable_folder):
            here = Path(folder).relative_to(self.root)
            names[:] = sorted(
                name
                for name in names
                if name not in FOREIGN and not ignored(f"{(here / name).as_posix()}/")
            )
            found += [path for name in files if not ignored(path := (here / name).as_posix())]
        return found

    def _unreadable_folder(self, error: OSError) -> None:
        where = Path(error.filename or self.root)
        path = where.relative_to(self.root).as_posix()
        self._skipped[path] = Skipped(path, f"unreadable folder: {error.strerror}", failure=True)

    def _reason_to_skip(self, path: str) -> tuple[str, bool] | tuple[()] | None:
        """None: judge it. Empty: not a file worth a word. Else the reason, and is it a failure."""
        full = f"{self.root}/{path}"
        try:
            status = os.lstat(full)
            if stat.S_ISLNK(status.st_mode) or self._in_link(posixpath.dirname(path)):
                return "symbolic link; its target is judged where it lies", False
            if stat.S_ISDIR(status.st_mode):
                return _ANOTHER
            if not stat.S_ISREG(status.st_mode):
                return ()
            if status.st_size > MAX_BYTES:
                return "larger than 2 MiB", False
            if path.endswith(SOURCE_SUFFIXES):
                with Path(full).open("rb", buffering=0) as stream:
                    return binary_reason(stream.read(_SNIFF))
        except FileNotFoundError:
            return ()
        except OSError as error:
            return f"unreadable: {error.strerror or error}", True
        return None

    def _in_link(self, folder: str) -> bool:
        """Is the folder, or one around it, a symbolic link?"""
        if folder not in self._links:
            around = self._in_link(posixpath.dirname(folder))
            self._links[folder] = around or Path(f"{self.root}/{folder}").is_symlink()
        return self._links[folder]


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()


class CommitTree(_BaseTree):
    """The files of a commit, read from git's objects; the work tree is not touched.

    Raises:
        GitError: on construction, when the commit cannot be listed.
    """

    def __init__(self, git: Git, commit: str, selection: Filter | None = None) -> None:
        super().__init__()
        self.git = git
        self.commit = commit
        self._entries: dict[str, TreeEntry] = {}
        self._listed = listed = {entry.path: entry for entry in git.tree(commit)}
        for path in (selection or Filter()).select(listed):
            entry = listed[path]
            if entry.mode == "120000":
                self._skip(path, "symbolic link; its target is judged where it lies")
            elif entry.size > MAX_BYTES:
                self._skip(path, "larger than 2 MiB")
            else:
                self._entries[path] = entry

    @property
    def files(self) -> Sequence[str]:
        return list(self._entries)

    def export(self, target: Path) -> None:
        """:meth:`WorkTree.export` for the commit.

        Raises:
            OSError: ``target`` cannot be written.
            GitError: an object is not in this clone.
        """
        links = []
        for path, entry in self._listed.items():
            data = self.git.blob(entry.sha)
            if entry.mode == "120000":
                links.append((path, os.fsdecode(data)))
                continue
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            place.chmod(0o755 if entry.mode == "100755" else 0o644)
        _link(target, links)

    def exists(self, path: str) -> bool:
        return path in self._entries

    def holds(self, path: str) -> bool:
        """Is it in the commit, also if it cannot be read here (a symbolic link, a large file)?"""
        return path in self._listed

    def read(self, path: str) -> bytes:
        entry = self._entries.get(path)
        if entry is None:
            raise FileNotFoundError(path)
        try:
            data = self.git.blob(entry.sha)
        except GitError as error:
            self._skip(path, str(error), failure=True)
            raise OSError(str(error)) from None
        if path.endswith(SOURCE_SUFFIXES) and (reason := binary_reason(data[:_SNIFF])):
            self._skip(path, reason[0])
            raise OSError(reason[0])
        return data


def _link(target: Path, links: Iterable[tuple[str, str]]) -> None:
    """Make symbolic links below ``target``; those that lead out of it, also by way of each other,
    are left out."""
    made = []
    for path, to in links:
        place = target / path
        if Path(to).is_absolute():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(to)
        made.append(place)
    inside = os.path.realpath(target)
    leaving = [place for place in made if not Path(os.path.realpath(place)).is_relative_to(inside)]
    for place in leaving:
        place.unlink()


def binary_reason(head: bytes) -> tuple[str, bool] | None:
    """Why bytes are not source text, or None."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16; save it as UTF-8", False
    if b"\0" in head:
        return "binary", False
    return None


def changes_since(tree: WorkTree, commit: str) -> Changes:
    """What the work tree changes since ``commit``; an untracked file is changed in every line.

    Raises:
        GitError: the commit is not in this clone.
    """
    hunks = tree.git.hunks(commit)
    lines = added_lines(hunks)
    for path in tree.git.untracked():
        if path.endswith(SOURCE_SUFFIXES) and tree.exists(path):
            count = tree.text(path).count("\n") + 1
            lines[path] = frozenset(range(1, count + 1))
    removals = {
        path: frozenset(max(1, hunk.new) for hunk in found if hunk.new_count == 0)
        for path, found in hunks.items()
    }
    return Changes(commit, lines, tree.git.renames(commit), removals)


def _parents(path: Path, root: Path) -> Iterable[Path]:
    for parent in path.parents:
        if parent == root:
            return
        yield parent


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
