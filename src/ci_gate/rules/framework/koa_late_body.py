from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_LATER: Final = frozenset({"then", "catch", "finally"})
_TIMERS: Final = frozenset({"setTimeout", "setImmediate", "queueMicrotask"})
#: Libraries whose methods call back later.
_CALLS_BACK: Final = regex(r"^(?:sqlite3|mysql|mysql2|pg|fs|node:fs|redis)\b(?!.*promise)")


class KoaLateBody(Rule):
    """A Koa handler sets the body in a callback that it does not wait for.

    `loans.list().then((rows) => { ctx.body = rows; })` without `return` or `await`.

    ## Why is this bad?
    Koa answers when the promise of the handler settles. The callback runs later: the client gets
    404 Not Found (or the status that was set, without a body), and an error in it is an unhandled
    rejection, which ends the process.

    ## Fix
    `ctx.body = await loans.list()`; return the promise; or wrap what calls back in a promise and
    await it.

    ## Silent on
    Promises that are returned, awaited or kept; callbacks that run at once (`forEach`); handlers
    that take the answer over (`ctx.respond = false`) or set the body to a stream before.

    ## Source
    Koa, "Guide": middleware are async functions; the response is sent when they are done.
    """

    id = "koa/late-body"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("koa",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        handlers = dict.fromkeys(
            handler
            for route in facts.model.routes
            if route.framework == "koa"
            for handler in route.handlers
        )
        for function in handlers:
            for node, what, name in _late(facts.model, function):
                yield self.finding(
                    function.module.path,
                    node,
                    message=f"`{what}` is set in a callback of `{name}` that the handler does not "
                    "wait for.",
                    why="Koa answers when the handler is done, which is before: the client gets "
                    "404 Not Found, and an error here is an unhandled rejection.",
                    fix=f"Await what `{name}` stands on and set `{what}` after it, or return the "
                    "promise.",
                    subject=f"{function.name} sets {what} late",
                )


def _late(model: CodeModel, function: FunctionInfo) -> Iterator[tuple[s.Node, str, str]]:
    """The first place in each callback that sets the answer: the node, what it sets, and the
    function that it is a callback of."""
    node = function.node
    if not isinstance(node, s.Function) or not node.params or is_outside(function.module.path):
        return
    context = next(param.name for param in node.params)
    if not context or _sets(node, context, ("respond",)):
        return
    plain = [
        inner
        for statement in node.body
        for inner in s.walk(statement, into_functions=False)
        if _set(inner, context, ("body",))
    ]
    if plain:
        return
    for inner in s.walk(node, into_functions=False):
        if not isinstance(inner, s.ExprStmt) or not isinstance(inner.value, s.Call):
            continue
        for call in _chain(inner.value):
            name = _runs_later(model, call, function)
            for argument in call.args if name else ():
                if isinstance(argument.value, s.FunctionExpr):
                    found = _sets(argument.value.function, context, ("body", "status"))
                    if found:
                        first = min(found, key=lambda item: item.span)
                        yield first, f"{context}.{_set(first, context, ('body', 'status'))}", name
                        return


def _chain(call: s.Call) -> Iterator[s.Call]:
    """``a.b().then(f).catch(g)``: all calls of it, the last one first."""
    current: s.Expr = call
    while True:
        match current:
            case s.Call(func=func):
                yield current
                current = func
            case s.Attribute(value=value):
                current = value
            case _:
                return


def _runs_later(model: CodeModel, call: s.Call, function: FunctionInfo) -> str:
    """The name of a function that calls its callback after the handler went on."""
    match call.func:
        case s.Attribute(name=name) if name in _LATER:
            return name
        case s.Name(id=name) if name in _TIMERS:
            return name
        case s.Attribute(name=name):
            values = model.evaluate(call.func, model.function_scope(function))
            if values and all(
                isinstance(value, ExternalValue) and _CALLS_BACK.match(value.path)
                for value in values
            ):
                return name
    return ""


def _sets(node: s.Function, context: str, names: tuple[str, ...]) -> list[s.Node]:
    return [inner for inner in s.walk(node) if _set(inner, context, names)]


def _set(node: s.Node, context: str, names: tuple[str, ...]) -> str:
    """The member of the context that an assignment sets."""
    match node:
        case s.Assign(targets=[s.Attribute(value=s.Name(id=owner), name=name)]):
            return name if owner == context and name in names else ""
        case s.AssignExpr(target=s.Attribute(value=s.Name(id=owner), name=name)):
            return name if owner == context and name in names else ""
    return ""
