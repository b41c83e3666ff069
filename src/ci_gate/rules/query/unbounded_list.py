from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel.dataflow.domain import ColumnRef, Statement
from ci_gate.codemodel.dataflow.events import Discarded, Ran, Run
from ci_gate.codemodel.entities import Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._listings import (
    Listing,
    is_key,
    is_listed,
    is_paged,
    is_paging,
    is_spoken_of,
    listing,
    main_lists,
)


class UnboundedList(Rule):
    """A list endpoint loads every row that matches: its query has neither limit nor page.

    It fires where the endpoint reads a limit, offset or page that never reaches the query, and
    where the same entity is listed with a limit elsewhere in the service.

    ## Why is this bad?
    The response, the memory and the time grow with the table. The endpoint that answers at once in
    the test falls over in production, and whoever calls it in a loop takes the service down.

    ## Fix
    Apply `limit` and `offset` (or a cursor) to the statement before it runs, with a bounded
    default.

    ## Silent on
    Queries for one object, counts, rows that belong to one parent (`article_id == ...`), lookups by
    a list of keys, statements that could not be followed, lists that the service pages nowhere. A
    list that is paged elsewhere is asked for only where the path names it or its rows are the
    answer; in Node (Sequelize and SQL text), only where both are so.

    ## Source
    Constraint decay, arXiv 2605.06445; Google AIP-158: list methods are paginated from the start.
    """

    id = "query/unbounded-list"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        paged = _paged(facts)
        seen: set[object] = set()
        for run in facts.flows.served():
            if run.route is None or run.route.method not in ("GET", "ANY"):
                continue
            if any(isinstance(e, Discarded) and e.statement.limited for e in run.events):
                continue
            asked = _asked(run)
            listed = [e for e in run.events if isinstance(e, Ran) and _lists(e)]
            if asked and run.entry.module.language != "python":
                listed = main_lists(run)[:1]
            if any(isinstance(e, Ran) and e.statement is not None and e.statement.limited
                   and e.how != "one" for e in run.events):  # fmt: skip
                continue
            for event in listed:
                statement = event.statement
                assert statement is not None
                entity = statement.entity()
                if entity is None or event.home().node in seen:
                    continue
                if statement.library == "django" and statement.node not in run.answered:
                    continue
                if _other_statement_limited(run, statement):
                    continue
                elsewhere = paged.get(entity)
                if statement.library == "sequelize" and not is_listed(run, statement, entity.name):
                    elsewhere = None
                if statement.library == "sqlalchemy" and not is_spoken_of(
                    run, statement, entity.name
                ):
                    elsewhere = None
                if not (asked and not run.wildcard) and elsewhere is None:
                    continue
                seen.add(event.home().node)
                yield self._found(run, event, statement, entity, asked, elsewhere)
        yield from self._texts(facts)

    def _texts(self, facts: Facts) -> Iterator[Finding]:
        """Lists by SQL text."""
        found = [
            (run, event)
            for run in facts.flows.served()
            for event in run.events
            if isinstance(event, Ran) and event.statement is None and event.how == "many"
        ]
        if not found:
            return
        paged: dict[str, Ran] = {}
        for _, event in found:
            for item in _listings(event, facts):
                if item.limited:
                    paged.setdefault(item.table, event)
        seen: set[object] = set()
        for run, event in found:
            if run.route is None or run.route.method not in ("GET", "ANY"):
                continue
            listings = _listings(event, facts)
            asked = _unheeded(run)
            open_ended = [
                item
                for item in listings
                if not item.limited and not (item.looked_up if asked else item.bounded)
            ]
            if not open_ended or event.place.node in seen or any(map(is_paged, event.texts)):
                continue
            if any(isinstance(e, Ran) and any(map(is_paged, e.texts)) for e in run.events):
                continue
            table = open_ended[0].table
            elsewhere = paged.get(table)
            if not asked and elsewhere is None:
                continue
            seen.add(event.place.node)
            yield self._of_text(run, event, table, asked, elsewhere)

    def _of_text(
        self, run: Run, event: Ran, table: str, asked: list[str], elsewhere: Ran | None
    ) -> Finding:
        related = [Related(run.entry.module.path, run.entry.node.line, f"{entry(run)} begins here")]
        reason = f"{entry(run)} loads all of them"
        if asked:
            reason = f"{entry(run)} reads {' and '.join(asked)}, and the query gets none of it"
        if elsewhere is not None:
            where = f"here {table} is listed with a limit"
            related.append(Related(elsewhere.place.path, elsewhere.place.node.line, where))
        return self.finding(
            event.place.path,
            spot(event.place.node),
            message=f"The query for {table} has no LIMIT: {reason}",
            why=(
                f"Every row of {table} that matches is loaded and sent, however many there are."
                " Time and memory grow with the table."
            ),
            fix="End the statement with LIMIT and OFFSET of the request, with a bounded default.",
            subject=table,
            related=related,
        )

    def _found(
        self,
        run: Run,
        event: Ran,
        statement: Statement,
        entity: Entity,
        asked: list[str],
        elsewhere: Ran | None,
    ) -> Finding:
        home = event.home()
        related = [Related(statement.module, statement.node.line, "the statement begins here")]
        if asked:
            reason = f"{entry(run)} reads {' and '.join(asked)}, and the query gets none of it"
        else:
            reason = f"{entry(run)} loads all of them"
        if elsewhere is not None and elsewhere.statement is not None:
            related.append(
                Related(elsewhere.home().path, elsewhere.home().node.line,
                        f"here {entity.name} is listed with a limit")
            )  # fmt: skip
        return self.finding(
            home.path,
            spot(home.node),
            message=f"The query for {entity.name} has neither limit nor page: {reason}",
            why=(
                f"Every {entity.name} that matches is loaded and sent, however many there are. Time"
                " and memory grow with the table."
            ),
            fix=(
                "Give the query `limit` and `offset` of the request, with a bounded default."
                if statement.library == "sequelize"
                else "Give the statement .limit() and .offset() of the request, with a bounded"
                " default."
            ),
            subject=entity.name,
            related=related,
        )


def _listings(event: Ran, facts: Facts) -> list[Listing]:
    """What the texts list; nothing where one of them is not understood."""
    driver = event.session.driver if event.session is not None else ""
    found = [listing(text, driver or "sqlalchemy", facts.schema) for text in event.texts]
    return [item for item in found if item is not None] if None not in found else []


def _asked(run: Run) -> list[str]:
    """Limits, offsets and pages that the endpoint reads; in JavaScript, where a query's options may
    come from afar, those that reach nothing at all."""
    asked = {s.name for s in run.read if s.part == "query" and s.name and is_paging(s.name)}
    if run.entry.module.language == "python":
        return sorted(asked)
    return sorted(asked) if not run.wildcard and not asked & {s.name for s in run.used} else []


def _unheeded(run: Run) -> list[str]:
    """Limits, offsets and pages that the endpoint reads and that reach no statement."""
    if run.entry.module.language != "python":
        return _asked(run)
    if run.wildcard:
        return []
    reads = {s.name for s in run.read if s.part == "query" and s.name is not None}
    asked = {name for name in reads if is_paging(name)}
    reached = {s.name for e in run.events if isinstance(e, Ran) for s in e.data}
    return sorted(asked) if not asked & reached else []


def _other_statement_limited(run: Run, statement: Statement) -> bool:
    """Another variant of the same statement in the same run has a limit."""
    return any(
        isinstance(e, Ran) and e.statement is not None and e.statement.limited
        and e.statement.node is statement.node
        for e in run.events
    )  # fmt: skip


def _paged(facts: Facts) -> dict[Entity, Ran]:
    """The entities that some endpoint lists with a limit."""
    found: dict[Entity, Ran] = {}
    for run in facts.flows.served():
        for event in run.events:
            if (
                isinstance(event, Ran)
                and event.statement is not None
                and event.statement.limited
                and event.how == "many"
            ):
                entity = event.statement.entity()
                if entity is not None:
                    found.setdefault(entity, event)
    return found


def _lists(event: Ran) -> bool:
    statement = event.statement
    if statement is None or event.how != "many" or statement.kind != "select":
        return False
    if statement.limited or statement.single or statement.opaque:
        return False
    if statement.grouped and statement.library != "django":
        return False
    return statement.entity() is not None and not _bounded(statement)


def _bounded(statement: Statement) -> bool:
    """The rows belong to one parent, or are looked up by key; also where they are those of another
    query that is bounded (``pk__in=…``)."""
    for condition in statement.conditions:
        if condition.kind != "filter":
            continue
        if condition.expression.opaque and statement.library != "sqlalchemy":
            return True
        if any(
            inner.limited or (inner.focus == statement.focus and _bounded(inner))
            for inner in condition.expression.within
            if inner.library == "django"
        ):
            return True
        for ref in condition.expression.refs:
            if statement.library == "sequelize" and is_key(getattr(ref, "column", "")):
                return True
            if condition.expression.within and ref not in condition.expression.pinned:
                continue
            column = (
                ref.table.entity.columns.get(ref.column) if isinstance(ref, ColumnRef) else None
            )
            if column is not None and column.primary_key:
                return True
            if ref in condition.expression.distant:
                continue
            if column is None or column.foreign_key is not None:
                return True
            if column.unique and ref.table.entity is statement.entity():
                return True
    return False
