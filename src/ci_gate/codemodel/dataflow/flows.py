"""All entry points of a program, followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.dataflow import convert
from ci_gate.codemodel.dataflow.domain import of
from ci_gate.codemodel.dataflow.events import Event, Run
from ci_gate.codemodel.dataflow.machine import Machine
from ci_gate.codemodel.dataflow.settings import expires_on_commit
from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside

_MAX_RUNS = 3_000


class Flows:
    """The runs of one program; worked out when first asked for.

    Every route's handler is an entry point; so is every function with data access that none of
    them came to.
    """

    def __init__(self, model: CodeModel, entities: Entities, access: DataAccess) -> None:
        self._model = model
        self._entities = entities
        self._access = access

    @cached_property
    def runs(self) -> Sequence[Run]:
        return tuple(self._runs())

    @cached_property
    def homes(self) -> Mapping[s.Node, str]:
        """The file of each expression that made something a run speaks of."""
        return self.runs[-1].homes if self.runs else {}

    def file_of(self, node: s.Node, run: Run) -> str:
        """The file in which ``node`` stands."""
        return self.homes.get(node, run.entry.module.path)

    def of_routes(self) -> Sequence[Run]:
        return [run for run in self.runs if run.route is not None]

    def events(self) -> Iterator[tuple[Run, Event]]:
        for run in self.runs:
            for event in run.events:
                yield run, event

    def _runs(self) -> Iterator[Run]:
        machine = Machine(self._model, self._entities)
        machine.expires = expires_on_commit(self._model)
        entered: set[FunctionInfo] = set()
        done = 0
        reach = self._reaching()
        for route in self._model.routes:
            if not route.handlers or done >= _MAX_RUNS:
                continue
            handler = route.handlers[0]
            if handler.module.language != "python" or is_outside(handler.module.path):
                continue
            run = self._start(machine, handler, route)
            entered |= run.entered
            done += 1
            yield run
        for function in sorted(reach, key=lambda info: info.qualname):
            if function in entered or done >= _MAX_RUNS:
                continue
            if function.module.language != "python" or is_outside(function.module.path):
                continue
            if not isinstance(function.node, s.Function):
                continue
            run = self._start(machine, function, None)
            entered |= run.entered
            done += 1
            yield run

    def _start(self, machine: Machine, function: FunctionInfo, route: Route | None) -> Run:
        this = None
        node = function.node
        if function.cls is not None and isinstance(node, s.Function) and node.kind != "static":
            this = of(convert.instance_item(machine, function.cls))
        return machine.start(function, route, this)

    def _reaching(self) -> set[FunctionInfo]:
        """The functions with data access of their own."""
        found: set[FunctionInfo] = set()
        for accesses in self._access.by_module().values():
            found |= {access.function for access in accesses}
        return found
