"""Start the service, run its contract's tests, end it, tell what happened."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from ci_gate import tempfolder
from ci_gate.config_contract import ContractConfig, RunnerConfig
from ci_gate.contract.isolation import hide
from ci_gate.contract.model import Assertion, ContractResult, RunnerResult
from ci_gate.contract.output import harmless, in_tree, last_error
from ci_gate.contract.runners.files import matching
from ci_gate.contract.runners.interface import Job
from ci_gate.contract.runners.registry import runner
from ci_gate.contract.service.guess import Hints, Plan, guess
from ci_gate.contract.service.images import KeptImages
from ci_gate.contract.service.interface import NotUp, Service, ServiceError
from ci_gate.contract.service.process import ProcessService
from ci_gate.git import GitError
from ci_gate.repository import CommitTree, Tree, WorkTree


def run_contract(
    tree: Tree,
    config: ContractConfig,
    hints: Hints | None = None,
    images: KeptImages | None = None,
) -> ContractResult:
    """The assertions of the contract's tests against the service in ``tree``.

    The service and the tests run in a fresh copy of the tree, so that nothing that an earlier run
    left behind (a database file, a cache) has a say and the work tree stays clean. ``images``:
    those that earlier runs of the service have made, to be used again.
    """
    if images is None:
        with KeptImages() as own:
            result = run_contract(tree, config, hints, own)
        result.notes += own.notes
        return result
    if not config.runners:
        raise ValueError("no contract is configured")
    _hide_repository(tree)
    plan = guess(tree, config.service, hints or Hints())
    result = _run(tree, config.runners, plan, images)
    result.notes = [*plan.notes, *result.notes]
    failed = {item.runner for item in result.assertions if not item.passed}
    names = failed - result.unfinished.keys()
    if result.died and config.rerun:
        again = _run(tree, config.runners, plan, images)
        if again.died is None and again.error is None:
            again.notes = [
                *plan.notes, *again.notes,
                f"the service {result.died} while its tests ran, and when they ran once more it did"
                " not",
            ]  # fmt: skip
            return again
    elif names and config.rerun:
        again = _run(tree, [r for r in config.runners if r.runner in names], plan, images)
        result.assertions = _with_flaky(result.assertions, again.assertions)
    return result


def _hide_repository(tree: Tree) -> None:
    """The tree's repository, whose settings may hold the token that it was fetched with."""
    if isinstance(tree, WorkTree):
        hide(tree.root, tree.git.folders() if tree.in_git else ())
    elif isinstance(tree, CommitTree):
        hide(tree.git.directory, tree.git.folders())


def _run(
    tree: Tree, runners: Sequence[RunnerConfig], plan: Plan, images: KeptImages
) -> ContractResult:
    """One run of the runners on one fresh service."""
    result = ContractResult("+".join(dict.fromkeys(item.runner for item in runners)))
    try:
        with _scratch() as scratch:
            _run_in(scratch, result, tree, runners, plan, images)
    except OSError as failure:  # a full disk, most of all
        _wrong(result, f"the tests could not be run: {tempfolder.told(failure)}")
    return result


def _run_in(
    scratch: str,
    result: ContractResult,
    tree: Tree,
    runners: Sequence[RunnerConfig],
    plan: Plan,
    images: KeptImages,
) -> None:
    Path(scratch).chmod(0o711)  # what runs as another user has folders of its own in it
    root = Path(scratch, "tree")
    root.mkdir()
    try:
        tree.export(root)
        for name, folder in plan.links.items():
            (root / name).symlink_to(folder, target_is_directory=True)
    except (OSError, GitError) as failure:
        result.error = f"the tree could not be copied for its tests: {failure}"
        return
    there = []
    for number, item in enumerate(runners):
        wrong = _misplaced(root, item)
        if wrong is None:
            there.append((number, item))
        else:
            _add(result, item, RunnerResult(error=wrong))
    if not there:
        return
    home = Path(scratch, "home")
    home.mkdir()
    service = _service(root, home, plan, images)
    try:
        with service:
            for number, item in there:
                place = Path(scratch, f"runner{number}")
                place.mkdir()
                outcome = runner(item.runner).run(
                    Job(item, root, place, service.base_url, plan.pythons)
                )
                _add(result, item, outcome)
                if result.failed or result.unfinished:
                    result.died = service.ended()
                if result.died:
                    break
    except ServiceError as failure:
        _wrong(result, str(failure))
        result.down = isinstance(failure, NotUp)
    result.log = service.log
    if result.died:
        left = {item.runner for _, item in there} - {a.runner for a in result.assertions}
        told = f"the service {result.died} while its tests ran: {last_error(result.log)}"
        result.unfinished |= dict.fromkeys(left, told)
        if result.unfinished:
            result.error = in_tree(told)
    result.notes += service.notes


@contextmanager
def _scratch() -> Iterator[str]:
    """A folder that is removed, however deep what was made in it is nested."""
    folder = tempfile.TemporaryDirectory(prefix="ci-gate-", ignore_cleanup_errors=True)
    try:
        yield folder.name
    finally:
        with suppress(RecursionError):  # Python's own way takes a call for each level
            folder.cleanup()
        if Path(folder.name).exists():
            with suppress(OSError):
                subprocess.run(
                    ["/bin/rm", "-rf", "--", folder.name], stderr=subprocess.DEVNULL, check=False
                )


def _service(root: Path, home: Path, plan: Plan, images: KeptImages) -> Service:
    if plan.service.mode == "docker":
        from ci_gate.contract.service.docker import DockerService  # noqa: PLC0415

        return DockerService(root, plan, images)
    return ProcessService(root, home, plan)


def _misplaced(root: Path, config: RunnerConfig) -> str | None:
    """What is wrong with the paths that the runner is to read."""
    for key, path in (("tests", config.tests), ("environment", config.environment)):
        if not path:
            continue
        place = (root / path).resolve()
        if not place.is_relative_to(root.resolve()):
            return f"contract.{key} {path!r} leads out of the tree; mend it in .ci-gate.yml"
        if not place.exists() and not (config.runner == "hurl" and matching(root, path)):
            return f"contract.{key} {path!r} is not in the tree; mend it in .ci-gate.yml"
    return None


def _add(result: ContractResult, config: RunnerConfig, outcome: RunnerResult) -> None:
    result.assertions += [
        replace(
            item,
            runner=config.runner,
            name=harmless(item.name),
            message=in_tree(harmless(item.message)),
        )
        for item in outcome.assertions
    ]
    result.notes += outcome.notes
    error = outcome.error or outcome.missing
    if error is not None:
        result.unfinished[config.runner] = in_tree(error)
    if outcome.missing is not None and config.optional:
        result.notes.append(f"{config.runner} tests were skipped (optional): {outcome.missing}")
        return
    if error is not None:
        _wrong(result, error)


def _wrong(result: ContractResult, error: str) -> None:
    error = in_tree(error)
    result.error = error if result.error is None else f"{result.error}; {error}"


def _with_flaky(first: Sequence[Assertion], second: Sequence[Assertion]) -> list[Assertion]:
    """The first run's assertions; those that failed there and passed in the second are flaky.

    Assertions of one name are told apart by their order.
    """
    outcomes: dict[tuple[str, str], list[Assertion]] = {}
    for item in second:
        outcomes.setdefault((item.runner, item.name), []).append(item)
    merged = []
    for item in first:
        left = outcomes.get((item.runner, item.name))
        other = left.pop(0) if left else None
        flaky = not item.passed and other is not None and other.passed
        merged.append(replace(item, passed=True, flaky=True) if flaky else item)
    return merged
