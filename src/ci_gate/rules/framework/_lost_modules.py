"""Modules whose functions register routes and that nothing imports."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, ImportEdge
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.views import VERBS
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect

_REGISTERS: Final = frozenset({
    *VERBS, "del", "all", "route", "add_get", "add_post", "add_put", "add_patch", "add_delete",
    "add_url_rule", "add_api_route",
})  # fmt: skip
_TABLES: Final = frozenset({"aiohttp.web.RouteTableDef()"})
_MIN_MOUNTED: Final = 2
_MAX_RELATED: Final = 12


class Importers:
    """Which modules others import, and whether they do anything with them."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._passed_on = {step.path for edge in model.import_edges for step in edge.via}
        self._edges: defaultdict[str, list[ImportEdge]] = defaultdict(list)
        for edge in model.import_edges:
            if edge.target is not None and edge.source != edge.target and not edge.type_only:
                self._edges[edge.target].append(edge)

    def has(self, path: str) -> bool:
        """Does another module import it?"""
        return path in self._edges or path in self._passed_on

    def use(self, path: str) -> bool:
        """Does one import it otherwise than by a name that it never uses?"""
        return path in self._passed_on or any(map(self._is_use, self._edges.get(path, ())))

    def _is_use(self, edge: ImportEdge) -> bool:
        if is_outside(edge.source):
            return False
        if edge.node.kind == "reexport":
            return True
        wanted = edge.symbol or _stem(edge.target or "")
        named = {item.alias or item.name for item in edge.node.names}
        names = {item.alias for item in edge.node.names if item.name == wanted} or named
        mentioned = _mentioned(self._model.modules[edge.source])
        if _stem(edge.source) == "__init__" and not (named - names) & mentioned:
            # what a package imports, it gives away, where it does not mount the others itself
            beside = {
                item.alias or item.name
                for statement in self._model.modules[edge.source].imports
                if statement is not edge.node
                for item in statement.names
            }
            if len(beside & mentioned) < _MIN_MOUNTED or "__all__" in mentioned:
                return True
        return not names or not names.isdisjoint(mentioned)


def _stem(path: str) -> str:
    return posixpath.basename(path).partition(".")[0]


def _mentioned(module: s.Module) -> set[object]:
    """The names that the module's code reads, and its texts."""
    found: set[object] = set()
    declared = {
        target
        for statement in module.body
        if isinstance(statement, s.Assign) and statement.declaration
        for target in statement.targets
    }
    for statement in module.body:
        if not isinstance(statement, s.ImportStmt):
            for node in s.walk(statement):
                if isinstance(node, s.Name) and node not in declared:
                    found.add(node.id)
                elif isinstance(node, s.Literal):
                    found.add(node.value)
    return found


def lost_modules(model: CodeModel, importers: Importers) -> Iterator[Defect]:
    """``module.exports = (router) => router.get(…)`` in a file that its neighbours' importer leaves
    out."""
    serving: defaultdict[str, set[str]] = defaultdict(set)
    for route in model.routes:
        if route.complete and not is_outside(route.module):
            serving[posixpath.dirname(route.module)].add(route.module)
    for folder, mounted in serving.items():
        if len(mounted) < _MIN_MOUNTED:
            continue
        lost = [
            (path, call)
            for path, module in model.modules.items()
            if posixpath.dirname(path) == folder
            and path not in mounted
            and not is_outside(path)
            and (call := _registration(module)) is not None
            and not importers.use(path)
            and (not importers.has(path) or _waits_for_a_call(model, module, call))
        ]
        uses = _uses(model, mounted) if len(lost) == 1 else []
        if uses:
            path, call = lost[0]
            yield _defect(path, call, importers.has(path), uses)


def _waits_for_a_call(model: CodeModel, module: s.Module, call: s.Call) -> bool:
    """Does the module register nothing by being loaded? In Node its router does nothing alone, nor
    does a route table of aiohttp."""
    if module.language != "python" or isinstance(model.scope_of(call).function.node, s.Function):
        return True
    values = model.evaluate(call.func.value) if isinstance(call.func, s.Attribute) else ()
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in _TABLES for value in values
    )


def _defect(path: str, call: s.Call, named: bool, uses: list[Related]) -> Defect:
    missing = "what imports it never uses it" if named else "nothing imports it"
    fix = "Mount it" if named else f"Import it in {uses[0].path} and mount it"
    return Defect(
        path,
        call,
        f"{posixpath.basename(path)} registers routes, and {missing}: its neighbours are all "
        "mounted.",
        "None of its routes exists in the running service: requests to them get 404.",
        f"{fix} like its neighbours.",
        f"{posixpath.basename(path)} not mounted",
        tuple(uses),
    )


def _registration(module: s.Module) -> s.Call | None:
    """The first call that registers a route: ``router.get("/…", …)``."""
    for node in s.walk(module):
        match node:
            case s.Call(
                func=s.Attribute(name=name), args=[s.Argument(value=s.Literal(value=str(path))), *_]
            ) if name in _REGISTERS and path.startswith("/"):
                return node
    return None


def _uses(model: CodeModel, mounted: set[str]) -> list[Related]:
    """Where one module mounts all that are mounted."""
    by_source: defaultdict[str, set[str]] = defaultdict(set)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for edge in model.import_edges:
        if edge.target in mounted and edge.source != edge.target and not is_outside(edge.source):
            by_source[edge.source].add(edge.target)
            names[edge.source] |= {item.alias or item.name for item in edge.node.names}
    for source, found in by_source.items():
        if mounted - {source} <= found and len(found) >= _MIN_MOUNTED:
            lines = sorted(set(_lines(model.modules[source], names[source])))
            return [
                Related(source, line, "a neighbour is mounted here")
                for line in lines[:_MAX_RELATED]
            ]
    return []


def _lines(module: s.Module, names: set[str]) -> Iterator[int]:
    for node in s.walk(module):
        if isinstance(node, s.Name) and node.id in names:
            yield node.line
