from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue, InstanceValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_APPLICATION = "aiohttp.web.Application"


@dataclass(frozen=True, slots=True, eq=False)
class _Raised:
    """An error of the project's own that a middleware lets out, with where it is raised."""

    error: ClassInfo
    path: str
    node: s.Node


class AiohttpMiddlewareOrder(Rule):
    """A middleware raises an error that a middleware further inside is there to translate.

    ## Why is this bad?
    In aiohttp the first middleware of the list is the outermost. What it raises itself does not
    pass through the ones after it: the error that should be a 401 or 403 leaves the application as
    500, with none of the API's format.

    ## Fix
    Put the middleware that translates errors first.

    ## Silent on
    Lists that are not written out; errors that a middleware further outside catches or may catch,
    with all others or because it cannot be followed; errors of aiohttp itself, which are
    responses; errors that are raised further away than in a function that the middleware calls;
    calls in a `try`.

    ## Source
    aiohttp, "Middlewares" (docs.aiohttp.org/en/stable/web_advanced.html#middlewares); constraint
    decay, arXiv 2605.06445: broken handling of tokens.
    """

    id = "framework/aiohttp-middleware-order"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("aiohttp",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for path, listed in _lists(model):
            middlewares = [(item, _function(model, item)) for item in listed.items]
            for place, (item, outer) in enumerate(middlewares):
                if outer is None:
                    if not _is_of_library(model, item):
                        break
                    continue
                inner = [found for _, found in middlewares[place + 1 :] if found is not None]
                before = [found for _, found in middlewares[:place] if found is not None]
                for raised in _let_out(model, outer):
                    if any(_catches(model, o, raised.error, broadly=True) for o in before):
                        continue
                    helper = next((o for o in inner if _catches(model, o, raised.error)), None)
                    if helper is not None:
                        yield self._finding(path, item, outer, helper, raised)
                        break

    def _finding(
        self, path: str, item: s.Expr, outer: FunctionInfo, helper: FunctionInfo, raised: _Raised
    ) -> Finding:
        error = raised.error.name
        return self.finding(
            path,
            item,
            message=(
                f"{outer.name} stands outside {helper.name}, which translates {error}, and raises "
                f"{error} itself."
            ),
            why=(
                f"The first middleware is the outermost: the {error} of {outer.name} passes by "
                f"{helper.name}, and the client gets 500."
            ),
            fix=f"Put {helper.name} before {outer.name} in the list.",
            subject=f"{outer.name} outside {helper.name}",
            related=[
                Related(raised.path, raised.node.line, f"{error} is raised here"),
                Related(helper.module.path, helper.node.line, f"{error} is translated here"),
            ],
        )


def _lists(model: CodeModel) -> Iterator[tuple[str, s.Sequence]]:
    """The lists of middlewares of applications."""
    for call, scope in model.calls_named("Application"):
        listed = call.argument(keyword="middlewares")
        path = scope.module.path
        if not isinstance(listed, s.Sequence) or is_outside(path):
            continue
        values = model.evaluate(call.func)
        if any(isinstance(v, ExternalValue) and v.path == _APPLICATION for v in values):
            yield path, listed


def _function(model: CodeModel, item: s.Expr) -> FunctionInfo | None:
    """The function that stands in the list by its name."""
    if not isinstance(item, s.Name | s.Attribute):
        return None
    found = [v.function for v in model.evaluate(item) if isinstance(v, FunctionValue)]
    node = found[0].node if len(found) == 1 else None
    return found[0] if isinstance(node, s.Function) and len(node.params) == 2 else None


def _is_of_library(model: CodeModel, item: s.Expr) -> bool:
    """A library's middleware knows nothing of the project's errors."""
    values = model.evaluate(item.func if isinstance(item, s.Call) else item)
    return bool(values) and all(isinstance(value, ExternalValue) for value in values)


def _let_out(model: CodeModel, function: FunctionInfo) -> Iterator[_Raised]:
    """The errors that the function, or one that it calls, raises outside any ``try``."""
    if not isinstance(function.node, s.Function):
        return
    free = _free(function.node.body)
    yield from _raised(model, function, free)
    called: dict[s.Node, list[FunctionInfo]] = {}
    for edge in model.callees(function):
        if isinstance(edge.callee.node, s.Function) and not edge.callee.node.bodiless:
            called.setdefault(edge.node, []).append(edge.callee)
    for node, callees in called.items():
        if node in free and len(callees) == 1 and isinstance(callees[0].node, s.Function):
            yield from _raised(model, callees[0], _free(callees[0].node.body))


def _free(body: Sequence[s.Stmt]) -> set[s.Node]:
    """All nodes of a body that no ``try`` with handlers stands around; handlers' own bodies are
    such."""
    found: set[s.Node] = set()
    stack: list[s.Node] = list(body)
    while stack:
        node = stack.pop()
        found.add(node)
        if isinstance(node, s.Function | s.Class):
            continue
        if isinstance(node, s.Try) and node.handlers:
            stack.extend([*node.handlers, *node.orelse, *node.final])
        elif isinstance(node, s.With):
            continue
        else:
            stack.extend(s.children(node))
    return found


def _raised(model: CodeModel, function: FunctionInfo, free: set[s.Node]) -> Iterator[_Raised]:
    for node in sorted((n for n in free if isinstance(n, s.Raise)), key=lambda n: n.span):
        for value in model.evaluate(node.value) if node.value is not None else ():
            if isinstance(value, ClassValue | InstanceValue) and not _is_response(model, value.cls):
                yield _Raised(value.cls, function.module.path, node)


def _is_response(model: CodeModel, cls: ClassInfo) -> bool:
    return any(
        isinstance(base, ExternalValue) and base.path.startswith("aiohttp.")
        for base in model.ancestors(cls)
    )


def _catches(
    model: CodeModel, function: FunctionInfo, error: ClassInfo, *, broadly: bool = False
) -> bool:
    """Does the function answer the error, where it calls its handler?

    Args:
        broadly: a handler of all errors counts too.
    """
    if not isinstance(function.node, s.Function):
        return False
    handler = function.node.params[1].name
    family = {error, *(b.cls for b in model.ancestors(error) if isinstance(b, ClassValue))}
    for statement in function.node.body:
        for node in s.walk(statement):
            if not isinstance(node, s.Try) or not _calls(node.body, handler):
                continue
            for part in node.handlers:
                if broadly and _is_broad(part.type):
                    return True
                named = part.type.items if isinstance(part.type, s.Sequence) else [part.type]
                for item in named:
                    values = model.evaluate(item) if item is not None else ()
                    if any(isinstance(v, ClassValue) and v.cls in family for v in values):
                        return any(isinstance(inner, s.Return) for inner in part.body)
    return False


def _is_broad(caught: s.Expr | None) -> bool:
    return caught is None or any(
        isinstance(node, s.Name) and node.id in ("Exception", "BaseException")
        for node in s.walk(caught)
    )


def _calls(body: Sequence[s.Stmt], name: str) -> bool:
    return any(
        isinstance(node, s.Call) and isinstance(node.func, s.Name) and node.func.id == name
        for statement in body
        for node in s.walk(statement)
    )
