"""What modules give away, and what imports of it stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.imports import required
from ci_gate.codemodel.program import Scope
from ci_gate.codemodel.values import ModuleValue, PackageValue
from ci_gate.codemodel.valuesets import Values, union

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator


class Members:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._imports = evaluator.imports

    def imported(self, module: s.Module, item: s.Import, name: str, alias: str = "") -> Values:
        target = self._imports.target(module.path, item.specifier)
        if module.language == "python":
            return self._python_import(module, item, name, alias)
        if target.path is not None:
            if name == "*":
                whole = self.whole(target.path)
                return whole or (ModuleValue(target.path),)
            if name == "default":
                return self.member(target.path, "default") or self.whole(target.path)
            return self.member(target.path, name)
        if target.external is None:
            return ()
        if name in ("*", "default"):
            return self._evaluator.external(target.external)
        return self._evaluator.external(f"{target.external}.{name}")

    def _python_import(self, module: s.Module, item: s.Import, name: str, alias: str) -> Values:
        imports = self._imports
        if item.kind != "from":
            specifier = item.specifier
            if item.kind == "import" and alias and alias == specifier.split(".")[0]:
                specifier = alias
            target = imports.target(module.path, specifier)
            if target.path is not None:
                return (ModuleValue(target.path),)
            if target.directory is not None:
                return (PackageValue(target.directory),)
            return self._evaluator.external(target.external) if target.external is not None else ()
        target = imports.target(module.path, item.specifier)
        if target.path is not None:
            values = self.member(target.path, name)
            if values:
                return values
        if target.path is not None or target.directory is not None:
            below = imports.submodule(module.path, item.specifier, name)
            if below.path is not None:
                return (ModuleValue(below.path),)
            if below.directory is not None:
                return (PackageValue(below.directory),)
            return ()
        if target.external is None:
            return ()
        return self._evaluator.external(f"{target.external}.{name}")

    def member(self, path: str, name: str) -> Values:
        """What the module at ``path`` gives away as ``name``."""
        if path not in self._index.modules:
            return ()
        return self._evaluator.guarded(("member", path, name), self._member, path, name)

    def _member(self, path: str, name: str) -> Values:
        module = self._index.modules[path]
        scope = self._index.module_scope(path)
        if module.language == "python":
            if name in self._index.frames[module].names:
                return self._evaluator.lookup(name, scope)
            values = self._evaluator.from_stars(name, scope)
            if not values and path.endswith("/__init__.py"):
                child = self._imports.child(path.removesuffix("/__init__.py"), name)
                values = (ModuleValue(child),) if child is not None else ()
            return values or self._evaluator.assigned_in_functions(module, name)
        found: list[Values] = []
        for export in module.exports:
            if export.name == name:
                found.append(self._exported(module, export, scope))
        if found:
            return union(found)
        for export in module.exports:
            if export.name == "*":
                values = self._star_member(module, export, scope, name)
                if values:
                    return values
        if name == "default":
            return self.whole(path)
        return union(self._evaluator.parts.attribute(value, name) for value in self.whole(path)
                     if value != ModuleValue(path))  # fmt: skip

    def _star_member(self, module: s.Module, export: s.Export, scope: Scope, name: str) -> Values:
        if export.specifier is not None:
            target = self._imports.target(module.path, export.specifier)
            if target.path is not None:
                return self.member(target.path, name) if name != "default" else ()
            return ()
        if export.value is None:
            return ()
        return union(
            self._evaluator.parts.attribute(value, name)
            for value in self._evaluator.of(export.value, scope)
        )

    def _exported(self, module: s.Module, export: s.Export, scope: Scope) -> Values:
        if export.specifier is not None:
            target = self._imports.target(module.path, export.specifier)
            source = export.source or "*"
            if target.path is not None:
                if source == "*":
                    return (ModuleValue(target.path),)
                return self.member(target.path, source)
            if target.external is None:
                return ()
            if source in ("*", "default"):
                return self._evaluator.external(target.external)
            return self._evaluator.external(f"{target.external}.{source}")
        if export.local is not None:
            return self._evaluator.lookup(export.local, scope)
        return self._evaluator.of(export.value, scope) if export.value is not None else ()

    def whole(self, path: str) -> Values:
        """What ``require(path)`` gives."""
        if path not in self._index.modules:
            return ()
        return self._evaluator.guarded(("whole", path), self._whole, path)

    def _whole(self, path: str) -> Values:
        module = self._index.modules[path]
        scope = self._index.module_scope(path)
        for export in module.exports:
            if export.name == "module.exports":
                if export.value is None and export.local is None:
                    continue
                if isinstance(export.value, s.Mapping):
                    return (ModuleValue(path),)
                values = self._exported(module, export, scope)
                if len(module.exports) > 1:
                    return union((values, (ModuleValue(path),)))
                return values
        return (ModuleValue(path),)

    def required(self, expr: s.Expr, scope: Scope) -> Values | None:
        """What ``require("x")`` and ``import("x")`` give; None when ``expr`` is neither."""
        specifier = required(expr)
        if specifier is None or scope.module.language == "python":
            return None
        target = self._imports.target(scope.module.path, specifier)
        if target.path is not None:
            return self.whole(target.path)
        return self._evaluator.external(target.external) if target.external is not None else ()
