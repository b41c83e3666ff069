from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Opened, Run, Settled, Wrote
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._open_transactions import open_transactions
from ci_gate.rules.orm._request_sessions import HOOKS, RequestSessions

_MIDDLEWARE = frozenset({"dispatch", "__call__", "process_response", "__aexit__", "__exit__"})


class MissingCommit(Rule):
    """A request writes, and its session is closed, or ends with it, without a commit.

    In Node: a transaction that a function opens itself (`const t = await sequelize.transaction()`,
    `client.query('BEGIN')`, `queryRunner.startTransaction()`), and that a way through the function
    neither commits nor rolls back; one that is committed at the end and that an error before it
    leaves open, since nothing rolls it back.

    ## Why is this bad?
    The endpoint answers with success and the row is gone: closing a session rolls back what was
    not committed. Within the request everything looks stored, so its own test passes.

    ## Fix
    Commit at the end of the unit of work (`uow.commit()`, `session.commit()`), or open the session
    with `begin()`, which commits when the block ends. In Node, give the work to the library
    (`sequelize.transaction(async (t) => …)`), or commit at the end and roll back in `catch`.

    ## Silent on
    Sessions whose scope commits (`begin()`, a dependency that commits after `yield`, middleware and
    teardown hooks that commit), autocommit, sessions that something unknown has got, reads. With
    Flask-SQLAlchemy's `db.session`, which the request's end throws away: programs that make another
    session too, settings and signals that commit, requests that call something that may commit and
    cannot be followed, columns that are set while reading or after a commit, or blanked. In Node:
    transactions that something unknown has got, that are returned or kept, connections that a
    caller gives or that a variable outside of the function holds, conditions that ask for the
    transaction, and errors where a `try` is around, or where they end the process (`main`,
    migrations).

    ## Source
    SQLAlchemy, "Committing"; Sequelize, "Unmanaged transactions"; constraint decay, arXiv
    2605.06445.
    """

    id = "orm/missing-commit"
    group = "orm"
    follows = True
    languages = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in open_transactions(facts):
            yield defect.finding(self)
        runs = [run for run in facts.flows.of_routes() if run.complete]
        hooked = _hook_commits(facts)
        committing = any(_commits(run) for run in runs)
        requests = RequestSessions(facts)
        seen: set[object] = set()
        told: set[FunctionInfo] = set()
        for run in sorted(runs, key=_is_reading):
            lost = None if hooked else _lost(run, by_habit=committing)
            if lost is None and run.entry not in told:  # a handler of GET and POST is told of once
                lost = _of_request(run, requests)
            if lost is None:
                continue
            told.add(run.entry)
            write, end = lost
            node = write.place.node
            if node in seen:
                continue
            seen.add(node)
            related = []
            if write.place.calls:
                caller, function = write.place.calls[-1]
                related.append(Related(function.module.path, caller.line, "called from here"))
            if end is not None:
                related.append(
                    Related(end.place.path, end.place.node.line, f"here comes the {end.how}")
                )
            for caller, function in write.place.calls[:-1]:
                if function.module.path != run.entry.module.path:
                    related.append(Related(function.module.path, caller.line, "on the way"))
            yield self.finding(
                write.place.path,
                spot(node),
                message=f"{entry(run)} writes ({write.what}) and never commits",
                why=(
                    "The session is closed and what was not committed is rolled back: the answer"
                    " says success, and nothing is stored."
                ),
                fix="Commit before the session is closed.",
                subject=f"{write.place.function.name}:{write.what}",
                related=related,
            )


def _is_reading(run: Run) -> bool:
    return run.route is not None and run.route.method == "GET"


def _commits(run: Run) -> bool:
    return any(isinstance(event, Settled) and event.how == "commit" for event in run.events)


def _lost(run: Run, *, by_habit: bool) -> tuple[Wrote, Settled | None] | None:
    """The write that no commit follows, and what ends its session."""
    write: Wrote | None = None
    end: Settled | None = None
    for event in run.events:
        if (isinstance(event, Wrote) and event.session is not None and not event.place.loops) or (
            isinstance(event, Wrote) and event.session is not None
        ):
            write, end = write or event, None
        elif isinstance(event, Settled) and write is not None:
            if event.how == "commit":
                write = end = None
            elif event.how in ("rollback", "close") and _same(event, write):
                end = end or event
    if write is None or write.session is None or write.session.commits:
        return None
    if write.session.id in run.escaped:
        return None
    if end is None and not (by_habit and write.session.scoped) and not _dropped(run, write):
        return None
    return write, end


def _of_request(run: Run, requests: RequestSessions) -> tuple[Wrote, None] | None:
    """The write to the session of Flask-SQLAlchemy that no commit follows."""
    write: Wrote | None = None
    committed = _commits(run)
    for event in run.events:
        if isinstance(event, Settled) and event.how in ("commit", "rollback"):
            write = None
        elif (
            isinstance(event, Wrote)
            and write is None
            and event.session is not None
            and not event.session.commits
            and event.session.id not in run.escaped
            and requests.is_change(run, event, committed=committed)
        ):
            write = event
    return (write, None) if write is not None and requests.loses(run, write) else None


def _dropped(run: Run, write: Wrote) -> bool:
    """The connection was opened by the request, which ends without closing it."""
    session = write.session
    return (
        session is not None
        and session.library == "driver"
        and any(isinstance(e, Opened) and e.session.id == session.id for e in run.events)
    )


def _same(event: Settled, write: Wrote) -> bool:
    return (
        event.session is not None
        and write.session is not None
        and event.session.id == write.session.id
    )


def _hook_commits(facts: Facts) -> bool:
    """Something that runs around every request commits."""
    entered = {function for run in facts.flows.of_routes() for function in run.entered}
    for path, accesses in facts.access.by_module().items():
        if is_outside(path):
            continue
        for access in accesses:
            function = access.function
            if access.kind != "transaction" or not access.what.endswith(".commit"):
                continue
            if function in entered:
                continue
            node = function.node
            if not isinstance(node, s.Function):
                continue
            if _decorators(node) & HOOKS or node.name in _MIDDLEWARE or node.is_generator:
                return True
            if "middleware" in node.name.lower() or _is_inner(function):
                return True
    return any(
        isinstance(function.node, s.Function)
        and _decorators(function.node) & HOOKS
        and any(_named(call) == "commit" for call in facts.model.calls_in(function))
        for function in facts.model.functions.values()
    )


def _named(call: s.Call) -> str:
    return call.func.name if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")


def _decorators(node: s.Function) -> set[str]:
    return {
        inner.id if isinstance(inner, s.Name) else getattr(inner, "name", "")
        for decorator in node.decorators
        for inner in s.walk(decorator)
    }


def _is_inner(function: FunctionInfo) -> bool:
    """A function made inside another one: a decorator's wrapper, a factory's hook."""
    parent = function.parent
    return parent is not None and isinstance(parent.node, s.Function)
