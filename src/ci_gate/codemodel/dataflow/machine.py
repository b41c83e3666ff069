"""Follows one entry point through the program: what it asks of the database, and with what.

Functions of the tree are entered with the values of the call (so that a repository's helper is
judged with the statement that this caller built), up to a depth and a budget. Alternatives of a
condition are both taken; of what holds afterwards, facts that silence are joined and facts that
accuse must hold on both. What cannot be followed is unknown. Nothing is run for real.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Literal, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import entries, expressions, statements, web
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Args,
    ClassItem,
    Const,
    Expression,
    Field,
    Frame,
    Func,
    Instance,
    Library,
    Many,
    Module,
    Params,
    Ref,
    RowKind,
    Rows,
    Session,
    Source,
    Statement,
    Subquery,
    Text,
    Thing,
    Typed,
    Val,
)
from ci_gate.codemodel.dataflow.events import Event, Loop, Place, Ran, Run
from ci_gate.codemodel.dataflow.summaries import MAX_CALLS, Summaries
from ci_gate.codemodel.entities import Entities, Entity
from ci_gate.codemodel.entities.declarations import Declaration
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Route, Scope
from ci_gate.data import dataclass

MAX_DEPTH = 28
_QUERIES = frozenset({Params("query"), Params("query", typed=True)})
_WITHOUT_PARTS = frozenset({Const, Text, Typed, Func, ClassItem, Module, Library, Instance, Field})
_MAX_NESTING = 700
_REACH = ((8_000, 6), (10_000, 4), (12_000, 2), (14_000, 1))
"""From so many steps on, so many calls may be in progress; MAX_CALLS before."""


ObjectKey: TypeAlias = tuple[s.Node | None, Entity, int]


@dataclass(slots=True)
class State:
    """What has surely happened to each session: when, and where.

    ``changed`` are stored objects with changes that are not written yet, by the session, with the
    attributes that got an SQL expression; ``renewed`` what the database worked out for objects as
    they were written; ``reloaded`` when rows of an entity were last loaded, ``read_again`` when a
    read loaded expired objects anew; ``inserted`` the new
    objects that are written; ``expressions`` the attributes that hold an SQL expression.
    """

    expired: dict[int, tuple[int, s.Node, str]] = field(default_factory=dict)
    closed: dict[int, int] = field(default_factory=dict)
    refreshed: dict[s.Node, tuple[int, frozenset[str]]] = field(default_factory=dict)
    changed: dict[ObjectKey, tuple[int, frozenset[str]]] = field(default_factory=dict)
    renewed: dict[ObjectKey, tuple[int, frozenset[str], s.Node, str]] = field(default_factory=dict)
    reloaded: dict[Entity, int] = field(default_factory=dict)
    read_again: dict[s.Node, int] = field(default_factory=dict)
    inserted: frozenset[s.Node | None] = frozenset()
    expressions: dict[tuple[s.Node, str], tuple[int, s.Node, str]] = field(default_factory=dict)

    def quiet(self) -> bool:
        """Nothing but loading has happened."""
        return not (
            self.expired or self.closed or self.refreshed or self.changed or self.renewed
            or self.read_again or self.inserted or self.expressions
        )  # fmt: skip

    def copy(self) -> State:
        return State(
            dict(self.expired), dict(self.closed), dict(self.refreshed), dict(self.changed),
            dict(self.renewed), dict(self.reloaded), dict(self.read_again), self.inserted,
            dict(self.expressions),
        )  # fmt: skip

    def join(self, other: State) -> None:
        """Keep what holds in both; of what was changed or loaded anew, all."""
        self.changed = {**other.changed, **self.changed}
        self.renewed = {**other.renewed, **self.renewed}
        self.inserted |= other.inserted
        self.expressions = {**other.expressions, **self.expressions}
        for entity, tick in other.reloaded.items():
            self.reloaded[entity] = max(tick, self.reloaded.get(entity, 0))
        self.expired = {
            key: min(value, other.expired[key], key=lambda item: item[0])
            for key, value in self.expired.items()
            if key in other.expired
        }
        self.closed = {
            key: min(value, other.closed[key])
            for key, value in self.closed.items()
            if key in other.closed
        }
        for node, clock in other.read_again.items():
            self.read_again[node] = max(clock, self.read_again.get(node, clock))
        for node, value in other.refreshed.items():
            mine = self.refreshed.get(node)
            self.refreshed[node] = value if mine is None else max(mine, value, key=lambda i: i[0])


@dataclass(slots=True)
class Known:
    """What is the same in all runs of one program, once it was asked."""

    libraries: dict[str, Val] = field(default_factory=dict)
    literals: dict[s.Literal, Val] = field(default_factory=dict)
    names: dict[tuple[FunctionInfo, str], Val] = field(default_factory=dict)
    builtins: dict[tuple[FunctionInfo, str], bool] = field(default_factory=dict)
    cached: dict[FunctionInfo, bool] = field(default_factory=dict)
    declared: dict[ClassInfo, dict[str, Declaration]] = field(default_factory=dict)
    orders: dict[ClassInfo, list[ClassInfo]] = field(default_factory=dict)
    decisive: dict[s.If, tuple[s.Expr, ...]] = field(default_factory=dict)
    one_driver: bool | None = None


class Machine:
    """Runs entry points one after another; each run has its own events.

    Attributes:
        adapters: the libraries' parts, asked in order.
        expires: whether sessions expire their objects on commit (None: not known).
        asked: the parts of conditions that are asked for their truth alone.
        version: how often something was put into objects that are older than the run.
        unspoken: what has happened that a summary of a call does not tell of.
        methods_read: how often a run asked for the request's method.
        refused: functions that were not entered, since calls of them were in progress.
        leaked: this run has put objects of its own into older ones.
        exhausted: this run's budget is used up.
        peaks: how deep calls, functions in progress and nesting have been.
    """

    #: Is it for JavaScript and TypeScript?
    scripts = False
    max_steps = 40_000
    max_events = 4_000

    def __init__(self, model: CodeModel, entities: Entities) -> None:
        from ci_gate.codemodel.dataflow.adapters import adapters  # noqa: PLC0415  a cycle

        self.model = model
        self.entities = entities
        self.adapters = adapters(self)
        self.expires: bool | None = True
        self.heap: list[Thing] = []
        self.homes: dict[s.Node, str] = {}
        self.asked: set[s.Node] = set()
        self.globals: dict[s.Node, Val] = {}
        self.decorations: dict[FunctionInfo, Val] = {}
        self.sessions = 1
        self.jump = ""
        self.cursors = 0
        self.known = Known()
        self.ambients = 0
        self.version = 0
        self.unspoken = 0
        self.methods_read = 0
        self.born_before = 0
        self.summaries = None if self.scripts else Summaries(self)
        self._reset(None, None)

    def _reset(self, entry: FunctionInfo | None, route: Route | None) -> None:
        self.run = Run(entry, route, homes=self.homes)  # type: ignore[arg-type]
        self.state = State()
        self.clock = 0
        self.stack: list[tuple[s.Node, FunctionInfo]] = []
        self.active: list[FunctionInfo] = []
        self.loops: list[Loop] = []
        self.outside = 0
        self._outside_from = 0
        self.depth = 0
        self.provided: dict[object, Val] = {}
        self.attached: dict[s.Node | None, Session] = {}
        self.context: dict[str, Val] = {}
        self.pending: dict[int, list[Ran]] = {}
        self.row_kinds: dict[int, RowKind] = {}
        self._ambient: dict[str, Session] = {}
        self._steps = 0
        self._nesting = 0
        self.leaked = False
        self.exhausted = False
        self.refused: set[FunctionInfo] = set()
        self.peaks = (0, 0, 0)
        self._here: FunctionInfo | None = entry

    def start(self, entry: FunctionInfo, route: Route | None, this: Val | None) -> Run:
        """Follow ``entry``, called as the framework calls the handler of ``route``."""
        self._reset(entry, route)
        run = self.run
        try:
            args = Args(None) if route is None else web.entry_arguments(self, entry, route)
            run.returned = entries.enter_entry(self, Func(entry, this), args)
            run.answered = self.rows_in(run.returned)
        except RecursionError:
            self._exhaust()
        self.born_before = len(self.heap)
        return run

    def play(self, entry: FunctionInfo, route: Route, body: Callable[[], Val]) -> Run:
        """Follow what a library does for ``route`` by itself."""
        self._reset(entry, route)
        run = self.run
        try:
            run.returned = body()
            run.answered = self.rows_in(run.returned)
        except RecursionError:
            self._exhaust()
        self.born_before = len(self.heap)
        return run

    def escape(self) -> None:
        """Something unknown has got the request."""
        self.run.wildcard = True

    # --- budget ---

    def step(self) -> bool:
        """One step of the budget; false when it is used up."""
        self._steps += 1
        if self._steps > self.max_steps or self._nesting > _MAX_NESTING:
            self._exhaust()
            return False
        return True

    def reach(self, more: int = 0) -> int:
        """How many calls may be in progress, ``more`` steps from now.

        The fewer, the more of the budget is used: an entry point is followed to its end, rather
        than one of its helpers down every branch.
        """
        steps = self._steps + more
        if steps < _REACH[0][0] or self.scripts:
            return MAX_CALLS
        return next(calls for begin, calls in reversed(_REACH) if steps >= begin)

    def leave_out(self) -> None:
        """A call is not followed, to stay within the budget."""
        run = self.run
        run.complete = False
        if run.gap is None:
            run.gap = len(run.events)

    def _exhaust(self) -> None:
        self.exhausted = True
        self.leave_out()

    # --- parts ---

    def evaluate(self, expr: s.Expr, frame: Frame) -> Val:
        self._steps += 1
        if self._steps > self.max_steps or self._nesting > _MAX_NESTING:
            self._exhaust()
            return UNKNOWN
        handler = expressions.HANDLERS.get(type(expr))
        if handler is None:
            return expressions.unknown(self, expr, frame)
        self._nesting += 1
        try:
            return handler(self, expr, frame)
        finally:
            self._nesting -= 1

    def execute(self, body: list[s.Stmt], frame: Frame) -> bool:
        """Run statements; true when control has left the block."""
        self._nesting += 1
        try:
            return statements.execute(self, body, frame)
        finally:
            self._nesting -= 1

    def scope(self, frame: Frame) -> Scope:
        return self.model.scope_in(frame.function)

    # --- heap ---

    def allocate(self, thing: Thing) -> Ref:
        thing.shared = self.outside > 0
        thing.depth = self.depth
        thing.born = len(self.heap)
        self.heap.append(thing)
        return Ref(len(self.heap) - 1)

    def thing(self, ref: Ref) -> Thing:
        return self.heap[ref.id]

    def is_older(self, thing: Thing) -> bool:
        """Is the object there for other runs too?"""
        return thing.shared or thing.born < self.born_before

    def written(self, thing: Thing, *values: Val) -> None:
        """Something is put into ``thing``, or taken out."""
        if not self.is_older(thing) or (self.outside and thing.born >= self._outside_from):
            return
        self.version += 1
        if any(type(item) not in _WITHOUT_PARTS for value in values for item in value.items):
            self.leaked = True

    def marks(self) -> tuple[int, ...]:
        """Equal at two times if nothing has happened between them that summaries do not tell."""
        return (
            self.unspoken, self.version, len(self.globals), len(self.decorations), self.sessions,
            self.cursors, self.ambients, len(self.provided), len(self.attached), len(self.pending),
            len(self.row_kinds),
        )  # fmt: skip

    def is_active(self, info: FunctionInfo) -> bool:
        """Is a call of the function in progress?"""
        found = info in self.active
        if found:
            self.refused.add(info)
        return found

    def deepen(self) -> None:
        """Note how deep it is here."""
        stack, active, nesting = self.peaks
        self.peaks = (
            max(stack, len(self.stack)), max(active, len(self.active)), max(nesting, self._nesting)
        )  # fmt: skip

    def session(
        self, *, is_async: bool, origin: s.Node | None, **more: bool | str | None
    ) -> Session:
        """A session opened here."""
        self.sessions += 1
        return Session(
            self.sessions, is_async, shared=self.outside > 0, origin=origin, **more  # type: ignore[arg-type]
        )  # fmt: skip

    def home(self, node: s.Node, frame: Frame) -> None:
        """Remember in which file ``node`` stands."""
        self.homes[node] = frame.function.module.path

    def ambient(self, path: str, *, is_async: bool, driver: str = "") -> Session:
        """The session that is there without having been seen to be opened."""
        self.unspoken += 1
        shared = bool(driver) and self.outside > 0
        key = f"{path} shared" if shared else path
        if key not in self._ambient:
            self.ambients += 1
            number = -self.ambients
            library: Literal["sqlalchemy", "driver"] = "driver" if driver else "sqlalchemy"
            self._ambient[key] = Session(
                number, is_async, library, shared, expires=self.expires, driver=driver
            )
        return self._ambient[key]

    @contextmanager
    def before_request(self) -> Iterator[None]:
        """What is made inside is older than the request."""
        if not self.outside:
            self._outside_from = len(self.heap)
        self.outside += 1
        kept = len(self.run.events)
        state = self.state.copy()
        try:
            yield
        finally:
            self.outside -= 1
            del self.run.events[kept:]
            if self.run.gap is not None:
                self.run.gap = min(self.run.gap, kept)
            self.state = state

    # --- events ---

    def place(self, node: s.Node, frame: Frame) -> Place:
        return Place(node, frame.function, tuple(self.stack), tuple(self.loops))

    def emit(self, event: Event) -> None:
        if len(self.run.events) < self.max_events:
            self.run.events.append(event)
        else:
            self._exhaust()

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def use(self, *values: Val) -> frozenset[Source]:
        """The data have arrived somewhere; with the query string as a whole, any of it may have.
        Gives their sources."""
        arrived: frozenset[Source] = frozenset()
        for value in values:
            found = self.deep_sources(value) if value.items else value.sources
            if found:
                arrived |= found
            if not _QUERIES.isdisjoint(value.items):
                self.run.wildcard = True
        if arrived:
            self.run.used |= arrived
        return arrived

    def deep_sources(self, value: Val) -> frozenset[Source]:
        """The sources of a value and of what it holds."""
        found: set[Source] = set()
        seen: set[int] = set()
        queue = [value]
        while queue:
            current = queue.pop()
            if current.sources:
                found |= current.sources
            for item in current.items:
                kind = type(item)
                if kind in _WITHOUT_PARTS:
                    continue
                if isinstance(item, Ref):
                    if item.id not in seen:
                        seen.add(item.id)
                        thing = self.heap[item.id]
                        queue += thing.fields.values()
                        queue += thing.items
                elif isinstance(item, Many):
                    queue.append(item.element)
                elif isinstance(item, Session):
                    self.run.escaped.add(item.id)
                elif isinstance(item, Statement):
                    found |= item.sources
                elif isinstance(item, Subquery):
                    found |= item.statement.sources
                elif isinstance(item, Expression):
                    for inner in item.within:
                        found |= inner.sources
        return frozenset(found)

    def rows_in(self, value: Val) -> frozenset[s.Node]:
        """Where the statements begin whose rows a value holds."""
        found: set[s.Node] = set()
        seen: set[int] = set()
        queue = [value]
        while queue:
            for item in queue.pop().items:
                if isinstance(item, Many):
                    queue.append(item.element)
                    statement = item.statement
                elif isinstance(item, Ref) and item.id not in seen:
                    seen.add(item.id)
                    thing = self.thing(item)
                    queue += [*thing.fields.values(), *thing.items]
                    statement = thing.statement
                elif isinstance(item, Rows):
                    statement = item.statement
                else:
                    statement = item if isinstance(item, Statement) else None
                if statement is not None:
                    found.add(statement.node)
        return frozenset(found)

    def looping(self, loop: Loop, body: Callable[[], bool]) -> bool:
        self.loops.append(loop)
        try:
            return body()
        finally:
            self.loops.pop()
