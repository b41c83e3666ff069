"""The straight path: a checkout in, a scorecard out. Every stage is called here, and only here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_gate import __version__
from ci_gate.findings import Finding, Severity
from ci_gate.git import GitError
from ci_gate.repository import Changes, CommitTree, Filter, Tree, WorkTree, changes_since
from ci_gate.scorecard.model import EngineRun, Scorecard

if TYPE_CHECKING:
    from ci_gate.architecture.model import Architecture
    from ci_gate.cache import Cache
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.config import Config
    from ci_gate.contract.model import ContractResult
    from ci_gate.contract.suggestions import Suggestions
    from ci_gate.git import Git
    from ci_gate.rules.base import Facts, Rule
    from ci_gate.semgrep import SemgrepResult
    from ci_gate.stack.model import Stack


#: Called as work goes on: what is being done, how much of it is done, how much there is.
Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """No progress display."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one run is asked to do; ``config`` has the command line's wishes merged in.

    ``policy_commit``: the commit that the configuration was read from, and that the rulesets it
    names are read from; None: the work tree. ``cache``: what earlier runs worked out.
    """

    root: Path
    config: Config
    base: str | None = None
    contract: bool = True
    jobs: int = 1
    policy_commit: str | None = None
    cache: Cache | None = None


@dataclass(slots=True)
class Judgement:
    """What the engines say of one tree."""

    tree: Tree
    facts: Facts
    findings: list[Finding]
    engines: list[EngineRun] = field(default_factory=list)


def scan(options: Options, progress: Progress = silent) -> Scorecard:
    """Judge the tree at ``options.root``, against its merge base where one is named.

    Raises:
        UnknownRule: ``select``, ``ignore`` or ``severity`` names no rule and no group.
        ConfigError: the configuration names something that is not there.
        GitError: git cannot list the files.
    """
    config = options.config
    tree = WorkTree(options.root, Filter(config.include, config.exclude))
    before, changes, problems = _base(tree, options)
    if options.cache is None:
        return _scan(options, tree, before, changes, problems, progress)
    from ci_gate import results  # noqa: PLC0415  stages load when they are used

    progress("Looking for the last result", 0, None)
    own = _own(options) if config.semgrep.rulesets else tree
    name = results.result_name(options, tree, before, changes, own)
    found = results.load(options.cache, name) if name is not None else None
    if found is None:
        found = _scan(options, tree, before, changes, problems, progress)
        if name is not None and tree.steady:
            results.save(options.cache, name, found)
        options.cache.trim()
    return found


def _scan(
    options: Options,
    tree: WorkTree,
    before: CommitTree | None,
    changes: Changes | None,
    problems: list[str],
    progress: Progress,
) -> Scorecard:
    from ci_gate import rules  # noqa: PLC0415
    from ci_gate.scorecard.score import score  # noqa: PLC0415

    config = options.config
    rules.check_names((*config.select, *config.ignore, *config.severity))
    base = None
    if before is not None:
        shown: Progress = lambda stage, d, n: progress(f"Base: {stage.lower()}", d, n)  # noqa: E731
        base = judge(before, options, None, shown, with_semgrep=False)
    head = judge(tree, options, base.facts if base else None, progress)
    if base is not None and changes is not None:
        _semgrep_on_base(base, head, changes, options)
    problems += _unjudged(head.facts, changes)
    problems += _broken_contract(head.facts)
    contract, base_contract = _contract(head, base, options, progress)
    asked_in_vain = options.base is not None and base is None
    return score(
        root=options.root,
        head=head,
        base=base,
        changes=changes,
        contract=contract,
        base_contract=base_contract,
        config=replace(config, fail_on="never") if asked_in_vain else config,
        problems=problems,
        known_rules=rules.known_names(),
    )


def survey(root: Path, config: Config, jobs: int = 1) -> tuple[Stack, Architecture]:
    """What the tree at ``root`` is built from, and its layers."""
    from ci_gate.architecture.infer import infer  # noqa: PLC0415
    from ci_gate.codemodel.build import build  # noqa: PLC0415
    from ci_gate.codemodel.dataaccess import DataAccess  # noqa: PLC0415
    from ci_gate.stack.detect import detect  # noqa: PLC0415

    tree = WorkTree(root, Filter(config.include, config.exclude))
    model = build(tree, jobs=jobs)
    stack = detect(tree, model)
    return stack, infer(model, stack, config, DataAccess(model))


def suggest(root: Path) -> tuple[Stack, Architecture, Suggestions]:
    """What a configuration of the tree at ``root`` could begin with."""
    from ci_gate.architecture.infer import infer  # noqa: PLC0415
    from ci_gate.codemodel.build import build  # noqa: PLC0415
    from ci_gate.codemodel.dataaccess import DataAccess  # noqa: PLC0415
    from ci_gate.config import Config  # noqa: PLC0415
    from ci_gate.contract.suggestions import suggestions  # noqa: PLC0415
    from ci_gate.stack.detect import detect  # noqa: PLC0415

    tree = WorkTree(root)
    model = build(tree)
    stack = detect(tree, model)
    layers = infer(model, stack, Config(), DataAccess(model))
    return stack, layers, suggestions(tree, model, stack)


def judge(
    tree: Tree,
    options: Options,
    base: Facts | None,
    progress: Progress = silent,
    *,
    with_semgrep: bool = True,
    chosen: Sequence[type[Rule]] | None = None,
) -> Judgement:
    """Facts and findings of one tree, by the rules ``chosen``, else by those of the configuration.
    Semgrep runs beside what needs the whole program."""
    from ci_gate.architecture.infer import infer  # noqa: PLC0415
    from ci_gate.codemodel.build import build  # noqa: PLC0415
    from ci_gate.codemodel.dataaccess import DataAccess  # noqa: PLC0415
    from ci_gate.rules.base import Facts  # noqa: PLC0415
    from ci_gate.stack.detect import detect  # noqa: PLC0415

    started = time.perf_counter()
    reading: Callable[[int, int], None] = lambda d, n: progress("Reading files", d, n)  # noqa: E731
    model = build(tree, jobs=options.jobs, progress=reading, cache=options.cache)
    stack = detect(tree, model)
    semgrep_wanted = with_semgrep and options.config.semgrep.enabled
    beside = _semgrep_beside(tree, model, stack, options) if semgrep_wanted else nullcontext()
    with beside as running:
        from ci_gate import rules  # noqa: PLC0415  loading them takes longer than Semgrep's start
        from ci_gate.rules.run import run_rules  # noqa: PLC0415

        if chosen is None:
            chosen = rules.select(options.config.select, options.config.ignore)
        access = DataAccess(model)
        architecture = infer(model, stack, options.config, access)
        facts = Facts(model, stack, architecture, access, options.config, base)
        findings, errors = run_rules(facts, chosen, options.jobs, progress)
        seconds = time.perf_counter() - started
        engines = [
            EngineRun("ast", __version__, seconds, len(model.modules), len(chosen), tuple(errors))
        ]
        if running is not None:
            progress("Running Semgrep", 0, None)
            result = running()
            findings += result.findings
            engines.append(_engine_run(result))
    severe = [_with_severity(finding, options.config) for finding in findings]
    return Judgement(tree, facts, severe, engines)


@contextmanager
def _semgrep_beside(
    tree: Tree, model: CodeModel, stack: Stack, options: Options
) -> Iterator[Callable[[], SemgrepResult]]:
    """Semgrep at work on the model's files; calling what this gives waits for its result. Where
    rules fork, it has a process of its own: a thread and a fork do not go together."""
    from ci_gate.rules.run import in_processes  # noqa: PLC0415

    files = sorted(model.modules)
    if not in_processes(model):
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        with ThreadPoolExecutor(max_workers=1) as pool:
            yield pool.submit(_semgrep, tree, files, stack, options).result
        return
    from ci_gate.parallel import Beside, WorkerDied  # noqa: PLC0415

    with Beside(lambda: (_semgrep(tree, files, stack, options), tree.noticed())) as process:

        def wait() -> SemgrepResult:
            try:
                result, noticed = process.result()
            except WorkerDied as error:
                from ci_gate.semgrep import SemgrepResult  # noqa: PLC0415

                return SemgrepResult([], [f"Semgrep did not run: {error}."], "", 0.0, 0, 0)
            tree.notice(noticed)
            return result

        yield wait


def _base(tree: WorkTree, options: Options) -> tuple[CommitTree | None, Changes | None, list[str]]:
    """The merge base, what changed since, and why there is none."""
    if options.base is None:
        return None, None, []
    if not tree.in_git:
        return None, None, [f"no base: {options.root} is not in a git repository"]
    try:
        commit = tree.git.merge_base(options.base)
        changes = changes_since(tree, commit)
        selection = Filter(options.config.include, options.config.exclude)
        return CommitTree(tree.git, commit, selection), changes, []
    except GitError as error:
        return None, None, [f"no base: {error}"]


def _own(options: Options) -> Tree:
    """The tree that the rulesets are in which the configuration names."""
    here = WorkTree(options.root)
    commit = options.policy_commit
    return here if commit is None else CommitTree(here.git, commit)


def _semgrep(tree: Tree, files: Sequence[str], stack: Stack, options: Options) -> SemgrepResult:
    from ci_gate import semgrep  # noqa: PLC0415

    own = _own(options) if options.config.semgrep.rulesets else tree
    return semgrep.run(tree, files, stack, options.config, own, options.jobs, options.cache)


def _semgrep_on_base(base: Judgement, head: Judgement, changes: Changes, options: Options) -> None:
    """Semgrep's findings on the base: its rules see one file at a time, so only files that changed
    need a second run; the rest has there what it has here."""
    here = [finding for finding in head.findings if finding.engine == "semgrep"]
    touched = set(changes.lines) | set(changes.renames)
    base.findings += [finding for finding in here if finding.path not in touched]
    before = {changes.renames.get(path, path) for path in touched}
    files = sorted(path for path in before if path in base.facts.model.modules)
    if not options.config.semgrep.enabled or not files:
        return
    result = _semgrep(base.tree, files, head.facts.stack, options)
    base.findings += [_with_severity(finding, options.config) for finding in result.findings]
    head.engines += [_engine_run(result)] if result.errors else []


def _engine_run(result: SemgrepResult) -> EngineRun:
    return EngineRun(
        "semgrep", result.version, result.seconds, result.files, result.rules, tuple(result.errors)
    )


def _with_severity(finding: Finding, config: Config) -> Finding:
    """The severity that the configuration wants; a note made by a withdrawn convention stays."""
    wanted = config.severity.get(finding.rule) or config.severity.get(finding.group)
    if wanted is None or (finding.severity is Severity.NOTE and wanted is Severity.ERROR):
        return finding
    return replace(finding, severity=wanted)


def _unjudged(facts: Facts, changes: Changes | None) -> list[str]:
    """Files that should have been judged and were not."""
    problems = []
    for item in (*facts.model.tree.skipped, *facts.model.skipped):
        touched = changes is not None and item.path in changes.lines
        if item.failure or (touched and "symbolic link" not in item.reason):
            problems.append(
                f"{item.path} was not judged: {item.reason}; mend it or exclude it in .ci-gate.yml"
            )
    return sorted(set(problems))


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


def _broken_contract(facts: Facts) -> list[str]:
    """What is wrong with the description that the configuration names."""
    if facts.config.openapi is None or facts.description is None:
        return []
    first, *more = facts.description.problems or (None,)
    if first is None:
        return []
    return [f"{first}" + (f" (and {len(more)} more problems)" if more else "")]


def _committed(git: Git, folder: Path | None) -> bool:
    """Does the change bring the folder of kept results itself?"""
    if folder is None:
        return False
    try:
        return git.tracks(os.path.relpath(folder.resolve(), git.directory.resolve()))
    except GitError:  # outside of the repository
        return False


def _contract(
    head: Judgement, base: Judgement | None, options: Options, progress: Progress
) -> tuple[ContractResult | None, ContractResult | None]:
    """What the contract's tests give here and on the base. They run on the whole tree: what is not
    judged may still be needed. The base's kept result is read before code of the change runs."""
    config = options.config.contract
    if not config.runners or not options.contract:
        return None, None
    from ci_gate.contract import cache  # noqa: PLC0415
    from ci_gate.contract.hints import hints  # noqa: PLC0415
    from ci_gate.contract.run import run_contract  # noqa: PLC0415
    from ci_gate.contract.service.images import KeptImages  # noqa: PLC0415
    from ci_gate.scorecard.attribution import gone  # noqa: PLC0415

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
        here = run_contract(WorkTree(options.root), config, found, images)
    here.notes += images.notes
    if here.down and before is not None and before.assertions:
        _fail_all(here, before)
    elif here.died and before is not None and before.assertions and before.error is None:
        _fail_what_died(here, before)
    elif here.failed and before is not None and (before.error or before.unfinished):
        here.notes.append(_not_on_base(before))
    here.gone = gone(here, before)
    return here, before
