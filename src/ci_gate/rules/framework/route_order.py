from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel.model import Route
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._order import Hidden, hidden

_SHOWN: Final = 4


class RouteOrder(Rule):
    """A route is never reached, because an earlier one matches its path too.

    `/articles/{slug}` before `/articles/feed`, or the same method and path twice: FastAPI,
    Starlette, Django, Express, Koa and Hono try routes in the order of their registration.

    ## Why is this bad?
    A request for `/articles/feed` goes to the view for `/articles/{slug}` with `slug="feed"` and
    gets a 404 or a validation error. Nothing is logged and the service starts.

    ## Fix
    Register the fixed path before the one with the parameter.

    ## Silent on
    Parameters whose converter does not match the fixed part (`{id:int}`, `<int:pk>`); FastAPI's
    routes of different methods; routes of different applications, of routers that are not seen to
    be mounted, under a condition, or with a part that is not known; Flask, aiohttp and Fastify,
    which prefer fixed paths whatever the order; handlers of Express, Koa and Hono that may call
    `next()`.

    ## Source
    FastAPI, "Path Parameters: Order matters"; Django, "How Django processes a request": "stops at
    the first one that matches".
    """

    id = "framework/route-order"
    group = "framework"
    needs: ClassVar = ("fastapi", "starlette", "django", "express", "koa", "hono")

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = [
            *hidden(facts.model, "fastapi", by_method=True),
            *hidden(facts.model, "django", by_method=False),
            *hidden(facts.model, "express", by_method=True),
            *hidden(facts.model, "koa", by_method=True),
            *hidden(facts.model, "hono", by_method=True),
        ]
        groups: defaultdict[tuple[str, tuple[int, int, int, int], object], list[Hidden]]
        groups = defaultdict(list)
        for item in found:
            if not item.same or _is_twice(item):
                later, earlier = item.later, item.earlier
                groups[later.module, later.span, (earlier.module, earlier.span)].append(item)
        for several in groups.values():
            yield self._finding(several)

    def _finding(self, several: list[Hidden]) -> Finding:
        earlier, later = several[0].earlier, several[0].later
        value = _value(several[0])
        request = f"the request, with `{value}`" if value else "the request"
        fix = f"Register {later.path} before {earlier.path}."
        if several[0].same:
            fix = "Remove one of the two, or give it a path of its own."
        return self.finding(
            later.module,
            Node(later.span),
            message=(
                f"{_name(later)} is never reached: {_name(earlier)} "
                f"({earlier.module}:{earlier.span[0]}) is registered first and matches it too."
            ),
            why=(
                f"The framework takes the first route that matches, so {_view(earlier)} gets "
                f"{request}."
            ),
            fix=fix,
            subject=f"{_name(later)} after {earlier.path}",
            related=[Related(earlier.module, earlier.span[0], f"{earlier.path} comes first")],
        )


def _name(route: Route) -> str:
    return route.path if route.framework == "django" else route.endpoint


def _view(route: Route) -> str:
    return route.handlers[0].name if route.handlers else "its view"


def _is_twice(item: Hidden) -> bool:
    """Is another function registered for the same method and path? Django's patterns, which no
    method tells apart, are the business of a rule of their own."""
    earlier, later = item.earlier, item.later
    return (
        earlier.framework != "django"
        and bool(earlier.handlers and later.handlers)
        and earlier.handlers[0] is not later.handlers[0]
    )


def _value(item: Hidden) -> str:
    """What the parameter of the first route gets."""
    pairs = zip(item.earlier.path.split("/"), item.later.path.split("/"), strict=True)
    for mine, other in pairs:
        if mine != other and mine.startswith("{") and not other.startswith("{"):
            return f'{mine.strip("{}")}="{other}"'
    return ""
