"""Modules while set-up code runs: their top-level names, what imports bind, what they export."""

from __future__ import annotations

import posixpath
from collections import defaultdict

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, ImportEdge
from ci_gate.codemodel.routing.core import Core
from ci_gate.codemodel.routing.domain import (
    UNKNOWN,
    Const,
    DictVal,
    Env,
    External,
    ModuleVal,
    Value,
)

TREE = "\x02"
"""Starts a string that is a path inside the tree (``__dirname``)."""


class Modules(Core):
    """Gives each module its :class:`Env`, run once on first use."""

    def __init__(self, model: CodeModel) -> None:
        self.model = model
        self._envs: dict[str, Env] = {}
        self._edges: dict[s.Import, list[ImportEdge]] = defaultdict(list)
        for edge in model.import_edges:
            self._edges[edge.node].append(edge)
        self._exporting: set[tuple[str, str]] = set()
        self._settings: list[str] | None = None
        self.pinned: dict[s.Node, Value | None] = {}

    # --- running ---

    def env_of(self, path: str) -> Env:
        """The top-level names of a module; it runs when they are first asked for."""
        found = self._envs.get(path)
        if found is not None:
            return found
        env = self._envs[path] = Env(path)
        module = self.model.modules.get(path)
        if module is None:
            return env
        if module.language == "python":
            env.names["__file__"] = Const(TREE + "/" + path)
        else:
            exports = DictVal({})
            env.names["exports"] = exports
            env.names["module"] = DictVal({"exports": exports})
            env.names["__dirname"] = Const(TREE + "/" + posixpath.dirname(path))
            env.names["__filename"] = Const(TREE + "/" + path)
            for export in module.exports:
                if export.name == "default" and export.value is not None:
                    self.pinned[export.value] = None
            for item in module.imports:
                if not item.lazy and item.kind == "from":
                    self.bind_import(item, env)
        self.hoist(module.body, env)
        self.run(module.body, env)
        return env

    def ran(self, path: str) -> bool:
        return path in self._envs

    def bind_import(self, item: s.Import, env: Env) -> None:
        if item.star and item.kind != "reexport":
            env.stars.append(item)
        for name in item.names:
            env.imports[name.alias] = (item, name.name)
            env.names.pop(name.alias, None)

    def lookup(self, name: str, env: Env) -> Value | None:
        scope: Env | None = env
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            imported = scope.imports.get(name)
            if imported is not None:
                return self.imported(scope.module, *imported)
            for star in scope.stars:
                target = self._direct(star, None)
                if target is not None:
                    found = self.member(target, name)
                    if found is not None:
                        return found
            scope = scope.parent
        return None

    # --- imports ---

    def _direct(self, item: s.Import, name: str | None) -> str | None:
        """The module in the tree that an import statement itself names."""
        edges = self._edges.get(item, [])
        chosen = [edge for edge in edges if edge.symbol == name] or edges
        for edge in chosen:
            if edge.via:
                return edge.via[0].path
            if edge.target is not None:
                return edge.target
        return None

    def imported(self, module: str, item: s.Import, name: str) -> Value:
        """What ``name`` of an import statement in ``module`` stands for."""
        target = self._direct(item, name)
        if target is None:
            return self._external(item, name)
        language = self.model.modules[module].language if module in self.model.modules else ""
        if language != "python":
            return self._javascript_import(target, name)
        if item.kind == "import":
            if name == "*" and "." in item.specifier and self._binds_root(item):
                return self._root_package(target, item.specifier)
            return ModuleVal(target)
        if self._stem(target) == name and not _names(module, item.specifier, target):
            return ModuleVal(target)
        found = self.member(target, name)
        if found is not None:
            return found
        return self._submodule(target, name) or UNKNOWN

    def _binds_root(self, item: s.Import) -> bool:
        return any(name.alias == item.specifier.split(".")[0] for name in item.names)

    def _root_package(self, target: str, specifier: str) -> Value:
        path = target
        directory = posixpath.dirname(path)
        if posixpath.basename(path) != "__init__.py":
            path = posixpath.splitext(path)[0]
        else:
            path = directory
        for _ in specifier.split(".")[1:]:
            path = posixpath.dirname(path)
        for candidate in (path + "/__init__.py", path + ".py"):
            if candidate in self.model.modules:
                return ModuleVal(candidate)
        return ModuleVal(path)

    def _external(self, item: s.Import, name: str) -> Value:
        specifier = item.specifier
        if specifier.startswith(".") or not specifier:
            return UNKNOWN
        if item.kind == "import":
            root = specifier.split(".")[0]
            binds_root = any(found.alias == root for found in item.names)
            return External(root if binds_root else specifier)
        if name in {"*", "default"}:
            return External(specifier.removeprefix("node:"))
        return External(f"{specifier.removeprefix('node:')}.{name}")

    def _stem(self, path: str) -> str:
        name = posixpath.basename(path)
        if name == "__init__.py":
            name = posixpath.basename(posixpath.dirname(path))
        return name.removesuffix(".py")

    def _submodule(self, package: str, name: str) -> ModuleVal | None:
        directory = package
        if package.endswith(".py"):
            if posixpath.basename(package) != "__init__.py":
                return None
            directory = posixpath.dirname(package)
        start = posixpath.join(directory, name)
        for candidate in (start + ".py", start + "/__init__.py"):
            if candidate in self.model.modules:
                return ModuleVal(candidate)
        prefix = start + "/"
        if any(path.startswith(prefix) for path in self.model.modules):
            return ModuleVal(start)
        return None

    def member(self, path: str, name: str) -> Value | None:
        """The top-level ``name`` of a Python module; None when it has none (yet)."""
        key = (path, name)
        if key in self._exporting:
            return None
        self._exporting.add(key)
        try:
            return self.lookup(name, self.env_of(path))
        finally:
            self._exporting.discard(key)

    def module_attribute(self, value: ModuleVal, name: str) -> Value | None:
        module = self.model.modules.get(value.path)
        if module is None or module.language == "python":
            found = self.member(value.path, name) if module else None
            return found if found is not None else self._submodule(value.path, name)
        return self.exported(value.path, name)

    def setting(self, name: str) -> Value | None:
        """The Django setting of that name, when the settings modules agree on one."""
        if self._settings is None:
            self._settings = [
                path
                for path, module in self.model.modules.items()
                if module.language == "python" and "ROOT_URLCONF" in _assigned(module)
            ]
        found = [self.member(path, name) for path in self._settings]
        known = [item for item in found if isinstance(item, Const)]
        return known[0] if known and all(item == known[0] for item in known) else None

    def dotted(self, specifier: str, near: str) -> str | None:
        """The path of the Python module called ``specifier``, looked up as from module ``near``."""
        tail = specifier.replace(".", "/")
        found = [
            path
            for path in self.model.modules
            for ending in (tail + ".py", tail + "/__init__.py")
            if path == ending or path.endswith("/" + ending)
        ]
        if not found:
            return None
        return max(found, key=lambda path: (len(posixpath.commonprefix([path, near])), -len(path)))

    # --- JavaScript ---

    def _javascript_import(self, target: str, name: str) -> Value:
        if target not in self.model.modules:
            return UNKNOWN
        if name == "*":
            return self.namespace(target)
        found = self.exported(target, name)
        return UNKNOWN if found is None else found

    def namespace(self, path: str) -> Value:
        """What ``require("…")`` and ``import * as x`` give."""
        whole = self._commonjs(path)
        return ModuleVal(path) if whole is None else whole

    def required(self, module: str, specifier: str) -> Value:
        """What ``require(specifier)`` or ``import(specifier)`` in ``module`` gives."""
        here = self.model.modules.get(module)
        for item in here.imports if here else ():
            if item.specifier == specifier:
                target = self._direct(item, "*")
                if target is not None and target in self.model.modules:
                    return self.namespace(target)
                if target is None:
                    break
        if specifier.startswith("."):
            return UNKNOWN
        return External(specifier.removeprefix("node:"))

    def _commonjs(self, path: str) -> Value | None:
        """The value of ``module.exports`` where the module sets it."""
        holder = self.env_of(path).names.get("module")
        if not isinstance(holder, DictVal):
            return None
        value = holder.entries.get("exports")
        if value is None or (isinstance(value, DictVal) and not value.entries):
            return None
        return value

    def exported(self, path: str, name: str) -> Value | None:
        """What a JavaScript module exports under ``name``."""
        key = (path, name)
        module = self.model.modules.get(path)
        if module is None or key in self._exporting:
            return None
        self._exporting.add(key)
        try:
            env = self.env_of(path)
            for export in module.exports:
                if export.name == name and not export.type_only and name != "module.exports":
                    found = self._export_value(module, export, env)
                    if found is not None:
                        return found
            whole = self._commonjs(path)
            if whole is not None:
                if name == "default":
                    inner = self.attribute(whole, "default")
                    return whole if inner is None or isinstance(inner, External) else inner
                found = self.attribute(whole, name)
                if found is not None:
                    return found
            if name != "default":
                for export in module.exports:
                    if export.name == "*" and export.specifier is not None:
                        target = self._reexported(module, export.specifier)
                        found = self.exported(target, name) if target else None
                        if found is not None:
                            return found
            return None
        finally:
            self._exporting.discard(key)

    def _export_value(self, module: s.Module, export: s.Export, env: Env) -> Value | None:
        if export.local is not None:
            return self.lookup(export.local, env)
        if export.specifier is not None:
            target = self._reexported(module, export.specifier)
            if target is None:
                tail = "" if export.source in {None, "*", "default"} else f".{export.source}"
                return (
                    None if export.specifier.startswith(".") else External(export.specifier + tail)
                )
            if export.source == "*":
                return self.namespace(target)
            return self.exported(target, export.source or export.name)
        if export.name == "default" and export.value is not None:
            return self.evaluate(export.value, env)
        return None

    def _reexported(self, module: s.Module, specifier: str) -> str | None:
        for item in module.imports:
            if item.specifier == specifier and item.kind == "reexport":
                target = self._direct(item, None)
                if target is not None:
                    return target
        return None


def _names(importer: str, specifier: str, path: str) -> bool:
    """Whether a Python import specifier means the module at ``path`` itself, not its package."""
    tail = specifier.lstrip(".").replace(".", "/")
    level = len(specifier) - len(specifier.lstrip("."))
    if level == 0:
        return ("/" + path).endswith((f"/{tail}.py", f"/{tail}/__init__.py"))
    start = importer
    for _ in range(level):
        start = posixpath.dirname(start)
    base = posixpath.join(start, tail) if tail else start
    return path in {base + ".py", posixpath.join(base, "__init__.py")}


def _assigned(module: s.Module) -> set[str]:
    return {
        target.id
        for statement in module.body
        if isinstance(statement, s.Assign)
        for target in statement.targets
        if isinstance(target, s.Name)
    }
