"""Fastify: instances, plugins with prefixes, ``fastify-plugin`` and ``@fastify/autoload``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from ci_gate.codemodel.places import is_test
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    Const,
    DictVal,
    External,
    FuncVal,
    LibraryObject,
    ModuleVal,
    Native,
    Opaque,
    Value,
    Wrapped,
    bare,
)
from ci_gate.codemodel.routing.express import may_be_path
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.modules import TREE
from ci_gate.codemodel.routing.views import VERBS, is_true, methods, texts
from ci_gate.regex import regex

_HOOKS = ("onRequest", "preParsing", "preValidation", "preHandler", "preSerialization")
_AUTOLOAD = {"@fastify/autoload", "fastify-autoload", "@fastify/autoload.default"}
_SCRIPT = regex(r"(?<!\.d)\.[cm]?[jt]sx?$")
_MAX_PLUGINS = 500


class SharedPlugin(LibraryObject):
    """``fp(plugin)``: registers on the instance itself, not on a child of it."""

    def __init__(self, function: Value) -> None:
        super().__init__()
        self.function = function


class FastifyInstance(Router):
    """A Fastify instance: the root or a plugin's child context. ``plugins`` are the functions that
    are run on it."""

    framework = "fastify"

    def __init__(self, prefix: str = "", *, parent: FastifyInstance | None = None) -> None:
        super().__init__(prefix, is_app=parent is None)
        self.parent = parent
        self.plugins: list[FuncVal] = []

    def attribute(self, machine: Machine, name: str) -> Value | None:
        if name in VERBS:
            return Native(lambda args: self._verb(machine, name, args))
        if name == "all":
            return Native(lambda args: self._verb(machine, "ANY", args))
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "route": self._route,
            "register": self._register,
            "addHook": self._add_hook,
            "decorate": self._decorate,
            "after": self._after,
            "ready": self._after,
        }
        action = actions.get(name)
        if action is not None:
            return Native(lambda args: action(machine, args))
        if name in {
            "withTypeProvider", "setValidatorCompiler", "setSerializerCompiler",
            "setErrorHandler", "setNotFoundHandler", "addSchema", "decorateRequest",
            "decorateReply", "addContentTypeParser",
        }:  # fmt: skip
            return Native(lambda _: self)
        return None if self.parent is None else machine.attribute(self.parent, name)

    def _after(self, machine: Machine, args: Args) -> Value:
        for item in args.positional:
            if isinstance(item, FuncVal):
                machine.invoke(item, Args([], {}, args.module, args.span, whole=False))
        return self

    def _verb(self, machine: Machine, method: str, args: Args) -> Value:
        values = args.positional
        path = args.text(0)
        if len(values) < 2 or path is None or (path == HOLE and not may_be_path(values[0])):
            return self
        options = bare(values[1])
        before: list[Value] = []
        view = values[-1]
        if isinstance(options, DictVal):
            before = _ahead(options)
            if len(values) == 2:
                view = options.entries.get("handler", UNKNOWN)
        elif len(values) == 2 and isinstance(options, Opaque | External):
            view = values[1]
        self.add((method,), path, machine.handlers([view, *before]), args.module, args.span)
        return self

    def _route(self, machine: Machine, args: Args) -> Value:
        options = bare(args.get(0) or UNKNOWN)
        if isinstance(options, DictVal):
            allowed = methods(options.entries.get("method", UNKNOWN))
            found = texts(options.entries.get("url") or options.entries.get("path") or UNKNOWN)
            view = options.entries.get("handler", UNKNOWN)
            handlers = machine.handlers([view, *_ahead(options)])
            for path in found:
                if allowed:
                    self.add(allowed, path, handlers, args.module, args.span)
                else:
                    self.mount_unknown(path)
        else:
            self.mount_unknown("")
        return self

    def _add_hook(self, machine: Machine, args: Args) -> Value:
        if args.text(0) in _HOOKS:
            self.hooks += machine.handlers(args.positional[1:])
        return self

    def _decorate(self, machine: Machine, args: Args) -> Value:
        del machine
        name, value = args.text(0), args.get(1)
        if name and value is not None:
            holder = self
            while holder.parent is not None and holder.parent is not holder:
                holder = holder.parent
            holder.attrs.setdefault(name, value)
            self.attrs[name] = value
        return self

    def _register(self, machine: Machine, args: Args) -> Value:
        plugin = args.get(0) or UNKNOWN
        options = args.get(1)
        options = bare(options) if options is not None else DictVal({})
        prefix = options.text("prefix") if isinstance(options, DictVal) else None
        target = bare(plugin)
        if isinstance(target, External) and target.path in _AUTOLOAD:
            if isinstance(options, DictVal):
                self._autoload(machine, options, args)
        else:
            self.load(machine, plugin, options, prefix or "", args)
        return self

    def load(
        self,
        machine: Machine,
        plugin: Value,
        options: Value,
        prefix: str,
        args: Args,
        *,
        ahead: Sequence[Value] = (),
    ) -> None:
        """Run a plugin on a child of this instance, or on the instance itself; the plugins
        ``ahead`` run on the same instance before it."""
        target = plugin if isinstance(plugin, Wrapped) else bare(plugin)
        if isinstance(target, ModuleVal):
            target = machine.attribute(target, "default") or UNKNOWN
        instance = self
        if isinstance(target, SharedPlugin):
            target = target.function
        else:
            instance = FastifyInstance(prefix, parent=self)
            machine.created(instance, args)
            self.mount("", instance)
        for item in (*ahead, target):
            inner = bare(item)
            function = bare(inner.function) if isinstance(inner, SharedPlugin) else inner
            if isinstance(function, FuncVal):
                instance.plugins.append(function)
                done = Native(lambda _: NONE)
                given = [instance, options, done]
                machine.invoke(function, Args(given, {}, args.module, args.span))
            elif not isinstance(function, External) or prefix:
                instance.mount_unknown("")

    def _autoload(self, machine: Machine, options: DictVal, args: Args) -> None:
        directory = options.text("dir") or ""
        if not directory.startswith(TREE):
            self.mount_unknown("")
            return
        root = posixpath.normpath(directory.removeprefix(TREE + "/"))
        inner = options.entries.get("options", DictVal({}))
        found = plugin_files(machine, root)
        hooks = {posixpath.dirname(path): path for path in found if _stem(path) == "autohooks"}
        for path in [path for path in found if _stem(path) != "autohooks"][:_MAX_PLUGINS]:
            plugin = machine.exported(path, "default")
            if plugin is None:
                self.mount_unknown("")
                continue
            parts = _folders(root, path)
            ahead: list[Value] = []
            if is_true(options.entries.get("autoHooks")):
                cascade = is_true(options.entries.get("cascadeHooks"))
                for depth in range(0 if cascade else len(parts), len(parts) + 1):
                    folder = posixpath.normpath(posixpath.join(root, *parts[:depth]))
                    hook = machine.exported(hooks[folder], "default") if folder in hooks else None
                    ahead += [] if hook is None else [hook]
            prefix = self._autoload_prefix(machine, options, parts, path)
            self.load(machine, plugin, inner, prefix, args, ahead=ahead)

    def _autoload_prefix(
        self, machine: Machine, options: DictVal, parts: list[str], path: str
    ) -> str:
        override = machine.exported(path, "prefixOverride")
        if isinstance(override, Const) and isinstance(override.value, str):
            return override.value
        inner = options.entries.get("options")
        prefix = (inner.text("prefix") if isinstance(inner, DictVal) else None) or ""
        if options.entries.get("dirNameRoutePrefix") != Const(False):
            if is_true(options.entries.get("routeParams")):
                parts = [re.sub(r"^_", ":", part) for part in parts]
            prefix += "".join(f"/{part}" for part in parts)
        own = machine.exported(path, "autoPrefix")
        if isinstance(own, Const) and isinstance(own.value, str):
            prefix += "/" + own.value.strip("/")
        return prefix


def _folders(root: str, path: str) -> list[str]:
    folder = posixpath.relpath(posixpath.dirname(path), root)
    return [part for part in folder.split("/") if part != "."]


def _stem(path: str) -> str:
    return posixpath.basename(path).split(".")[0]


def plugin_files(machine: Machine, root: str) -> list[str]:
    """The files that autoload takes from a directory: a folder's index stands for its files."""
    start = "" if root == "." else root + "/"
    found = sorted(
        path
        for path in machine.model.modules
        if path.startswith(start) and _SCRIPT.search(path) and not is_test(path)
    )
    indexed = {posixpath.dirname(path) for path in found if _stem(path) == "index"}
    return [
        path
        for path in found
        if _stem(path) in {"index", "autohooks"} or posixpath.dirname(path) not in indexed
    ]


def _ahead(options: DictVal) -> list[Value]:
    return [options.entries[name] for name in _HOOKS if name in options.entries]


def _instance(machine: Machine, args: Args) -> Router:
    return machine.created(FastifyInstance(), args)


def _shared(machine: Machine, args: Args) -> Value:
    del machine
    return SharedPlugin(args.get(0) or UNKNOWN)


EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "fastify": _instance,
    "fastify.fastify": _instance,
    "fastify.default": _instance,
    "fastify-plugin": _shared,
    "fastify-plugin.default": _shared,
    "fastify-plugin.fastifyPlugin": _shared,
}
TYPED = {"fastify.FastifyInstance": _instance}
PACKAGES = ("fastify", "fastify-plugin", "@fastify/autoload")
