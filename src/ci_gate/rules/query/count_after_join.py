from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel.dataflow.domain import ColumnRef, Expression, Statement
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._included_counts import counted_includes
from ci_gate.rules.query._measures import Multiplied, multiplied_measures
from ci_gate.rules.query._misses import CountedMiss, counted_misses


class CountAfterJoin(Rule):
    """Rows are counted after a join that gives each of them several times.

    A join to a collection (an article's tags, its fans) returns the owner once per item of the
    collection. `count()` counts those rows, not the owners. Two collections aggregated in one
    query (`annotate(Count("comments"), Count("fans"))`) multiply each other.

    An outer join gives an owner without items one row too, of NULLs: `count(*)` for each owner is
    never 0.

    ## Why is this bad?
    Totals are too high as soon as an owner has two items, and pagination shows pages that do not
    exist. With one tag per article the test passes. An article with 3 comments and 4 fans shows 12
    of both. A number of items per owner says 1 for each owner that has none.

    ## Fix
    Count distinct keys (`func.count(distinct(Article.id))`, Django: `.distinct().count()`,
    `Count("comments", distinct=True)`; Sequelize: `distinct: true`), or filter with EXISTS
    (`Article.tags.any(...)`) instead of a join. A sum needs a subquery of its own. Over an outer
    join count a column of the joined table (`func.count(Comment.id)`): NULL does not count.

    ## Silent on
    Counts that are distinct, or grouped by another thing than an owner's key, joins to one object,
    joins whose rows a filter holds to one (`Tag.name == tag`) or to none (`tags__isnull=True`), one
    collection or collections one within the other (`comments` for `comments__likes`), averages and
    extremes, counts of a column of the joined table, statements that could not be followed.

    ## Source
    SQLAlchemy, "Joins and counts"; Django, "Spanning multi-valued relationships" and
    "Combining multiple aggregations".
    """

    id = "query/count-after-join"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in counted_includes(facts.entities.sequelize):
            yield defect.finding(self)
        seen: set[object] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Ran) or event.statement is None or event.how == "write":
                continue
            counted = _counted(event)
            if counted is None or counted.node in seen:
                continue
            seen.add(counted.node)
            what = " and ".join(dict.fromkeys(counted.multiplied))
            home = event.home()
            place = next(
                (item.node for item in counted.conditions if item.kind == "join"), counted.node
            )
            yield self.finding(
                home.path,
                spot(home.node),
                message=f"The count runs over a join to {what}, which gives rows several times",
                why=(
                    f"A row with three entries in {what} is counted three times: the total is too"
                    " high and pages are offered that do not exist."
                ),
                fix="Count distinct keys, or filter with EXISTS instead of the join.",
                subject=what,
                related=[Related(counted.module, place.line, "the join that multiplies")],
            )
        for missing in counted_misses(facts):
            yield self._of_nothing(missing)
        for found in multiplied_measures(facts):
            yield self._measured(found)

    def _of_nothing(self, found: CountedMiss) -> Finding:
        """The row of NULLs of an owner without items is counted."""
        column = f"{found.items.name}.{found.key}"
        return self.finding(
            found.statement.module,
            found.statement.node,
            message=(
                f"The count for each {found.owner.name} runs over an outer join to"
                f" {found.items.name}: it is 1 where there is none"
            ),
            why=(
                f"The outer join gives a row of NULLs for each {found.owner.name} without a"
                f" {found.items.name}, and count() of rows counts it."
            ),
            fix=f"Count a column of the joined table: func.count({column}).",
            subject=f"{found.owner.name} {found.items.name}",
            related=[Related(found.statement.module, found.join.line, "the outer join")],
        )

    def _measured(self, found: Multiplied) -> Finding:
        """An aggregate over rows that another collection multiplies."""
        measure, statement = found.measure, found.statement
        owner = statement.focus.name if statement.focus is not None else "row"
        own = max(measure.across, key=len, default="")
        what = f"`{measure.function}` over {f'`{own}`' if own else f'the {owner}'}"
        by = " and ".join(f"`{way}`" for way in found.by)
        if found.other is not None:
            other = Related(found.other.module, found.other.node.line, f"`{found.by[0]}` is joined")
        else:
            other = Related(statement.module, statement.node.line, "the query set begins here")
        several = f"three rows in {by.partition(' and ')[0]}"
        return self.finding(
            measure.module,
            measure.node,
            message=f"{what} runs over a join to {by} as well, which gives its rows several times",
            why=(
                f"Django puts all collections of a query into one join: with {several} everything"
                " is counted three times."
            ),
            fix=(
                "Give it `distinct=True`, or count in a subquery of its own."
                if measure.function != "Sum"
                else "Add up in a subquery of its own (`Subquery`, with `OuterRef`)."
            ),
            subject=f"{measure.function} {own or owner}",
            related=[other],
        )


def _counted(event: Ran) -> Statement | None:
    """The statement whose multiplied rows are counted."""
    statement = event.statement
    assert statement is not None
    if event.how == "count" and (statement.legacy or statement.entity() is not None):
        return statement if _multiplies(statement) else None
    counts = [
        item for item in statement.selected if isinstance(item, Expression) and item.aggregate
    ]
    if len(counts) != len(statement.selected) or not counts or statement.grouped:
        return None
    if any(item.distinct for item in counts):
        return None
    if _multiplies(statement):
        return statement
    return next((inner for inner in statement.derived if _multiplies(inner)), None)


def _multiplies(statement: Statement) -> bool:
    if (
        not statement.multiplied
        or statement.distinct
        or statement.grouped
        or statement.opaque
        or statement.limited
    ):
        return False
    for item in statement.conditions:
        for ref in item.expression.pinned:
            if ref.table in statement.joined and not _is_owner(statement, ref):
                return False
    return True


def _is_owner(statement: Statement, ref: ColumnRef) -> bool:
    return any(getattr(item, "entity", None) is ref.table.entity for item in statement.selected)
