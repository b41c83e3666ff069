from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Opened, Run, Settled
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._pool_clients import Kept, kept_clients
from ci_gate.rules.orm._releases import GIVEN, TAKEN, Skipped, skipped_release


class UnclosedSession(Rule):
    """A request opens a session or connection and does not close it on every path.

    It is never closed; or a connection is taken out of a pool by hand (Python; `pg` and `mysql2`
    under Node.js) and given back by a line that an error (or an early `return`) passes over.

    ## Why is this bad?
    Its connection stays checked out of the pool. After as many requests as the pool has
    connections (five and ten more by default) every further request waits and fails with a
    time-out; one test never gets there.

    ## Fix
    Open it in a `with` block, or close it in `finally`; in FastAPI, `yield` it from the dependency
    inside such a block. Under Node.js, `const client = await pool.connect(); try { … } finally {
    client.release(); }`.

    ## Silent on
    Sessions in a `with` block, those that some code closes, hands out or keeps, scoped sessions.
    Of those that an error leaves open: all that Python closes when it drops them, so that only
    connections of pools remain; functions that give back in `finally` or in a handler.

    ## Source
    SQLAlchemy, "Opening and Closing a Session"; error 3o7r: QueuePool limit overflow. asyncpg,
    "Connection Pools": a connection that `acquire()` gave must be released with `release()`.
    node-postgres, "Pooling": "You must always return the client to the pool … if you don't, your
    application will leak them".
    """

    id = "orm/unclosed-session"
    group = "orm"
    follows = True
    languages = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._of_python(facts)
        for kept in kept_clients(facts.model):
            yield self._kept(kept)

    def _of_python(self, facts: Facts) -> Iterator[Finding]:
        seen: set[object] = set()
        elsewhere = _given_back_elsewhere(facts)
        for run in facts.flows.of_requests():
            if not run.complete or run.entry.module.language != "python":
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
                if session.library == "driver" and _out_of_pool(event):
                    skipped = skipped_release(run, event)
                    if skipped is not None and not (
                        session.id in run.escaped and _gives_back_besides(facts, skipped.function)
                    ):
                        seen.add(event.place.node)
                        yield self._skipped(run, event, skipped)
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

    def _kept(self, kept: Kept) -> Finding:
        path = kept.function.module.path
        what = "nothing gives it back"
        related = []
        if kept.release is not None and kept.cause is not None:
            passes = {"return": "and the function returns before", "error": "which errors pass by"}
            what = f"it goes back in line {kept.release.line} only, {passes[kept.how]}"
            related = [
                Related(path, kept.cause.line, "this leaves the function with the connection"),
                Related(path, kept.release.line, "the connection is given back here"),
            ]
        return self.finding(
            path,
            spot(kept.taken),
            message=f"`{kept.name}` is taken out of the pool, and {what}.",
            why=(
                "Each time, one connection stays out of the pool for good. When all are out (10 by "
                "default), every request that needs the database waits for ever."
            ),
            fix=f"Use it in `try {{ … }} finally {{ {kept.name}.release(); }}`.",
            subject=kept.function.name,
            related=related,
        )

    def _skipped(self, run: Run, event: Opened, skipped: Skipped) -> Finding:
        path = skipped.function.module.path
        line = skipped.release.line
        what = {
            "raise": "an exception leaves the function before",
            "return": "the function returns before",
            "yield": "an error in the code that it is handed to passes the line over",
            "query": "a statement that fails leaves the function before",
        }[skipped.how]
        return self.finding(
            event.place.path,
            spot(event.place.node),
            message=f"The connection goes back to the pool in line {line} only, and {what}",
            why=(
                f"Each time that happens in {entry(run)}, one connection stays out of the pool for"
                " good. When all are out, every request that needs the database waits for ever."
            ),
            fix="Take it in a with block, or give it back in finally.",
            subject=event.place.function.name,
            related=[
                Related(path, skipped.cause.line, "this passes over the line below"),
                Related(path, line, "the connection is given back here"),
            ],
        )


def _out_of_pool(event: Opened) -> bool:
    """The connection was taken out of a pool: one that is dropped does not go back by itself."""
    origin = event.session.origin
    return (
        isinstance(origin, s.Call)
        and isinstance(origin.func, s.Attribute)
        and origin.func.name in TAKEN
    )


def _given_back_elsewhere(facts: Facts) -> bool:
    """Code that no request was seen to run gives connections back: a hook, a middleware."""
    entered = {function for run in facts.flows.runs for function in run.entered}
    return any(function not in entered for function in _giving_back(facts))


def _gives_back_besides(facts: Facts, own: FunctionInfo) -> bool:
    """Some other function gives back a connection that it did not take itself."""
    return any(
        function is not own
        and not any(
            isinstance(call.func, s.Attribute) and call.func.name in TAKEN
            for call in facts.model.calls_in(function)
        )
        for function in _giving_back(facts)
    )


def _giving_back(facts: Facts) -> Iterator[FunctionInfo]:
    for function in facts.model.functions.values():
        if not is_outside(function.module.path) and any(
            isinstance(call.func, s.Attribute) and call.func.name in GIVEN
            for call in facts.model.calls_in(function)
        ):
            yield function
