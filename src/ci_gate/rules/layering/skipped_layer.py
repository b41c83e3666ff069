from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ci_gate.architecture.model import Role
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.layering._conventions import (
    KEPT_AT_LEAST,
    Standing,
    Tally,
    standing,
    tally,
)
from ci_gate.rules.layering._crossings import Crossing, calls, imports

#: In a service of few files a convention exists from this many functions on that keep it.
_CALLS_AT_LEAST: Final = 10


class SkippedLayer(Rule):
    """A layer reaches past the one below it: a route imports or calls a repository.

    A call counts as well as an import: a handler that takes a unit of work from a container and
    queries through it imports nothing suspicious.

    ## Why is this bad?
    What the service layer does for everybody (permissions, validation, transactions, events) does
    not happen on this path. The next change of the service leaves this endpoint behind, and no test
    shows it.

    ## Fix
    Add a method to the service and call that.

    ## Silent on
    Models and plain types where the architecture lets all layers use them, composition roots, and
    projects where skipping is the habit: then the findings are notes.

    ## Source
    Constraint decay, arXiv 2605.06445: "repositories are accessed only through services".
    """

    id = "layering/skipped-layer"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = standing(facts, _count)
        if found.severity is None:
            return
        imported = {(c.source, c.target): c for c in imports(facts) if _skips(facts, c)}
        for crossing in imported.values():
            yield self._finding(facts, crossing, found)
        files = {source for source, _ in imported}
        reported: set[FunctionInfo] = set()
        for crossing in calls(facts):
            edge = crossing.call
            if edge is None or crossing.source in files or edge.caller in reported:
                continue
            if _skips(facts, crossing):
                reported.add(edge.caller)
                yield self._finding(facts, crossing, found)

    def _finding(self, facts: Facts, crossing: Crossing, found: Standing) -> Finding:
        what = ", ".join(crossing.what) or crossing.target
        edge = crossing.call
        does = f"calls {what}()" if edge is not None else f"imports {what}"
        who = f"{edge.caller.name} in {crossing.source}" if edge is not None else crossing.source
        between = _between(facts, crossing)
        return self.finding(
            crossing.source,
            crossing.node,
            message=(
                f"{who} ({crossing.from_layer.name}) {does} of {crossing.target} "
                f"({crossing.to_layer.name}), past {between}. {found.reason}"
            ),
            why=(
                f"What {between} do for every caller, such as permissions, transactions and "
                "validation, does not happen on this path."
            ),
            fix=f"Give {between} a method that does it, and call that from {crossing.source}.",
            subject=f"reaches {crossing.target} {what}",
            related=crossing.related(facts),
            severity=found.severity,
        )


def _skips(facts: Facts, crossing: Crossing) -> bool:
    outer, inner = crossing.from_layer, crossing.to_layer
    if inner.rank <= outer.rank + 1 and outer.may_import is None:
        return False
    if not facts.architecture.written:
        return (
            outer.role is Role.PRESENTATION
            and inner.role is Role.DATA_ACCESS
            and any(layer.role is Role.SERVICE for layer in facts.architecture.layers)
        )
    if inner.rank < outer.rank:
        return False
    if outer.may_import is not None:
        return inner.name not in outer.may_import
    return facts.architecture.strict and inner.role is not Role.MODEL


def _between(facts: Facts, crossing: Crossing) -> str:
    passed = [
        layer.name
        for layer in facts.architecture.layers
        if crossing.from_layer.rank < layer.rank < crossing.to_layer.rank
    ]
    return " and ".join(passed) or "the layer between"


def _count(facts: Facts) -> Tally:
    """By files; in a service with few of them, by the functions that call."""
    every = [*imports(facts), *calls(facts)]
    kept = [c for c in every if _keeps(c)]
    broken = [c for c in every if not c.upward and _skips(facts, c)]
    by_name = list(_by_name(facts))
    found = tally(_files(kept), [*_files(broken), *by_name])
    if found.kept >= KEPT_AT_LEAST:
        return found
    counted = tally(_functions(kept), [*_functions(broken), *by_name])
    return replace(counted, places=found.places) if counted.kept >= _CALLS_AT_LEAST else found


def _keeps(crossing: Crossing) -> bool:
    roles = crossing.from_layer.role, crossing.to_layer.role
    return roles == (Role.PRESENTATION, Role.SERVICE)


def _files(crossings: Iterable[Crossing]) -> list[tuple[str, str]]:
    return [(crossing.source, crossing.target) for crossing in crossings]


def _functions(crossings: Iterable[Crossing]) -> list[tuple[str, str]]:
    return [(c.call.caller.qualname, c.target) for c in crossings if c.call is not None]


def _by_name(facts: Facts) -> Iterator[tuple[str, str]]:
    """Imports past the services of files that only their name makes data access: they tell of a
    habit, though none of them is a finding."""
    of = facts.architecture.of
    for edge in facts.model.import_edges:
        one, other = of.get(edge.source), of.get(edge.target or "")
        if edge.type_only or one is None or other is None or other.confirmed:
            continue
        roles = (one.layer.role, other.layer.role)
        if one.confirmed and roles == (Role.PRESENTATION, Role.DATA_ACCESS):
            yield edge.source, edge.target or ""
