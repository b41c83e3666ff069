from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.dataflow.domain import RelationRef, Statement
from ci_gate.codemodel.dataflow.events import Loaded, Loop, Place, Ran, Run
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._row_loops import RowLoops

#: Decorators that keep what a function gave; a cached property is worked out for each object.
_MEMORY: Final = regex(
    r"^(?!(?:invalidate|clear|never|no|flush|delete|reset|evict|without)_)"
    r"\w*(?:memoi[sz]e|cache(?!d_?property))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Queries:
    """What runs once per turn of one loop. ``wanted``: something of it runs whenever the loop does,
    not only where a caller asks for it by name (``"comments" in self.expand``), or where it is not
    remembered from before."""

    loop: Loop
    run: Run
    places: dict[s.Node, tuple[Place, Place, str]] = field(default_factory=dict)
    wanted: bool = False


class NPlusOne(Rule):
    """A query runs once for each item of another query's result.

    Seen through calls: the loop may be in the service and the query in the repository. A relation
    that is read in the loop and was not loaded with its owners counts: each read is a query.

    ## Why is this bad?
    The number of round trips grows with the data. With three articles in the test it is not
    noticed; with a page of fifty it is fifty queries, and the endpoint is slow under load.

    ## Fix
    Ask once for all items (`WHERE id IN (...)`, a grouped count), or load the relation with its
    owners (`selectinload`, `joinedload`; Django: `select_related`, `prefetch_related`; Sequelize
    and Prisma: `include`; TypeORM: `relations`, `In(ids)`; SQL text and query builders: a join,
    `IN`, `whereIn`, `inArray`, `with`).

    ## Silent on
    Loops over lists of fixed length, writes (in Node also loops that write for each row anyway),
    Prisma's `findUnique` in `Promise.all` (the client makes one statement of such calls), relations
    that are eagerly loaded, queries that do not depend on the item, calls that only put a task into
    a queue (huey), and everything that could not be followed; queries for what a dict does not hold
    yet. Outside of what serves requests, where a caller has to ask for it by name (`"comments" in
    self.expand`), and behind a function that remembers its results (`@cache.memoize()`), the
    finding is a warning.

    ## Source
    SQLAlchemy, "Relationship Loading Techniques" (the N plus one problem); Django, "Database access
    optimization".
    """

    id = "query/n-plus-one"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in RowLoops(facts).queries():
            yield defect.finding(self)
        loops: dict[s.Node, _Queries] = {}
        for run, event in facts.flows.events():
            if not isinstance(event, Ran | Loaded) or not event.place.loops:
                continue
            loop = _driving(event)
            if loop is None or (loop.statement is not None and loop.statement.empty):
                continue
            tests = list(_tests(facts.model.surroundings, event.place, loop))
            if any(_asks_for_missing(test) for test in tests):
                continue
            found = loops.setdefault(loop.node, _Queries(loop, run))
            here = _in_function(event.place, loop)
            found.places.setdefault(here.node, (here, event.place, _what(event)))
            found.wanted = found.wanted or not (
                any(_asks_by_name(test.test) for test in tests)
                or any(_remembers(function) for _, function in _steps(event.place, loop))
            )
        handlers = [handler for route in facts.model.routes for handler in route.handlers]
        served = facts.model.reachable(handlers)
        for queries in loops.values():
            yield self._found(queries, served)

    def _found(self, queries: _Queries, served: frozenset[FunctionInfo]) -> Finding:
        here, there, what = next(iter(queries.places.values()))
        others = len(queries.places) - 1
        more = f" (and {others} more in the same loop)" if others else ""
        path = here.path
        serving = queries.run.route is not None or here.function in served
        loop = queries.loop
        related = [Related(loop.function.module.path, loop.node.line, "the loop over stored rows")]
        if there.node is not here.node:
            related.append(Related(there.path, there.node.line, "the query runs here"))
        statement = queries.loop.statement
        if statement is not None:
            related.append(
                Related(statement.module, statement.node.line, "the rows come from here")
            )
        return self.finding(
            path,
            spot(here.node),
            message=f"{what} once per item of the loop in {here.function.name}(){more}",
            why=(
                f"{entry(queries.run)} makes one query for the list and one more for each of its"
                " items: the endpoint slows down with the data."
            ),
            fix=(
                "Ask for all items at once before the loop (one statement with IN or GROUP BY), or"
                " load the relation together with the list."
            ),
            subject=f"{here.function.name}:{what}",
            related=related,
            severity=None if serving and queries.wanted else Severity.WARNING,
        )


def _steps(place: Place, loop: Loop) -> list[tuple[s.Node, FunctionInfo]]:
    """The way from the loop to the query."""
    return [*place.calls[loop.depth :], (place.node, place.function)]


def _remembers(function: FunctionInfo) -> bool:
    """``@cache.memoize(60)``: what it gave for the same arguments is not asked for again."""
    node = function.node
    return isinstance(node, s.Function) and any(
        _MEMORY.search(decorator_name(item)) for item in node.decorators
    )


def _tests(surroundings: Surroundings, place: Place, loop: Loop) -> Iterator[s.If]:
    """The conditions around the query, in the functions between it and the loop."""
    for node, function in _steps(place, loop):
        for enclosing in surroundings.of(function.module.path, node):
            if enclosing.node is function.node:
                break
            if isinstance(enclosing.node, s.If) and enclosing.branch == "body":
                yield enclosing.node


def _asks_for_missing(node: s.If) -> bool:
    """``if key not in known: known[key] = query(key)``: it is not asked again."""
    match node.test:
        case s.Binary(op="not in", left=left, right=right):
            return any(
                isinstance(part, s.Assign)
                and any(
                    isinstance(target, s.Subscript)
                    and s.dotted(target.value) == s.dotted(right) != ""
                    and s.dotted(target.index) == s.dotted(left) != ""
                    for target in part.targets
                )
                for statement in node.body
                for part in s.walk(statement)
            )
    return False


def _asks_by_name(test: s.Expr) -> bool:
    """``"comments" in self.expand``: all ways through the test want a name."""
    match test:
        case s.Binary(op="in", left=s.Literal(value=str()), right=s.Attribute(value=s.Name())):
            return True
        case s.Binary(op="or", left=left, right=right):
            return _asks_by_name(left) and _asks_by_name(right)
        case s.Binary(op="and", left=left, right=right):
            return _asks_by_name(left) or _asks_by_name(right)
    return False


def _driving(event: Ran | Loaded) -> Loop | None:
    """The loop whose item the query depends on."""
    if isinstance(event, Ran):
        if event.how == "write" or (
            event.statement is not None and event.statement.kind != "select"
        ):
            return None
        for loop in reversed(event.place.loops):
            if loop.item in event.data:
                return loop
        return None
    if event.state == "closed" or (
        event.instance.session is not None and (event.instance.session.is_async)
    ):
        return None
    for loop in reversed(event.place.loops):
        if loop.statement is not None and loop.statement.node is event.instance.origin:
            return None if _same_for_all(event, loop.statement) else loop
    return None


def _same_for_all(event: Loaded, statement: Statement) -> bool:
    """The statement holds the relation to one object: the first read loads it for all."""
    relation = event.instance.entity.relations.get(event.relation)
    if relation is None or relation.many is not False:
        return False
    names = {event.relation, *relation.columns}
    for condition in statement.conditions:
        expression = condition.expression
        for ref in expression.refs:
            if isinstance(ref, RelationRef) and ref.relation == event.relation:
                return True
        if any(ref.column in names for ref in expression.pinned):
            return True
    return False


def _in_function(place: Place, loop: Loop) -> Place:
    """The call in the loop's own function that leads to the query."""
    if len(place.calls) <= loop.depth:
        return place
    node, function = place.calls[loop.depth]
    return Place(node, function, place.calls[: loop.depth], place.loops)


def _what(event: Ran | Loaded) -> str:
    if isinstance(event, Loaded):
        return f"{event.instance.entity.name}.{event.relation} is loaded"
    entity = event.statement.entity() if event.statement is not None else None
    if entity is not None:
        return f"{entity.name} is queried"
    return "A query runs"
