from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_ENDS: Final = {
    "express": frozenset({"json", "jsonp", "send", "end", "sendStatus", "redirect", "render",
                          "sendFile", "download"}),
    "fastify": frozenset({"send", "redirect"}),
}  # fmt: skip


class ReplyTwice(Rule):
    """A handler answers under a condition, does not return, and answers again.

    `if (!user) { res.status(404).json(…) }`, and after it `res.json(user)` or `next()`.

    ## Why is this bad?
    Express throws ERR_HTTP_HEADERS_SENT at the second answer; in an async handler of Express 4 that
    ends the process. Fastify logs FST_ERR_REP_ALREADY_SENT and drops the second one. What stands
    between the two runs although the request was refused.

    ## Fix
    Return after the first answer.

    ## Silent on
    Branches that return, throw, or have an `else`; answers that a function called in between may
    prevent.

    ## Source
    Node.js, `ERR_HTTP_HEADERS_SENT`; Fastify, "Reply": "return reply".
    """

    id = "framework/reply-twice"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express", "fastify")

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[FunctionInfo] = set()
        for route in facts.model.routes:
            ends = _ENDS.get(route.framework)
            for function in route.handlers if ends is not None else ():
                node, path = function.node, function.module.path
                if function in seen or not isinstance(node, s.Function) or is_outside(path):
                    continue
                seen.add(function)
                answers = _Answers.of(node, ends or frozenset(), route.framework)
                if answers.reply:
                    for first, second in _twice(node.body, answers):
                        yield self._finding(path, first, second, route.framework)

    def _finding(self, path: str, first: s.Node, second: s.Node, framework: str) -> Finding:
        why = (
            "The second answer throws ERR_HTTP_HEADERS_SENT."
            if framework == "express"
            else "The second answer is dropped with FST_ERR_REP_ALREADY_SENT in the log."
        )
        return self.finding(
            path,
            first,
            message=(
                f"This branch answers (or calls `next`) and does not return, so line {second.line} "
                f"answers as well."
            ),
            why=f"{why} What stands between the two runs although the request was refused.",
            fix="Write `return` before the answer in the branch.",
            subject="answers twice",
            related=[Related(path, second.line, "answers again")],
        )


@dataclass(frozen=True, slots=True)
class _Answers:
    """How a handler answers: by ``reply`` and its methods ``ends``, or by handing the request to
    ``proceed``."""

    reply: str
    ends: frozenset[str]
    proceed: str

    @classmethod
    def of(cls, node: s.Function, ends: frozenset[str], framework: str) -> _Answers:
        names = [param.name for param in node.params if param.name != "this"]
        place = 2 if len(names) == 4 else 1
        reply, *after = names[place:] or [""]
        return cls(reply, ends, after[0] if after and framework == "express" else "")


def _twice(body: Sequence[s.Stmt], answers: _Answers) -> Iterator[tuple[s.Node, s.Node]]:
    for number, statement in enumerate(body):
        match statement:
            case s.If(body=inner, orelse=[]) if inner:
                first = inner[-1]
                if _is_answer(first, answers):
                    second = _next_answer(body[number + 1 :], answers)
                    if second is not None:
                        yield first, second
                yield from _twice(inner, answers)
            case s.If(body=inner, orelse=orelse):
                yield from _twice(inner, answers)
                yield from _twice(orelse, answers)
            case s.Try(body=inner, handlers=handlers):
                yield from _twice(inner, answers)
                for handler in handlers:
                    yield from _twice(handler.body, answers)
            case s.Block(body=inner):
                yield from _twice(inner, answers)


def _next_answer(rest: Iterable[s.Stmt], answers: _Answers) -> s.Node | None:
    """The next answer that is given whatever happens; None where the handler may end before."""
    for statement in rest:
        if _is_answer(statement, answers):
            return statement
        match statement:
            case s.Return(value=value):
                return statement if value is not None and _ends(value, answers) else None
            case s.ExprStmt() | s.Assign():
                if any(
                    isinstance(node, s.Attribute) and node.name in ("headersSent", "sent")
                    for node in s.walk(statement)
                ):
                    return None
            case s.Try(body=body, handlers=handlers, orelse=[], final=[]):
                inner = _next_answer(body, answers)
                if inner is not None:
                    return inner
                if any(_may_leave(part, answers) for part in body) or any(
                    _may_leave(part, answers)
                    for handler in handlers
                    for part in handler.body
                    if not isinstance(part, s.Raise)
                ):
                    return None
            case s.FunctionDef() | s.ClassDef():
                continue
            case _:
                return None
    return None


def _may_leave(statement: s.Stmt, answers: _Answers) -> bool:
    """Is there anything in it that ends the handler, or answers?"""
    return any(
        isinstance(node, s.Return | s.Raise | s.Jump)
        or (isinstance(node, s.ExprStmt) and _is_answer(node, answers))
        or (isinstance(node, s.Attribute) and node.name in ("headersSent", "sent"))
        for node in s.walk(statement, into_functions=False)
    )


def _is_answer(statement: s.Stmt, answers: _Answers) -> bool:
    return isinstance(statement, s.ExprStmt) and _ends(statement.value, answers)


def _ends(expr: s.Expr, answers: _Answers) -> bool:
    """``res.status(404).json(…)``, ``next()``."""
    if isinstance(expr, s.Await):
        expr = expr.value
    if isinstance(expr, s.Call) and isinstance(expr.func, s.Name):
        return bool(answers.proceed) and expr.func.id == answers.proceed
    if not (isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute)):
        return False
    if expr.func.name not in answers.ends:
        return False
    current: s.Expr = expr.func.value
    while True:
        match current:
            case s.Name(id=name):
                return name == answers.reply
            case s.Call(func=s.Attribute(value=inner)):
                current = inner
            case _:
                return False
