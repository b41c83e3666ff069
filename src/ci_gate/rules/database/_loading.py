"""Which modules are loaded when a statement runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, ImportEdge
from ci_gate.regex import regex
from ci_gate.rules.database._service import ServiceView

_MAX_CALLERS: Final = 400
#: Calls that load modules which no import statement names.
_DYNAMIC: Final = regex(
    r"^(?:walk_packages|iter_modules|import_module|import_string|find_modules|__import__|"
    r"autodiscover\w*|load_module|exec_module|spec_from_file_location|import_submodules|"
    r"import_object|load_models?|discover_models?|scan|glob|rglob|listdir|scandir)$"
)


class Loading:
    """Import closures of one program. Everything is taken generously: a module that may be loaded
    counts as loaded."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._direct: dict[str, frozenset[str]] = {}
        self._importers: dict[str, set[str]] | None = None
        self._before: dict[tuple[str, int], frozenset[str]] = {}
        self._at_call: dict[tuple[str, FunctionInfo], frozenset[str]] = {}

    def dynamic(self, view: ServiceView) -> bool:
        """Does service code load modules by names that it works out?"""
        for path, module in self._model.modules.items():
            if module.language != "python" or not view.holds(path):
                continue
            if any(map(_loads, s.gathered(module).words)) and any(
                map(_is_dynamic, self._model.nodes_of(module, s.Call))
            ):
                return True
        return False

    def closure(self, start: Iterable[str], without: str | None = None) -> frozenset[str]:
        """The modules loaded along with those of ``start``; ``without`` is not gone through."""
        seen: set[str] = set()
        queue = list(start)
        while queue:
            path = queue.pop()
            if path in seen or path == without or path not in self._model.modules:
                continue
            seen.add(path)
            queue.extend(self.direct(path))
        return frozenset(seen)

    def reach(self, start: Iterable[str]) -> frozenset[str]:
        """All that the modules of ``start`` may load, whenever."""
        seen: set[str] = set()
        queue = list(start)
        while queue:
            path = queue.pop()
            if path in seen or path not in self._model.modules:
                continue
            seen.add(path)
            queue.extend(self._packages(path))
            for edge in self._model.imports_of(path):
                queue.extend(self.targets(edge))
        return frozenset(seen)

    def direct(self, path: str) -> frozenset[str]:
        """What loading the module loads first."""
        found = self._direct.get(path)
        if found is None:
            found = self._direct[path] = frozenset(
                target
                for edge in self._model.imports_of(path)
                if not edge.lazy
                for target in self.targets(edge)
            ) | frozenset(self._packages(path))
        return found

    def before(self, path: str, line: int) -> frozenset[str]:
        """What has been loaded when the module's own line ``line`` runs."""
        if (path, line) in self._before:
            return self._before[path, line]
        first = [
            target
            for edge in self._model.imports_of(path)
            if not edge.lazy and edge.span[0] < line
            for target in self.targets(edge)
        ]
        found = self._before[path, line] = self.closure(
            [*first, *self._packages(path)], without=path
        )
        return found

    def targets(self, edge: ImportEdge) -> Iterator[str]:
        if edge.type_only or edge.target is None:
            return
        for path in (edge.target, *(step.path for step in edge.via)):
            yield path
            yield from self._packages(path)

    def _packages(self, path: str) -> Iterator[str]:
        """The ``__init__`` files that run before the module."""
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            package = "/".join((*parts[:depth], "__init__.py"))
            if package != path and package in self._model.modules:
                yield package

    def unresolved(self, modules: Iterable[str]) -> frozenset[str]:
        """The words of imports of ``modules`` that lead to nothing in the tree: each may name a
        module that they import all the same."""
        return frozenset(
            word
            for module in modules
            for edge in self._model.imports_of(module)
            if edge.target is None
            for word in (*edge.node.specifier.split("."), edge.symbol or "")
        )

    def importers(self, path: str) -> frozenset[str]:
        """All modules that lead to ``path`` by imports, lazy ones included."""
        if self._importers is None:
            self._importers = {}
            for edge in self._model.import_edges:
                for target in self.targets(edge):
                    self._importers.setdefault(target, set()).add(edge.source)
        seen: set[str] = set()
        queue = [path]
        while queue:
            for source in self._importers.get(queue.pop(), ()):
                if source not in seen:
                    seen.add(source)
                    queue.append(source)
        return frozenset(seen)

    def at_call(self, path: str, function: FunctionInfo) -> frozenset[str]:
        """What may have been loaded when ``function`` of ``path`` runs: all that the modules which
        lead to it load, and what the functions on the way import."""
        if (path, function) in self._at_call:
            return self._at_call[path, function]
        start = {path, *self.importers(path)}
        callers = self.callers(function)
        for caller in self._model.reachable(callers):
            for edge in self._model.imports_of(caller.module.path):
                if edge.lazy and self._inside(edge, caller):
                    start.update(self.targets(edge))
        found = self._at_call[path, function] = self.closure(start)
        return found

    def callers(self, function: FunctionInfo) -> frozenset[FunctionInfo]:
        """``function`` and all that lead to it."""
        seen = {function}
        queue = [function]
        while queue and len(seen) < _MAX_CALLERS:
            for edge in self._model.callers(queue.pop()):
                if edge.caller not in seen:
                    seen.add(edge.caller)
                    queue.append(edge.caller)
        return frozenset(seen)

    def _inside(self, edge: ImportEdge, function: FunctionInfo) -> bool:
        span = function.node.span
        return isinstance(function.node, s.Module) or span[0] <= edge.span[0] <= span[2]


def _is_dynamic(call: s.Call) -> bool:
    func = call.func
    name = s.last_name(func)
    if name is None or not _loads(name):
        return False
    first = call.argument(0)
    constant = isinstance(first, s.Literal) and isinstance(first.value, str)
    return not (constant and name in ("import_module", "__import__"))


@cache
def _loads(name: str) -> bool:
    """Do functions of this name load modules that no import statement names?"""
    return _DYNAMIC.match(name) is not None
