from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.layering._conventions import KEPT_AT_LEAST, Tally, standing, tally
from ci_gate.rules.layering._crossings import Crossing, calls, imports


class UpwardImport(Rule):
    """A lower layer imports a higher one.

    Imports count wherever they are written: at the top, inside a function, through
    ``importlib`` or ``import()`` with a constant, through a re-export, a barrel file or a path
    alias of tsconfig or package.json. In Python a name counts too that the higher module has from
    elsewhere: to get at it, Python loads the higher module.

    ## Why is this bad?
    The layers exist so that the inner ones can be changed, tested and reused without the outer
    ones. One import upwards closes a circle: a change of a route can now break a query, the
    repository cannot be tested without the service, and a later import at the top of a file ends in
    a circular import at start-up. Agents put it inside a function because there it does not fail.

    ## Fix
    Move what both layers need down to the lower one or into a module that belongs to no layer, or
    hand it in as an argument.

    ## Silent on
    Imports for types only (``TYPE_CHECKING``, ``import type``, names that stand in annotations
    only), errors, constants and plain data types where no architecture is written down, names that
    a package's ``__init__`` passes on from below, tests, migrations and composition roots.

    ## Source
    Constraint decay, arXiv 2605.06445: the architecture constraint of the study.
    """

    id = "layering/upward-import"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = standing(facts, _count, order_of_layers=True)
        if found.severity is None:
            return
        for crossing in imports(facts):
            if not _breaks(crossing):
                continue
            what = ", ".join(crossing.what) or crossing.target
            yield self.finding(
                crossing.source,
                crossing.node,
                message=(
                    f"{crossing.source} ({crossing.from_layer.name}) imports {what} from "
                    f"{crossing.target} ({crossing.to_layer.name}), a layer above it"
                    f"{_hidden(crossing)}. {found.reason}"
                ),
                why=(
                    f"{crossing.from_layer.name} can no longer be changed, tested or started "
                    f"without {crossing.to_layer.name}; the circle breaks at start-up as soon as "
                    "one of the imports moves."
                ),
                fix=_fix(crossing, what),
                subject=f"imports {crossing.target} {' '.join(sorted(crossing.what))}",
                related=crossing.related(facts),
                severity=found.severity,
            )


def _count(facts: Facts) -> Tally:
    """Layers that are wired in one place import little from each other: there, what one layer calls
    in another tells the order too."""
    crossings = imports(facts)
    breaches = [(c.source, c.target) for c in crossings if _breaks(c)]
    kept = [(c.source, c.target) for c in crossings if not _breaks(c)]
    if len(set(kept)) < KEPT_AT_LEAST and breaches:
        kept += [(c.source, c.target) for c in calls(facts) if not c.upward]
    return tally(kept, breaches)


def _breaks(crossing: Crossing) -> bool:
    """Does it lead upwards where nothing allows it?"""
    allowed = crossing.from_layer.may_import
    return crossing.upward and (allowed is None or crossing.to_layer.name not in allowed)


def _fix(crossing: Crossing, what: str) -> str:
    if crossing.origin is not None:
        return f"Import {what} from {crossing.origin.path}, where it is defined."
    return (
        f"Move {what} down to {crossing.from_layer.name} or into a module that belongs "
        f"to no layer, or let {crossing.to_layer.name} hand it in."
    )


def _hidden(crossing: Crossing) -> str:
    node = crossing.node
    if crossing.origin is not None:
        return f", which has it from {crossing.origin.path}"
    if crossing.via:
        hops = ", ".join(f"{step.path}:{step.line}" for step in crossing.via)
        return f", by way of {hops}"
    if isinstance(node, s.Import) and node.lazy:
        return ", hidden inside a function"
    return ""
