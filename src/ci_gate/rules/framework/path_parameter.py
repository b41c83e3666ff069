from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import PathParameters, Read, matched

_FRAMEWORKS: Final = ("express", "fastify", "hono", "koa", "aiohttp")
_DOUBLING: Final = ("express", "fastify", "hono", "koa")
_PARAMETER: Final = regex(r"\{(\w+)\}")
_PLAIN: Final = frozenset({"str", "int", "float", "UUID", "UUID4"})


class PathParameter(Rule):
    """A handler reads a path parameter that none of its routes has.

    `router.get('/:id', …)` and `req.params.slug` in the handler; in aiohttp
    `request.match_info["slug"]`. In FastAPI a parameter that has the path's name in another form:
    `/comments/{id}` and `comment_id: int`. In JavaScript also a path that has a parameter
    twice, since its router is mounted below one that has it (`/articles/:slug/:slug/comments`).

    ## Why is this bad?
    The value is undefined: the query finds nothing, or fails, and each request gets 404 or 500. In
    aiohttp KeyError is raised, and FastAPI looks for the parameter in the query string: 422.

    ## Fix
    Read the parameter by the name that the path has.

    ## Silent on
    Handlers of routes whose path is not known in full or has patterns of its own; parameters that
    are set by middleware, or that the handler can do without; functions that other code calls;
    `match_info.get()`. FastAPI: names that a dependency takes, parameters with a default or of
    another type than a plain one, names that do not contain each other.

    ## Source
    Express, "Route parameters"; Fastify, "Routes: Url building"; Hono, "Path parameter";
    aiohttp, "Variable Resources"; FastAPI, "Query Parameters": what is not part of the path.
    """

    id = "framework/path-parameter"
    group = "framework"
    needs: ClassVar = ("express", "fastify", "hono", "koa", "aiohttp", "fastapi")

    def check(self, facts: Facts) -> Iterable[Finding]:
        routes: defaultdict[FunctionInfo, list[Route]] = defaultdict(list)
        for route in facts.model.routes:
            if route.framework in _FRAMEWORKS and route.handlers:
                routes[route.handlers[0]].append(route)
        yield from self._renamed(facts)
        yield from self._doubled(facts)
        parameters = PathParameters(facts.model)
        for function, served in routes.items():
            names = {name for route in served for name in _PARAMETER.findall(route.path)}
            if (
                not all(route.complete and len(route.handlers) for route in served)
                or len({route.framework for route in served}) > 1
                or "wildcard" in names
                or is_outside(function.module.path)
                or any(edge.reason == "call" for edge in facts.model.callers(function))
            ):
                continue
            framework = served[0].framework
            reads = (
                matched(function)
                if framework == "aiohttp"
                else parameters.read_by(function, framework)
            )
            for read in reads:
                if read.name not in names:
                    yield self._finding(read, served, names)

    def _doubled(self, facts: Facts) -> Iterable[Finding]:
        """A path that has one parameter twice, the first from where its router is mounted."""
        seen: set[tuple[str, str]] = set()
        for route in facts.model.routes:
            if route.framework not in _DOUBLING or not route.complete or is_outside(route.module):
                continue
            names = [name for name in _PARAMETER.findall(route.path) if name != "wildcard"]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is None or (route.module, twice) in seen:
                continue
            seen.add((route.module, twice))
            yield self.finding(
                route.module,
                s.Node(route.span),
                message=f"{route.endpoint} has the parameter `{twice}` twice: the router is mounted"
                f" below a path that has it already.",
                why="The path that was meant answers 404, and of the two values the handler gets"
                " one.",
                fix="Leave the parameter out of the mount or out of the router's own paths.",
                subject=f"{twice} twice in {route.path}",
            )

    def _renamed(self, facts: Facts) -> Iterable[Finding]:
        """FastAPI: a parameter by another name than the path gives it."""
        for route in facts.model.routes:
            if route.framework != "fastapi" or not route.complete or not route.handlers:
                continue
            handler = route.handlers[0]
            if is_outside(handler.module.path) or not isinstance(handler.node, s.Function):
                continue
            names = set(_PARAMETER.findall(route.path))
            given = {param.name for param in handler.node.params}
            for param in handler.node.params:
                if param.name in names or not _is_plain(param):
                    continue
                for name in sorted(names - given):
                    if _is_form_of(param.name, name) and name not in _taken(facts.model, route):
                        yield self._in_query(handler.module.path, param, route, name)

    def _in_query(self, path: str, param: s.Param, route: Route, name: str) -> Finding:
        return self.finding(
            path,
            param,
            message=f"The parameter `{param.name}` is not in {route.endpoint}, which has `{name}`.",
            why=f"FastAPI looks for `{param.name}` in the query string: every request gets 422.",
            fix=f"Name it `{name}`, or write `{{{param.name}}}` in the path.",
            subject=f"{param.name} of {route.endpoint}",
            related=[Related(route.module, route.span[0], f"{route.endpoint} has `{name}`")],
        )

    def _finding(self, read: Read, served: list[Route], names: set[str]) -> Finding:
        first = served[0]
        has = ", ".join(f"`{name}`" for name in sorted(names)) or "no parameter"
        fix = f"Read {has}." if len(names) == 1 else f"Name the parameter {read.name} in the path."
        return self.finding(
            read.function.module.path,
            read.node,
            message=f"The parameter `{read.name}` is read, and {first.endpoint} has {has}.",
            why=(
                f"KeyError: '{read.name}' is raised in every request."
                if first.framework == "aiohttp"
                else f"`{read.name}` is undefined in every request."
            ),
            fix=fix,
            subject=f"reads {read.name} of {first.endpoint}",
            related=[
                Related(route.module, route.span[0], f"{route.endpoint} has {has}")
                for route in served[:3]
            ],
        )


def _taken(model: CodeModel, route: Route) -> set[str]:
    """What the functions take that run before the handler, and what it asks the request for."""
    waiting = list(route.handlers)
    seen = set(waiting)
    names: set[str] = set()
    while waiting:
        function = waiting.pop()
        node = function.node
        if function is not route.handlers[0] and isinstance(node, s.Function):
            names.update(param.name for param in node.params)
        for part in s.walk(node):
            if isinstance(part, s.Subscript) and isinstance(part.index, s.Literal):
                names.add(str(part.index.value))
        for edge in model.callees(function):
            if edge.reason == "dependency" and edge.callee not in seen:
                seen.add(edge.callee)
                waiting.append(edge.callee)
    return names


def _is_plain(param: s.Param) -> bool:
    """Does FastAPI look for the parameter in the path, or else in the query string?"""
    written = param.annotation
    name = written.name if isinstance(written, s.Attribute) else getattr(written, "id", "")
    return param.default is None and name in _PLAIN


def _is_form_of(one: str, other: str) -> bool:
    """`comment_id` and `id`, `username` and `user_name`."""
    short, long = sorted((one, other), key=len)
    return long.endswith(f"_{short}") or one.replace("_", "") == other.replace("_", "")
