"""Django: URL configurations and views."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, FunctionInfo, Route
from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import (
    HOLE,
    UNKNOWN,
    Args,
    ClassVal,
    DictVal,
    External,
    LibraryObject,
    ListVal,
    ModuleVal,
    Native,
    Opaque,
    Value,
    Wrapped,
    bare,
    items_of,
    text_of,
)
from ci_gate.codemodel.routing.machine import ClassView, Machine
from ci_gate.codemodel.routing.rest_framework import (
    Routers,
    declared_methods,
    view_methods,
)
from ci_gate.codemodel.syntax import Span
from ci_gate.data import dataclass

_MAX_DEPTH = 12
_MAX_ROUTES = 20_000


class UrlPattern(LibraryObject):
    """``path(route, view)`` or ``re_path(pattern, view)``."""

    def __init__(self, route: str, target: Value, args: Args, regex: bool) -> None:
        super().__init__()
        self.route = paths.regex(route) if regex else paths.angle(route)
        self.target = target
        self.args = args


class Included(LibraryObject):
    """``include(…)``: the patterns of another module, or a list of them."""

    def __init__(self, target: Value, module: str) -> None:
        super().__init__()
        self.target = target
        self.module = module


class AllowedMethods(LibraryObject):
    """The mark that ``@api_view`` or ``@require_http_methods`` leaves on a view."""

    def __init__(self, methods: list[str]) -> None:
        super().__init__()
        self.methods = methods


@dataclass(slots=True)
class _Site:
    module: str
    span: Span


class UrlConf:
    """Turns URL configurations into routes."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.routes: list[Route] = []
        self._application = 0
        self._included: set[str] = set()
        #: paths under which something is included that is not known
        self.unknown: list[str] = []
        self._stack: list[str] = []

    def collect(self) -> list[Route]:
        declared = self._root_modules()
        for number, path in enumerate(declared or self._roots()):
            self._application = number
            self.module(path, "")
        return self.routes

    def _root_modules(self) -> list[str]:
        found: dict[str, None] = {}
        for path, module in self.machine.model.modules.items():
            for statement in module.body if module.language == "python" else ():
                if not isinstance(statement, s.Assign) or statement.value is None:
                    continue
                names = [item.id for item in statement.targets if isinstance(item, s.Name)]
                value = statement.value
                if "ROOT_URLCONF" in names and isinstance(value, s.Literal):
                    target = self.machine.dotted(str(value.value), path)
                    if target is not None:
                        found[target] = None
        return list(found)

    def _roots(self) -> list[str]:
        """Modules with patterns that no other configuration includes."""
        candidates = [
            path
            for path, module in self.machine.model.modules.items()
            if module.language == "python" and _has_patterns(module)
        ]
        for path in candidates:
            self._note_includes(self.machine.env_of(path).names.get("urlpatterns"))
        return [path for path in candidates if path not in self._included]

    def _note_includes(self, patterns: Value | None) -> None:
        for item in items_of(patterns):
            target = bare(item)
            inner = target.target if isinstance(target, UrlPattern) else target
            inner = bare(inner)
            if isinstance(inner, Included):
                path = self._module_of(inner.target, inner.module)
                if path is not None:
                    self._included.add(path)
                else:
                    self._note_includes(inner.target)

    def _module_of(self, target: Value, near: str) -> str | None:
        if isinstance(target, ModuleVal):
            return target.path
        text = text_of(target)
        return self.machine.dotted(text, near) if text and HOLE not in text else None

    def module(self, path: str, prefix: str) -> None:
        if path in self._stack or len(self._stack) >= _MAX_DEPTH:
            return
        self._stack.append(path)
        self.machine.root()
        found = self.machine.member(path, "urlpatterns")
        self.patterns(found, prefix)
        self._stack.pop()

    def patterns(self, value: Value | None, prefix: str, depth: int = 0) -> None:
        if depth > _MAX_DEPTH or len(self.routes) > _MAX_ROUTES:
            return
        for item in items_of(value):
            target = bare(item)
            if isinstance(target, Included):
                self.included(target, prefix, depth)
            elif isinstance(target, UrlPattern):
                self.pattern(target, prefix, depth)
            elif isinstance(target, Routers):
                self.router(target, prefix)
            elif isinstance(target, Opaque):
                self.unknown.append(paths.finished(prefix)[0])

    def included(self, target: Included, prefix: str, depth: int) -> None:
        inner = bare(target.target)
        if isinstance(inner, Routers):
            self.router(inner, prefix)
            return
        path = self._module_of(inner, target.module)
        if path is not None:
            self.module(path, prefix)
        elif isinstance(inner, ListVal):
            self.patterns(inner, prefix, depth + 1)
        else:
            self.unknown.append(paths.finished(prefix)[0])

    def pattern(self, target: UrlPattern, prefix: str, depth: int) -> None:
        full = prefix + target.route
        view = bare(target.target)
        if isinstance(view, Included):
            self.included(view, full, depth)
        elif isinstance(view, Routers):
            self.router(view, full)
        elif isinstance(view, ListVal):
            self.patterns(view, full, depth + 1)
        elif not (isinstance(view, External) and ".site.urls" in view.path):
            site = _Site(target.args.module, target.args.span)
            methods = self.methods(target.target)
            if not methods:
                self.unknown.append(paths.finished(full)[0])
            for method, handlers in methods.items():
                self.add(method, full, handlers, site, _view(view), _action(view, method))

    def router(self, target: Routers, prefix: str) -> None:
        self.machine.root()
        for entry in target.endpoints(self.machine):
            site = _Site(entry.args.module, entry.args.span)
            path = prefix + entry.path
            self.add(entry.method, path, entry.handlers, site, entry.view, entry.action)

    def add(
        self,
        method: str,
        path: str,
        handlers: list[FunctionInfo],
        site: _Site,
        view: ClassInfo | None,
        action: str | None,
    ) -> None:
        template, complete = paths.finished(path)
        unique = tuple(dict.fromkeys(handlers))
        order = self._application, len(self.routes)
        self.routes.append(
            Route("django", method, template, unique, site.module, site.span, complete, view,
                  action, order)
        )  # fmt: skip

    def methods(self, view: Value) -> dict[str, list[FunctionInfo]]:
        """The HTTP methods that a view answers, each with what runs for it."""
        around = list(view.others) if isinstance(view, Wrapped) else []
        inner = bare(view)
        outside = self.machine.handlers(around)
        if isinstance(inner, ClassView | ClassVal):
            found = view_methods(self.machine, inner)
            return {method: [*handlers, *outside] for method, handlers in found.items()}
        if isinstance(inner, External):
            name = inner.path.removesuffix(".as_view()")
            if "()" in name:
                return {}
            known = declared_methods([name])
            return {method: list(outside) for method in known or ["ANY"]}
        if isinstance(inner, UrlPattern):
            return {}
        allowed = [mark.methods for mark in _marks(view)]
        handlers = self.machine.handlers([view])
        if isinstance(inner, Opaque) and not handlers:
            return {}
        return dict.fromkeys(allowed[0] if allowed else ["ANY"], handlers)


def _view(view: Value) -> ClassInfo | None:
    """The class behind ``View.as_view()``; None where the call changes its attributes."""
    if not isinstance(view, ClassView):
        return None
    return None if set(view.args.keywords) - {"actions"} else view.cls.info


def _action(view: Value, method: str) -> str | None:
    """The method of a view set that ``as_view({"get": "list"})`` names."""
    if not isinstance(view, ClassView):
        return None
    mapping = view.args.get(0, "actions")
    if not isinstance(mapping, DictVal):
        return None
    value = mapping.entries.get(method.lower())
    return text_of(value) if value is not None else None


def _marks(view: Value) -> list[AllowedMethods]:
    found: list[AllowedMethods] = []
    waiting = [view]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Wrapped):
            waiting += [value.inner, *value.others]
        elif isinstance(value, AllowedMethods):
            found.append(value)
    return found


def _has_patterns(module: s.Module) -> bool:
    return any(
        isinstance(statement, s.Assign)
        and any(isinstance(item, s.Name) and item.id == "urlpatterns" for item in statement.targets)
        for statement in module.body
    )


# --- what the library's functions give -----------------------------------------------------------


def _pattern(regex: bool) -> Callable[[Machine, Args], Value]:
    def make(machine: Machine, args: Args) -> Value:
        del machine
        route = args.text(0, "regex" if regex else "route")
        target = args.get(1, "view") or UNKNOWN
        return UrlPattern(HOLE if route is None else route, target, args, regex)

    return make


def _include(machine: Machine, args: Args) -> Value:
    del machine
    target = bare(args.get(0, "arg") or UNKNOWN)
    if isinstance(target, ListVal) and target.items and _is_pair(target):
        target = bare(target.items[0])
    return Included(target, args.module)


def _is_pair(value: ListVal) -> bool:
    """``(patterns, app_name)``"""
    return (
        len(value.items) >= 2
        and isinstance(text_of(value.items[1]), str)
        and not isinstance(bare(value.items[1]), UrlPattern | Included)
    )


def _patterns(machine: Machine, args: Args) -> Value:
    del machine
    return ListVal(list(args.positional))


def _unchanged(machine: Machine, args: Args) -> Value:
    del machine
    return args.get(0) or UNKNOWN


def _nothing(machine: Machine, args: Args) -> Value:
    del machine, args
    return ListVal([])


def _mark(fixed: list[str] | None, default: list[str]) -> Callable[[Machine, Args], Value]:
    def make(machine: Machine, args: Args) -> Value:
        del machine
        if fixed is not None:
            return Wrapped(args.get(0) or UNKNOWN, (AllowedMethods(fixed),))
        given = args.get(0)
        texts = [text for item in items_of(given) if (text := text_of(item))]
        methods = [text.upper() for text in texts if text != HOLE] or default

        return Native(lambda inner: Wrapped(inner.get(0) or UNKNOWN, (AllowedMethods(methods),)))

    return make


_HTTP = "django.views.decorators.http"
EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "django.urls.path": _pattern(False),
    "django.urls.re_path": _pattern(True),
    "django.conf.urls.url": _pattern(True),
    "django.conf.urls.re_path": _pattern(True),
    "django.urls.include": _include,
    "django.conf.urls.include": _include,
    "django.conf.urls.i18n.i18n_patterns": _patterns,
    "django.conf.urls.static.static": _nothing,
    "django.contrib.staticfiles.urls.staticfiles_urlpatterns": _nothing,
    "rest_framework.urlpatterns.format_suffix_patterns": _unchanged,
    "rest_framework.decorators.api_view": _mark(None, ["GET"]),
    f"{_HTTP}.require_http_methods": _mark(None, ["ANY"]),
    f"{_HTTP}.require_GET": _mark(["GET"], []),
    f"{_HTTP}.require_POST": _mark(["POST"], []),
    f"{_HTTP}.require_safe": _mark(["GET", "HEAD"], []),
}
PACKAGES = ("django", "rest_framework")
