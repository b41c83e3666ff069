from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ModelRow
from ci_gate.codemodel.dataflow.events import NotIncludedUsed, PartRead, Place, Run
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._script_reads import is_tested

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Use:
    """What a row lacks is used at ``used``; it was read of the row at ``read``."""

    run: Run
    row: ModelRow
    name: str
    read: Place
    used: Place


class AssociationNotLoaded(Rule):
    """An associated object is used of a row whose query did not include it.

    Sequelize: `Article.findOne({ where })` in the repository, and `article.author.username` in the
    presenter. Rows that `create()` gives have no associations either.

    ## Why is this bad?
    The association is undefined on that row, and reading something of it raises TypeError: every
    request that takes this way answers 500.

    ## Fix
    Include the association in the query, or load the row again with it after `create()`
    (`await row.reload({ include })`).

    ## Silent on
    Queries whose includes could not be read in full, scoped queries, models whose default scope
    includes something, rows that are reloaded or get the association from the code, `raw` rows, and
    values that are asked for before they are used (`?.`, `??`, a condition).

    ## Source
    Sequelize, "Eager Loading" and "Associations" (sequelize.org/docs/v6).
    """

    id = "orm/association-not-loaded"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        if not models.queries.all:
            return
        found: dict[s.Node, list[_Use]] = {}
        for use in _uses(facts):
            found.setdefault(use.read.node, []).append(use)
        for uses in found.values():
            yield self._found(models, uses)

    def _found(self, models: Models, uses: list[_Use]) -> Finding:
        first = uses[0]
        queries = list(dict.fromkeys(models.queries.of_call[use.row.call] for use in uses))
        query, name = queries[0], first.name
        asked = f"{query.model.name}.{query.method}()"
        made = query.method in ("create", "build", "bulkCreate")
        holder = f"the `{'.'.join(first.row.path)}` of a row" if first.row.path else "a row"
        related = [
            Related(item.path, item.call.line, "the query that gives the row")
            for item in queries[:_SHOWN]
        ]
        if first.used.node is not first.read.node:
            related.append(Related(first.used.path, first.used.node.line, "it is used here"))
        return self.finding(
            first.read.path,
            spot(first.read.node),
            message=f"`{name}` is used of {holder} that {asked} gives without it.",
            why=f"`{name}` is undefined on that row, and what is read of it raises TypeError: "
            f"{entry(first.run)} answers 500.",
            fix=f"Load the row again with `include` for `{name}` before it is handed on."
            if made
            else f"Add `{name}` to the `include` of the query.",
            subject=f"{first.read.function.name} uses {query.model.name}.{name}",
            related=related,
        )


def _uses(facts: Facts) -> Iterator[_Use]:
    chains = optional_chains(facts)
    for run in facts.flows.all_scripts():
        reads: dict[s.Node, Place] = {}
        for event in run.unbroken():
            if isinstance(event, PartRead):
                reads[event.place.node] = event.place
            elif isinstance(event, NotIncludedUsed):
                read = reads.get(event.what.read, event.place)
                if chains.is_one(event.place) or chains.is_one(read):
                    continue
                if is_tested(facts.model, read, event.what.name):
                    continue
                yield _Use(run, event.what.row, event.what.name, read, event.place)
