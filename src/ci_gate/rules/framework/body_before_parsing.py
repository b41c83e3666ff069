from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

#: Hooks that run before the body is read and parsed.
_EARLY: Final = ("onRequest", "preParsing")
_ROUTES: Final = ("get", "post", "put", "patch", "delete", "all", "route")


class BodyBeforeParsing(Rule):
    """A hook of Fastify reads `request.body` before the body has been parsed.

    ## Why is this bad?
    `onRequest` and `preParsing` hooks run before the body is read: `request.body` is undefined in
    them, for every request. A check there never sees what it should check, and a key that is made
    of it is the same for all.

    ## Fix
    Register the hook as `preValidation` or `preHandler`.

    ## Silent on
    Functions that are not surely such a hook; other properties of the request.

    ## Source
    Fastify, "Hooks: preParsing" and "Lifecycle".
    """

    id = "fastify/body-before-parsing"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[FunctionInfo] = set()
        for hook, expr, scope in _hooks(model):
            for value in model.evaluate(expr, scope):
                if not isinstance(value, FunctionValue) or value.function in seen:
                    continue
                read = _body_read(value.function)
                if read is None:
                    continue
                seen.add(value.function)
                path = value.function.module.path
                yield self.finding(
                    path,
                    spot(read),
                    message=f"`{value.function.name or 'The hook'}` reads `request.body`, and it "
                    f"runs as `{hook}` hook, before the body is parsed.",
                    why="The body is undefined there for every request: what depends on it is "
                    "never checked, or is the same for all.",
                    fix="Register it as `preHandler` (or `preValidation`).",
                    subject=f"{value.function.name} in {hook}",
                    related=[Related(scope.module.path, expr.span[0], f"registered as {hook}")],
                )


def _hooks(model: CodeModel) -> Iterator[tuple[str, s.Expr, Scope]]:
    """The name, the function and its scope of each early hook that is registered."""
    for call, scope in model.calls_named("addHook"):
        name, function = call.argument(0), call.argument(1)
        if function is None or not isinstance(name, s.Literal) or name.value not in _EARLY:
            continue
        if not is_outside(scope.module.path):
            yield str(name.value), function, scope
    for method in _ROUTES:
        for call, scope in model.calls_named(method):
            if is_outside(scope.module.path) or not isinstance(call.func, s.Attribute):
                continue
            for argument in call.args[:2]:
                if not isinstance(argument.value, s.Mapping):
                    continue
                for hook in _EARLY:
                    given = argument.value.get(hook)
                    items = given.items if isinstance(given, s.Sequence) else [given]
                    yield from ((hook, item, scope) for item in items if item is not None)


def _body_read(function: FunctionInfo) -> s.Expr | None:
    """Where the function takes the body of the request that it is given."""
    node = function.node
    if not isinstance(node, s.Function) or not node.params:
        return None
    request = node.params[0].name
    for statement in node.body:
        for inner in s.walk(statement, into_functions=False):
            match inner:
                case s.Attribute(value=s.Name(id=name), name="body") if name == request:
                    return inner
    return None
