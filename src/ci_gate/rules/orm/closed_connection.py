from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Session
from ci_gate.codemodel.dataflow.events import Run, Settled, UsedClosed
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule

#: What drivers raise. Others have the rows in memory by then.
_ERRORS: Final = {
    ("sqlite3", "run"): "ProgrammingError: Cannot operate on a closed database",
    ("sqlite3", "fetch"): "ProgrammingError: Cannot operate on a closed database",
    ("aiosqlite", "run"): "ValueError: no active connection",
    ("aiosqlite", "fetch"): "ValueError: no active connection",
    ("asyncpg", "run"): "InterfaceError: the connection is closed or back in its pool",
    ("psycopg", "run"): "OperationalError: the connection is closed",
    ("psycopg2", "run"): "InterfaceError: connection already closed",
    ("psycopg2", "fetch"): "InterfaceError: cursor already closed",
}
#: Drivers that refuse a connection also when it was only given back to its pool.
_REFUSED_BY_POOL: Final = frozenset({"asyncpg"})
_OF_POOL: Final = frozenset({"acquire", "getconn", "connection", "get_connection"})


class ClosedConnection(Rule):
    """A driver's connection, or a cursor of it, is used after the connection was closed.

    `async with aiosqlite.connect(path) as db: cursor = await db.execute(…)`, and after the block
    `await cursor.fetchall()`. Seen through calls: the helper that closes may be in another module.

    ## Why is this bad?
    The driver raises an error on every request that comes this way, and the endpoint answers 500.

    ## Fix
    Take the rows before the connection is closed: `fetchall()` inside of the block.

    ## Silent on
    Connections that are closed on one branch only, shared ones, sessions of ORMs (which open
    again), psycopg's connections that go back to a pool, rows that psycopg 3 and MySQL's drivers
    hold in memory by then.

    ## Source
    Constraint decay, arXiv 2605.06445: "uses a cursor/connection after it has been closed
    (sqlite3.ProgrammingError)"; PEP 249, `Connection.close()`; asyncpg, "Connection Pools".
    """

    id = "orm/closed-connection"
    group = "orm"
    languages: ClassVar = ("python",)
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for run, event in facts.flows.unbroken():
            if not isinstance(event, UsedClosed) or event.place.node in seen:
                continue
            error = _error(event)
            if error is not None:
                seen.add(event.place.node)
                yield self._found(run, event, error)

    def _found(self, run: Run, event: UsedClosed, error: str) -> Finding:
        place, driver = event.place, event.session.driver
        related = []
        closed = _closing(run, event.session)
        if closed is not None:
            related.append(Related(closed.place.path, closed.place.node.line, "it is closed here"))
        for node, function in place.calls[-1:]:
            related.append(Related(function.module.path, node.line, "called from here"))
        what = "runs a statement on" if event.how == "run" else "takes rows of"
        return self.finding(
            place.path,
            spot(place.node),
            message=f"The line {what} a connection of {driver} that is closed by then.",
            why=f"{driver} raises {error}: {entry(run)} fails each time.",
            fix="Do it before the connection is closed, inside of its `with` block."
            if event.how == "run"
            else "Take the rows before the connection is closed, inside of its `with` block.",
            subject=f"{place.function.name} {event.how} closed",
            related=related,
        )


def _error(event: UsedClosed) -> str | None:
    session = event.session
    match session.origin:
        case s.Call(func=s.Attribute(name=name)) if name in _OF_POOL:
            if session.driver not in _REFUSED_BY_POOL:
                return None
    return _ERRORS.get((session.driver, event.how))


def _closing(run: Run, session: Session) -> Settled | None:
    """Where it was closed."""
    return next(
        (
            event
            for event in run.events
            if isinstance(event, Settled) and event.how == "close" and event.session == session
        ),
        None,
    )
