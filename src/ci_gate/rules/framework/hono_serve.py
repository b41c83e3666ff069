from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import function_of, written

_SERVE: Final = "@hono/node-server.serve"
_APPS: Final = frozenset({"hono.Hono()", "@hono/zod-openapi.OpenAPIHono()"})


class HonoServe(Rule):
    """`serve()` of `@hono/node-server` is given its arguments in another form than it takes.

    `serve(app, { port: 3000 })`, `serve(app, 3000)`, `serve({ fetch: app, port: 3000 })`,
    `serve({ app, port: 3000 })`.

    ## Why is this bad?
    The second argument is called when the server listens: an object or a number ends the process
    with "listeningListener is not a function". An application in place of its `fetch` is a
    TypeError on every request.

    ## Fix
    `serve({ fetch: app.fetch, port: 3000 }, (info) => console.log(info.port))`.

    ## Silent on
    Arguments that are not written where they are given.

    ## Source
    Hono, "Node.js"; constraint decay, arXiv 2605.06445: "listeningListener is not a function".
    """

    id = "hono/serve-arguments"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("hono",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for call, scope in model.calls_named("serve"):
            path = scope.module.path
            if is_outside(path) or not _is(model, call.func, scope, frozenset({_SERVE})):
                continue
            second = call.argument(1)
            while isinstance(second, s.Unknown) and len(second.children) == 1:
                second = second.children[0]
            if isinstance(second, s.Mapping) or (
                isinstance(second, s.Literal) and second.kind in ("number", "string")
            ):
                yield self.finding(
                    path,
                    second,
                    message="`serve()` calls its second argument when the server listens, and this "
                    "is no function.",
                    why="The process ends at start with TypeError: listeningListener is not a "
                    "function.",
                    fix="Put it into the first argument: `serve({ fetch: app.fetch, port })`.",
                    subject="serve() with options behind",
                )
            first = call.argument(0)
            fetch = first.get("fetch") if isinstance(first, s.Mapping) else None
            if isinstance(first, s.Mapping) and fetch is None and _is_closed(first):
                yield self.finding(
                    path,
                    first,
                    message="`serve()` is given no `fetch`.",
                    why="Every request fails with TypeError: fetchCallback is not a function.",
                    fix="Write `serve({ fetch: app.fetch, port })`.",
                    subject="serve() without fetch",
                )
            elif fetch is not None and _makes_app(model, fetch):
                yield self.finding(
                    path,
                    fetch,
                    message="`fetch` is the function that makes the application.",
                    why="Every request gets an application for its answer, and fails.",
                    fix=f"Write `fetch: {written(fetch)}().fetch`.",
                    subject="serve() with what makes the application",
                )
            if fetch is not None and _is(model, fetch, scope, _APPS):
                yield self.finding(
                    path,
                    fetch,
                    message="`fetch` is the application, and `serve()` calls it.",
                    why="Every request fails with TypeError: fetchCallback is not a function.",
                    fix="Write `fetch: app.fetch`.",
                    subject="serve() with the application as fetch",
                )


def _is_closed(options: s.Mapping) -> bool:
    return all(isinstance(entry.key, s.Literal) for entry in options.entries)


def _makes_app(model: CodeModel, expr: s.Expr) -> bool:
    """Is it a function of the tree that returns an application?"""
    function = function_of(model, expr) if isinstance(expr, s.Name | s.Attribute) else None
    returned = list(model.returned(function)) if function is not None else []
    return bool(returned) and all(
        _is(model, item, model.scope_of(item), _APPS) for item in returned
    )


def _is(model: CodeModel, expr: s.Expr, scope: Scope, paths: frozenset[str]) -> bool:
    values = model.evaluate(expr, scope)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in paths for value in values
    )
