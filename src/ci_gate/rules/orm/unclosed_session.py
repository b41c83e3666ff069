from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Opened, Settled
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule

_TAKEN = frozenset({"acquire", "getconn", "get_connection"})
_GIVEN = frozenset({"release", "putconn"})


class UnclosedSession(Rule):
    """A request opens a session or connection and never closes it.

    ## Why is this bad?
    Its connection stays checked out of the pool. After as many requests as the pool has
    connections (five and ten more by default) every further request waits and fails with a
    time-out; one test never gets there.

    ## Fix
    Open it in a `with` block, or close it in `finally`; in FastAPI, `yield` it from the dependency
    inside such a block.

    ## Silent on
    Sessions in a `with` block, those that some code closes, hands out or keeps, scoped sessions.

    ## Source
    SQLAlchemy, "Opening and Closing a Session"; error 3o7r: QueuePool limit overflow.
    """

    id = "orm/unclosed-session"
    group = "orm"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        elsewhere = _given_back_elsewhere(facts)
        for run in facts.flows.of_routes():
            if not run.complete:
                continue
            closed = {
                event.session.id
                for event in run.events
                if isinstance(event, Settled) and event.how == "close" and event.session is not None
            }
            for event in run.events:
                if not isinstance(event, Opened) or event.place.node in seen:
                    continue
                session = event.session
                if session.shared or session.scoped:
                    continue
                if session.library == "driver" and (elsewhere or not _out_of_pool(event)):
                    continue
                if session.id in closed or session.id in run.escaped:
                    continue
                seen.add(event.place.node)
                yield self.finding(
                    event.place.path,
                    spot(event.place.node),
                    message=f"{entry(run)} opens a session here, and nothing closes it",
                    why=(
                        "Its connection never goes back to the pool. After a few requests the pool"
                        " is empty, and every request waits for a connection until it times out."
                    ),
                    fix="Open it in a with block, or close it in finally.",
                    subject=event.place.function.name,
                    related=[Related(run.entry.module.path, run.entry.node.line, f"{entry(run)}")],
                )


def _out_of_pool(event: Opened) -> bool:
    """The connection was taken out of a pool: one that is dropped does not go back by itself."""
    origin = event.session.origin
    return (
        isinstance(origin, s.Call)
        and isinstance(origin.func, s.Attribute)
        and origin.func.name in _TAKEN
    )


def _given_back_elsewhere(facts: Facts) -> bool:
    """Code that no request was seen to run gives connections back: a hook, a middleware."""
    entered = {function for run in facts.flows.runs for function in run.entered}
    return any(
        isinstance(call.func, s.Attribute) and call.func.name in _GIVEN
        for function in facts.model.functions.values()
        if function not in entered and not is_outside(function.module.path)
        for call in facts.model.calls_in(function)
    )
