"""The checkout made fit to be judged: git trusts it, and it reaches back to the merge base."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ci_gate.data import dataclass
from ci_gate.git import Git, GitError
from ci_gate.github.event import Event
from ci_gate.github.settings import Settings
from ci_gate.regex import regex


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the change, with the marks its author may have left; all of it is untrusted."""

    sha: str
    author_email: str
    committer_email: str
    message: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commits of this run.

    ``scanned`` is what is checked out and judged. On a pull request that is GitHub's trial merge of
    it (``refs/pull/N/merge``) unless the workflow says otherwise; ``head`` is then the pull
    request's own tip, which comments and checks are written to. ``base`` is what the scan compares
    with: the merge base, None where there is nothing to compare with. ``commits`` are those of the
    change, newest first. ``notes`` are sentences for people.
    """

    scanned: str
    head: str
    base: str | None = None
    commits: tuple[Commit, ...] = ()
    notes: tuple[str, ...] = ()


class CheckoutError(Exception):
    """The change cannot be compared with its base; the message names the remedy."""


#: Commits of one change that are looked at; more are no evidence of anything else.
MAX_COMMITS: Final = 500
_STEPS: Final = (4, 16, 64, 256, 1024, 4096)
#: So far back the clone is deepened only to see the change's own commits.
_STEPS_FOR_COMMITS: Final = 1024
_PARTIAL: Final = r"^(remote\..*\.promisor|extensions\.partialclone)$"
_ALL: Final = 0x7FFFFFFF  # what git fetch --unshallow asks for
_SECONDS: Final = 300.0  # for one fetch
_MAX_MESSAGE: Final = 64 * 1024
_SHA: Final = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PARENT: Final = regex(rb"^parent ([0-9a-f]+)$", re.MULTILINE)
_REMEDY: Final = "check out with `fetch-depth: 0`, and see that the job has `contents: read`"


def trust(directory: Path, environ: MutableMapping[str, str]) -> None:
    """Let every git that is started from here on work in ``directory``, which in a container
    belongs to another user. Nothing is written to anyone's settings."""
    count = environ.get("GIT_CONFIG_COUNT", "")
    number = int(count) if count.isascii() and count.isdigit() else 0
    environ[f"GIT_CONFIG_KEY_{number}"] = "safe.directory"
    environ[f"GIT_CONFIG_VALUE_{number}"] = str(directory)
    environ["GIT_CONFIG_COUNT"] = str(number + 1)


def prepare(settings: Settings, event: Event, environ: MutableMapping[str, str]) -> Checkout:
    """Make the checkout fit to be compared with the change's base, fetching what a shallow clone
    lacks.

    Raises:
        CheckoutError: there is no checkout, or the base cannot be reached.
    """
    git = Git(settings.root)
    scanned = git.commit("HEAD") if git.is_repository() else None
    if scanned is None:
        raise CheckoutError(
            f"{settings.inputs.path!r} holds no git checkout; add actions/checkout as a step before"
        )
    try:
        trust(git.top().directory, environ)
        return _Preparation(settings, event, git, scanned).run()
    except GitError as error:
        raise CheckoutError(f"git cannot read this checkout: {error}; {_REMEDY}") from None


@dataclass(slots=True)
class _Preparation:
    settings: Settings
    event: Event
    git: Git
    scanned: str
    notes: list[str] = field(default_factory=list)

    def run(self) -> Checkout:
        parents = self._parents(self.scanned)
        head = self._head(parents)
        tip = self._tip(parents, head)
        if tip is None:
            return Checkout(self.scanned, head, notes=tuple(self.notes))
        self._reach(head, tip)
        base = self._merge_base(self.scanned, tip)
        if base is None:
            raise CheckoutError(
                f"what is checked out ({self.scanned[:12]}) and its base ({tip[:12]}) share no "
                f"commit; {_REMEDY}, or name another base"
            )
        self._fill(base)
        return Checkout(self.scanned, head, base, self._commits(head, tip), tuple(self.notes))

    def _parents(self, commit: str) -> list[str]:
        """As the commit itself names them: git hides those that a shallow clone cuts off."""
        raw = self.git.run("cat-file", "commit", commit)
        return [found.decode() for found in _PARENT.findall(raw.partition(b"\n\n")[0])]

    def _head(self, parents: Sequence[str]) -> str:
        """The tip of the change. A workflow may have checked out something else."""
        change = self.event.pull_request
        if change is None:
            return self.scanned
        if self.scanned != change.head_sha and change.head_sha not in parents[1:]:
            self.notes.append(
                f"Checked out is {self.scanned[:12]}, which is neither the head of pull request "
                f"#{change.number} ({change.head_sha[:12]}) nor GitHub's trial merge of it."
            )
        return change.head_sha

    def _tip(self, parents: Sequence[str], head: str) -> str | None:
        """The commit that the change starts from or is to be merged into."""
        wanted = self.settings.inputs.base
        if wanted is not None:
            return self._named(wanted)
        if self.event.base is None:
            return None
        if self.event.pull_request is not None and head in parents[1:]:
            # the trial merge: its first parent is the base as it was then, not at the event
            return parents[0]
        return self._named(self.event.base)

    def _named(self, name: str) -> str:
        """The commit of a branch, a tag or an id, here or at GitHub."""
        if _SHA.fullmatch(name):
            return name
        name = name.removeprefix("origin/")
        try:
            listed = self._ask("ls-remote", f"refs/heads/{name}", f"refs/tags/{name}^{{}}",
                               f"refs/tags/{name}").decode()  # fmt: skip
        except GitError as error:
            found, reason = "", f": {error}"
        else:
            found, reason = listed.partition("\t")[0], ""
        commit = found if _SHA.fullmatch(found) else self.git.commit(name)
        if commit is None:
            raise CheckoutError(f"base {name!r} is no branch, tag or commit of "
                                f"{self.settings.repository}{reason}")  # fmt: skip
        return commit

    def _reach(self, head: str, tip: str) -> None:
        """Fetch until the merge base is here, and the change's own commits are."""
        for depth in self._depths():
            enough = _STEPS_FOR_COMMITS < depth <= _ALL or self._whole(head, tip)
            if enough and self._merge_base(self.scanned, tip):
                break
            try:
                self._fetch(depth, head, tip)
            except GitError as error:
                if self._merge_base(self.scanned, tip) is None:
                    raise CheckoutError(
                        f"the base of the change ({tip[:12]}) is not in this clone and cannot be "
                        f"fetched: {error}; {_REMEDY}"
                    ) from None
                break
        if not self._whole(head, tip):
            self.notes.append(
                "The clone does not hold all commits of the change, so marks of a coding agent "
                "may be missed; check out with `fetch-depth: 0`."
            )

    def _depths(self) -> Iterator[int | float]:
        """How far back to fetch, step by step, never less far than the clone reaches. One that is
        not shallow stays so: what it lacks is fetched in full (infinity), once."""
        if not self.git.is_shallow():
            yield float("inf")
            return
        have = int(self.git.run("rev-list", "--count", "--first-parent", "HEAD"))
        yield from (step for step in _STEPS if step > have)
        yield _ALL

    def _fetch(self, depth: float, head: str, tip: str) -> None:
        """Fetch what is checked out, the head and the base. What the server refuses (a commit that
        no branch holds any more, or that was made in this job) must not keep the others away."""
        limit = () if depth > _ALL else (f"--depth={depth}",)
        wanted = list(dict.fromkeys((self.scanned, head, tip)))
        try:
            self._ask("fetch", *wanted, options=(*_FETCH, *limit))
        except GitError as error:
            change, failed = self.event.pull_request, error
        else:
            return
        if change is not None:
            wanted += [f"refs/pull/{change.number}/head", f"refs/heads/{change.base_ref}"]
        for ref in wanted:
            with contextlib.suppress(GitError):
                self._ask("fetch", ref, options=(*_FETCH, *limit))
        if not (self._has(head) and self._has(tip)):
            raise failed

    def _fill(self, base: str) -> None:
        """Fetch the files of the base that a partial clone (``filter: blob:none``) left out."""
        if not self.git.run("config", "--get-regexp", _PARTIAL, ok=(0, 1)):
            return
        asked: list[bytes] = []
        while missing := self._missing(base):
            try:
                if missing == asked:
                    raise GitError(f"{self.settings.server_url} does not send them")
                # the server must not take it that this clone has all that its commits hold
                self._ask("fetch", options=(*_FETCH, "--stdin"), stdin=b"\n".join(missing),
                          settings=[("fetch.negotiationAlgorithm", "noop")])  # fmt: skip
            except GitError as error:
                raise CheckoutError(
                    f"this clone was made with a filter and lacks {len(missing)} objects of the "
                    f"base, which cannot be fetched: {error}; check out without `filter`"
                ) from None
            asked = missing

    def _missing(self, commit: str) -> list[bytes]:
        """Folders and files of the commit that are not here; what a missing folder holds is not
        known yet."""
        listed = self.git.run("rev-list", "--objects", "--no-walk", "--missing=print", commit)
        return sorted(line[1:] for line in listed.splitlines() if line.startswith(b"?"))

    def _has(self, commit: str) -> bool:
        return self.git.commit(commit) is not None

    def _merge_base(self, one: str, other: str) -> str | None:
        if not self._has(other):
            return None
        found = self.git.run("merge-base", one, other, ok=(0, 1, 128)).decode().strip()
        return found or None

    def _whole(self, head: str, tip: str) -> bool:
        """Are all commits of the change here? In a shallow clone one of them may be cut off."""
        if not self._has(head) or self._merge_base(head, tip) is None:
            return False
        place = self.git.run("rev-parse", "--git-path", "shallow").decode().rstrip("\n")
        try:
            cut = set((self.git.directory / place).read_text("ascii").split())
        except (OSError, ValueError):
            return True
        return cut.isdisjoint(self.git.run("rev-list", f"{tip}..{head}").decode().split())

    def _commits(self, head: str, tip: str) -> tuple[Commit, ...]:
        if not self._has(head):
            return ()
        out = self.git.run("log", "-z", f"--max-count={MAX_COMMITS}", "--no-show-signature",
                           "--encoding=UTF-8", "--format=%H%x00%ae%x00%ce%x00%B",
                           f"{tip}..{head}")  # fmt: skip
        fields = out.decode("utf-8", "replace").split("\0")
        return tuple(
            Commit(fields[at], fields[at + 1], fields[at + 2], fields[at + 3][:_MAX_MESSAGE])
            for at in range(0, len(fields) - 3, 4)
        )

    def _ask(
        self,
        command: str,
        *refs: str,
        options: Sequence[str] = (),
        stdin: bytes = b"",
        settings: Sequence[tuple[str, str]] = (),
    ) -> bytes:
        """Ask GitHub, and nobody else: the address is not taken from the checkout's settings."""
        address = f"{self.settings.server_url}/{self.settings.repository}"
        return self.git.run(
            command, *options, "--end-of-options", address, *refs,
            stdin=stdin,
            settings=[*_network(address, self.settings.token), *settings],
            timeout=_SECONDS,
        )  # fmt: skip


_FETCH: Final = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")


def _network(address: str, token: str | None) -> list[tuple[str, str]]:
    """Settings of a command that talks to GitHub: only by the address's own protocol, without
    asking anyone's helper for a password. The token goes to this address only; it takes the place
    of what actions/checkout left, since GitHub refuses two."""
    settings = [
        ("protocol.allow", "never"),
        (f"protocol.{urlsplit(address).scheme}.allow", "always"),
        ("credential.helper", ""),
        ("core.askPass", ""),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
    ]
    if token:
        login = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        header = f"http.{address}.extraheader"
        settings += [(header, ""), (header, f"AUTHORIZATION: basic {login}")]
    return settings
