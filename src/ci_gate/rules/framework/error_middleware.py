from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.routing.domain import FuncVal, Value, bare
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._routers import ENDS, Step, routers, steps

_ERROR: Final = regex(r"^_?(?:err|error|e|ex|exception)$")
_REQUEST: Final = regex(r"^_?req(?:uest)?$")


class ErrorMiddleware(Rule):
    """Express never calls the error middleware: it has three parameters, or stands before the
    routes.

    ## Why is this bad?
    Express knows error middleware by its four parameters. With three it is ordinary middleware:
    `err` is the request, `res` is the function `next`, and every request that comes to it fails
    with a TypeError. Registered before the routes it never sees their errors: clients get Express's
    own page with status 500 in place of the JSON and status that the project means to answer.

    ## Fix
    Write all four parameters, `(err, req, res, next)`, and register it after all routes.

    ## Silent on
    Applications that register another error middleware after the routes; what is registered under
    a condition.

    ## Source
    Express, "Error handling": "You define error-handling middleware last, after other `app.use()`
    and routes calls"; "error-handling functions have four arguments instead of three".
    """

    id = "express/error-middleware"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[str, s.Span]] = set()
        for router in routers(facts.model, "express"):
            taken = list(steps(router))
            for finding in (*self._short(taken), *self._early(taken, router.is_app)):
                place = (finding.path, (finding.start.line, finding.start.column, 0, 0))
                if place not in seen:
                    seen.add(place)
                    yield finding

    def _short(self, taken: list[Step]) -> Iterator[Finding]:
        for step in taken:
            for value in step.values if step.name == "use" else ():
                function = _function(value)
                if function is None or len(function.params) != 3:
                    continue
                first, second = function.params[0].name, function.params[1].name
                if _ERROR.match(first) and _REQUEST.match(second):
                    path = bare(value).info.module.path  # type: ignore[union-attr]
                    yield self.finding(
                        path,
                        s.Node(function.name_span if function.name else function.span),
                        message=(
                            f"This error middleware has three parameters, so Express calls it as "
                            f"ordinary middleware: `{first}` is the request."
                        ),
                        why=(
                            f"`{function.params[2].name}` is the function `next`, so every request "
                            f"that comes here fails with a TypeError, and errors pass it by."
                        ),
                        fix=f"Add the fourth parameter: `({first}, {second}, "
                        f"{function.params[2].name}, next)`.",
                        subject="error middleware with three parameters",
                        related=[Related(step.module, step.span[0], "registers it")],
                    )

    def _early(self, taken: list[Step], is_app: bool) -> Iterator[Finding]:
        handlers = [
            number
            for number, step in enumerate(taken)
            if step.name == "use" and any(_handles_errors(value) for value in step.values)
        ]
        if not is_app or not handlers:
            return
        last = handlers[-1]
        if taken[last].paths != () or any(
            _is_unknown(value) for step in taken[last + 1 :] for value in step.values
        ):
            return
        after = [step for step in taken[last + 1 :] if step.name in ENDS or step.routers]
        if not after:
            return
        step = taken[last]
        yield self.finding(
            step.module,
            s.Node(step.span),
            message=(
                "The error middleware is registered before the routes, so it never sees their "
                "errors."
            ),
            why=(
                "Express hands an error to the error middleware that comes after the route: these "
                "routes answer with Express's own error page and status 500."
            ),
            fix="Register it after all routes.",
            subject="error middleware before routes",
            related=[
                Related(item.module, item.span[0], "is registered after it") for item in after[:4]
            ],
        )


def _function(value: Value) -> s.Function | None:
    value = bare(value)
    if isinstance(value, FuncVal) and isinstance(value.info.node, s.Function):
        return value.info.node
    return None


def _handles_errors(value: Value) -> bool:
    function = _function(value)
    return function is not None and len(function.params) == 4


def _is_unknown(value: Value) -> bool:
    """May it be error middleware that is not seen?"""
    text = str(getattr(bare(value), "path", ""))
    return _function(value) is None and not hasattr(bare(value), "entries") and (
        not text or re.search(r"error|sentry|handler", text, re.IGNORECASE) is not None
    )  # fmt: skip
