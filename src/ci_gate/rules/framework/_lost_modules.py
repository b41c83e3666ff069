"""Modules whose functions register routes and that nothing imports."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.views import VERBS
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect

_REGISTERS: Final = frozenset({
    *VERBS, "del", "all", "route", "add_get", "add_post", "add_put", "add_patch", "add_delete",
})  # fmt: skip
_MIN_MOUNTED: Final = 2
_MAX_RELATED: Final = 12


def lost_modules(model: CodeModel) -> Iterator[Defect]:
    """``module.exports = (router) => router.get(…)`` in a file that its neighbours' importer leaves
    out."""
    serving: defaultdict[str, set[str]] = defaultdict(set)
    for route in model.routes:
        if route.complete and not is_outside(route.module):
            serving[posixpath.dirname(route.module)].add(route.module)
    imported = {edge.target for edge in model.import_edges}
    imported |= {step.path for edge in model.import_edges for step in edge.via}
    for folder, mounted in serving.items():
        if len(mounted) < _MIN_MOUNTED:
            continue
        lost = [
            (path, call)
            for path, module in model.modules.items()
            if posixpath.dirname(path) == folder
            and path not in mounted
            and (path not in imported or _is_named_only(model, path))
            and not is_outside(path)
            and (call := _registration(module)) is not None
        ]
        uses = _uses(model, mounted) if len(lost) == 1 else []
        if uses:
            path, call = lost[0]
            yield _defect(path, call, path in imported, uses)


def _is_named_only(model: CodeModel, path: str) -> bool:
    """Is it imported by a name that the importing file has no use for?"""
    passed_on = any(step.path == path for edge in model.import_edges for step in edge.via)
    return model.modules[path].language != "python" and not passed_on and not is_used(model, path)


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


def is_used(model: CodeModel, module: str) -> bool:
    """Does another file take something of the module, other than by a name that it never uses?"""
    for edge in model.import_edges:
        if edge.target != module or edge.type_only or is_outside(edge.source):
            continue
        if edge.source == module:
            continue
        source = model.modules[edge.source]
        stem = posixpath.basename(edge.source).split(".")[0]
        names = {item.alias or item.name for item in edge.node.names}
        if stem in ("__init__", "index") or edge.node.kind == "reexport" or not names:
            return True
        if any(isinstance(node, s.Name) and node.id in names for node in _code(source)):
            return True
    return False


def _code(module: s.Module) -> Iterator[s.Node]:
    for statement in module.body:
        if not isinstance(statement, s.ImportStmt):
            yield from s.walk(statement)
