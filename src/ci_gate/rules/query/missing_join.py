from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Statement, Table
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.codemodel.dataflow.joins import islands, within
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule


class MissingJoin(Rule):
    """A statement filters or orders by another entity's column without a join to it.

    SQLAlchemy puts every table that is named anywhere into FROM. A table that no join and no
    comparison ties to the others makes a cartesian product: each row meets every row of it.

    ## Why is this bad?
    Counts are multiplied or cover everything, a filter lets all rows through as soon as one row of
    the other table matches, pages show rows twice. With small test data it often looks right.

    ## Fix
    Join the entity (`.join(Article.author)`), compare the key columns in the filter, or ask the
    relation (`Article.author.has(User.username == name)`, `Article.tags.any(Tag.name == tag)`).

    ## Silent on
    Statements with a part that could not be followed (text, sub-queries in FROM, options that are
    not known), sub-selects that correlate with the statement around them, explicit cross joins.

    ## Source
    SQLAlchemy, "SELECT statement has a cartesian product between FROM element(s)"; constraint
    decay, arXiv 2605.06445: wrong queries lead the data-layer defects.
    """

    id = "query/missing-join"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[object, str]] = set()
        joined = _joined(facts)
        for _, event in facts.flows.events():
            if not isinstance(event, Ran) or not _is_judged(event.statement):
                continue
            for island in islands(event.statement):
                key = (island.node, island.table.name)
                if key in seen or (island.statement.node, island.table) in joined:
                    continue
                seen.add(key)
                other, main = island.table.name, island.mainland.name
                related = [Related(event.place.path, event.place.node.line, "it runs here")]
                if island.statement.node.line != island.node.line:
                    related.insert(
                        0,
                        Related(island.statement.module, island.statement.node.line,
                                f"the statement selects from {main}"),
                    )  # fmt: skip
                yield self.finding(
                    island.statement.module,
                    spot(island.node),
                    message=(
                        f"The statement selects from {main} and uses {other}, and nothing joins"
                        f" {other} to {main}"
                    ),
                    why=(
                        f"FROM holds both tables side by side: every row of {main} meets every row"
                        f" of {other}. Counts are multiplied and a condition on {other} no longer"
                        f" chooses rows of {main}."
                    ),
                    fix=f"Join {other} to {main}, or compare their key columns in the condition.",
                    subject=f"{main}~{other}",
                    related=related,
                )


def _is_judged(statement: Statement | None) -> TypeGuard[Statement]:
    """Django joins by itself what a lookup names."""
    return statement is not None and statement.library == "sqlalchemy"


def _joined(facts: Facts) -> set[tuple[s.Node, Table]]:
    """The tables that a statement joins on one of the ways to where it runs: the way on which the
    table is used may be that one."""
    return {
        (statement.node, table)
        for _, event in facts.flows.events()
        if isinstance(event, Ran) and _is_judged(event.statement)
        for statement in _all_of(event.statement)
        for table in statement.joined
    }


def _all_of(statement: Statement) -> Iterator[Statement]:
    """The statement, those that it selects from, and its sub-selects."""
    yield statement
    for inner in (*statement.derived, *within(statement)):
        yield from _all_of(inner)
