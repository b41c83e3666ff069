"""All entry points of a program, followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.dataflow import convert
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.domain import UNKNOWN, Const, Thing, Val, of
from ci_gate.codemodel.dataflow.events import Event, Run
from ci_gate.codemodel.dataflow.machine import Machine
from ci_gate.codemodel.dataflow.scriptmachine import ScriptMachine
from ci_gate.codemodel.dataflow.scriptweb import FRAMEWORKS
from ci_gate.codemodel.dataflow.settings import expires_on_commit
from ci_gate.codemodel.dataflow.shares import Shares, joined_homes
from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.scopes import self_name
from ci_gate.parallel import WorkerDied

_MAX_RUNS = 3_000
_ASKING = ("GET", "ANY")
_MAX_SCRIPT_STEPS = 600_000
_MAX_OTHER_STEPS = 150_000  # of routes that change something: three rules ask for these


class Flows:
    """The runs of one program; worked out when first asked for.

    Every route's handler is an entry point; so is every function that runs before one (middleware)
    or has data access, and that none of them came to, and (under Django, whose ORM refuses the
    event loop) every such coroutine that leads to data access. ``runs`` are those of Python; those
    of JavaScript and TypeScript stand apart, since most rules speak of one language's libraries.
    """

    def __init__(
        self, model: CodeModel, entities: Entities, access: DataAccess, jobs: int = 1
    ) -> None:
        self._model = model
        self._entities = entities
        self._access = access
        self._jobs = jobs

    @property
    def runs(self) -> Sequence[Run]:
        """The runs of Python's entry points, those of routes first.

        Raises:
            WorkerDied: they could not be followed to the end.
        """
        if isinstance(self._followed, WorkerDied):
            raise self._followed
        return self._followed

    @cached_property
    def _followed(self) -> Sequence[Run] | WorkerDied:
        try:
            return tuple(self._runs())
        except WorkerDied as error:  # each rule asks, and should not wait for it again
            return error

    @cached_property
    def homes(self) -> Mapping[s.Node, str]:
        """The file of each expression that made something a run speaks of."""
        return self.runs[-1].homes if self.runs else {}

    def file_of(self, node: s.Node, run: Run) -> str:
        """The file in which ``node`` stands."""
        return run.homes.get(node, run.entry.module.path)

    def of_routes(self) -> Sequence[Run]:
        return [run for run in self.runs if run.route is not None]

    def served(self) -> Sequence[Run]:
        """The runs of all routes, those of JavaScript and TypeScript too."""
        return [*self.of_routes(), *self.of_scripts]

    @cached_property
    def of_scripts(self) -> Sequence[Run]:
        """The runs of the routes of Node services that answer what is asked for."""
        return self._served_by_scripts(_MAX_SCRIPT_STEPS, lambda route: route.method in _ASKING)

    @cached_property
    def of_other_scripts(self) -> Sequence[Run]:
        """The runs of the other routes of Node services."""
        return self._served_by_scripts(_MAX_OTHER_STEPS, lambda route: route.method not in _ASKING)

    def all_scripts(self) -> Iterator[Run]:
        """The runs of all routes of Node services, those that answer what is asked for first."""
        return chain(self.of_scripts, self.of_other_scripts)

    def _served_by_scripts(self, steps: int, wanted: Callable[[Route], bool]) -> Sequence[Run]:
        machine = ScriptMachine(self._model, self._entities, self._access)
        found: list[Run] = []
        for route in self._model.routes:
            if machine.steps_of_all > steps:
                break
            if route.framework not in FRAMEWORKS or not wanted(route):
                continue
            handler = route.handlers[0] if route.handlers else None
            if handler is None or handler.module.language == "python":
                continue
            if not is_outside(handler.module.path):
                found.append(machine.serve(route, self._receiver(machine, handler)))
        return tuple(found)

    def of_requests(self) -> Sequence[Run]:
        """The runs of routes, and of the functions that a request passes before its handler."""
        return [run for run in self.runs if run.route is not None or run.entry in self._before]

    @cached_property
    def _before(self) -> frozenset[FunctionInfo]:
        return frozenset(handler for route in self._model.routes for handler in route.handlers[1:])

    def events(self) -> Iterator[tuple[Run, Event]]:
        for run in self.runs:
            for event in run.events:
                yield run, event

    def unbroken(self) -> Iterator[tuple[Run, Event]]:
        """The events of each run before which no call was left out; for rules that conclude from
        what did not happen before."""
        for run in self.runs:
            for event in run.unbroken():
                yield run, event

    def _runs(self) -> Sequence[Run]:
        machine = Machine(self._model, self._entities)
        machine.expires = expires_on_commit(self._model)
        shares = Shares(self._model, self._entities, self._jobs)
        reach = self._reaching() | self._before
        runs = shares.follow(
            self._model.routes[:_MAX_RUNS],
            lambda route, _: self._of_route(machine, route),
        )
        entered = {function for run in runs for function in run.entered}
        functions = [
            function
            for function in sorted(reach - entered, key=lambda info: info.qualname)
            if function.module.language == "python"
            and not is_outside(function.module.path)
            and isinstance(function.node, s.Function)
        ]
        runs += shares.follow(
            functions[: max(0, _MAX_RUNS - len(runs))],
            lambda function, own: None if function in own else self._start(machine, function, None),
        )
        joined_homes(runs)
        return runs

    def _of_route(self, machine: Machine, route: Route) -> Run | None:
        """What the framework calls for a route: its handler, or a view class of its own."""
        if route.view is not None and not is_outside(route.view.module.path):
            this = machine.allocate(Thing("object", route.view, made=route.view.node))
            if route.action is not None:
                machine.thing(this).fields["action"] = of(Const(route.action))
            for adapter in machine.adapters:
                action = adapter.action(route)
                if action is None:
                    continue
                method = self._model.method(route.view, action)
                if method is not None:
                    return machine.start(method, route, of(this))
                entry = _library_method(self._model, route.view, action)
                return machine.play(
                    entry, route, partial(_answered, adapter, route, of(this), action)
                )
        if not route.handlers:
            return None
        handler = route.handlers[0]
        if handler.module.language != "python" or is_outside(handler.module.path):
            return None
        return self._start(machine, handler, route)

    def _start(self, machine: Machine, function: FunctionInfo, route: Route | None) -> Run:
        return machine.start(function, route, self._receiver(machine, function))

    def _receiver(self, machine: Machine, function: FunctionInfo) -> Val | None:
        """The object that a method is called on."""
        node = function.node
        receiver = function.module.language != "python" or self_name(function) is not None
        if function.cls is not None and isinstance(node, s.Function) and receiver:
            item = convert.class_item if node.kind == "class" else convert.instance_item
            return of(item(machine, function.cls))
        return None

    def _reaching(self) -> set[FunctionInfo]:
        """The functions with data access of their own."""
        found: set[FunctionInfo] = set()
        for accesses in self._access.by_module().values():
            found |= {access.function for access in accesses}
        return found | self._coroutines(found)

    def _coroutines(self, reaching: set[FunctionInfo]) -> set[FunctionInfo]:
        """The coroutines nearest to the functions that they come to by calls."""
        if not any(entity.kind == "django" for entity in self._entities):
            return set()
        found: set[FunctionInfo] = set()
        seen = set(reaching)
        queue = list(reaching)
        while queue:
            function = queue.pop()
            if isinstance(function.node, s.Function) and function.node.is_async:
                found.add(function)
                continue
            callers = {edge.caller for edge in self._model.callers(function)} - seen
            seen |= callers
            queue += callers
        return found


def _answered(adapter: Adapter, route: Route, this: Val, action: str) -> Val:
    return adapter.answer(route, this, action) or UNKNOWN


def _library_method(model: CodeModel, view: ClassInfo, name: str) -> FunctionInfo:
    """A method that a class has from a library, said to stand at the class's name."""
    node = model.make_up(
        s.Function(view.node.name_span, name, view.node.name_span, [], [], kind="method")
    )
    return FunctionInfo(f"{view.qualname}.{name}", name, node, view.module, view, None)
