from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import PathParameters, Read, matched
from ci_gate.rules.framework._responders import transparent

_FRAMEWORKS: Final = ("express", "fastify", "hono", "koa", "aiohttp")
_DOUBLING: Final = ("express", "fastify", "hono", "koa")
_PATH_AND_VIEW: Final = 2
_PARAMETER: Final = regex(r"\{(\w+)\}")
_PLAIN: Final = frozenset({"str", "int", "float", "UUID", "UUID4"})


class PathParameter(Rule):
    """A handler reads a path parameter that none of its routes has.

    `router.get('/:id', …)` and `req.params.slug` in the handler; in aiohttp
    `request.match_info["slug"]`. In FastAPI a parameter that has the path's name in another form:
    `/comments/{id}` and `comment_id: int`. In Django a view with other arguments than the path has.
    In JavaScript also a path that has a parameter
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
    needs: ClassVar = ("express", "fastify", "hono", "koa", "aiohttp", "fastapi", "django")

    def check(self, facts: Facts) -> Iterable[Finding]:
        routes: defaultdict[FunctionInfo, list[Route]] = defaultdict(list)
        for route in facts.model.routes:
            if route.framework in _FRAMEWORKS and route.handlers:
                routes[route.handlers[0]].append(route)
        yield from self._renamed(facts)
        yield from self._of_django(facts)
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

    def _of_django(self, facts: Facts) -> Iterable[Finding]:
        """Django: a view whose arguments are not those that the path gives it."""
        seen: set[tuple[FunctionInfo, str]] = set()
        for route in facts.model.routes:
            view = route.handlers[0] if route.handlers else None
            if route.framework != "django" or not route.complete or view is None:
                continue
            node = view.node
            if (view, route.path) in seen or not isinstance(node, s.Function):
                continue
            seen.add((view, route.path))
            params = [param for param in node.params if param.name not in ("self", "cls")][1:]
            names = _PARAMETER.findall(route.path)
            if (
                not _gives_names_only(facts.model, route)
                or is_outside(view.module.path)
                or any(param.kind != "positional" for param in params)
                or not transparent(facts.model, view, "django")
                or not _hands_all_on(facts.model, node)
            ):
                continue
            taken = {param.name for param in params}
            lacking = [p for p in params if p.default is None and p.name not in names]
            extra = [name for name in names if name not in taken]
            if lacking or extra:
                yield self._wrong_arguments(view, route, names, [p.name for p in lacking], extra)

    def _wrong_arguments(
        self,
        view: FunctionInfo,
        route: Route,
        names: list[str],
        lacking: list[str],
        extra: list[str],
    ) -> Finding:
        has = ", ".join(f"`{name}`" for name in names) or "no parameter"
        message = (
            f"`{view.name}` takes `{lacking[0]}`, and {route.path} has {has}."
            if lacking
            else f"{route.path} has `{extra[0]}`, and `{view.name}` does not take it."
        )
        why = (
            f"missing a required argument: '{lacking[0]}'"
            if lacking and not extra
            else f"unexpected keyword argument '{extra[0]}'"
        )
        assert isinstance(view.node, s.Function)
        return self.finding(
            view.module.path,
            s.Node(view.node.name_span),
            message=message,
            why=f"TypeError on every request to the path: {why}.",
            fix="Give the argument and the parameter of the path the same name.",
            subject=f"{view.name} on {route.path}",
            related=[Related(route.module, route.span[0], f"the path has {has}")],
        )

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


def _gives_names_only(model: CodeModel, route: Route) -> bool:
    """Is it ``path("…", view)``, without further arguments?"""
    module = model.modules.get(route.module)
    for call in model.nodes_of(module, s.Call) if module is not None else ():
        if call.span == route.span:
            return (
                s.last_name(call.func) == "path"
                and len(call.args) >= _PATH_AND_VIEW
                and _is_plain_view(call.args[1].value)
                and all(item.keyword == "name" for item in call.args[_PATH_AND_VIEW:])
                and not any(item.star for item in call.args)
            )
    return False


def _is_plain_view(expr: s.Expr) -> bool:
    if isinstance(expr, s.Call):
        return s.last_name(expr.func) == "as_view"
    return s.last_name(expr) is not None


def _hands_all_on(model: CodeModel, view: s.Function) -> bool:
    """Do the project's own decorators take whatever the view does?"""
    return all(
        isinstance(value, ExternalValue)
        or (
            isinstance(value, FunctionValue)
            and any(
                param.kind == "**"
                for inner in s.walk(value.function.node)
                if isinstance(inner, s.FunctionDef)
                for param in inner.function.params
            )
        )
        for decorator in view.decorators
        for value in model.evaluate(decorator.func if isinstance(decorator, s.Call) else decorator)
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
