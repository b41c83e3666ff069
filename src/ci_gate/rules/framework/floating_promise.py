from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._answers import ENDS, Answers, ends

#: Functions whose promises are not rejected.
_SAFE: Final = regex(r"sleep|delay|timeout|wait|tick|resolve$|allSettled$", re.IGNORECASE)


class FloatingPromise(Rule):
    """A handler answers in `.then` of a promise that it neither awaits nor returns.

    `projects.archive(id).then(() => reply.send())`, without `return`, `await` or `.catch`.

    ## Why is this bad?
    When the promise is rejected nobody gets to know: the client waits for an answer that never
    comes, and the unhandled rejection ends the process, with all requests that it serves. A project
    that does not exist is enough.

    ## Fix
    `await` it in an async handler and answer after it; or return the promise (Fastify, Express 5);
    or add `.catch(next)`.

    ## Silent on
    Chains with a `catch`, or with a second function in `then`; promises that are returned, awaited
    or kept; functions of the tree that catch all their errors; timers.

    ## Source
    Node.js, "Event: 'unhandledRejection'"; Fastify, "Async-Await and Promises"; Express, "Error
    handling".
    """

    id = "framework/floating-promise"
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
                for chain, answer in _floating(facts.model, node, answers):
                    yield self._found(path, chain, answer, function.name)

    def _found(self, path: str, chain: s.Call, answer: s.Node, handler: str) -> Finding:
        made = _first(chain)
        func = made.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "it")
        shown = "the handler" if handler.startswith("<") else handler
        return self.finding(
            path,
            chain,
            message=(
                f"{shown} answers in `.then` of {name}() and neither awaits nor returns the "
                "promise, and nothing catches its errors."
            ),
            why=(
                "When it is rejected the request is never answered, and the unhandled rejection "
                "ends the process."
            ),
            fix=f"`await` {name}() in an async handler and answer after it.",
            subject=f"{shown} does not wait for {name}",
            related=[Related(path, answer.line, "the answer")] if answer.line != chain.line else [],
        )


def _floating(
    model: CodeModel, node: s.Function, answers: Answers
) -> Iterator[tuple[s.Call, s.Node]]:
    """The chains that nobody waits for, each with the answer in its callback."""
    if not answers.reply:
        return
    for statement in node.body:
        for inner in s.walk(statement, into_functions=False):
            if not isinstance(inner, s.ExprStmt) or not isinstance(inner.value, s.Call):
                continue
            steps = list(_steps(inner.value))
            if not steps or not all(name == "then" and len(c.args) == 1 for name, c in steps):
                continue
            answer = next(
                (found for _, call in steps for found in _answers_in(call, answers)), None
            )
            if answer is not None and _may_be_rejected(model, _first(inner.value)):
                yield inner.value, answer


def _steps(call: s.Call) -> Iterator[tuple[str, s.Call]]:
    """``.then(f).catch(g)``: the calls, the last one first."""
    while isinstance(call.func, s.Attribute) and call.func.name in ("then", "catch", "finally"):
        yield call.func.name, call
        if not isinstance(call.func.value, s.Call):
            return
        call = call.func.value


def _first(call: s.Call) -> s.Call:
    """The call that the chain begins with."""
    for _, step in _steps(call):
        assert isinstance(step.func, s.Attribute)
        if isinstance(step.func.value, s.Call):
            call = step.func.value
    return call


def _answers_in(call: s.Call, answers: Answers) -> Iterator[s.Node]:
    callback = call.args[0].value
    if isinstance(callback, s.FunctionExpr):
        for node in s.walk(callback.function, into_functions=False):
            if isinstance(node, s.Call) and ends(node, answers):
                yield node


def _may_be_rejected(model: CodeModel, call: s.Call) -> bool:
    func = call.func
    name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
    if not name or name == "then" or _SAFE.search(name):
        return False
    return not any(
        isinstance(value, FunctionValue) and _catches_all(value.function)
        for value in model.evaluate(func)
    )


def _catches_all(function: FunctionInfo) -> bool:
    """Does the function keep all errors to itself?"""
    node = function.node
    if not isinstance(node, s.Function):
        return False
    if any(
        isinstance(item, s.Call) and getattr(item.func, "name", "") == "catch"
        for item in s.walk(node, into_functions=False)
    ):
        return True
    return any(
        isinstance(item, s.Try)
        and bool(item.handlers)
        and not any(isinstance(part, s.Raise) for h in item.handlers for part in s.walk(h))
        for item in node.body
    )
