"""The machine for JavaScript and TypeScript: the same runs, with the language's own ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import (
    entries,
    scriptexpressions,
    scriptstatements,
    scriptweb,
)
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Frame,
    Func,
    Many,
    Params,
    Ref,
    Request,
    Source,
    Val,
)
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.codemodel.dataflow.machine import Machine
from ci_gate.codemodel.dataflow.scriptqueries import Queries
from ci_gate.codemodel.dataflow.scriptschemas import Schemas

if TYPE_CHECKING:
    from ci_gate.codemodel.dataaccess import DataAccess
    from ci_gate.codemodel.dataflow.events import Run
    from ci_gate.codemodel.entities import Entities
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.codemodel.program import FunctionInfo, Route

_MAX_STEPS: Final = 12_000
_MAX_BEFORE: Final = 12


class ScriptMachine(Machine):
    """Runs the handlers of Node services.

    Attributes:
        queries: the libraries through which they reach the database.
        schemas: what checks the query string.
        steps_of_all: the steps of all runs so far.
    """

    scripts = True
    max_steps = _MAX_STEPS

    def __init__(self, model: CodeModel, entities: Entities, access: DataAccess) -> None:
        super().__init__(model, entities)
        self.adapters = []
        self.queries = Queries(self, access)
        self.schemas = Schemas(model)
        self.steps_of_all = 0
        self._ahead = False
        self._escaped = False

    def serve(self, route: Route, this: Val | None) -> Run:
        """Follow a request of ``route``: the functions before its handler, then the handler."""
        handler, *before = route.handlers
        self._reset(handler, route)
        run = self.run
        self._ahead = True
        self._escaped = False
        try:
            for info in before[:_MAX_BEFORE]:
                self._called(info, route, None)
            self._ahead = False
            begin = len(run.events)
            run.returned = self._called(handler, route, this)
            scriptweb.answered(self, run.returned)
            if not any(isinstance(event, Ran) for event in run.events[begin:]):
                run.wildcard |= self._escaped
        except RecursionError:
            self._exhaust()
        run.complete = run.complete and len(before) <= _MAX_BEFORE
        self.steps_of_all += self._steps
        return run

    def escape(self) -> None:
        """Something unknown has got the request, and so any of its query string.

        Of a function before the handler, only what it puts on the request can matter: a name that
        it is not known to have set may hold anything (see ``scriptweb``). Where the handler itself
        asks the database for nothing, the functions before it may do so in its place.
        """
        if self._ahead:
            self._escaped = True
        else:
            self.run.wildcard = True

    def _called(self, info: FunctionInfo, route: Route, this: Val | None) -> Val:
        if info.module.language == "python" or not isinstance(info.node, s.Function):
            return UNKNOWN
        args = scriptweb.entry_arguments(route)
        return entries.enter_entry(self, Func(info, this), args)

    def evaluate(self, expr: s.Expr, frame: Frame) -> Val:
        handler = scriptexpressions.HANDLERS.get(type(expr))
        if handler is None:
            return super().evaluate(expr, frame)
        if not self.step():
            return UNKNOWN
        self._nesting += 1
        try:
            return handler(self, expr, frame)
        finally:
            self._nesting -= 1

    def execute(self, body: list[s.Stmt], frame: Frame) -> bool:
        scriptstatements.hoist(self, body, frame)
        return super().execute(body, frame)

    def use(self, *values: Val) -> frozenset[Source]:
        """The data have arrived somewhere; with the request or its query string, any of it may."""
        arrived = super().use(*values)
        if not self.run.wildcard and any(self._holds_request(value) for value in values):
            self.escape()
        return arrived

    def _holds_request(self, value: Val) -> bool:
        seen: set[int] = set()
        queue = [value]
        while queue:
            current = queue.pop()
            if any(one.part == "query" and one.name is None for one in current.sources):
                return True
            for item in current.items:
                if isinstance(item, Params) and item.part == "query":
                    self.run.wildcard = True
                    return True
                if isinstance(item, Request):
                    return True
                if isinstance(item, Ref) and item.id not in seen:
                    seen.add(item.id)
                    thing = self.thing(item)
                    queue += [*thing.fields.values(), *thing.items]
                elif isinstance(item, Many):
                    queue.append(item.element)
        return False
