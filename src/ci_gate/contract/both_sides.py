"""The contract's tests on a change and on its base, and what the one says of the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_gate.contract import cache
from ci_gate.contract.hints import hints
from ci_gate.contract.run import run_contract
from ci_gate.contract.service.images import KeptImages
from ci_gate.git import GitError
from ci_gate.repository import CommitTree

if TYPE_CHECKING:
    from ci_gate.config_contract import ContractConfig
    from ci_gate.contract.model import ContractResult
    from ci_gate.git import Git
    from ci_gate.repository import WorkTree
    from ci_gate.scorecard.sides import Judged


def run_both_sides(
    tree: WorkTree,
    head: Judged,
    base: Judged | None,
    config: ContractConfig,
    progress: Callable[[str, int, int | None], None],
) -> tuple[ContractResult, ContractResult | None]:
    """What the tests give on ``tree``, which ``head`` is the judged part of, and on the base. The
    base's kept result is read before code of the change runs."""
    before = None
    with KeptImages() as images:
        if base is not None and isinstance(commit := base.tree, CommitTree) and commit.files:
            kept = cache.key(commit.git.tree_id(commit.commit), config)
            before = None if _committed(commit.git, cache.folder()) else cache.load(kept)
            if before is None:
                progress("Running contract tests on the base", 0, None)
                found = hints(base.facts.model, base.facts.stack)
                before = run_contract(commit, config, found, images)
                cache.save(kept, before)
        progress("Running contract tests", 0, None)
        found = hints(head.facts.model, head.facts.stack)
        here = run_contract(tree, config, found, images)
    here.notes += images.notes
    if here.down and before is not None and before.assertions:
        _fail_all(here, before)
    elif here.died and before is not None and before.assertions and before.error is None:
        _fail_what_died(here, before)
    elif here.failed and before is not None and (before.error or before.unfinished):
        here.notes.append(_not_on_base(before))
    return here, before


def _fail_all(here: ContractResult, before: ContractResult) -> None:
    """The service does not start, and it does on the base: the change broke every assertion."""
    said = here.error or ""
    here.assertions = [
        replace(item, passed=False, flaky=False, message=said) for item in before.assertions
    ]
    here.error = None


def _fail_what_died(here: ContractResult, before: ContractResult) -> None:
    """The service ended while tests ran that run to their end on the base: the change broke those
    that made no assertion here."""
    seen = {(item.runner, item.name) for item in here.assertions}
    here.assertions += [
        replace(item, passed=False, flaky=False, message=f"the service {here.died}")
        for item in before.assertions
        if item.runner in here.unfinished and (item.runner, item.name) not in seen
    ]
    here.error = None
    here.unfinished.clear()


def _not_on_base(before: ContractResult) -> str:
    """What the base's tests did not tell, and what that means for the reader."""
    if not before.assertions:
        return (
            "The contract's tests did not run on the base, so every failed assertion counts as"
            f" new: {before.error}. The base's shares are not known."
        )
    names = " and ".join(before.unfinished)
    why = "; ".join(before.unfinished.values())
    return (
        f"The {names} tests did not run to their end on the base, so those of their assertions"
        f" that fail and were not seen there count as new: {why}. The base's shares take these as"
        " they are here."
    )


def _committed(git: Git, folder: Path | None) -> bool:
    """Does the change bring the folder of kept results itself?"""
    if folder is None:
        return False
    try:
        return git.tracks(os.path.relpath(folder.resolve(), git.directory.resolve()))
    except GitError:  # outside of the repository
        return False
