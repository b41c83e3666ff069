"""Sequelize: associations that are written and never made, because nothing runs the code."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.modules import is_exports
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import Association
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.codemodel.sequelize.queries import Include
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed

_LOADERS: Final = frozenset({
    "readdirSync", "readdir", "globSync", "glob", "requireDirectory", "requireAll", "fastGlob",
})  # fmt: skip
_SEVERAL: Final = 2


def never_made(models: Models) -> Iterator[Defect]:
    made = [item for model in models.all for item in model.associations]
    if not made or any(item.source.decorated for item in made):
        return
    asked = _asked(models)
    groups: dict[FunctionInfo, list[Association]] = defaultdict(list)
    for item in made:
        groups[item.scope.function].append(item)
    uses = _Uses(models)
    for function, items in groups.items():
        wanted = [asked[item] for item in items if item in asked]
        if not wanted:
            continue
        what = uses.unused(function)
        if what is not None:
            yield _defect(what, items, wanted)


def never_initialised(models: Models) -> Iterator[Defect]:
    """``Model.init()`` in a function that nothing calls, of a model that others are associated
    with."""
    uses: _Uses | None = None
    for model in models.all:
        call, cls = model.call, model.cls
        if call is None or cls is None or is_outside(model.path) or not model.associations:
            continue
        if len(models.model.calls_named("init")) < _SEVERAL or not _is_init(call):
            continue
        function = models.model.scope_of(call).function
        if isinstance(function.node, s.Module):
            continue
        uses = uses or _Uses(models)
        what = uses.unused(function)
        made = model.associations[0]
        if what is None or isinstance(made.scope.function.node, s.Module):
            continue
        if made.scope.function is function or uses.unused(made.scope.function) is not None:
            continue
        yield Defect(
            function.module.path,
            call,
            f"{model.name}.init() stands in {what} nothing runs, and {model.name} has "
            "associations.",
            f"{made.kind}() on a model that was not initialised throws an error: the service does "
            "not start.",
            "Call it where the other models are initialised, before the associations.",
            f"{model.name} not initialised",
            (Related(made.path, made.node.line, "the association"),),
        )


def _is_init(call: s.Call) -> bool:
    return isinstance(call.func, s.Attribute) and call.func.name == "init"


def _asked(models: Models) -> dict[Association, Include]:
    """The associations that the queries of the service include."""
    found: dict[Association, Include] = {}
    for query in models.queries.all:
        for include in models.queries.includes(query):
            if include.association is not None:
                found.setdefault(include.association, include)
    return found


class _Uses:
    """Asked whether anything runs a function or loads a module."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._model = models.model
        self._names: set[str] | None = None
        self._loads_by_name: bool | None = None

    def unused(self, function: FunctionInfo) -> str | None:
        """How to speak of the function or module, if nothing ever runs it."""
        path = function.module.path
        if isinstance(function.node, s.Module):
            return f"`{posixpath.basename(path)}`, which" if self._is_unloaded(path) else None
        name = self._handle(function)
        if not name or self._model.callers(function) or name in self._mentioned():
            return None
        if self._is_whole_export(function, name):
            return f"`{posixpath.basename(path)}`, which" if self._is_unloaded(path) else None
        owner = f"{function.cls.name}." if function.cls is not None else ""
        return f"`{owner}{name}()`, which"

    def _handle(self, function: FunctionInfo) -> str:
        """The name that a function is called by."""
        if function.name and not function.name.startswith("<"):
            return function.name
        for enclosing in self._models.origins.surroundings.of(function.module.path, function.node):
            node = enclosing.node
            if isinstance(node, s.FunctionExpr):
                continue
            if isinstance(node, s.Assign) and enclosing.branch == "value":
                target = node.targets[0]
                return target.name if isinstance(target, s.Attribute) else ""
            return ""
        return ""

    def _is_whole_export(self, function: FunctionInfo, name: str) -> bool:
        """Is the function all that its module gives away, or its default?"""
        for export in function.module.exports:
            if export.name not in ("default", "module.exports"):
                continue
            value = export.value
            if export.local == name or (isinstance(value, s.Name) and value.id == name):
                return True
            if isinstance(value, s.FunctionExpr) and value.function is function.node:
                return True
            if export.name == "default" and value is None:
                return True
        return False

    def _is_unloaded(self, path: str) -> bool:
        if self._loads_unseen():
            return False
        stem = posixpath.splitext(posixpath.basename(path))[0]
        if stem in ("index", "app", "server", "main"):
            return False
        for edge in self._model.import_edges:
            if is_outside(edge.source):
                continue
            if edge.target == path or any(step.path == path for step in edge.via):
                return False
            if posixpath.basename(edge.node.specifier).split(".")[0] == stem:
                return False
        tree = self._model.tree
        for name in tree.files:
            if posixpath.basename(name) == "package.json" and stem in tree.text(name):
                return False
        return True

    def _loads_unseen(self) -> bool:
        """Modules are loaded by names that the program works out."""
        if self._loads_by_name is None:
            self._loads_by_name = any(
                isinstance(node, s.Call) and _is_loader(node)
                for path, module in self._model.modules.items()
                if module.language != "python" and not is_outside(path)
                for node in nodes_of(module)
            )
        return self._loads_by_name

    def _mentioned(self) -> set[str]:
        """The names that the program uses otherwise than to define, import or export them."""
        if self._names is None:
            self._names = set()
            for path, module in self._model.modules.items():
                if module.language != "python" and not is_outside(path):
                    self._names |= _mentions(module)
        return self._names


def _is_loader(call: s.Call) -> bool:
    name = call.func.id if isinstance(call.func, s.Name) else getattr(call.func, "name", "")
    if name in _LOADERS:
        return True
    if name in ("require", "import"):
        return not all(isinstance(item.value, s.Literal) for item in call.args)
    return False


def _mentions(module: s.Module) -> set[str]:
    given: set[s.Node] = set()
    found: set[str] = set()
    for node in nodes_of(module):
        if isinstance(node, s.Assign):
            for target in node.targets:
                given.add(target)
                if is_exports(target) and node.value is not None:
                    given.update(_given_away(node.value))
    for export in module.exports:
        if export.value is not None:
            given.update(_given_away(export.value))
    for node in nodes_of(module):
        if node in given:
            continue
        match node:
            case s.Attribute(name=name) | s.Name(id=name):
                found.add(name)
            case s.Literal(value=str(name)):
                found.add(name)
    return found


def _given_away(value: s.Expr) -> Iterator[s.Node]:
    """The nodes of an export that merely repeat a name."""
    yield value
    if isinstance(value, s.Mapping):
        for entry in value.entries:
            if entry.key is not None:
                yield entry.key
            if isinstance(entry.value, s.Name):
                yield entry.value


def _defect(what: str, items: list[Association], wanted: list[Include]) -> Defect:
    first = items[0]
    names = listed(sorted({f"{item.source.name}.{item.name}" for item in items}), 4)
    include = wanted[0]
    runs = "calls" if what.endswith(")`, which") else "loads"
    return Defect(
        first.path,
        first.node,
        f"The associations {names} are made in {what} nothing {runs}.",
        f"{include.source.name} has no `{include.association.name if include.association else ''}`"
        " when the service runs: Sequelize throws EagerLoadingError at the query that includes it.",
        "Call it once, after all models are defined and before the first query."
        if runs == "calls"
        else "Load the module where the service starts, after the models.",
        f"associations of {first.source.name} never made",
        (Related(include.path, include.node.line, "the include that needs one of them"),),
    )
