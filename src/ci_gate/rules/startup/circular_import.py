from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import ImportEdge
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._components import components
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._loaded import Loaded

_LONGEST: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """``source`` takes ``name`` out of ``target`` when it is loaded, at ``line``; ``bound`` is the
    first line of ``target`` that binds the name."""

    source: str
    target: str
    name: str
    node: s.Import
    line: int
    bound: int


class CircularImport(Rule):
    """Modules take names out of each other before they have defined them.

    `errors.py` begins with `from results import Account`, and `results.py` with `from errors import
    NotFound`. In Node two modules that `require` each other and set `module.exports` at their end.

    ## Why is this bad?
    `ImportError: cannot import name 'NotFound' from partially initialized module`: whichever of
    the modules is loaded first, the service does not start. In Node one of the two keeps the empty
    object that the other had at first: what it calls of it is undefined, each time the line runs.

    ## Fix
    Move what both need into a third module, or import inside the function that uses it; for
    annotations, under `if TYPE_CHECKING`.

    ## Silent on
    Circles that some order of loading survives: imports below the definition that the other takes,
    `import module` without a name, imports inside functions, in `try` or `if`; in Node `exports.x =
    …`, and modules that are required and not used; modules that no service loads.

    ## Source
    Python, "Programming FAQ": what are the best practices for using import in a module; Node.js,
    "Modules: CommonJS modules: Cycles".
    """

    id = "startup/circular-import"
    group = "startup"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        taken_out: defaultdict[str, list[_Taken]] = defaultdict(list)
        for edge in model.import_edges:
            python = edge.source.endswith(".py")
            taken = _taken(model, edge) if python else _required(model, edge)
            if taken is not None:
                taken_out[taken.source].append(taken)
        graph = _in_circles(taken_out)
        loaded = facts.once(Loaded)
        seen: set[frozenset[str]] = set()
        for path in sorted(graph):
            circle = _circle(graph, path)
            members = frozenset(item.source for item in circle)
            if not circle or members in seen or not all(loaded.holds(item) for item in members):
                continue
            seen.add(members)
            if not path.endswith(".py"):
                yield self._of_node(circle)
            elif members & loaded.modules:
                yield self._found(circle)

    def _of_node(self, circle: Sequence[_Taken]) -> Finding:
        first = circle[0]
        shown = " → ".join([*(item.source for item in circle), first.source])
        return self.finding(
            first.source,
            first.node,
            message=f"{first.target} is required in a circle: {shown}.",
            why="Whichever is loaded first, one of them keeps the empty object that another had "
            "before it set `module.exports`: what it calls of it is not a function.",
            fix="Move what they share into a module of its own, or require it inside the function "
            "that uses it.",
            subject="circle " + " ".join(sorted(item.source for item in circle)),
            related=[
                Related(item.source, item.line, f"requires {item.target}") for item in circle[1:]
            ],
        )

    def _found(self, circle: Sequence[_Taken]) -> Finding:
        last, first = circle[-1], circle[0]
        shown = " → ".join([*(item.source for item in circle), first.source])
        return self.finding(
            first.source,
            first.node,
            message=f"`{first.name}` is taken out of {first.target}, which needs `{last.name}` of "
            "this module before it is defined."
            if len(circle) == 2
            else f"`{first.name}` is taken out of {first.target} in a circle: {shown}.",
            why=f"ImportError: cannot import name '{last.name}' from partially initialized "
            "module, whichever of them is loaded first: the service does not start.",
            fix="Move what both need into a third module, or import inside the function that uses "
            "it.",
            subject="circle " + " ".join(sorted(item.source for item in circle)),
            related=[
                Related(item.source, item.line, f"takes `{item.name}` out of {item.target}")
                for item in circle[1:]
            ],
        )


def _taken(model: CodeModel, edge: ImportEdge) -> _Taken | None:
    node = edge.node
    if edge.target is None or edge.type_only or edge.lazy or edge.unresolved or node.guarded:
        return None
    if node.kind != "from" or node.star or edge.symbol is None:
        return None
    target = edge.via[0].path if edge.via else edge.target
    if target == edge.source or not target.endswith(".py") or is_outside(edge.source):
        return None
    if target.endswith("/__init__.py"):
        beside = target.removesuffix("__init__.py") + edge.symbol
        if {f"{beside}.py", f"{beside}/__init__.py"} & model.modules.keys():
            return None  # a module, which is found even where the package is not ready
    home = model.functions.get(f"{target}::<module>")
    if home is None or "__getattr__" in s.gathered(home.module).words:
        return None
    bindings = model.bindings(edge.symbol, model.function_scope(home))
    if not bindings:
        return None
    lines = [(item.statement or item.node).span[0] for item in bindings]
    return _Taken(edge.source, target, edge.symbol, node, node.span[0], min(lines))


def _required(model: CodeModel, edge: ImportEdge) -> _Taken | None:
    """``const b = require('./b')`` at the top of a module, and something uses it."""
    node = edge.node
    if edge.target is None or edge.type_only or edge.lazy or edge.unresolved or node.guarded:
        return None
    if node.kind != "require" or edge.target == edge.source or is_outside(edge.source):
        return None
    target, source = model.modules.get(edge.target), model.modules.get(edge.source)
    if target is None or source is None or not {item.alias for item in node.names} & _used(source):
        return None
    sets = [
        statement.span[0]
        for statement in target.body
        if isinstance(statement, s.Assign) and any(map(_is_exports, statement.targets))
    ]
    if len(sets) != 1:
        return None
    return _Taken(edge.source, edge.target, "", node, node.span[0], sets[0])


def _is_exports(target: s.Expr) -> bool:
    return (
        isinstance(target, s.Attribute)
        and target.name == "exports"
        and isinstance(target.value, s.Name)
        and target.value.id == "module"
    )


def _used(module: s.Module) -> set[str]:
    """The names that the code reads below the top."""
    found: set[str] = set()
    for statement in module.body:
        if not (isinstance(statement, s.Assign) and statement.declaration):
            found.update(node.id for node in s.walk(statement) if isinstance(node, s.Name))
    return found


def _in_circles(graph: dict[str, list[_Taken]]) -> dict[str, list[_Taken]]:
    """What of the graph may be part of a circle."""
    modules = {path: {item.target for item in taken} for path, taken in graph.items()}
    home = {path: members[0] for members in components(modules) for path in members}
    return {
        path: [item for item in graph[path] if home.get(item.target) == home[path]] for path in home
    }


def _circle(graph: dict[str, list[_Taken]], start: str) -> list[_Taken]:
    """A shortest circle through ``start`` in which each name is bound only after the next import
    of the circle."""
    found: list[_Taken] = []
    for first in graph.get(start, ()):
        way = _way_back(graph, start, first)
        if way and (not found or len(way) < len(found)):
            found = way
    return found


def _way_back(graph: dict[str, list[_Taken]], start: str, first: _Taken) -> list[_Taken]:
    """A shortest way that begins with ``first`` and comes back to ``start``."""
    before: dict[_Taken, _Taken | None] = {first: None}
    waiting = [first]
    for _ in range(_LONGEST - 1):
        longer: list[_Taken] = []
        for last in waiting:
            for item in graph.get(last.target, ()):
                if item in before or item.line >= last.bound:
                    continue
                before[item] = last
                if item.target != start:
                    longer.append(item)
                elif first.line < item.bound:
                    way = [item]
                    while (earlier := before[way[-1]]) is not None:
                        way.append(earlier)
                    return way[::-1]
        waiting = longer
    return []
