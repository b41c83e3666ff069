from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Session
from ci_gate.codemodel.dataflow.events import Place, Ran, Run, Settled, Shared, Wrote
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._kept_sessions import KeptSession, kept_sessions

#: What a lock is called.
_LOCK: Final = regex(r"lock|mutex|sem(?:aphore)?$|turn|exclusive|serial|guard", re.IGNORECASE)


class SharedSession(Rule):
    """Requests that run at the same time use one session.

    The session (or the object that keeps it) is made once, when the module is imported or the
    application is built, and every request works on it; or a dependency keeps that of the first
    request in a global name.

    ## Why is this bad?
    A session is one transaction and one connection. Two requests at a time commit, roll back or
    close each other's work, see each other's uncommitted rows, or fail with "this session is
    provisioning a new connection" and "another operation is in progress".

    ## Fix
    Make the session where the request begins: call the session factory in the handler's
    dependency or in the unit of work, and hand a factory around, not a session.

    ## Silent on
    Factories, engines and pools, `scoped_session` and Flask-SQLAlchemy's `db.session`, sessions of
    scripts, tests and background jobs. Of drivers' connections: those that take their users one
    after another, as long as each request commits every statement, and those that are used under a
    lock.

    ## Source
    SQLAlchemy, "Is the Session thread-safe? Is AsyncSession safe to share in concurrent tasks?".
    """

    id = "orm/shared-session"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for kept in kept_sessions(facts.model):
            yield self._global(kept)
        seen: set[object] = set()
        locked = _locked(facts)
        for run in facts.flows.of_requests():
            for event in run.events:
                if isinstance(event, Shared) and event.place.node not in seen:
                    made = _made_before(facts, event)
                    if made is not None:
                        seen.add(event.place.node)
                        yield self._kept(event, *made)
                elif isinstance(event, Ran | Wrote | Settled):
                    origin = _origin(event.session, run)
                    if origin is None or origin in locked or origin in seen:
                        continue
                    if origin in facts.flows.homes:
                        seen.add(origin)
                        yield self._used(facts, run, event, origin)

    def _global(self, kept: KeptSession) -> Finding:
        return self.finding(
            kept.function.module.path,
            kept.node,
            message=f"{kept.function.name} keeps the session of one request in `{kept.name}`, for "
            "all that come after it.",
            why="The dependency closes the session at the end of the first request: the others "
            "work on a session that is not theirs, and on each other's transaction.",
            fix="Make the object in each request, or keep a session factory in it.",
            subject=f"{kept.function.name} keeps {kept.param}",
        )

    def _kept(self, event: Shared, path: str, node: s.Node) -> Finding:
        """An object that outlives the request keeps the request's session."""
        owner = event.owner.name
        return self.finding(
            path,
            spot(node),
            message=(
                f"One {owner} serves all requests, and it keeps the session of the running one in"
                f" {event.attribute}"
            ),
            why=(
                f"Two requests at a time overwrite each other's {event.attribute}: one rolls back"
                " or closes the session that the other is working with."
            ),
            fix=f"Make a new {owner} for each request (hand out a factory).",
            subject=f"{owner}.{event.attribute}",
            related=[Related(event.place.path, event.place.node.line, "the session is kept here")],
        )

    def _connection(
        self, facts: Facts, run: Run, event: Ran | Wrote | Settled, origin: s.Node
    ) -> Finding:
        driver = event.session.driver if event.session is not None else ""
        fails = {
            "asyncpg": "another operation is in progress",
            "aiomysql": "readexactly() called while another coroutine is already waiting",
            "pymysql": "packet sequence number wrong",
        }.get(driver)
        why = f"{entry(run)} and every other request work in one transaction: they commit and"
        why += " roll back each other's work."
        if fails is not None:
            why = f"When {entry(run)} is called twice at a time, the second fails: {fails}."
        return self.finding(
            facts.flows.homes[origin],
            spot(origin),
            message="One connection is made once and used by all requests",
            why=why,
            fix="Make a pool here, and take a connection out of it for each request.",
            subject="connection",
            related=[Related(event.place.path, event.place.node.line, "a request uses it here")],
        )

    def _used(
        self, facts: Facts, run: Run, event: Ran | Wrote | Settled, origin: s.Node
    ) -> Finding:
        session = event.session
        if session is not None and session.library == "driver":
            return self._connection(facts, run, event, origin)
        return self.finding(
            facts.flows.homes[origin],
            spot(origin),
            message="One session is made once and used by all requests",
            why=(
                f"{entry(run)} and every other request work in the same transaction on the same"
                " connection: they commit, roll back and close each other's work."
            ),
            fix="Keep the session factory here, and make a session for each request.",
            subject="session",
            related=[Related(event.place.path, event.place.node.line, "a request uses it here")],
        )


def _locked(facts: Facts) -> set[s.Node | None]:
    """Where connections are made that some request uses under a lock."""
    return {
        event.session.origin
        for run in facts.flows.of_requests()
        for event in run.events
        if isinstance(event, Ran)
        and event.session is not None
        and event.session.library == "driver"
        and event.session.shared
        and event.session.origin is not None
        and _under_lock(event.place)
    }


def _under_lock(place: Place) -> bool:
    return any(
        _is_locked(holder, node)
        for node, function in (*place.calls, (place.node, place.function))
        for holder in s.walk(function.node, into_functions=False)
    )


def _is_locked(holder: s.Node, node: s.Node) -> bool:
    if isinstance(holder, s.With):
        return any(_LOCK.search(_name(item.context)) for item in holder.items) and any(
            inner is node for part in holder.body for inner in s.walk(part)
        )
    return (
        isinstance(holder, s.Call)
        and isinstance(holder.func, s.Attribute)
        and holder.func.name == "acquire"
        and _LOCK.search(_name(holder.func.value)) is not None
        and holder.span < node.span
    )


def _name(expr: s.Expr) -> str:
    """The last word of what is entered."""
    while isinstance(expr, s.Call | s.Await):
        expr = expr.func if isinstance(expr, s.Call) else expr.value
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")


def _origin(session: Session | None, run: Run) -> s.Node | None:
    """Where a session that requests share was made."""
    if session is None or not session.shared or session.scoped:
        return None
    if session.library == "driver" and not _collides(session, run):
        return None
    return session.origin


def _collides(session: Session, run: Run) -> bool:
    """Two such requests at a time cannot work on one connection of this driver."""
    if session.driver in ("asyncpg", "aiomysql"):
        return True
    node = run.entry.node
    if not session.is_async and (not isinstance(node, s.Function) or node.is_async):
        return False
    return session.driver in ("pymysql", "mysql.connector") or _interleaves(session, run)


def _interleaves(session: Session, run: Run) -> bool:
    """The request has a transaction of several statements, or rolls back."""
    writes = 0
    for event in run.events:
        if isinstance(event, Wrote | Settled) and event.session == session:
            if isinstance(event, Wrote):
                writes += 1
            elif event.how == "rollback":
                return True
            elif event.how == "commit":
                writes = 0
            if writes > 1:
                return True
    return False


def _made_before(facts: Facts, event: Shared) -> tuple[str, s.Node] | None:
    """Where the object that keeps the session is made, if that is surely not during a request."""
    if event.certain and event.made is not None and event.made in facts.flows.homes:
        return facts.flows.homes[event.made], event.made
    serving = {function for run in facts.flows.of_routes() for function in run.entered}
    found: list[tuple[str, s.Node]] = []
    for function in facts.model.functions.values():
        if is_outside(function.module.path):
            continue
        for call in facts.model.calls_in(function):
            if any(
                isinstance(value, ClassValue) and value.cls is event.owner
                for value in facts.model.evaluate(call.func)
            ):
                if function in serving:
                    return None
                found.append((function.module.path, call))
    return found[0] if len(found) == 1 else None
