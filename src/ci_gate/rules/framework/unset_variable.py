from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._late import goes_on
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._unset_globals import UnsetGlobal, unset_globals
from ci_gate.rules.framework._unset_requests import unset_of_requests

_FRAMEWORKS: Final = frozenset({"express", "koa", "hono", "fastify"})
_CONTEXTS: Final = frozenset({"c", "ctx", "context"})
_REQUESTS: Final = frozenset({"req", "request"})
_REGISTERING: Final = frozenset({"use", "all", "param", "register", "addHook"})
#: What requests have without middleware of the project's own.
_OF_REQUESTS: Final = frozenset({
    "body", "rawBody", "query", "params", "headers", "cookies", "signedCookies", "file", "files",
    "method", "url", "originalUrl", "baseUrl", "path", "route", "ip", "ips", "hostname", "host",
    "protocol", "secure", "socket", "connection", "app", "res", "next", "xhr", "fresh", "stale",
    "subdomains", "raw", "log", "id", "server", "routeOptions", "context", "is404", "port",
    "validationError", "routerPath", "routerMethod", "routeConfig", "routeSchema",
})  # fmt: skip
#: Libraries whose middleware puts something on the request.
_SETTING: Final = regex(
    r"passport|jwt|auth|session|oidc|multer|busboy|upload|formidable|clerk|keycloak|i18n|context",
    re.IGNORECASE,
)


#: Middleware of libraries that sets nothing which handlers read.
_HARMLESS: Final = regex(
    r"^(?:cors|helmet|morgan|compression|koa-(?:body(?:parser)?|logger|helmet|static|compress|json"
    r"|cors|morgan)|@koa/(?:cors|router|bodyparser)|koa-router|koa\b|hono\.Hono"
    r"|hono/(?:cors|logger|compress|secure-headers|pretty-json|etag|csrf|body-limit)"
    r"|@hono/node-server)"
)


class UnsetVariable(Rule):
    """A handler reads what only the middleware of other routes sets.

    `c.get('userId')`, `ctx.state.userId`, `req.userId` or `res.locals.user` on a route that has
    none of the middleware which sets it: `requireAuth` was replaced by `optionalAuth`, and each
    sets a name of its own, or the route was added without it. In Flask `g.identity`, also in a
    function that the view calls, where the view lacks the decorator that sets it; the same of
    `request["identity"]` in aiohttp and `request.identity` in Django.

    ## Why is this bad?
    The value is undefined on every request (in Python the read raises an error). A query with
    it fails or finds nothing, and a check with it takes every caller for a stranger, or lets
    everybody in.

    ## Fix
    Register the middleware that sets it on the route, or read the name that this route's sets.

    ## Silent on
    Names that anything but middleware sets, or that no other route reads with its middleware;
    reads that are checked, have a default or use `?.`; handlers of several routes, one of which has
    the middleware; what the framework itself or its parsers set (`req.body`); programs with
    middleware that could not be followed, or of a library for sign-in, sessions or uploads.

    ## Source
    Hono, "Context: set / get"; Koa, "ctx.state"; Express, "Writing middleware"; Flask, "The
    Application Context: Storing Data".
    """

    id = "framework/unset-variable"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")
    needs: ClassVar = ("express", "koa", "hono", "fastify", "flask", "aiohttp", "django")
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for unset in unset_globals(model):
            yield self._of_flask(unset)
        for unset in unset_of_requests(facts):
            yield self._of_request(unset)
        yield from self._of_node(facts)

    def _of_flask(self, unset: UnsetGlobal) -> Finding:
        view, name = unset.route.handlers[0], unset.name
        assert isinstance(view.node, s.Function)
        return self.finding(
            view.module.path,
            s.Node(view.node.name_span),
            message=f"`g.{name}` is read on {unset.route.endpoint}, and nothing on its way sets "
            "it.",
            why=f"AttributeError: '_AppCtxGlobals' object has no attribute '{name}', on every "
            "request of this route.",
            fix=f'Put the decorator that sets it on `{view.name}`, or read `g.get("{name}")`.',
            subject=f"g.{name} on {unset.route.endpoint}",
            related=[
                Related(unset.function.module.path, unset.read.span[0], "it is read here"),
                Related(unset.setter.module.path, unset.where.span[0], "what sets it"),
            ],
        )

    def _of_request(self, unset: UnsetGlobal) -> Finding:
        view, name = unset.route.handlers[0], unset.name
        assert isinstance(view.node, s.Function)
        by_key = isinstance(unset.read, s.Subscript)
        shown = f'request["{name}"]' if by_key else f"request.{name}"
        error = (
            f"KeyError: '{name}'"
            if by_key
            else f"AttributeError: the request has no attribute '{name}'"
        )
        return self.finding(
            view.module.path,
            s.Node(view.node.name_span),
            message=f"`{shown}` is read on {unset.route.endpoint}, and nothing on its way sets it.",
            why=f"{error}, on every request of this route.",
            fix=f"Put the decorator that sets it on `{view.name}`.",
            subject=f"{shown} on {unset.route.endpoint}",
            related=[
                Related(unset.function.module.path, unset.read.span[0], "it is read here"),
                Related(unset.setter.module.path, unset.where.span[0], "what sets it"),
            ],
        )

    def _of_node(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        served: defaultdict[FunctionInfo, list[Route]] = defaultdict(list)
        for route in model.routes:
            if route.framework in _FRAMEWORKS and route.handlers:
                served[route.handlers[0]].append(route)
        if not served or _has_unknown(model):
            return
        readers: defaultdict[str, list[tuple[FunctionInfo, s.Node]]] = defaultdict(list)
        for function in served:
            for name, node in _reads(function):
                readers[name].append((function, node))
        for name, reads in readers.items():
            setters = _setters(model, name)
            if not setters:
                yield from self._of_nobody(facts, served, name, reads)
                continue
            hooks = all(served[function][0].framework == "fastify" for function, _ in reads)
            if not (hooks or all(map(goes_on, setters))):
                continue
            with_setter = {
                function
                for function, _ in reads
                for route in served[function]
                if not setters.isdisjoint(route.handlers)
            }
            if not with_setter:
                continue
            told: set[FunctionInfo] = set()
            for function, node in reads:
                if function in with_setter or function in told or is_outside(function.module.path):
                    continue
                routes = served[function]
                if all(route.complete and _is_followed(model, route) for route in routes):
                    if _reaches(model, routes, setters) or _is_checked(facts, function, node):
                        continue
                    told.add(function)
                    yield self._finding(function, node, name, routes[0], setters)

    def _of_nobody(
        self,
        facts: Facts,
        served: dict[FunctionInfo, list[Route]],
        name: str,
        reads: list[tuple[FunctionInfo, s.Node]],
    ) -> Iterator[Finding]:
        """Koa and Hono: a name that nothing sets at all."""
        model = facts.model
        if _has_foreign(model) or _is_written(model, name):
            return
        for function, node in reads:
            routes = served[function]
            if not all(
                route.framework in ("koa", "hono") and route.complete and _is_followed(model, route)
                for route in routes
            ):
                continue
            if is_outside(function.module.path) or _is_checked(facts, function, node):
                continue
            yield self.finding(
                function.module.path,
                node,
                message=f"`{name}` is read on {routes[0].endpoint}, and nothing sets it.",
                why="It is undefined on every request of this route.",
                fix="Read what the middleware of the route sets, or set it there.",
                subject=f"{name} on {routes[0].endpoint}",
                related=[Related(routes[0].module, routes[0].span[0], "the route")],
            )

    def _finding(
        self,
        function: FunctionInfo,
        node: s.Node,
        name: str,
        route: Route,
        setters: frozenset[FunctionInfo],
    ) -> Finding:
        setter = min(setters, key=lambda item: (item.module.path, item.node.span))
        return self.finding(
            function.module.path,
            node,
            message=f"`{name}` is read, and nothing that runs on {route.endpoint} sets it.",
            why="It is undefined on every request of this route.",
            fix="Register the middleware that sets it on this route, or read what this route's "
            "middleware sets.",
            subject=f"{name} on {route.endpoint}",
            related=[
                Related(setter.module.path, setter.node.span[0], "the middleware that sets it"),
                Related(route.module, route.span[0], "the route"),
            ],
        )


def _reads(function: FunctionInfo) -> Iterator[tuple[str, s.Node]]:
    node = function.node
    if not isinstance(node, s.Function) or not node.params:
        return
    names = [param.name for param in node.params]
    for item in s.walk(node):
        match item:
            case s.Call(
                func=s.Attribute(value=s.Name(id=owner), name="get"),
                args=[s.Argument(value=s.Literal(value=str(name)))],
            ) if owner == names[0] and owner in _CONTEXTS:
                yield name, item
            case s.Attribute(
                value=s.Attribute(value=s.Name(id=owner), name="state" | "var"), name=name
            ) if owner == names[0] and owner in _CONTEXTS:
                yield name, item
            case s.Attribute(
                value=s.Attribute(value=s.Name(id=owner), name="locals"), name=name
            ) if owner in names[1:2]:
                yield name, item
            case s.Attribute(value=s.Name(id=owner), name=name) if (
                owner == names[0] and owner in _REQUESTS and name not in _OF_REQUESTS
            ):
                yield name, item


def _setters(model: CodeModel, name: str) -> frozenset[FunctionInfo]:
    """The functions that put the name on a request, or on anything that may be one."""
    found = {
        store.binding.scope.function
        for store in model.stores(name)
        if not is_outside(store.binding.scope.module.path)
    }
    for call, scope in model.calls_named("set"):
        first = call.argument(0)
        if isinstance(first, s.Literal) and first.value == name:
            found.add(scope.function)
    for word in ("decorateRequest", "decorate", "defineProperty"):
        for call, scope in model.calls_named(word):
            names = [item.value.value for item in call.args if isinstance(item.value, s.Literal)]
            if name in names and not _is_empty(call.argument(1)):
                found.add(scope.function)
    return frozenset(found)


def _is_empty(expr: s.Expr | None) -> bool:
    """``decorateRequest("user", null)``: it is there, and nothing is in it."""
    if isinstance(expr, s.Name):
        return expr.id == "undefined"
    return expr is None or (isinstance(expr, s.Literal) and not expr.value)


def _has_foreign(model: CodeModel) -> bool:
    """Does middleware of a library run that may set something?"""
    return any(
        isinstance(value, ExternalValue) and not _HARMLESS.match(value.path)
        for name in _REGISTERING
        for call, scope in model.calls_named(name)
        if scope.module.language != "python" and not is_outside(scope.module.path)
        for item in call.args
        for value in model.evaluate(item.value)
    )


def _is_written(model: CodeModel, name: str) -> bool:
    """Is the name part of an object or text somewhere, which may be put on a request?"""
    if any(
        isinstance(item, s.Literal) and item.value == name
        for store in model.stores("state")
        for item in s.walk(store.binding.node)
    ):
        return True
    return any(
        isinstance(item, s.Literal) and item.value == name
        for module in model.modules.values()
        if module.language != "python" and name in s.gathered(module).words
        for call in model.nodes_of(module, s.Call)
        if s.last_name(call.func) in ("set", "assign", "defineProperty", "decorate")
        for argument in call.args
        for item in s.walk(argument.value)
    ) or bool(model.stores(name))


def _reaches(model: CodeModel, routes: list[Route], setters: frozenset[FunctionInfo]) -> bool:
    return any(not setters.isdisjoint(model.reachable(route.handlers[1:])) for route in routes)


def _is_followed(model: CodeModel, route: Route) -> bool:
    """Is all that the route was registered with known: paths, and functions of the tree?"""
    module = model.modules.get(route.module)
    call = next(
        (
            item
            for item in (model.nodes_of(module, s.Call) if module is not None else ())
            if item.span == route.span
        ),
        None,
    )
    return call is not None and all(
        not item.star
        and (isinstance(item.value, s.Literal | s.FunctionExpr) or _known(model, item))
        for item in call.args
    )


def _hooks_of(options: s.Mapping) -> Iterator[s.Expr]:
    """What Fastify calls of the options of a route."""
    for entry in options.entries:
        value = entry.value
        if isinstance(entry.key, s.Literal) and str(entry.key.value).startswith(("pre", "on")):
            yield from value.items if isinstance(value, s.Sequence) else [value]


def _known(model: CodeModel, argument: s.Argument) -> bool:
    """Is it of the tree, or of a library that puts nothing on the request?"""
    if isinstance(argument.value, s.Mapping):
        return all(_known(model, s.Argument(item.span, item)) for item in _hooks_of(argument.value))
    values = model.evaluate(argument.value)
    return bool(values) and not any(
        isinstance(value, ExternalValue) and _SETTING.search(value.path) for value in values
    )


def _has_unknown(model: CodeModel) -> bool:
    """May something that is not seen run before the handlers?"""
    return any(
        item.star
        or not (
            isinstance(item.value, s.Literal | s.FunctionExpr | s.Template) or _known(model, item)
        )
        for name in _REGISTERING
        for call, scope in model.calls_named(name)
        if scope.module.language != "python"
        and not is_outside(scope.module.path)
        and isinstance(call.func, s.Attribute)
        for item in call.args
    )


def _is_checked(facts: Facts, function: FunctionInfo, node: s.Node) -> bool:
    """Is the value tested, given a default or read with `?.`, where it is read or later?"""
    path, chains = function.module.path, optional_chains(facts)
    for enclosing in facts.model.surroundings.of(path, node):
        around = enclosing.node
        if isinstance(around, s.Function):
            break
        if isinstance(around, s.If | s.Conditional | s.Binary | s.Unary):
            return True
        if isinstance(around, s.Attribute) and chains.has(path, around):
            return True
        if isinstance(around, s.Assign):
            names = {item.id for item in around.targets if isinstance(item, s.Name)}
            return len(names) != len(around.targets) or _tested(function.node, names)
    return False


def _tested(node: s.Node, names: set[str]) -> bool:
    tests = [
        item.test if isinstance(item, s.If | s.Conditional) else item
        for item in s.walk(node)
        if isinstance(item, s.If | s.Conditional | s.Binary | s.Unary)
    ]
    return any(
        isinstance(part, s.Name) and part.id in names for test in tests for part in s.walk(test)
    )
