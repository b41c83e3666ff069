from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel.dataflow.domain import Expression, Source, Statement, Table
from ci_gate.codemodel.dataflow.events import Paged, Ran, Run
from ci_gate.codemodel.entities import Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._counted_queries import counted_queries
from ci_gate.rules.query._counted_texts import counted_texts


class CountIgnoresFilter(Rule):
    """A page is filtered by what the request asks for, and its total counts the whole table.

    Also where both are SQL text: on some path the page is filtered by more values than the count;
    and Prisma's and Sequelize's `count()` without a `where` beside a page that has one.

    ## Why is this bad?
    The answer says that there are more rows than the filter lets through: clients page on through
    empty pages. Without a filter, as in most tests, the total is right.

    ## Fix
    Count under the same conditions as the page: put them into one list, and give it to both
    statements.

    ## Silent on
    Requests that count under conditions as well (a total and a filtered total); pages without a
    limit or offset from the request; conditions by which a page begins (`id < ?`); filters that
    are not from the request; statements that could not be followed.

    ## Source
    JSON:API, "Pagination"; Django, "Pagination: Paginator.count" is of the same list as the pages.
    """

    id = "query/count-ignores-filter"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in (*counted_texts(facts), *counted_queries(facts)):
            yield defect.finding(self)
        seen: set[object] = set()
        for run in facts.flows.runs:
            if run.route is None or run.route.method not in ("GET", "ANY") or not run.complete:
                continue
            found = _mismatch(run)
            if found is None:
                continue
            count, page, entity = found
            filtered = page.statement
            if filtered is None or count.place.node in seen:
                continue
            seen.add(count.place.node)
            names = sorted({s.name for s in page.data - _paging(run) if s.name is not None})
            by = ", ".join(f"`{name}`" for name in names[:4])
            home = count.home()
            yield self.finding(
                home.path,
                spot(home.node),
                message=(
                    f"The total counts every {entity.name}, and the page of {entry(run)} is "
                    f"filtered{f' (by {by})' if by else ''}."
                ),
                why=(
                    "With a filter the total is too high: clients ask for further pages, and get "
                    "empty ones."
                ),
                fix="Count under the conditions of the page.",
                subject=f"total of {entity.name}",
                related=[Related(filtered.module, filtered.node.line, "the filtered page")],
            )


def _mismatch(run: Run) -> tuple[Ran, Ran, Entity] | None:
    """The count over a whole table, and the filtered page of the same table."""
    paging = _paging(run)
    events = [item for item in run.events if isinstance(item, Ran) and item.statement is not None]
    counts = [item for item in events if _is_count(item)]
    if not counts or any(_is_filtered(item.statement) for item in counts):
        return None
    for page in events:
        statement = page.statement
        if page.how != "many" or statement is None or statement.kind != "select":
            continue
        if not statement.limited or statement.opaque or statement.derived or statement.grouped:
            continue
        asked = {s for s in page.data - paging if s.part in ("query", "path")}
        if not asked or not paging & page.data or not statement.where("filter"):
            continue
        first = statement.selected[0] if statement.selected else None
        entity = first.entity if isinstance(first, Table) else None
        for count in counts:
            if entity is not None and _of_all(count) is entity:
                return count, page, entity
    return None


def _paging(run: Run) -> frozenset[Source]:
    """What of the request is a limit or an offset."""
    found: set[Source] = set()
    for event in run.events:
        if isinstance(event, Paged):
            found |= event.value.sources
    return frozenset(found)


def _is_count(event: Ran) -> bool:
    statement = event.statement
    if statement is None or statement.kind != "select":
        return False
    return event.how == "count" or _counts(statement)


def _counts(statement: Statement) -> bool:
    return len(statement.selected) == 1 and any(
        isinstance(item, Expression) and (item.counts or item.aggregate)
        for item in statement.selected
    )


def _is_filtered(statement: Statement | None) -> bool:
    return statement is None or bool(
        statement.conditions or statement.opaque or statement.derived or statement.joined
        or statement.limited or statement.sources
    )  # fmt: skip


def _of_all(event: Ran) -> Entity | None:
    """The entity of which every row is counted."""
    statement = event.statement
    if statement is None or event.data:
        return None
    if statement.library == "django":
        return statement.focus.entity if statement.focus is not None else None
    named = {item.entity for item in statement.tables}
    for item in statement.selected:
        if isinstance(item, Expression):
            named |= {ref.table.entity for ref in item.refs}
        elif isinstance(item, Table):
            named.add(item.entity)
    return named.pop() if len(named) == 1 else None
