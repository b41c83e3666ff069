"""All chosen rules over the facts of one tree.

Rules run family by family. In a tree of some size each family has a process of its own, with one
job as with many: what the model remembers of one family's questions must not colour the answers to
another's, or reports would differ with the number of jobs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.findings import Finding
from ci_gate.parallel import Beside, WorkerDied, can_fork
from ci_gate.rules.anonymous import named
from ci_gate.rules.declarations import applies

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.repository import Noticed
    from ci_gate.rules.base import Facts, Rule
    from ci_gate.rules.declarations import AnyRule, Chosen

_MIN_FILES: Final = 60
"""Below this, starting processes costs more than running the rules here."""

_STEPS: Final = {
    "startup": 0, "framework": 0, "any": 0, "contract": 0, "database": 1, "layering": 1,
}  # fmt: skip
_LAST: Final = 2
"""When the rules of a group can begin: at once, when it is known what the entities are, or who
calls whom. One that asks for more all the same takes longer, no more."""

_NICER: Final = 19
"""How much the other families stand back for the first, which takes longest and uses two processes:
they have the processors to themselves while that one waits or draws its conclusions."""

_NAMED: Final = 3
"""So many rules are named where several failed for one reason."""

Progress = Callable[[str, int, int | None], None]
_Outcome = tuple[list[Finding], str | None]
_Found: TypeAlias = "tuple[list[tuple[str, _Outcome]], Noticed]"


def run_rules(
    facts: Facts, chosen: Sequence[Chosen], jobs: int, progress: Progress
) -> tuple[list[Finding], list[str]]:
    """The findings in the order of the rules, and a sentence for each reason for which rules
    failed. Rules for other languages, frameworks or ORMs than this tree has are not loaded."""
    languages = {module.language for module in facts.model.modules.values()}
    rules = [rule.load() for rule in chosen if applies(rule, languages, facts.stack)]
    outcomes: dict[str, _Outcome] = {}
    if in_processes(facts.model):
        outcomes = _beside_each_other(facts, rules, jobs, progress)
    else:
        for number, rule in enumerate(rules):
            progress("Checking rules", number, len(rules))
            outcomes[rule.id] = _run(rule, facts)
    found = [finding for rule in rules for finding in outcomes[rule.id][0]]
    failed: dict[str, list[str]] = {}
    for rule in rules:
        reason = outcomes[rule.id][1]
        if reason is not None:
            failed.setdefault(reason, []).append(rule.id)
    return named(found, facts.model), [_told(ids, reason) for reason, ids in failed.items()]


def _told(ids: Sequence[str], reason: str) -> str:
    """That these rules failed, in a sentence that can be read at a glance."""
    if len(ids) == 1:
        return f"rule {ids[0]} {reason}"
    more = len(ids) - _NAMED
    names = ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{len(ids)} rules ({names}) {reason}"


def in_processes(model: CodeModel) -> bool:
    """Whether rules over this model run in processes of their own."""
    return len(model.modules) >= _MIN_FILES and can_fork()


def families(rules: Sequence[AnyRule]) -> list[list[AnyRule]]:
    """Rules that look at the same dear facts together, the dearest first: those that follow
    requests, others that ask who calls whom, those that ask for entities, and the rest. There are
    no more, since each family works out anew what it asks for."""
    parted: dict[int, list[AnyRule]] = {}
    for rule in rules:
        parted.setdefault(_LAST + 1 if rule.follows else _step([rule]), []).append(rule)
    return [parted[place] for place in sorted(parted, reverse=True)]


def _step(family: Sequence[AnyRule]) -> int:
    first = family[0]
    return _LAST if first.follows or first.asks_callers else _STEPS.get(first.group, _LAST)


def _ask_ahead(facts: Facts, step: int) -> None:
    """What the families of this step and of later ones ask for is worked out once, before they
    part."""
    with contextlib.suppress(Exception):  # told of by the rule that needs it
        if step == 0:
            _ = facts.model.routes
        elif step == _LAST:
            facts.model.know_callers()
        else:
            _ = facts.entities


def _run(rule: type[Rule], facts: Facts) -> _Outcome:
    """What the rule finds, and what went wrong."""
    found: list[Finding] = []
    try:
        found += rule().check(facts)
    except WorkerDied as error:
        return found, f"did not run to the end: {error}"
    except Exception as error:  # one rule's defect must not hide what the others found
        return found, f"failed: {type(error).__name__}: {error}"
    return found, None


def _following(facts: Facts, family: Sequence[type[Rule]], jobs: int) -> list[tuple[str, _Outcome]]:
    """Once the requests are followed, one process is left at work: the rule that takes as long as
    all others of its family goes to another."""
    heavy = [rule for rule in family if rule.heavy]
    followed = False
    if heavy and len(heavy) < len(family):
        with contextlib.suppress(Exception):  # told of by the rules that ask for them
            followed = bool(facts.flows.runs)
    if not followed:
        return [(rule.id, _run(rule, facts)) for rule in family]

    def work() -> _Found:
        return [(rule.id, _run(rule, facts)) for rule in heavy], facts.model.tree.noticed()

    with Beside(work) as process:
        found = _outcomes(facts, heavy, process) if jobs == 1 else []
        found += [(rule.id, _run(rule, facts)) for rule in family if not rule.heavy]
        return found if jobs == 1 else found + _outcomes(facts, heavy, process)


def _outcomes(
    facts: Facts, family: Sequence[type[Rule]], process: Beside[_Found]
) -> list[tuple[str, _Outcome]]:
    """What the rules of a process found, once it has ended."""
    try:
        found, noticed = process.result()
    except WorkerDied as error:
        return [(rule.id, ([], f"did not run: {error}")) for rule in family]
    facts.model.tree.notice(noticed)
    return found


def _beside_each_other(
    facts: Facts, rules: Sequence[type[Rule]], jobs: int, progress: Progress
) -> dict[str, _Outcome]:
    """Each family of rules in a process of its own, which inherits the facts. Those that ask for
    less begin while this process still works out what the others ask for."""
    outcomes: dict[str, _Outcome] = {}
    tree = facts.model.tree

    def work(family: Sequence[type[Rule]]) -> _Found:
        if family[0].follows:
            return _following(facts, family, jobs), tree.noticed()
        os.nice(_NICER)
        return [(rule.id, _run(rule, facts)) for rule in family], tree.noticed()

    def note(family: Sequence[type[Rule]], process: Beside[_Found]) -> None:
        outcomes.update(_outcomes(facts, family, process))
        progress("Checking rules", len(outcomes), len(rules))

    progress("Checking rules", 0, len(rules))
    parted = families(rules)
    at_work: list[tuple[Sequence[type[Rule]], Beside[_Found]]] = []
    with contextlib.ExitStack() as processes:
        for step in range(max(map(_step, parted), default=-1) + 1):
            _ask_ahead(facts, step)
            for family in (family for family in parted if _step(family) == step):
                at_work.append((family, processes.enter_context(Beside(partial(work, family)))))
                if jobs == 1:
                    note(*at_work.pop())
        for begun in at_work:
            note(*begun)
    return outcomes
