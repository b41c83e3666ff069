from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._answers import ENDS, Answers, ends


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
            names = ENDS.get(route.framework)
            for function in route.handlers if names is not None else ():
                node, path = function.node, function.module.path
                if function in seen or not isinstance(node, s.Function) or is_outside(path):
                    continue
                seen.add(function)
                answers = Answers.of(node, names or frozenset(), route.framework)
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


def _twice(body: Sequence[s.Stmt], answers: Answers) -> Iterator[tuple[s.Node, s.Node]]:
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


def _next_answer(rest: Iterable[s.Stmt], answers: Answers) -> s.Node | None:
    """The next answer that is given whatever happens; None where the handler may end before."""
    for statement in rest:
        if _is_answer(statement, answers):
            return statement
        match statement:
            case s.Return(value=value):
                return statement if value is not None and ends(value, answers) else None
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


def _may_leave(statement: s.Stmt, answers: Answers) -> bool:
    """Is there anything in it that ends the handler, or answers?"""
    return any(
        isinstance(node, s.Return | s.Raise | s.Jump)
        or (isinstance(node, s.ExprStmt) and _is_answer(node, answers))
        or (isinstance(node, s.Attribute) and node.name in ("headersSent", "sent"))
        for node in s.walk(statement, into_functions=False)
    )


def _is_answer(statement: s.Stmt, answers: Answers) -> bool:
    return isinstance(statement, s.ExprStmt) and ends(statement.value, answers)
