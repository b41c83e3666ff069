from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import Late
from ci_gate.findings import Finding, Related
from ci_gate.rules._late import late_middleware, left_open, names_of
from ci_gate.rules.base import Facts, Rule

_HOLDERS: Final = frozenset({"state", "locals", "req", "request", "ctx", "context", "c", "res"})
#: What the frameworks have under the same names.
_OWN: Final = frozenset({
    "body", "query", "params", "headers", "status", "type", "url", "method", "path", "host",
    "statusCode", "length", "ip", "cookies", "res", "req", "state", "locals", "app", "next",
})  # fmt: skip


class LateMiddleware(Rule):
    """Middleware that sets what handlers read is registered after these handlers' routes.

    ## Why is this bad?
    Express, Koa and Hono run middleware and handlers in the order of their registration, and a
    handler ends the request. What the middleware puts on the request (the user, the tenant, the
    transaction) is never there: the handler sees `undefined`, and every caller is a stranger.

    ## Fix
    Register it before the routes.

    ## Silent on
    Middleware that sets nothing, or nothing that a handler before it reads; values that something
    else sets too; handlers that pass the request on; what does not call `next()` (pages for 404,
    error handlers).

    ## Source
    Express, "Using middleware": "The order of middleware loading is important"; Hono, "Middleware":
    execution order.
    """

    id = "framework/late-middleware"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express", "koa", "hono")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for item in late_middleware(facts.model):
            names = {name for handler in item.handlers for name, _ in _set_by(handler)}
            if not names or left_open(facts, item):
                continue  # what a contract protects is contract/auth-scheme
            alone = {name for name in names if len(_setters(facts.model, name)) == 1}
            reads = [
                (route, name, node, handler)
                for route in (item.routes if alone else ())
                for handler in route.handlers
                for name, node in _read_by(handler)
                if name in alone
            ]
            if reads:
                yield self._found(facts.model, item, reads)

    def _found(
        self, model: CodeModel, late: Late, reads: list[tuple[Route, str, s.Node, FunctionInfo]]
    ) -> Finding:
        route, name, node, handler = reads[0]
        shown = next(iter(names_of(model, late)), "the middleware")
        count = len({each.endpoint for each, _, _, _ in reads})
        return self.finding(
            late.module,
            s.Node(late.span),
            message=(
                f"{shown} is registered after {count} route{'s' if count > 1 else ''} that read "
                f"`{name}`, which it sets (the first is {route.endpoint})."
            ),
            why=(
                f"The routes answer before it runs: `{name}` is undefined there on every request."
            ),
            fix=f"Register {shown} before these routes.",
            subject=f"{shown} after {route.endpoint}",
            related=[
                Related(handler.module.path, node.line, f"`{name}` is read here"),
                Related(route.module, route.span[0], f"{route.endpoint} comes before it"),
            ],
        )


def _setters(model: CodeModel, name: str) -> set[FunctionInfo]:
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
    return found


def _set_by(function: FunctionInfo) -> Iterator[tuple[str, s.Node]]:
    """``req.user = …``, ``res.locals.user = …``, ``ctx.state.user = …``, ``c.set("user", …)``."""
    node = function.node
    if not isinstance(node, s.Function):
        return
    for item in s.walk(node, into_functions=False):
        match item:
            case (
                s.Assign(targets=[s.Attribute(value=base, name=name)])
                | s.AssignExpr(target=s.Attribute(value=base, name=name))
            ) if _last(base) in _HOLDERS and name not in _OWN:
                yield name, item
            case s.Call(
                func=s.Attribute(value=base, name="set"),
                args=[s.Argument(value=s.Literal(value=str(name))), _],
            ) if _last(base) in ("c", "ctx", "context"):
                yield name, item


def _read_by(function: FunctionInfo) -> Iterator[tuple[str, s.Node]]:
    node = function.node
    if not isinstance(node, s.Function):
        return
    for item in s.walk(node):
        match item:
            case s.Attribute(value=base, name=name) if (
                _last(base) in (*_HOLDERS, "var") and name not in _OWN
            ):
                yield name, item
            case s.Call(
                func=s.Attribute(value=base, name="get"),
                args=[s.Argument(value=s.Literal(value=str(name)))],
            ) if _last(base) in ("c", "ctx", "context"):
                yield name, item


def _last(expr: s.Expr) -> str:
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")
