"""The mounting graph: which routes stand on which router, and where routers are mounted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field

from ci_gate.codemodel.model import FunctionInfo, Route
from ci_gate.codemodel.program import Late
from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import HOLE, Args, LibraryObject, Native, Value
from ci_gate.codemodel.syntax import Span
from ci_gate.data import dataclass

Handlers = tuple[FunctionInfo, ...]

_MAX_ROUTES = 20_000
_MAX_DEPTH = 32


@dataclass(slots=True, eq=False)
class Endpoint:
    """A route as registered on one router."""

    methods: tuple[str, ...]
    path: str
    handlers: Handlers
    module: str
    span: Span
    absolute: bool = False


@dataclass(slots=True, eq=False)
class Mount:
    """Another router under a prefix; ``handlers`` run before its routes.

    ``instead``: the prefix replaces the router's own.
    """

    prefix: str
    router: Router
    handlers: Handlers = ()
    instead: bool = False


@dataclass(slots=True, eq=False)
class Before:
    """Handlers that run before what is registered after them, under ``prefix``; ``made`` is the
    call that registers them."""

    prefix: str
    handlers: Handlers
    made: Args | None = None


@dataclass(slots=True, eq=False)
class Opening:
    """Something that is not known is mounted under a prefix."""

    prefix: str


@dataclass(slots=True, eq=False)
class Registration:
    """One call of a router's method, as it was made: ``router.get("/", view)``."""

    name: str
    args: Args


class Router(LibraryObject):
    """An application or router object.

    ``hooks`` run before all of its routes, whenever they were added, ``app_hooks`` before all
    routes of the application that it is mounted on. ``is_app`` marks what serves
    requests by itself; any other router has routes only where it is mounted. ``made`` is the call
    that made it (None where it is a parameter of a function that nothing calls), ``calls`` are
    those of its methods in the order in which they are made.
    """

    framework = ""
    join: Callable[[str, str], str] = staticmethod(paths.joined)
    template: Callable[[str], str] = staticmethod(paths.colon)

    def __init__(self, prefix: str = "", *, is_app: bool = False) -> None:
        super().__init__()
        self.prefix = prefix
        self.is_app = is_app
        self.hooks: list[FunctionInfo] = []
        self.app_hooks: list[FunctionInfo] = []
        self.entries: list[Endpoint | Mount | Before | Opening] = []
        self.made: Args | None = None
        self.calls: list[Registration] = []

    def noted(self, name: str, method: Native) -> Native:
        """The method, noted in ``calls`` when it is called."""

        def run(args: Args) -> Value:
            self.calls.append(Registration(name, args))
            return method.run(args)

        return Native(run)

    def add(
        self,
        methods: Iterable[str],
        path: str,
        handlers: Sequence[FunctionInfo],
        module: str,
        span: Span,
    ) -> None:
        upper = tuple(dict.fromkeys(method.upper() for method in methods))
        if upper:
            self.entries.append(Endpoint(upper, path, tuple(handlers), module, span))

    def mount(
        self,
        prefix: str,
        router: Router,
        handlers: Sequence[FunctionInfo] = (),
        *,
        instead: bool = False,
    ) -> None:
        if router is not self:
            self.entries.append(Mount(prefix, router, tuple(handlers), instead))

    def mount_unknown(self, prefix: str) -> None:
        """Routes may be there that cannot be seen."""
        self.entries.append(Opening(prefix))

    def before(
        self, handlers: Sequence[FunctionInfo], prefix: str = "", made: Args | None = None
    ) -> None:
        if handlers:
            self.entries.append(Before(prefix, tuple(handlers), made))


@dataclass(slots=True)
class _Resolution:
    """What walking down from the applications has found so far."""

    routes: list[Route] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    stack: list[Router] = field(default_factory=list)
    application: int = 0

    def visit(
        self, router: Router, prefix: str, before: list[tuple[str, Handlers]], own: str
    ) -> None:
        if router in self.stack or len(self.stack) > _MAX_DEPTH:
            return
        self.stack.append(router)
        base = router.join(prefix, router.template(own)) if own else prefix
        ahead = [*before, (base, tuple(router.hooks))]
        begin = len(self.routes)
        for entry in list(router.entries):
            if len(self.routes) >= _MAX_ROUTES:
                break
            path = router.template(entry.path if isinstance(entry, Endpoint) else entry.prefix)
            if isinstance(entry, Opening):
                self.unknown.append(paths.finished(router.join(base, path))[0])
            elif isinstance(entry, Before):
                at = router.join(base, path) if path else base
                ahead.append((at, entry.handlers))
                self.passed(entry, at, begin)
            elif isinstance(entry, Mount):
                under = router.join(base, path) if path else base
                own = "" if entry.instead else entry.router.prefix
                self.visit(entry.router, under, [*ahead, (under, entry.handlers)], own)
            else:
                full = path if entry.absolute else router.join(base, path)
                self.emit(router, entry, full, ahead)
        self.stack.pop()

    def passed(self, entry: Before, at: str, begin: int) -> None:
        """Note the routes of the router that stand before ``entry``, and so do without it."""
        over = at.replace("{wildcard}", HOLE)
        missed = tuple(
            route
            for route in self.routes[begin:]
            if HOLE not in over.removesuffix("/" + HOLE)
            and _under(route.path, at)
            and not set(entry.handlers) & set(route.handlers)
        )
        if entry.made is not None and missed:
            self.late.append(Late(entry.handlers, entry.made.module, entry.made.span, missed))

    def emit(
        self, router: Router, entry: Endpoint, full: str, ahead: list[tuple[str, Handlers]]
    ) -> None:
        first, rest = entry.handlers[:1], entry.handlers[1:]
        running = [item for at, found in ahead if _under(full, at) for item in found]
        handlers = tuple(dict.fromkeys((*first, *running, *rest)))
        template, complete = paths.finished(full)
        for method in entry.methods:
            self.routes.append(
                Route(
                    router.framework,
                    method,
                    template,
                    handlers,
                    entry.module,
                    entry.span,
                    complete,
                    order=(self.application, len(self.routes)),
                )
            )


def _under(path: str, prefix: str) -> bool:
    prefix = prefix.removesuffix("{wildcard}").rstrip("/")
    return not prefix or path == prefix or path.startswith(prefix + "/") or HOLE in prefix


def _mounted_on(router: Router) -> list[Router]:
    """``router`` and all that is mounted on it, directly or not, each once."""
    found: dict[Router, None] = {}
    waiting = [router]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting += [entry.router for entry in current.entries if isinstance(entry, Mount)]
    return list(found)


def resolve(routers: Sequence[Router]) -> _Resolution:
    """The routes of all routers with their full paths; under which paths there may be more; and
    what is registered after routes that it is meant for.

    A router that is no application and is mounted nowhere serves under a prefix that is not known.
    """
    mounted = {
        entry.router for router in routers for entry in router.entries if isinstance(entry, Mount)
    }
    resolution = _Resolution()
    for number, router in enumerate(routers):
        resolution.application = number
        if router.is_app and router not in mounted:
            everywhere = [item for part in _mounted_on(router) for item in part.app_hooks]
            resolution.visit(router, "", [("", tuple(everywhere))], router.prefix)
        elif router not in mounted:
            resolution.visit(router, HOLE, [], router.prefix)
    return resolution
