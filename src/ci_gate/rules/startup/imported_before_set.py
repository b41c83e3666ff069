from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, ImportEdge
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._loading import Loading
from ci_gate.rules.database._service import ServiceView
from ci_gate.rules.startup._late_names import LateName, in_python, in_script
from ci_gate.rules.startup._plain_uses import plain_use


class ImportedBeforeSet(Rule):
    """A module imports the value of a name that a function of another module sets later.

    `SessionLocal = None` in `db.py`, which `init_db()` replaces, and `from db import SessionLocal`
    elsewhere. In Node `let pool;` and `module.exports = { pool, connect }`, where `connect()` sets
    `pool`.

    ## Why is this bad?
    The importing module keeps the value of the time of the import: None, or undefined. Each request
    that uses it fails ("'NoneType' object is not callable", "Cannot read properties of undefined"),
    while `init_db()` itself, and a test that asks the module, see the new value.

    ## Fix
    Import the module and read the name when it is used (`import db` and `db.SessionLocal()`), or
    export a function that gives it (`get_session()`, `getPool()`).

    ## Silent on
    Names that are set while modules are loaded; importing modules that may be loaded later, inside
    of a function or by a name that is worked out; uses under a test of the name; ES modules'
    `export { pool }` and `export let pool`, which follow the variable; setters of properties of
    `exports`.

    ## Source
    Constraint decay, arXiv 2605.06445: "SessionLocal is None and thus not callable"; Python,
    "The import statement"; Node.js, "Modules: CommonJS modules"; ECMAScript, `export default`.
    """

    id = "startup/imported-before-set"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        loads = _Loads(facts)
        late: dict[tuple[str, str], LateName | None] = {}
        for edge in facts.model.import_edges:
            target, name = edge.target, edge.symbol
            if target is None or name is None or not _is_plain(edge):
                continue
            if (target, name) not in late:
                late[target, name] = _late(facts.model, target, name)
            found = late[target, name]
            alias = next((item.alias for item in edge.node.names if item.name == name), None)
            if found is None or alias is None or loads.may_be_later(found, edge.source):
                continue
            use = plain_use(facts.model, edge.source, alias)
            if use is not None:
                yield self._found(edge, found, use)

    def _found(self, edge: ImportEdge, found: LateName, use: s.Node) -> Finding:
        return self.finding(
            edge.source,
            edge.node,
            message=f"`{found.name}` stays {found.nothing} here: {found.function.name}() sets it "
            "after it was imported.",
            why=f"The module keeps the value of the time of the import, so that line {use.line} "
            "fails on every request.",
            fix=f"Read it from the module when it is used, or let {found.path} give a function "
            "that returns it.",
            subject=f"{found.name} of {found.path}",
            related=[
                Related(edge.source, use.line, "it is used here"),
                Related(found.path, found.declared.line, f"it begins as {found.nothing}"),
                Related(found.path, found.set_at.line, "it is set here"),
            ],
        )


def _is_plain(edge: ImportEdge) -> bool:
    return not (
        edge.lazy or edge.type_only or edge.via or edge.node.guarded or is_outside(edge.source)
    )


def _late(model: CodeModel, path: str, name: str) -> LateName | None:
    module = model.modules.get(path)
    if module is None or is_outside(path):
        return None
    return (in_python if module.language == "python" else in_script)(model, path, name)


class _Loads:
    """When modules of a Python program are loaded. What CommonJS exports is taken as its module is
    loaded, whenever that is."""

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._view = facts.once(ServiceView)
        self._loading = Loading(facts.model)

    def may_be_later(self, name: LateName, importer: str) -> bool:
        """May the importing module be loaded after the name was set?"""
        if not name.is_python:
            return False
        return (
            self._is_dynamic
            or importer in self._later
            or any(importer not in before for before in self._at_import(name.function))
        )

    @cached_property
    def _is_dynamic(self) -> bool:
        return self._loading.dynamic(self._view)

    @cached_property
    def _later(self) -> frozenset[str]:
        """What imports inside of functions, or under a condition, load."""
        return self._loading.closure(
            target
            for edge in self._model.import_edges
            if edge.lazy or edge.node.guarded or edge.node.kind == "dynamic"
            for target in self._loading.targets(edge)
        )

    def _at_import(self, setter: FunctionInfo) -> Iterator[frozenset[str]]:
        """What has been loaded at each line of a module that leads to the setter."""
        for function in self._loading.callers(setter):
            for edge in self._model.callers(function):
                if isinstance(edge.caller.node, s.Module):
                    path = edge.caller.module.path
                    yield self._loading.before(path, edge.node.line) | {path}
