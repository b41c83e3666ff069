from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ColumnRef, Expression, RelationRef, Statement, Table
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.codemodel.entities import Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule


class RepeatedRows(Rule):
    """A page of rows is read over a join to a collection, which gives each row several times.

    A filter on a collection (an article's tags, a customer's orders) joins it: the owner comes once
    for each item of the collection that fits.

    ## Why is this bad?
    The answer shows the same article twice, the repetitions take places of the page, and others
    move to the next page. With one tag per article, as in tests, nothing is seen.

    ## Fix
    Ask whether there is such an item (`EXISTS`: `Article.tags.any(...)`, Django: `Exists(...)` or
    `filter(pk__in=...)`), or add `distinct()`.

    ## Silent on
    Queries that are distinct or grouped, or that select something of the joined table; filters that
    hold the collection to one row (`Tag.name == tag`, `tags__name__iexact=tag`); joins to one
    object; lists without a limit, which may be put into a set; statements that could not be
    followed.

    ## Source
    Django, "Spanning multi-valued relationships" and `distinct()`; SQLAlchemy, "Joins and
    collections".
    """

    id = "query/repeated-rows"
    group = "query"
    follows = True
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        for run in facts.flows.runs:
            for event in run.events:
                if not isinstance(event, Ran) or event.how != "many" or event.statement is None:
                    continue
                statement = event.statement
                if statement.node in seen:
                    continue
                found = _repeated(statement)
                if found is None:
                    continue
                seen.add(statement.node)
                joining = (event.home().node, _joining(statement, found[0]))
                if joining not in seen:  # several ways to begin it come to the same join
                    seen.add(joining)
                    yield self._found(run, event, statement, *found)

    def _found(
        self, run: Run, event: Ran, statement: Statement, entity: Entity, ways: tuple[str, ...]
    ) -> Finding:
        what = " and ".join(f"`{way}`" for way in ways)
        home = event.home()
        return self.finding(
            home.path,
            spot(home.node),
            message=f"{entity.name} is read over a join to {what}, which gives rows several times",
            why=(
                f"A {entity.name} with two fitting rows in {what} comes twice in the answer of "
                f"{entry(run)}, and takes the place of another on its page."
            ),
            fix="Filter with EXISTS instead of the join, or add distinct().",
            subject=f"{entity.name} over {', '.join(ways)}",
            related=[Related(statement.module, _joining(statement, entity).line, "joined here")],
        )


def _joining(statement: Statement, owner: Entity) -> s.Node:
    """The first condition over another table."""
    for item in statement.conditions:
        if item.kind == "join" or (
            item.kind == "filter" and any(t.entity is not owner for t in item.expression.tables())
        ):
            return item.node
    return statement.node


def _repeated(statement: Statement) -> tuple[Entity, tuple[str, ...]] | None:
    """The entity whose rows come several times, and the collections that make them."""
    if statement.kind != "select" or statement.distinct or statement.grouped:
        return None
    if statement.opaque or statement.derived or statement.single or not statement.limited:
        return None
    entity = _owner(statement)
    if entity is None:
        return None
    if statement.library == "django":
        return (entity, tuple(sorted(statement.spread))) if statement.spread else None
    if statement.library != "sqlalchemy" or not statement.multiplied:
        return None
    if any(_pins(statement, entity, item.expression) for item in statement.conditions):
        return None
    return entity, tuple(dict.fromkeys(statement.multiplied))


def _owner(statement: Statement) -> Entity | None:
    """The entity that the rows are of, where nothing else of the joined tables is selected."""
    tables: set[Entity] = set()
    for item in statement.selected:
        match item:
            case Table(entity=entity):
                tables.add(entity)
            case ColumnRef(table=table) | RelationRef(table=table):
                tables.add(table.entity)
            case Expression(within=(_, *_)):
                continue
            case Expression(refs=refs, opaque=False):
                tables |= {ref.table.entity for ref in refs}
            case _:
                return None
    return tables.pop() if len(tables) == 1 else None


def _pins(statement: Statement, owner: Entity, expression: Expression) -> bool:
    """Does the condition hold a joined table to one row?"""
    return any(
        ref.table in statement.joined and ref.table.entity is not owner for ref in expression.pinned
    )
