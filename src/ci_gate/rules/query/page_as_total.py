from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Const, Expression, Statement
from ci_gate.codemodel.dataflow.events import Paged, Ran, Run
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._listings import is_paged

#: What is said to be the number of all rows: `total`, `articlesCount`, `orders_count`.
_TOTAL: Final = regex(r"^total|_total$|Total$|s_count$|sCount$")
_OF_PAIR: Final = regex(r"total|count", re.IGNORECASE)
_COUNTING: Final = regex(r"\bcount\s*\(|\bfound_rows\b|\bover\s*\(", re.IGNORECASE)


class PageAsTotal(Rule):
    """The total of a list is the number of rows on the page.

    `len(rows)`, or `rows.length`, of a query with the request's limit is given out as `total` or
    `articlesCount`; or the count runs over the statement that has the limit already
    (`select(func.count()).select_from(page.subquery())`, `page.count()`). Also `rows.length` of
    Sequelize's `findAndCountAll`, which counts them itself.

    ## Why is this bad?
    The total is never more than the limit: clients see one page, and never ask for the next. With
    fewer rows than a page holds, as in most tests, it is right.

    ## Fix
    Count the statement before the limit and offset are put on it.

    ## Silent on
    Requests that count the rows in another statement as well; limits that are not from the request;
    lengths that are not called a total; counts over a part that is not the page (is there one row
    more?).

    ## Source
    JSON:API, "Pagination"; SQLAlchemy, "Query.count()": it counts what the query would return,
    LIMIT included.
    """

    id = "query/page-as-total"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for query, node in _of_counted_pages(facts):
            yield self.finding(
                query.path,
                spot(node),
                message="The total cannot exceed the limit: it is the number of rows on the page, "
                "and `count` is not used.",
                why="Clients take the first page for all there is, and never ask for the next.",
                fix="Give out the `count` that `findAndCountAll` brings.",
                subject=f"total of {query.model.name}.findAndCountAll",
                related=[Related(query.path, query.call.line, "the page is read here")],
            )
        for run in facts.flows.runs:
            if run.route is None or run.route.method not in ("GET", "ANY") or not run.complete:
                continue
            if not any(isinstance(item, Paged) and _is_asked(item) for item in run.events):
                continue
            ran = [item for item in run.events if isinstance(item, Ran)]
            pages = [item for item in ran if _is_page(item)]
            counts = [item for item in ran if _is_count(item)]
            for count, page in _over_pages(counts, pages):
                home = count.home()
                if home.node not in seen:
                    seen.add(home.node)
                    yield self._found(run, home.path, home.node, page, "the count runs over")
            if counts:
                continue
            for page in pages:
                for path, node in _lengths(page):
                    if node not in seen:
                        seen.add(node)
                        yield self._found(run, path, node, page, "it is the number of rows on")

    def _found(self, run: Run, path: str, node: s.Node, page: Ran, how: str) -> Finding:
        home = page.home()
        return self.finding(
            path,
            spot(node),
            message=f"The total of {entry(run)} cannot exceed the limit: {how} the page",
            why="Clients take the first page for all there is, and never ask for the next.",
            fix="Count the statement as it is before limit and offset are put on it.",
            subject=f"total of {entry(run)}",
            related=[Related(home.path, home.node.line, "the page is read here")],
        )


def _of_counted_pages(facts: Facts) -> Iterator[tuple[Query, s.Node]]:
    """``const { count, rows } = await Order.findAndCountAll(…)`` and ``total: rows.length``."""
    queries = facts.entities.sequelize.queries
    for query in queries.all:
        if query.method != "findAndCountAll" or not queries.option(query, "limit"):
            continue
        function = query.scope.function
        for node in _nodes(function):
            if not isinstance(node, s.Assign) or not isinstance(node.value, s.Await | s.Call):
                continue
            target = node.targets[0]
            if not isinstance(target, s.Mapping) or not any(
                inner is query.call for inner in s.walk(node.value)
            ):
                continue
            for item in target.entries:
                rows = isinstance(item.key, s.Literal) and item.key.value == "rows"
                if rows and isinstance(item.value, s.Name):
                    for found in _totals(function, item.value.id):
                        yield query, found


def _is_asked(event: Paged) -> bool:
    items = event.value.items
    return not items or not all(isinstance(item, Const) for item in items)


def _is_page(event: Ran) -> bool:
    if event.how != "many":
        return False
    statement = event.statement
    if statement is not None:
        return statement.kind == "select" and statement.limited
    return bool(event.texts) and event.told and all(is_paged(text) for text in event.texts)


def _is_count(event: Ran) -> bool:
    """A number of rows, of all or of some; not the numbers of each of several things."""
    statement = event.statement
    if statement is None:
        return event.how == "count" or not event.told or any(
            _COUNTING.search(text) for text in event.texts
        )  # fmt: skip
    if statement.grouped or statement.kind != "select":
        return False
    return event.how == "count" or any(
        isinstance(item, Expression) and (item.counts or item.aggregate or item.opaque)
        for item in statement.selected
    )


def _over_pages(counts: list[Ran], pages: list[Ran]) -> Iterator[tuple[Ran, Ran]]:
    """The counts over a statement whose rows the request reads as its page."""
    for count in counts:
        for page in pages:
            if _is_over(count, page.statement):
                yield count, page
                break


def _is_over(count: Ran, page: Statement | None) -> bool:
    counted = count.statement
    if counted is None or page is None:
        return False
    if count.how == "count" and not counted.derived:
        return counted.limited and _same(counted, page)
    return any(inner.limited and _same(inner, page) for inner in counted.derived)


def _same(one: Statement, other: Statement) -> bool:
    return one.node is other.node and one.conditions == other.conditions


def _lengths(page: Ran) -> Iterator[tuple[str, s.Node]]:
    """The lengths of the page's rows that are called a total, from the query outwards."""
    steps = [(page.place.node, page.place.function), *reversed(page.place.calls)]
    for index, (call, function) in enumerate(steps):
        name = _name_of(function, call)
        if name is not None:
            for found in _totals(function, name):
                yield function.module.path, found
            for at, found in _in_pairs(function, name):
                if _is_total_outside(steps[index + 1 :], at):
                    yield function.module.path, found
        if not _gives(function, call, name):
            return


def _name_of(function: FunctionInfo, call: s.Node) -> str | None:
    """The one name that is set to the rows, and to nothing else."""
    found: list[tuple[str, s.Assign]] = []
    for node in _nodes(function):
        if isinstance(node, s.Assign) and node.value is not None and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, s.Name) and any(inner is call for inner in s.walk(node.value)):
                found.append((target.id, node))
    if len(found) != 1 or isinstance(found[0][1].value, s.Comprehension):
        return None
    name = found[0][0]
    others = [
        target
        for node in _nodes(function)
        if isinstance(node, s.Assign) and node is not found[0][1]
        for target in node.targets
        for inner in s.walk(target)
        if isinstance(inner, s.Name) and inner.id == name
    ]
    return None if others else name


def _totals(function: FunctionInfo, name: str) -> Iterator[s.Node]:
    for node in _nodes(function):
        match node:
            case s.Entry(key=s.Literal(value=str() as key), value=value):
                pass
            case s.Argument(keyword=str() as key, value=value):
                pass
            case s.Assign(targets=[s.Name(id=key)], value=s.Node() as value):
                pass
            case _:
                continue
        if _TOTAL.search(key) and _is_length(value, name):
            yield value


def _in_pairs(function: FunctionInfo, name: str) -> Iterator[tuple[int, s.Node]]:
    """``return rows, len(rows)``: where the length stands, and what it is."""
    for node in _nodes(function):
        if not isinstance(node, s.Return) or not isinstance(node.value, s.Sequence):
            continue
        items = node.value.items
        if any(isinstance(item, s.Name) and item.id == name for item in items):
            yield from ((at, item) for at, item in enumerate(items) if _is_length(item, name))


def _is_total_outside(steps: Sequence[tuple[s.Node, FunctionInfo]], at: int) -> bool:
    """Does the function that takes the pair apart call that part a total?"""
    for call, function in steps:
        for node in _nodes(function):
            if isinstance(node, s.Assign) and node.value is not None:
                if not any(inner is call for inner in s.walk(node.value)):
                    continue
                target = node.targets[0]
                if not isinstance(target, s.Sequence) or len(target.items) <= at:
                    return False
                name = target.items[at]
                return isinstance(name, s.Name) and _OF_PAIR.search(name.id) is not None
        if not _gives(function, call, None):
            return False
    return False


def _is_length(expr: s.Expr, name: str) -> bool:
    match expr:
        case s.Call(func=s.Name(id="len"), args=[s.Argument(value=s.Name(id=given))]):
            return given == name
        case s.Attribute(value=s.Name(id=given), name="length"):
            return given == name
    return False


def _gives(function: FunctionInfo, call: s.Node, name: str | None) -> bool:
    """Does the function return the rows as they are?"""
    returned = [node.value for node in _nodes(function) if isinstance(node, s.Return)]
    if len(returned) != 1 or returned[0] is None:
        return False
    value = returned[0]
    if isinstance(value, s.Await):
        value = value.value
    if isinstance(value, s.Name):
        return value.id == name
    if isinstance(value, s.Comprehension):
        over = value.generators[0].iter
        return not any(item.conditions for item in value.generators) and (
            (isinstance(over, s.Name) and over.id == name) or over is call
        )
    return isinstance(value, s.Call) and any(inner is call for inner in s.walk(value))


def _nodes(function: FunctionInfo) -> Iterator[s.Node]:
    for statement in function.node.body:
        yield from s.walk(statement)
