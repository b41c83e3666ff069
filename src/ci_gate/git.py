"""Git, asked as a program and never trusted to run anything of the repository's.

Hooks, file system monitors, external diff and text conversion drivers are switched off, and no
prompt can hang a run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from ci_gate.data import dataclass
from ci_gate.regex import regex

_SAFE = (
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "protocol.ext.allow=never",
    "-c", "safe.directory=*",
    # a folder of the tree that looks like a bare repository would bring settings that run programs
    "-c", "safe.bareRepository=explicit",
)  # fmt: skip
_HUNK = regex(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPES = dict(zip(b'ntr"\\abfv', b'\n\t\r"\\\a\b\f\v', strict=True))


class GitError(Exception):
    """Git is missing, refused, or does not know the object asked for. The text is for people."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A blob of a commit, its path relative to the directory asked for."""

    path: str
    mode: str
    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """``old_count`` lines from ``old`` on became ``new_count`` lines from ``new`` on. Of a side
    without lines, the line before the place is given."""

    old: int
    old_count: int
    new: int
    new_count: int


def added_lines(hunks: Mapping[str, Sequence[Hunk]]) -> dict[str, frozenset[int]]:
    """The lines that are new or changed, per path."""
    return {
        path: frozenset(
            line for hunk in found for line in range(hunk.new, hunk.new + hunk.new_count)
        )
        for path, found in hunks.items()
    }


class Git:
    """The repository around ``directory`` (which may lie below the repository's top)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._reader: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def run(
        self,
        *args: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes = b"",
        settings: Sequence[tuple[str, str]] = (),
        timeout: float | None = None,
    ) -> bytes:
        """The standard output of ``git args``. ``settings`` hold for this one command and go by its
        environment, where other users of the machine do not see them.

        Raises:
            GitError: git is not installed, took longer than ``timeout`` seconds, or ended with an
                exit code not in ``ok``.
        """
        try:
            done = subprocess.run(
                [_program(), *_SAFE, *args],
                cwd=self.directory,
                env=_environment(settings),
                input=stdin,
                capture_output=True,
                check=False,
                timeout=timeout,
            )
        except FileNotFoundError:
            raise GitError("git is not installed or not on PATH; install git") from None
        except OSError as error:
            raise GitError(f"git could not be started: {error}") from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {args[0]} took longer than {timeout:g} seconds") from None
        if done.returncode not in ok:
            message = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GitError(message[-1] if message else f"git {args[0]} failed")
        return done.stdout

    def is_repository(self) -> bool:
        try:
            return self.run("rev-parse", "--is-inside-work-tree").strip() == b"true"
        except GitError:
            return False

    def prefix(self) -> str:
        """The path of ``directory`` below the repository's top, empty or ending in ``/``."""
        return _text(self.run("rev-parse", "--show-prefix").rstrip(b"\n"))

    def top(self) -> Git:
        """The same repository at its top.

        Raises:
            GitError: there is none.
        """
        return Git(Path(_text(self.run("rev-parse", "--show-toplevel").rstrip(b"\n"))))

    def folders(self) -> list[Path]:
        """Where the repository is kept: its objects, its settings (of all its work trees)."""
        out = self.run("rev-parse", "--absolute-git-dir", "--git-common-dir")
        return [(self.directory / _text(line)).resolve() for line in out.splitlines() if line]

    def tracks(self, path: str) -> bool:
        """Is there something of the repository's at or below ``path``?"""
        return bool(self.run("ls-files", "-z", "--cached", "--", f":(literal){path}"))

    def is_shallow(self) -> bool:
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commit(self, ref: str) -> str | None:
        """The full id of the commit that ``ref`` names, also as a branch of ``origin``."""
        for candidate in (ref, f"origin/{ref}", f"refs/remotes/origin/{ref}"):
            try:
                found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options",
                                 f"{candidate}^{{commit}}")  # fmt: skip
            except GitError:
                continue
            return found.decode().strip()
        return None

    def merge_base(self, ref: str) -> str:
        """The newest commit that HEAD and ``ref`` share.

        Raises:
            GitError: the reference or the shared commit is not in this clone; the message names the
                remedy.
        """
        commit = self.commit(ref)
        if commit is None:
            raise GitError(
                f"base {ref!r} is not in this clone; fetch it ({self._fetching(ref)}) or check "
                "out with fetch-depth: 0"
            )
        found = self.run("merge-base", "HEAD", commit, ok=(0, 1, 128)).decode().strip()
        if found:
            return found
        if self.is_shallow():
            raise GitError(
                f"the clone is shallow and does not reach the merge base with {ref!r}; check out "
                "with fetch-depth: 0, or run git fetch --deepen"
            )
        raise GitError(f"HEAD and {ref!r} share no commit; name a base that this branch came from")

    def _fetching(self, ref: str) -> str:
        """The command that brings a branch; its name may begin with a remote (``origin/main``)."""
        remotes = {"origin", *_text(self.run("remote")).split()}
        remote, _, branch = ref.removeprefix("refs/remotes/").partition("/")
        known = branch and remote in remotes
        return f"git fetch {remote} {branch}" if known else f"git fetch origin {ref}"

    def listed(self) -> list[str]:
        """Tracked files and untracked files that are not ignored, relative to the directory."""
        out = self.run("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted({_text(item) for item in out.split(b"\0") if item})

    def tree(self, commit: str) -> Iterator[TreeEntry]:
        """The blobs of a commit below the directory, which the commit need not have."""
        prefix = self.prefix()
        if prefix and not self.tree_id(commit):
            return
        where = f"{commit}:{prefix.rstrip('/')}" if prefix else commit
        full = ("--full-tree",) if prefix else ()
        for item in self.run("ls-tree", "-r", "-z", "--long", *full, where).split(b"\0"):
            if not item:
                continue
            head, _, path = item.partition(b"\t")
            mode, kind, sha, size = head.split()
            if kind == b"blob":
                yield TreeEntry(_text(path), mode.decode(), sha.decode(),
                                int(size) if size.isdigit() else 0)  # fmt: skip

    def tree_id(self, commit: str) -> str:
        """The object name of what the commit holds below the directory; empty if that is not
        there."""
        where = f"{commit}:{self.prefix().rstrip('/')}"
        return self.run("rev-parse", "--quiet", "--verify", where, ok=(0, 1)).decode().strip()

    def blob(self, sha: str) -> bytes:
        """A blob's bytes.

        Raises:
            GitError: the object is not in this clone (a partial clone, a broken repository).
        """
        if self._owner != os.getpid():  # forked: the parent's reader answers the parent
            self._reader, self._lock, self._owner = None, threading.Lock(), os.getpid()
        with self._lock:
            if self._reader is None or self._reader.poll() is not None:
                self._reader = subprocess.Popen(
                    [_program(), *_SAFE, "cat-file", "--batch"],
                    cwd=self.directory,
                    env=_environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            stdin, stdout = self._reader.stdin, self._reader.stdout
            if stdin is None or stdout is None:
                raise GitError("git cat-file has no pipes")
            stdin.write(sha.encode() + b"\n")
            stdin.flush()
            head = stdout.readline().split()
            if len(head) != 3:
                raise GitError(f"object {sha[:12]} is not in this clone; fetch it in full")
            data = stdout.read(int(head[2]))
            stdout.read(1)
            return data

    def close(self) -> None:
        """End the object reader."""
        with self._lock:
            if self._reader is not None:
                self._reader.kill()
                self._reader.communicate()
                self._reader = None

    def changed_lines(self, commit: str) -> dict[str, frozenset[int]]:
        """Lines of the work tree that ``commit`` does not have, per path below the directory."""
        return added_lines(self.hunks(commit))

    def hunks(self, old: str, new: str | None = None) -> dict[str, list[Hunk]]:
        """How the files of ``new`` (a commit; default: the work tree) differ from commit ``old``,
        per path in ``new`` below the directory. Of files whose lines git does not show (binary, or
        so by the change's own ``.gitattributes``) there is a path without hunks."""
        commits = [old] if new is None else [old, new]
        found: dict[str, list[Hunk]] = {path: [] for path in self._differing(commits)}
        out = self.run("diff", "--relative", "-U0", "--no-color", "--no-ext-diff", "--no-textconv",
                       "--find-renames", "--src-prefix=a/", "--dst-prefix=b/",
                       *commits, "--", ".", settings=self._no_filters)  # fmt: skip
        current: list[Hunk] | None = None
        in_header = False
        for line in out.split(b"\n"):
            if line.startswith(b"diff --git "):
                current, in_header = None, True
            elif in_header and line.startswith(b"+++ "):
                path = _unquote(line[4:].rstrip(b"\t"))
                current = found.setdefault(_text(path[2:]), []) if path != b"/dev/null" else None
            elif match := _HUNK.match(line):
                in_header = False
                if current is not None:
                    start, count, to, to_count = match.groups()
                    current.append(Hunk(int(start), int(count or 1), int(to), int(to_count or 1)))
        return found

    @cached_property
    def _no_filters(self) -> Sequence[tuple[str, str]]:
        """Settings that switch off the programs through which git passes files of the work tree to
        compare them: the tree's own attributes say which."""
        names = self.run("config", "--null", "--name-only", "--get-regexp",
                         r"^filter\..*\.(clean|process|required)$", ok=(0, 1))  # fmt: skip
        return [
            (name, "false" if name.endswith(".required") else "")
            for name in map(_text, names.split(b"\0"))
            if name
        ]

    def _differing(self, commits: Sequence[str]) -> Iterator[str]:
        """Files whose contents differ, whatever their attributes say."""
        out = self.run("diff", "--relative", "--raw", "-z", "--no-abbrev", "--no-ext-diff",
                       "--find-renames", "--diff-filter=d", *commits, "--", ".",
                       settings=self._no_filters)  # fmt: skip
        fields = iter(out.split(b"\0"))
        for entry in fields:
            if not entry:
                continue
            _, _, before, after, status = entry.split()
            path = next(fields)
            if status[:1] in b"RC":
                path = next(fields)
            if before != after:
                yield _text(path)

    def renames(self, commit: str) -> dict[str, str]:
        """Path in the work tree -> path in ``commit``, for files that moved."""
        out = self.run("diff", "--relative", "--name-status", "-z", "--no-ext-diff",
                       "--find-renames", "--diff-filter=R", commit, "--", ".",
                       settings=self._no_filters)  # fmt: skip
        fields = [_text(item) for item in out.split(b"\0") if item]
        return {fields[i + 2]: fields[i + 1] for i in range(0, len(fields) - 2, 3)}

    def untracked(self) -> list[str]:
        out = self.run("ls-files", "-z", "--others", "--exclude-standard")
        return [_text(item) for item in out.split(b"\0") if item]


def _program() -> str:
    """git by its whole path: a folder on PATH that is named relative to where git runs
    (``node_modules/.bin``) is in the tree under judgement."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(place for place in places if Path(place).is_absolute())
    return shutil.which("git", path=path) or "/nonexistent/git"


def _environment(settings: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    if settings:
        kept["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (key, value) in enumerate(settings):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8",
                   "GIT_NO_LAZY_FETCH": "1"}  # fmt: skip


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _unquote(raw: bytes) -> bytes:
    """Undo git's C-style quoting of unusual paths."""
    if not (raw.startswith(b'"') and raw.endswith(b'"')):
        return raw
    return re.sub(
        rb'\\([0-7]{3}|[abfnrtv"\\])',
        lambda m: bytes([int(m[1], 8) if m[1].isdigit() else _ESCAPES[m[1][0]]]),
        raw[1:-1],
    )
