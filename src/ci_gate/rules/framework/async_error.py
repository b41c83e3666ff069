from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import FuncVal
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._routers import ENDS, routers, steps

#: Packages that make Express 4 pass on rejections, and parts of Express that others patch for it.
_PATCHES: Final = (
    "express-async-errors", "express-async-error", "express-async-patch", "@root/async-router",
    "express/lib/router/layer", "express-promise-router", "express-yields", "zone.js",
)  # fmt: skip


class AsyncError(Rule):
    """An async handler of Express 4 awaits outside a `try`, and nothing passes its errors on.

    ## Why is this bad?
    Express 4 does not look at the promise that a handler returns. When what it awaits is rejected,
    the error never reaches the error middleware: the request is never answered, and the unhandled
    rejection ends the process.

    ## Fix
    Wrap the handler (`express-async-handler`), catch the error and call `next(error)`, import
    `express-async-errors`, or move to Express 5.

    ## Silent on
    Express 5 and services that leave the version open; handlers that go through a wrapper; projects
    that load `express-async-errors` or another patch; awaits in a `try` with a `catch`; awaits of
    functions of the project that do all they do in one, and whose `catch` ends there.

    ## Source
    Express, "Error handling": errors from asynchronous functions must be passed to `next()`; since
    Express 5 this is done for promises.
    """

    id = "express/async-error"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if any(edge.node.specifier in _PATCHES for edge in model.import_edges):
            return
        packages = NodePackages(model.tree)
        safe = _NeverRejecting(model)
        seen: set[s.Node] = set()
        for router in routers(model, "express"):
            for step in steps(router):
                if step.name not in ENDS and step.name != "use":
                    continue
                for value in step.values:
                    if not isinstance(value, FuncVal) or value.info.node in seen:
                        continue
                    node, path = value.info.node, value.info.module.path
                    if not isinstance(node, s.Function) or not node.is_async or is_outside(path):
                        continue
                    if packages.major(step.module, "express") != 4 or node.decorators:
                        continue
                    seen.add(node)
                    unsafe = (item for item in _unprotected(node.body) if not safe.awaited(item))
                    place = next(unsafe, None)
                    if place is not None:
                        related = Related(step.module, step.span[0], "registers the handler")
                        name = value.info.name or "the handler"
                        yield self._finding(path, place, name, [related])

    def _finding(self, path: str, place: s.Node, name: str, related: Sequence[Related]) -> Finding:
        return self.finding(
            path,
            place,
            message=f"An error here leaves {name} as a rejected promise, which Express 4 ignores.",
            why=(
                "The request is never answered, and the unhandled rejection ends the process; the "
                "error middleware does not see the error."
            ),
            fix="Wrap the handler so that it passes errors on: `(req, res, next) => "
            "handler(req, res, next).catch(next)`, or use Express 5.",
            subject=f"{name} rejects",
            related=[item for item in related if (item.path, item.line) != (path, place.line)],
        )


class _NeverRejecting:
    """Async functions of the project whose promise is never rejected: all that they call is in a
    ``try`` whose ``catch`` ends there."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._known: dict[s.Node, bool] = {}

    def awaited(self, node: s.Await) -> bool:
        call = node.value
        if not isinstance(call, s.Call) or any(map(_awaits, call.args)):
            return False
        values = self._model.evaluate(call.func)
        return bool(values) and all(
            isinstance(value, FunctionValue) and self._never(value.function.node)
            for value in values
        )

    def _never(self, node: s.Node) -> bool:
        if not isinstance(node, s.Function) or not node.is_async or node.decorators:
            return False
        if node not in self._known:
            self._known[node] = (
                any(isinstance(statement, s.Try) for statement in node.body)
                and all(map(_ends_there, node.body))
                and not any(param.default and _may_fail(param.default) for param in node.params)
            )
        return self._known[node]


def _ends_there(statement: s.Stmt) -> bool:
    """Can no error of the statement leave the function?"""
    match statement:
        case s.Try(body=body, handlers=[_, *_] as handlers, orelse=orelse, final=final):
            given_back = any(
                isinstance(item, s.Return) and isinstance(item.value, s.Call)
                for part in body
                for item in s.walk(part)
            )
            caught = [*(item for handler in handlers for item in handler.body), *orelse, *final]
            return not given_back and not any(map(_may_reject, caught))
        case _:
            return not _may_fail(statement)


def _may_fail(node: s.Node) -> bool:
    return any(
        isinstance(item, s.Call | s.Await | s.Raise | s.For | s.Broken | s.Unknown)
        for item in s.walk(node)
    )


def _awaits(argument: s.Argument) -> bool:
    return any(isinstance(item, s.Await) for item in s.walk(argument))


def _may_reject(node: s.Node) -> bool:
    """May the code of a ``catch`` fail itself? ``console.error`` does not."""
    return any(
        isinstance(item, s.Await | s.Raise | s.For | s.Broken | s.Unknown)
        or (isinstance(item, s.Call) and not _tells(item))
        for item in s.walk(node)
    )


def _tells(call: s.Call) -> bool:
    return (
        isinstance(call.func, s.Attribute)
        and isinstance(call.func.value, s.Name)
        and call.func.value.id == "console"
    )


def _unprotected(body: Iterable[s.Node]) -> Iterator[s.Await]:
    """The awaits that no ``catch`` is around, in the order of the source."""
    stack = list(reversed(list(body)))
    while stack:
        node = stack.pop()
        match node:
            case s.Function() | s.Class():
                continue
            case s.Try(handlers=[_, *_] as handlers, orelse=orelse, final=final):
                inner: list[s.Node] = [*(h for item in handlers for h in item.body), *orelse]
                stack.extend(reversed([*inner, *final]))
                continue
            case s.Await(value=s.Call(func=s.Attribute(name="catch"))):
                continue
            case s.Await():
                yield node
        stack.extend(reversed(s.children(node)))
