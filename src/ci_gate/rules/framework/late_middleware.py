from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import Late
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._late import late_middleware, left_open, names_of
from ci_gate.rules.base import Facts, Rule

_HOLDERS: Final = frozenset({"state", "locals", "req", "request", "ctx", "context", "c", "res"})
#: What the frameworks have under the same names.
_OWN: Final = frozenset({
    "body", "query", "params", "headers", "status", "type", "url", "method", "path", "host",
    "statusCode", "length", "ip", "cookies", "res", "req", "state", "locals", "app", "next",
})  # fmt: skip
#: Packages that answer the errors of Koa's applications.
_PACKAGES: Final = regex(
    r"[\"']@?[\w/-]*(?:on-?error|json-error|koa-error|error-handler|boom)[\w-]*[\"']"
)


class LateMiddleware(Rule):
    """Middleware that sets what handlers read is registered after these handlers' routes.

    With Koa also: middleware that answers the errors of what comes after it.

    ## Why is this bad?
    Express, Koa and Hono run middleware and handlers in the order of their registration, and a
    handler ends the request. What the middleware puts on the request (the user, the tenant, the
    transaction) is never there: the handler sees `undefined`, and every caller is a stranger.

    ## Fix
    Register it before the routes.

    ## Silent on
    Middleware that sets nothing, or nothing that a handler before it reads; values that something
    else sets too; handlers that pass the request on; what does not call `next()` (pages for 404,
    error handlers of Express); errors that other middleware, a package for them or `onerror`
    answers too.

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
            unanswered = _unanswered(facts.model, item)
            if unanswered:
                yield self._catcher(facts.model, item, unanswered)
                continue
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

    def _catcher(self, model: CodeModel, late: Late, routes: list[Route]) -> Finding:
        shown = next(iter(names_of(model, late)), "the error handler")
        first, count = routes[0], len(routes)
        return self.finding(
            late.module,
            s.Node(late.span),
            message=(
                f"{shown} answers the errors of what comes after it, and is registered after "
                f"{count} route{'s' if count > 1 else ''} (the first is {first.endpoint})."
            ),
            why=(
                "These routes answer before it runs. Their errors pass it by: each becomes Koa's "
                "own answer with status 500, whatever it was to say."
            ),
            fix=f"Register {shown} before the routes.",
            subject=f"{shown} after {first.endpoint}",
            related=[Related(first.module, first.span[0], f"{first.endpoint} comes before it")],
        )

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


def _unanswered(model: CodeModel, late: Late) -> list[Route]:
    """The routes of Koa before a middleware that answers errors, where nothing else does."""
    if not any(_answers_errors(model, item) for item in late.handlers) or _has_others(model):
        return []
    return [
        route
        for route in late.routes
        if route.framework == "koa"
        and not any(_answers_errors(model, item) for item in route.handlers)
    ]


def _answers_errors(model: CodeModel, function: FunctionInfo) -> bool:
    """Does it wait for ``next()`` and set the answer where that throws?"""
    node = function.node
    if not isinstance(node, s.Function) or len(node.params) != 2:
        return False
    context, following = (param.name for param in node.params)
    return any(
        isinstance(item, s.Try)
        and any(_calls(part, following) for part in item.body)
        and any(_sets_answer(model, part, context) for part in item.handlers)
        for item in s.walk(node, into_functions=False)
    )


def _calls(node: s.Node, name: str) -> bool:
    return any(
        isinstance(part, s.Await)
        and isinstance(part.value, s.Call)
        and isinstance(part.value.func, s.Name)
        and part.value.func.id == name
        for part in s.walk(node, into_functions=False)
    )


def _sets_answer(model: CodeModel, node: s.Node, context: str, *, whole: bool = True) -> bool:
    """Does it set the status or body, or hand the context to a function that does?"""
    for part in s.walk(node, into_functions=False) if whole else ():
        given = [item.value for item in part.args] if isinstance(part, s.Call) else []
        if not isinstance(part, s.Call) or not any(
            isinstance(item, s.Name) and item.id == context for item in given
        ):
            continue
        for value in model.evaluate(part.func):
            inner = value.function.node if isinstance(value, FunctionValue) else None
            if isinstance(inner, s.Function) and any(
                _sets_answer(model, inner, param.name, whole=False) for param in inner.params
            ):
                return True
    return any(
        isinstance(target, s.Attribute)
        and target.name in ("status", "body")
        and isinstance(target.value, s.Name)
        and target.value.id == context
        for part in s.walk(node, into_functions=False)
        if isinstance(part, s.Assign)
        for target in part.targets
    )


def _has_others(model: CodeModel) -> bool:
    """May something that is not seen answer errors?"""
    return bool(model.stores("onerror")) or any(
        _names_package(model, path)
        for path, module in model.modules.items()
        if module.language != "python" and not is_outside(path)
    )


def _names_package(model: CodeModel, path: str) -> bool:
    try:
        return _PACKAGES.search(model.tree.text(path)) is not None
    except (OSError, UnicodeError):
        return True


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
