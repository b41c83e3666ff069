"""Where one layer depends on another, by import or by call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from ci_gate.architecture.content import is_data, is_interface
from ci_gate.architecture.infer import service_of
from ci_gate.architecture.model import Architecture, Layer
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.valuenames import value_names
from ci_gate.codemodel.model import CallEdge, ImportEdge, Step
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules.base import Facts


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """``source`` (a file of layer ``outer``) depends on ``target`` (a file of layer ``inner``).

    ``what`` are the names used; ``node`` is where the dependency is written. ``via`` are the
    re-exporting hops of an import. For a call, ``call`` is the edge. ``origin`` is set where the
    target does not define the names and has them from that file, by an import of its own.
    """

    source: str
    target: str
    from_layer: Layer
    to_layer: Layer
    what: tuple[str, ...]
    node: s.Node
    via: tuple[Step, ...] = ()
    call: CallEdge | None = None
    origin: Step | None = None

    @property
    def upward(self) -> bool:
        return self.to_layer.rank < self.from_layer.rank

    def related(self, facts: Facts) -> list[Related]:
        """The way the import takes, and its end."""
        steps = [Related(step.path, step.line, "re-exported here") for step in self.via]
        if self.origin is not None:
            return [Related(self.target, self.origin.line, f"from {self.origin.path}")]
        end = Related(self.target, self._line(facts), f"defined here ({self.to_layer.name})")
        return [*steps, end]

    def _line(self, facts: Facts) -> int:
        """Where the first of the names is defined."""
        if self.call is not None:
            return self.call.callee.node.span[0]
        name = self.what[0] if self.what else ""
        for statement in facts.model.modules[self.target].body:
            match statement:
                case s.FunctionDef(function=s.Function(name=found)) if found == name:
                    return statement.line
                case s.ClassDef(cls=s.Class(name=found)) if found == name:
                    return statement.line
                case s.Assign(targets=[s.Name(id=found)]) if found == name:
                    return statement.line
        return 1


@lru_cache(maxsize=4)
def imports(facts: Facts) -> Sequence[Crossing]:
    """Run-time imports from one layer into another, one per import statement and target file."""
    grouped: defaultdict[tuple[str, str, s.Import], list[ImportEdge]] = defaultdict(list)
    found = []
    borrowed: defaultdict[tuple[str, str, s.Import], list[ImportEdge]] = defaultdict(list)
    for edge in facts.model.import_edges:
        if (module := _loaded_above(facts, edge)) is not None:
            borrowed[(edge.source, module, edge.node)].append(edge)
        elif edge.target is not None and _counts(facts, edge):
            grouped[(edge.source, edge.target, edge.node)].append(edge)
    for key, edges in borrowed.items():
        if key in grouped:  # the same statement also takes what that file defines
            continue
        source, target, node = key
        one, other = facts.architecture.of[source].layer, facts.architecture.of[target].layer
        names = tuple(edge.symbol for edge in edges if edge.symbol)
        origin = Step(edges[0].target or "", edges[0].via[0].line)
        found.append(Crossing(source, target, one, other, names, node, origin=origin))
    for (source, target, node), edges in grouped.items():
        layers = _layers(facts.architecture, source, target)
        if layers is None or not _same_service(facts, source, target):
            continue
        names = tuple(edge.symbol for edge in edges if edge.symbol)
        found.append(Crossing(source, target, *layers, names, node, edges[0].via))
    return found


@lru_cache(maxsize=4)
def calls(facts: Facts) -> Sequence[Crossing]:
    """Calls from a function of one layer into a function of another."""
    found = []
    for function in facts.model.functions.values():
        if facts.architecture.layer(function.module.path) is None:
            continue
        for edge in facts.model.callees(function):
            target = edge.callee.module.path
            layers = _layers(facts.architecture, function.module.path, target)
            if layers is not None and _same_service(facts, function.module.path, target):
                found.append(
                    Crossing(
                        function.module.path, target, *layers, (edge.callee.name,), edge.node,
                        call=edge,
                    )
                )  # fmt: skip
    return found


def _loaded_above(facts: Facts, edge: ImportEdge) -> str | None:
    """The Python module of a higher layer that the import loads to get at a name that this module
    has from elsewhere. A package's ``__init__``, which is there to pass names on, does not count.
    """
    if edge.type_only or not edge.via or facts.model.modules[edge.source].language != "python":
        return None
    module = edge.via[0].path
    if module.endswith("/__init__.py") or not _upward(facts, edge.source, module):
        return None
    return None if edge.target and _upward(facts, edge.source, edge.target) else module


def _upward(facts: Facts, source: str, target: str) -> bool:
    layers = _layers(facts.architecture, source, target)
    return (
        layers is not None
        and layers[1].rank < layers[0].rank
        and _same_service(facts, source, target)
    )


def _layers(architecture: Architecture, source: str, target: str) -> tuple[Layer, Layer] | None:
    """The two layers, where they differ and both are sure."""
    one, other = architecture.of.get(source), architecture.of.get(target)
    if one is None or other is None or one.layer == other.layer:
        return None
    if not one.confirmed or not other.confirmed:
        return None
    return one.layer, other.layer


def _same_service(facts: Facts, source: str, target: str) -> bool:
    if facts.architecture.written:
        return True
    return service_of(source, facts.stack) == service_of(target, facts.stack)


def _counts(facts: Facts, edge: ImportEdge) -> bool:
    """Is it a dependency at run time, and not on a mere type, error or constant?"""
    if edge.type_only or edge.target == edge.source or edge.target not in facts.model.modules:
        return False
    if edge.symbol is None:
        return True
    if not used_at_run_time(facts.model.modules[edge.source], edge):
        return False
    return facts.architecture.written or not _is_neutral(facts, edge)


def _is_neutral(facts: Facts, edge: ImportEdge) -> bool:
    symbol = edge.symbol or ""
    if symbol.isupper():
        return True
    target = edge.target or ""
    cls = facts.model.classes.get(f"{target}::{symbol}")
    if cls is not None:
        entity = facts.architecture.layer(target)
        if entity is not None and entity.role == "model":
            return False
        return is_interface(cls) or is_data(facts.model, cls)
    return any(
        isinstance(st, s.TypeAliasDef) and st.name == symbol
        for st in facts.model.modules[target].body
    )


def used_at_run_time(module: s.Module, edge: ImportEdge) -> bool:
    """TypeScript drops an import whose names stand in types only."""
    if module.language != "typescript" or edge.node.kind != "from" or edge.symbol is None:
        return True
    aliases = {name.alias for name in edge.node.names if name.name == edge.symbol}
    return bool(aliases & value_names(module))
