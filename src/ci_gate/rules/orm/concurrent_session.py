from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Session
from ci_gate.codemodel.dataflow.events import Opened, Place, Ran, Run, Settled
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._paths import Surroundings, way

_TOGETHER: Final = frozenset({"asyncio.gather", "asyncio.as_completed", "asyncio.wait",
                              "anyio.gather"})  # fmt: skip
_TASK: Final = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_STARTS: Final = ("create_task", "ensure_future")
_DRIVERS: Final = {
    "asyncpg": "InterfaceError: cannot perform operation: another operation is in progress",
    "aiomysql": "RuntimeError: readexactly() called while another coroutine is already waiting",
}


@dataclass(frozen=True, slots=True)
class _Together:
    """Coroutines that run at the same time; ``many``: each of the parts is several of them."""

    node: s.Node
    function: FunctionInfo
    parts: tuple[s.Node, ...]
    many: bool


class ConcurrentSession(Rule):
    """Coroutines that run at the same time use one session.

    `asyncio.gather(session.scalar(count), session.execute(rows))`; the same through repositories
    that keep one session, with `TaskGroup` and with tasks made one after the other.

    ## Why is this bad?
    A session is one connection, which does one thing at a time. SQLAlchemy raises
    InvalidRequestError ("This session is provisioning a new connection; concurrent operations are
    not permitted"), asyncpg "another operation is in progress"; it depends on the time that each
    statement takes, and a test with a fast database may pass.

    ## Fix
    Await one statement after the other, or give each coroutine a session of its own out of the
    session factory.

    ## Silent on
    Coroutines that open their own session, pools, `async_scoped_session`, coroutines of which only
    one uses the session, work under a lock.

    ## Source
    SQLAlchemy, "Is the Session thread-safe? Is AsyncSession safe to share in concurrent tasks?".
    """

    id = "orm/concurrent-session"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        together = list(_together(facts.model))
        if not together:
            return
        index: dict[s.Node, list[tuple[_Together, s.Node]]] = {}
        for item in together:
            for part in item.parts:
                for node in s.walk(part):
                    index.setdefault(node, []).append((item, part))
        seen: set[s.Node] = set()
        surroundings = Surroundings()
        for run in facts.flows.runs:
            for item, session, places in _shared(run, index, surroundings):
                if item.node not in seen:
                    seen.add(item.node)
                    yield self._finding(run, item, session, places)

    def _finding(self, run: Run, item: _Together, session: Session, places: list[Place]) -> Finding:
        what = "connection" if session.library == "driver" else "session"
        fails = _DRIVERS.get(session.driver, "InvalidRequestError: concurrent operations are not"
                             " permitted")  # fmt: skip
        return self.finding(
            item.function.module.path,
            item.node,
            message=(
                f"The coroutines that {item.function.name} runs at the same time use one {what}"
            ),
            why=f"{entry(run)} fails as soon as the second begins before the first has ended:"
            f" {fails}.",
            fix=f"Await them one after the other, or open a {what} in each of them.",
            subject=f"{item.function.name} runs coroutines together",
            related=[
                Related(place.path, place.node.line, f"uses the {what}") for place in places[:2]
            ],
        )


def _shared(
    run: Run, index: dict[s.Node, list[tuple[_Together, s.Node]]], surroundings: Surroundings
) -> Iterator[tuple[_Together, Session, list[Place]]]:
    """Coroutines of which two or more use one session in this run."""
    uses: dict[tuple[_Together, int], dict[s.Node, tuple[Session, Place]]] = {}
    own: set[tuple[_Together, int]] = set()
    for event in run.unbroken():
        if not isinstance(event, Ran | Opened | Settled):
            continue
        session = event.session
        if session is None or not _is_one_at_a_time(session):
            continue
        hops = way(event.place)
        for depth, (node, function) in enumerate(hops):
            for item, part in index.get(node, ()):
                if item.function is not function:
                    continue
                key = (item, session.id)
                if isinstance(event, Opened):
                    own.add(key)
                elif _uses(event) and not any(
                    _is_locked(surroundings, *hop) for hop in hops[depth:]
                ):
                    uses.setdefault(key, {}).setdefault(part, (session, event.place))
    for key, parts in uses.items():
        if key not in own and len(parts) + key[0].many > 1:
            found = list(parts.values())
            yield key[0], found[0][0], [place for _, place in found]


def _uses(event: Ran | Opened | Settled) -> bool:
    return isinstance(event, Ran) or (
        isinstance(event, Settled) and event.how in ("commit", "flush")
    )


def _is_one_at_a_time(session: Session) -> bool:
    if not session.is_async or session.scoped:
        return False
    return session.library == "sqlalchemy" or session.driver in _DRIVERS


def _is_locked(surroundings: Surroundings, node: s.Node, function: FunctionInfo) -> bool:
    """Is there a lock or semaphore around it, or another block that may be one?"""
    return any(
        isinstance(around, s.With)
        and part in around.body
        and any(_may_lock(item.context) for item in around.items)
        for around, part in surroundings.around(node, function)
    )


def _may_lock(expr: s.Expr) -> bool:
    node = expr.func if isinstance(expr, s.Call) else expr
    name = node.name if isinstance(node, s.Attribute) else getattr(node, "id", "")
    return any(word in name.lower() for word in ("lock", "sem", "mutex", "limit"))


# --- what runs at the same time ------------------------------------------------------------------


def _together(model: CodeModel) -> Iterator[_Together]:
    for name in ("gather", "as_completed", "wait"):
        for call, scope in model.calls_named(name):
            if _is_ours(scope) and _is(model, call.func, scope, _TOGETHER):
                parts, many = _parts(model, call, scope)
                if parts:
                    yield _Together(call, scope.function, tuple(parts), many)
    yield from _tasks(model)


def _is_ours(scope: Scope) -> bool:
    return scope.module.language == "python" and not is_outside(scope.module.path)


def _is(model: CodeModel, func: s.Expr, scope: Scope, paths: frozenset[str]) -> bool:
    return any(
        isinstance(value, ExternalValue) and value.path in paths
        for value in model.evaluate(func, scope)
    )


def _parts(model: CodeModel, call: s.Call, scope: Scope) -> tuple[list[s.Node], bool]:
    """The coroutines that a call is given; of a comprehension, the one that is made for each."""
    parts: list[s.Node] = []
    many = False
    for argument in call.args:
        if argument.keyword is not None:
            continue
        value: s.Expr | None = argument.value
        if isinstance(value, s.Name):
            found = model.binding(value.id, scope)
            value = found[0] if found is not None and found[1] is scope else value
        if isinstance(value, s.Comprehension):
            parts.append(value.element)
            many = many or not any(item.is_async for item in value.generators)
        elif isinstance(value, s.Sequence):
            parts += value.items
        elif value is not None:
            parts.append(value)
    return parts, many


def _tasks(model: CodeModel) -> Iterator[_Together]:
    """Tasks that are made in one block, with no `await` between them."""
    started: dict[FunctionInfo, set[s.Node]] = {}
    for name in _STARTS:
        for call, scope in model.calls_named(name):
            if call.args and _is_ours(scope) and _starts(model, call, scope):
                started.setdefault(scope.function, set()).add(call)
    for function, calls in started.items():
        for node in (function.node, *_blocks_of(function)):
            for block in (getattr(node, name, None) for name in ("body", "orelse", "final")):
                if isinstance(block, list):
                    yield from _in_row(function, block, calls)
            if isinstance(node, s.For) and not node.is_async:
                inside = [call for call in calls if any(call is _call(item) for item in node.body)]
                awaits = any(
                    isinstance(inner, s.Await)
                    for item in node.body
                    for inner in s.walk(item, into_functions=False)
                )
                if len(inside) == 1 and not awaits:
                    yield _Together(inside[0], function, (inside[0],), many=True)


def _blocks_of(function: FunctionInfo) -> Iterator[s.Node]:
    for statement in function.node.body:
        for node in s.walk(statement, into_functions=False):
            if isinstance(node, s.With | s.Try | s.If | s.For | s.While):
                yield node


def _in_row(function: FunctionInfo, block: list[s.Stmt], calls: set[s.Node]) -> Iterator[_Together]:
    row: list[s.Node] = []
    for statement in (*block, None):
        call = _call(statement) if statement is not None else None
        if call is not None and call in calls:
            row.append(call)
            continue
        waits = statement is None or any(
            isinstance(node, s.Await) for node in s.walk(statement, into_functions=False)
        )
        if waits:
            if len(row) > 1:
                yield _Together(row[-1], function, tuple(row), many=False)
            row = []


def _call(statement: s.Node) -> s.Call | None:
    """The call that a statement is, or keeps the result of."""
    value = statement.value if isinstance(statement, s.ExprStmt | s.Assign) else None
    match value:
        case s.Call(func=s.Attribute(name="append"), args=[s.Argument(value=s.Call() as inner)]):
            return inner
    return value if isinstance(value, s.Call) else None


def _starts(model: CodeModel, call: s.Call, scope: Scope) -> bool:
    """``asyncio.create_task(…)``, ``group.create_task(…)``."""
    if _is(model, call.func, scope, _TASK):
        return True
    if not isinstance(call.func, s.Attribute):
        return False
    return any(
        isinstance(value, ExternalValue)
        and value.path.startswith(("asyncio.TaskGroup", "asyncio.get_"))
        for value in model.evaluate(call.func.value, scope)
    )
