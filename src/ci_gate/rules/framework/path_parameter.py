from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel.model import FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import PathParameters, Read, matched

_FRAMEWORKS: Final = ("express", "fastify", "hono", "koa", "aiohttp")
_PARAMETER: Final = regex(r"\{(\w+)\}")


class PathParameter(Rule):
    """A handler reads a path parameter that none of its routes has.

    `router.get('/:id', …)` and `req.params.slug` in the handler; in aiohttp
    `request.match_info["slug"]`.

    ## Why is this bad?
    The value is undefined: the query finds nothing, or fails, and each request gets 404 or 500. In
    aiohttp KeyError is raised.

    ## Fix
    Read the parameter by the name that the path has.

    ## Silent on
    Handlers of routes whose path is not known in full or has patterns of its own; parameters that
    are set by middleware, or that the handler can do without; functions that other code calls;
    `match_info.get()`.

    ## Source
    Express, "Route parameters"; Fastify, "Routes: Url building"; Hono, "Path parameter";
    aiohttp, "Variable Resources".
    """

    id = "framework/path-parameter"
    group = "framework"
    needs: ClassVar = _FRAMEWORKS

    def check(self, facts: Facts) -> Iterable[Finding]:
        routes: defaultdict[FunctionInfo, list[Route]] = defaultdict(list)
        for route in facts.model.routes:
            if route.framework in _FRAMEWORKS and route.handlers:
                routes[route.handlers[0]].append(route)
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
            reads = matched(function) if framework == "aiohttp" else parameters.read_by(
                function, framework
            )
            for read in reads:
                if read.name not in names:
                    yield self._finding(read, served, names)

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
