"""Whole scorecards, kept for a run that would find the same.

A scan depends on the names of all files of the tree and the bytes of those that it reads, on the
base and what changed since, on the configuration, and on the gate's and Semgrep's versions; never
on the time or the number of jobs. What is told of a run that was not complete is not kept.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from ci_gate import findings, repository
from ci_gate.cache import Cache, name_of
from ci_gate.codemodel import program
from ci_gate.data import dataclass
from ci_gate.repository import SOURCE_SUFFIXES
from ci_gate.scorecard import model
from ci_gate.semgrep_program import identity
from ci_gate.serial import Codec, Unreadable
from ci_gate.stack import model as stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ci_gate.config import Config
    from ci_gate.repository import Changes, CommitTree, Tree, WorkTree
    from ci_gate.scan import Options

Kept = TypeVar("Kept")

_SCORECARDS: Final = Codec(
    model.Scorecard,
    (
        model.Scorecard, model.Verdict, model.JudgedFinding, model.Cause, model.Look,
        model.FailedAssertion, model.LevelScore, model.Decay, model.EngineRun, model.LayerEdge,
        model.ArchitectureSummary, findings.Finding, findings.Severity, findings.Position,
        findings.Related, findings.Replacement, stack.Stack, stack.Service, stack.Evidence,
        program.Route, repository.Skipped,
    ),
)  # fmt: skip
_FINDINGS: Final[Codec[list[findings.Finding]]] = Codec(
    list,
    (
        findings.Finding, findings.Severity, findings.Position, findings.Related,
        findings.Replacement,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reads:
    """What a scan has drawn from: the files that it read, and with their digests the tests of which
    it only had to know that they are tests."""

    files: tuple[str, ...]
    tests: dict[str, str]


_READS: Final[Codec[list[Reads]]] = Codec(list, (Reads,))
_MOST_READS: Final = 8
"""So many sets of files that scans of the same tree read are kept, the last ones."""


class Results:
    """The scorecards of a tree under one configuration.

    A scan that reads nothing but what it read before comes to what it came to before. So a
    scorecard has the name of the bytes of those files alone; which ones they are is kept beside it,
    under the name of all that is known before anything is read. A README or a test that is not the
    one before does not matter, if nobody read it.

    Args:
        own: the tree that the configuration's rulesets are read from.
    """

    def __init__(
        self,
        cache: Cache,
        options: Options,
        tree: WorkTree,
        base: CommitTree | None,
        changes: Changes | None,
        own: Tree,
    ) -> None:
        self._cache = cache
        self._tree = tree
        self._changes = changes
        self._custom = bool(options.config.semgrep.rulesets)
        self._around = _around(options, tree, base, own)
        self._skipped = frozenset(item.path for item in tree.skipped)

    def find(self) -> model.Scorecard | None:
        """The scorecard that this scan would come to, if it was kept."""
        try:
            for reads in self._reads():
                if self._are_aside(reads.tests):
                    digests = {path: self._tree.digest(path) for path in reads.files}
                    found = _load(self._cache, self._name(digests), _SCORECARDS)
                    if found is not None:
                        return found
        except OSError:  # the scan says which file it is
            return None
        return None

    def keep(self, scorecard: model.Scorecard) -> None:
        """Keep what a scan came to, if it is whole and no file changed meanwhile. Of routes, what
        reports tell."""
        whole = scorecard.verdict is not model.Verdict.INCOMPLETE and scorecard.contract is None
        if self._around is None or not whole or not self._tree.steady:
            return
        digests, tests = self._tree.noticed().read, self._tree.aside
        if self._custom:  # the user's rules may look at tests
            digests, tests = {**digests, **tests}, {}
        reads = Reads(tuple(sorted(digests)), dict(sorted(tests.items())))
        before = [item for item in self._reads() if item.files != reads.files]
        _save(self._cache, self._around, _READS, [reads, *before][:_MOST_READS])
        routes = [replace(route, handlers=(), view=None) for route in scorecard.routes]
        _save(self._cache, self._name(digests), _SCORECARDS, replace(scorecard, routes=routes))

    def _reads(self) -> list[Reads]:
        if self._around is None:
            return []
        return _load(self._cache, self._around, _READS) or []

    def _name(self, digests: Mapping[str, str]) -> str:
        assert self._around is not None
        files = [f"{path}\0{digests[path]}" for path in sorted(digests)]
        told = _told(self._changes, self._skipped | digests.keys())
        return name_of("scorecard", self._around, "\0".join(files), told)

    def _are_aside(self, tests: Mapping[str, str]) -> bool:
        """Are they tests that a scan need not read, as they were?"""
        changed = [path for path, digest in tests.items() if self._tree.digest(path) != digest]
        if not changed:
            return True
        from ci_gate.codemodel.build import stays_aside  # noqa: PLC0415  seldom needed

        return all(stays_aside(path, self._tree.peek(path)) for path in changed)


def _around(options: Options, tree: WorkTree, base: CommitTree | None, own: Tree) -> str | None:
    """The name of all that a scan depends on but what files hold; None where it depends on more
    than can be known beforehand: the contract's tests, files that cannot be read."""
    config = options.config
    if (config.contract.runners and options.contract) or (options.base and base is None):
        return None
    semgrep = identity() if config.semgrep.enabled else []
    try:
        rulesets = [f"{path}\0{own.read(path)!r}" for path in _rulesets(own, config)]
    except OSError:
        return None
    return name_of(
        "reads", os.fspath(options.root), os.fspath(tree.root), repr(config), repr(tree.in_git),
        "\0".join(tree.files), repr(tree.skipped), "\0".join(rulesets),
        repr(base and (base.commit, base.git.tree_id(base.commit))), repr(options.policy_commit),
        *semgrep,
    )  # fmt: skip


def base_name(options: Options, base: CommitTree) -> str:
    """The name of what the rules find in a merge base, which a branch keeps over many pushes."""
    shard = str(options.shard) if options.shard else ""
    return name_of(
        "base", base.git.tree_id(base.commit), base.git.prefix(), repr(options.config), shard
    )


def load_findings(cache: Cache, name: str) -> list[findings.Finding] | None:
    """The findings that were kept."""
    return _load(cache, name, _FINDINGS)


def save_findings(cache: Cache, name: str, found: list[findings.Finding]) -> None:
    """Keep the findings of rules none of which failed."""
    _save(cache, name, _FINDINGS, found)


def _rulesets(own: Tree, config: Config) -> list[str]:
    """All that the configuration's rulesets may be read from."""
    named = [posixpath.normpath(entry) for entry in config.semgrep.rulesets]
    if not named:
        return []
    return [
        path
        for path in own.files
        if any(name in (".", path) or path.startswith(f"{name}/") for name in named)
    ]


def _load(cache: Cache, name: str, form: Codec[Kept]) -> Kept | None:
    data = cache.get(name)
    try:
        return None if data is None else form.load(data)
    except Unreadable:
        return None


def _save(cache: Cache, name: str, form: Codec[Kept], value: Kept) -> None:
    data = form.dump(value)
    if data is not None:
        cache.put(name, data)


def _told(changes: Changes | None, drawn_from: Container[str]) -> str:
    """What changed since the base. Of a file that the scan has not drawn from, only that it did,
    if it is a source: it may have counted in the base."""
    if changes is None:
        return ""
    parts = [
        [
            (path, value if path in drawn_from else "")
            for path, value in _sorted(part)
            if path in drawn_from or path.endswith(SOURCE_SUFFIXES)
        ]
        for part in (changes.lines, changes.renames, changes.removals)
    ]
    return repr((changes.base, parts))


def _sorted(part: object) -> Sequence[tuple[str, object]]:
    assert isinstance(part, dict)
    return [
        (path, sorted(value) if isinstance(value, frozenset) else value)
        for path, value in sorted(part.items())
    ]
