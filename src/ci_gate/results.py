"""Whole scorecards, kept for a run that would find the same.

A scan depends on the bytes of every file of the tree, on the base and what changed since, on the
configuration, and on the gate's and Semgrep's versions; never on the time or the number of jobs.
What is told of a run that was not complete is not kept.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from ci_gate import findings, repository
from ci_gate.cache import Cache, name_of
from ci_gate.codemodel import program
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


def result_name(
    options: Options, tree: WorkTree, base: CommitTree | None, changes: Changes | None, own: Tree
) -> str | None:
    """The name of this scan's result; None where it depends on more than can be known beforehand:
    the contract's tests, files that cannot be read.

    ``own`` is the tree that the configuration's rulesets are read from.
    """
    config = options.config
    if (config.contract.runners and options.contract) or (options.base and base is None):
        return None
    semgrep = identity() if config.semgrep.enabled else []
    try:
        files = [f"{path}\0{tree.digest(path)}" for path in tree.files]
        rulesets = [f"{path}\0{own.read(path)!r}" for path in _rulesets(own, config)]
    except OSError:
        return None
    return name_of(
        "scorecard", os.fspath(options.root), os.fspath(tree.root), repr(config),
        repr(tree.in_git), "\0".join(files), repr(tree.skipped), "\0".join(rulesets),
        repr(base and (base.commit, base.git.tree_id(base.commit))), _told(changes),
        repr(options.policy_commit), *semgrep,
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


def load(cache: Cache, name: str) -> model.Scorecard | None:
    """The scorecard that was kept."""
    return _load(cache, name, _SCORECARDS)


def save(cache: Cache, name: str, scorecard: model.Scorecard) -> None:
    """Keep a scorecard that is whole. Of routes, what reports tell."""
    if scorecard.verdict is model.Verdict.INCOMPLETE or scorecard.contract is not None:
        return
    routes = [replace(route, handlers=(), view=None) for route in scorecard.routes]
    _save(cache, name, _SCORECARDS, replace(scorecard, routes=routes))


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


def _told(changes: Changes | None) -> str:
    if changes is None:
        return ""
    parts = (changes.lines, changes.renames, changes.removals)
    return repr((changes.base, [_sorted(part) for part in parts]))


def _sorted(part: object) -> Sequence[tuple[str, object]]:
    assert isinstance(part, dict)
    return [
        (path, sorted(value) if isinstance(value, frozenset) else value)
        for path, value in sorted(part.items())
    ]
