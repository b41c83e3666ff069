"""The straight path: a checkout in, a scorecard out. Every stage is called here, and only here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ci_gate import __version__, config as configuration
from ci_gate.findings import Finding, Severity
from ci_gate.git import GitError
from ci_gate.repository import Changes, CommitTree, Filter, Tree, WorkTree, changes_since
from ci_gate.scorecard.model import EngineRun, Scorecard

if TYPE_CHECKING:
    from ci_gate.architecture.model import Architecture
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.config import Config
    from ci_gate.contract.model import ContractResult
    from ci_gate.rules.base import Facts, Rule
    from ci_gate.semgrep import SemgrepResult
    from ci_gate.stack.model import Stack

#: Called as work goes on: what is being done, how much of it is done, how much there is.
Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """No progress display."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one run is asked to do; ``config`` has the command line's wishes merged in."""

    root: Path
    config: Config
    base: str | None = None
    contract: bool = True
    jobs: int = 1


@dataclass(slots=True)
class Judgement:
    """What the engines say of one tree."""

    tree: Tree
    facts: Facts
    findings: list[Finding]
    engines: list[EngineRun] = field(default_factory=list)


@dataclass(slots=True)
class Baseline:
    """The merge base, judged by itself; ``problem`` says why there is none though one was asked."""

    judgement: Judgement | None = None
    changes: Changes | None = None
    problem: str | None = None


def scan(options: Options, progress: Progress = silent) -> Scorecard:
    """Judge the tree at ``options.root``, against its merge base where one is named.

    Raises:
        UnknownRule: ``select``, ``ignore`` or ``severity`` names no rule and no group.
        ConfigError: the configuration names something that is not there.
    """
    from ci_gate import rules  # noqa: PLC0415  stages load when they are used
    from ci_gate.scorecard.score import score  # noqa: PLC0415

    config = options.config
    chosen = rules.select(config.select, config.ignore)
    rules.check_names(config.severity)
    selection = Filter(config.include, config.exclude)
    tree = WorkTree(options.root, selection)
    baseline = _baseline(tree, options, chosen, selection, progress)
    before = baseline.judgement.facts if baseline.judgement else None
    head = judge(tree, options, chosen, before, progress)
    if baseline.judgement and config.semgrep.enabled:
        _semgrep_baseline(baseline, head, options)
    contract = _contract(options, head.facts, progress)
    return score(
        root=options.root,
        head=head,
        base=baseline.judgement,
        changes=baseline.changes,
        contract=contract,
        config=config,
        problems=[*_unjudged(tree, baseline.changes), *([baseline.problem] if baseline.problem else [])],
    )


def judge(
    tree: Tree,
    options: Options,
    chosen: Sequence[type[Rule]],
    base: Facts | None,
    progress: Progress = silent,
    *,
    with_semgrep: bool = True,
) -> Judgement:
    """Facts and findings of one tree. Semgrep runs beside the rules that need the whole program."""
    from ci_gate.architecture.infer import infer  # noqa: PLC0415
    from ci_gate.codemodel.build import build  # noqa: PLC0415
    from ci_gate.rules.base import Facts  # noqa: PLC0415
    from ci_gate.stack.detect import detect  # noqa: PLC0415

    started = time.perf_counter()
    model = build(tree, jobs=options.jobs, progress=lambda d, t: progress("Reading", d, t))
    stack = detect(tree, model)
    with ThreadPoolExecutor(max_workers=1) as beside:
        semgrep = beside.submit(_semgrep, tree, sorted(model.modules), stack, options) \
            if with_semgrep and options.config.semgrep.enabled else None  # fmt: skip
        architecture = infer(model, stack, options.config)
        facts = Facts(model, stack, architecture, options.config, base)
        findings, errors = _run_rules(facts, chosen, progress)
        ast = EngineRun("ast", __version__, time.perf_counter() - started,
                        len(model.modules), len(chosen), tuple(errors))  # fmt: skip
        judgement = Judgement(tree, facts, findings, [ast])
        if semgrep is not None:
            progress("Semgrep", 0, None)
            _add_semgrep(judgement, semgrep)
    judgement.findings = [_with_severity(f, options.config) for f in judgement.findings]
    return judgement
