"""The straight path: a checkout in, a scorecard out. Every stage is called here, and only here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_gate import __version__
from ci_gate.data import dataclass
from ci_gate.findings import CUSTOM, Finding, Severity
from ci_gate.git import GitError
from ci_gate.repository import (
    Changes,
    CommitTree,
    Filter,
    Noticed,
    Skipped,
    Tree,
    WorkTree,
    changes_since,
)
from ci_gate.scorecard.model import EngineRun, Scorecard

if TYPE_CHECKING:
    from ci_gate.architecture.model import Architecture
    from ci_gate.cache import Cache
    from ci_gate.codemodel.build import Parsed
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.config import Config
    from ci_gate.contract.model import ContractResult
    from ci_gate.contract.suggestions import Suggestions
    from ci_gate.rules.base import Facts
    from ci_gate.rules.declarations import Chosen
    from ci_gate.semgrep import SemgrepResult
    from ci_gate.shards import Part, Shard, Share
    from ci_gate.stack.model import Stack


#: Called as work goes on: what is being done, how much of it is done, how much there is.
Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """No progress display."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one run is asked to do; ``config`` has the command line's wishes merged in.

    ``policy_commit``: the commit that the configuration was read from, and that the rulesets it
    names are read from; None: the work tree. ``cache``: what earlier runs worked out. ``shard``:
    the part of the scan that runs here; None: all of it.
    """

    root: Path
    config: Config
    base: str | None = None
    contract: bool = True
    jobs: int = 1
    policy_commit: str | None = None
    cache: Cache | None = None
    shard: Shard | None = None


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
    sides = _sides(options)
    if options.cache is None:
        return _concluded(options, sides, _judged(options, sides, progress))
    from ci_gate import results  # noqa: PLC0415  stages load when they are used

    progress("Looking for the last result", 0, None)
    own = _own(options, sides.head)
    kept = results.Results(options.cache, options, sides.head, sides.base, sides.changes, own)
    found = kept.find()
    if found is None:
        found = _concluded(options, sides, _judged(options, sides, progress))
        kept.keep(found)
        options.cache.trim()
    return found


def scan_shard(options: Options, shard: Shard, progress: Progress = silent) -> Part:
    """What one of several machines finds; :func:`merge` draws the verdict.

    Raises:
        UnknownRule, ConfigError, GitError: as for :func:`scan`.
    """
    from ci_gate.shards import Part, Share  # noqa: PLC0415

    sides = _sides(options)
    own = replace(options, shard=shard, contract=options.contract and shard.is_first)
    found = _judged(own, sides, progress)

    def share(side: Judgement) -> Share:
        return Share(side.findings, side.engines, list(side.tree.skipped))

    return Part(
        shard,
        _key(options, sides),
        share(found.head),
        share(found.base) if found.base else None,
        found.contract,
        found.base_contract,
    )


def merge(options: Options, parts: Sequence[Part], progress: Progress = silent) -> Scorecard:
    """The scorecard of a scan whose shards found ``parts``, as :func:`scan` would make it.

    Raises:
        ShardError: the parts are of another tree, base or configuration.
        UnknownRule, ConfigError, GitError: as for :func:`scan`.
    """
    from ci_gate.shards import ShardError, joined  # noqa: PLC0415

    sides = _sides(options)
    if parts[0].key != _key(options, sides):
        raise ShardError(
            "the parts are of another tree, base or configuration than this one: check out the "
            "commit that the shards judged, and name the same options"
        )
    order = [rule.id for rule in _chosen(options)]
    base = None
    if sides.base is not None:
        found = joined([part.base for part in parts if part.base is not None], order)
        base = _read_facts(sides.base, options, None, found, progress)
    found = joined([part.head for part in parts], order)
    facts = base.facts if base else None
    head = _read_facts(sides.head, options, facts, found, progress)
    first = parts[0]
    return _concluded(options, sides, _Judged(head, base, first.contract, first.base_contract))


@dataclass(slots=True)
class _Sides:
    """What is to be judged; ``problems``: why there is no base."""

    head: WorkTree
    base: CommitTree | None = None
    changes: Changes | None = None
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Judged:
    """What engines and tests say of both sides."""

    head: Judgement
    base: Judgement | None
    contract: ContractResult | None
    base_contract: ContractResult | None


def _sides(options: Options) -> _Sides:
    selection = Filter(options.config.include, options.config.exclude)
    head = WorkTree(options.root, selection)
    if options.base is None:
        return _Sides(head)
    if not head.in_git:
        return _Sides(head, problems=[f"no base: {options.root} is not in a git repository"])
    try:
        commit = head.git.merge_base(options.base)
        changes = changes_since(head, commit)
        return _Sides(head, CommitTree(head.git, commit, selection), changes)
    except GitError as error:
        return _Sides(head, problems=[f"no base: {error}"])


def _chosen(options: Options) -> Sequence[Chosen]:
    from ci_gate import rules  # noqa: PLC0415  stages load when they are used

    return rules.select(options.config.select, options.config.ignore)


def _judged(options: Options, sides: _Sides, progress: Progress) -> _Judged:
    """Engines and tests on both sides."""
    from ci_gate import rules  # noqa: PLC0415  stages load when they are used

    rules.check_names((*options.config.select, *options.config.ignore, *options.config.severity))
    base = None
    if sides.base is not None:
        shown: Progress = lambda stage, d, n: progress(f"Base: {stage.lower()}", d, n)  # noqa: E731
        base = judge(sides.base, options, None, shown, with_semgrep=False)
    head = judge(sides.head, options, base.facts if base else None, progress)
    if base is not None and sides.changes is not None:
        _semgrep_on_base(base, head, sides.changes, options)
    return _Judged(head, base, *_contract(head, base, options, progress))


def _concluded(options: Options, sides: _Sides, found: _Judged) -> Scorecard:
    from ci_gate import rules  # noqa: PLC0415  stages load when they are used
    from ci_gate.scorecard.score import score  # noqa: PLC0415

    asked_in_vain = options.base is not None and found.base is None
    config = options.config
    return score(
        root=options.root,
        head=found.head,
        base=found.base,
        changes=sides.changes,
        contract=found.contract,
        base_contract=found.base_contract,
        config=replace(config, fail_on="never") if asked_in_vain else config,
        problems=[
            *sides.problems,
            *_unjudged(found.head.facts, sides.changes),
            *_broken_contract(found.head.facts),
        ],
        known_rules=rules.KnownNames(),
    )


def _key(options: Options, sides: _Sides) -> str:
    from ci_gate import shards  # noqa: PLC0415

    return shards.key(
        sides.head,
        sides.base,
        options.config,
        options.policy_commit,
        contract=options.contract,
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
    chosen: Sequence[Chosen] | None = None,
) -> Judgement:
    """Facts and findings of one tree, by the rules ``chosen``, else by those of the configuration.
    Semgrep runs beside what needs the whole program."""
    started = time.perf_counter()
    parsed = _parsed(tree, options, progress)
    semgrep_wanted = with_semgrep and options.config.semgrep.enabled
    beside = _semgrep_beside(parsed, options) if semgrep_wanted else nullcontext()
    with beside as running:
        model, stack = _whole(parsed)
        if chosen is None:
            chosen = _chosen(options)
        if options.shard is not None:
            chosen = options.shard.rules(chosen)
        facts = _facts(model, stack, options, base)
        findings, errors = _found(facts, chosen, options, progress)
        seconds = time.perf_counter() - started
        engines = [
            EngineRun("ast", __version__, seconds, len(model.modules), len(chosen), tuple(errors))
        ]
        if running is not None:
            progress("Running Semgrep", 0, None)
            result = running(stack)
            findings += result.findings
            engines.append(_engine_run(result))
    severe = [_with_severity(finding, options.config) for finding in findings]
    return Judgement(tree, facts, severe, engines)


def _found(
    facts: Facts, chosen: Sequence[Chosen], options: Options, progress: Progress
) -> tuple[list[Finding], list[str]]:
    """What the rules find; of a merge base, which stays while a branch grows, what they found."""
    from ci_gate import results  # noqa: PLC0415  Semgrep starts before these are loaded
    from ci_gate.rules.run import run_rules  # noqa: PLC0415

    tree, cache = facts.model.tree, options.cache
    if cache is None or not isinstance(tree, CommitTree):
        return run_rules(facts, chosen, options.jobs, progress)
    name = results.base_name(options, tree)
    kept = results.load_findings(cache, name)
    if kept is not None:
        return kept, []
    findings, errors = run_rules(facts, chosen, options.jobs, progress)
    if not errors and not any(item.failure for item in tree.skipped):
        results.save_findings(cache, name, findings)
    return findings, errors


def _read_facts(
    tree: Tree, options: Options, base: Facts | None, found: Share, progress: Progress
) -> Judgement:
    """One tree of which the engines have said what they say."""
    model, stack = _whole(_parsed(tree, options, progress))
    tree.notice(Noticed(tuple(found.skipped), steady=True))
    return Judgement(tree, _facts(model, stack, options, base), found.findings, found.engines)


def _parsed(tree: Tree, options: Options, progress: Progress) -> Parsed:
    from ci_gate.codemodel.build import parse  # noqa: PLC0415

    reading: Callable[[int, int], None] = lambda d, n: progress("Reading files", d, n)  # noqa: E731
    return parse(tree, jobs=options.jobs, progress=reading, cache=options.cache)


def _whole(parsed: Parsed) -> tuple[CodeModel, Stack]:
    from ci_gate.stack.detect import detect  # noqa: PLC0415

    model = parsed.whole()
    return model, detect(parsed.tree, model)


def _facts(model: CodeModel, stack: Stack, options: Options, base: Facts | None) -> Facts:
    from ci_gate.architecture.infer import infer  # noqa: PLC0415
    from ci_gate.codemodel.dataaccess import DataAccess  # noqa: PLC0415
    from ci_gate.rules.base import Facts  # noqa: PLC0415

    access = DataAccess(model)
    architecture = infer(model, stack, options.config, access)
    return Facts(model, stack, architecture, access, options.config, base, options.jobs)


@contextmanager
def _semgrep_beside(parsed: Parsed, options: Options) -> Iterator[Callable[[Stack], SemgrepResult]]:
    """Semgrep at work on the sources; calling what this gives waits for its result. It has a
    process of its own: in a thread, choosing its rules and files would hold up everything else.

    It begins before the stack is known, with the rules of the one that can be expected; where that
    is another one, it runs again.
    """
    from ci_gate import rulesets  # noqa: PLC0415
    from ci_gate.parallel import Beside, InThread, WorkerDied, can_fork  # noqa: PLC0415

    tree = parsed.tree

    def work() -> tuple[object, SemgrepResult, Noticed]:
        from ci_gate.stack.detect import expected  # noqa: PLC0415

        stack = expected(tree, parsed.modules)
        return rulesets.conditions(stack), judged(stack), tree.noticed()

    def judged(stack: Stack) -> SemgrepResult:
        return _semgrep(tree, _for_semgrep(parsed, options.config), stack, parsed.tests, options)

    with Beside(work) if can_fork() else InThread(work) as process:

        def wait(stack: Stack) -> SemgrepResult:
            try:
                conditions, result, noticed = process.result()
            except WorkerDied as error:
                from ci_gate.semgrep import SemgrepResult  # noqa: PLC0415

                return SemgrepResult([], [f"Semgrep did not run: {error}."], "", 0.0, 0, 0)
            tree.notice(noticed)
            if conditions != rulesets.conditions(stack):
                result = judged(stack)
            tree.notice(Noticed(_unparsed(result, parsed), steady=True))
            return result

        yield wait


def _unparsed(result: SemgrepResult, parsed: Parsed) -> tuple[Skipped, ...]:
    """The files that Semgrep's rules did not see although they are in order."""
    return tuple(
        Skipped(path, f"Semgrep cannot parse it ({reason})")
        for path, reason in sorted(result.unparsed.items())
        if path in parsed.modules and not parsed.modules[path].problems
    )


def _own(options: Options, tree: Tree) -> Tree:
    """The tree that the rulesets are in which the configuration names; ``tree`` where it names
    none."""
    if not options.config.semgrep.rulesets:
        return tree
    here = WorkTree(options.root)
    commit = options.policy_commit
    return here if commit is None else CommitTree(here.git, commit)


def _for_semgrep(read: Parsed | CodeModel, config: Config) -> Sequence[str]:
    """What Semgrep judges: the program, and tests where the user has rules of their own."""
    return sorted((*read.modules, *read.tests) if config.semgrep.rulesets else read.modules)


def _semgrep(
    tree: Tree, files: Sequence[str], stack: Stack, tests: Sequence[str], options: Options
) -> SemgrepResult:
    from ci_gate import semgrep  # noqa: PLC0415

    own = _own(options, tree)
    wanted = files if options.shard is None else options.shard.files(files)
    result = semgrep.run(tree, wanted, stack, options.config, own, options.jobs, options.cache)
    aside = frozenset(tests)
    judged = [
        finding
        for finding in result.findings
        if finding.path not in aside or finding.rule.startswith(CUSTOM)
    ]
    return replace(result, findings=judged)


def _semgrep_on_base(base: Judgement, head: Judgement, changes: Changes, options: Options) -> None:
    """Semgrep's findings on the base: its rules see one file at a time, so only files that changed
    need a second run; the rest has there what it has here."""
    here = [finding for finding in head.findings if finding.engine == "semgrep"]
    touched = set(changes.lines) | set(changes.renames)
    found = [finding for finding in here if finding.path not in touched]
    before = {changes.renames.get(path, path) for path in touched}
    model = base.facts.model
    files = sorted(before.intersection(_for_semgrep(model, options.config)))
    if options.config.semgrep.enabled and files:
        result = _semgrep(base.tree, files, head.facts.stack, model.tests, options)
        found += [_with_severity(finding, options.config) for finding in result.findings]
        head.engines += [_engine_run(result)] if result.errors else []
    base.findings += sorted(found, key=lambda one: (one.path, one.start, one.rule))


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


def _broken_contract(facts: Facts) -> list[str]:
    """What is wrong with the description that the configuration names."""
    if facts.config.openapi is None or facts.description is None:
        return []
    first, *more = facts.description.problems or (None,)
    if first is None:
        return []
    return [f"{first}" + (f" (and {len(more)} more problems)" if more else "")]


def _contract(
    head: Judgement, base: Judgement | None, options: Options, progress: Progress
) -> tuple[ContractResult | None, ContractResult | None]:
    """What the contract's tests give here and on the base. They run on the whole tree: what is not
    judged may still be needed."""
    config = options.config.contract
    if not config.runners or not options.contract:
        return None, None
    from ci_gate.contract.both_sides import run_both_sides  # noqa: PLC0415
    from ci_gate.scorecard.attribution import gone  # noqa: PLC0415

    here, before = run_both_sides(WorkTree(options.root), head, base, config, progress)
    here.gone = gone(here, before)
    return here, before
