from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import function_of, registering

#: Hooks of Fastify, with the number of parameters that make the last one `done`.
_HOOKS: Final = {
    "onRequest": 3, "preValidation": 3, "preHandler": 3, "onResponse": 3, "onTimeout": 3,
    "preParsing": 4, "preSerialization": 4, "onSend": 4, "onError": 4,
    "onRequestAbort": 2, "onReady": 1, "onListen": 1,
}  # fmt: skip


class AsyncHookDone(Rule):
    """An async hook of Fastify takes `done`.

    `app.addHook('onRequest', async (request, reply, done) => { …; done(); })`

    ## Why is this bad?
    A hook ends when its promise does, or when it calls `done`, never both. Fastify throws
    FST_ERR_HOOK_INVALID_ASYNC_HANDLER for what `addHook` or a list of a route's hooks gets: the
    service does not start. It does not look at a single function among a route's options; that goes
    on twice, and the handler with it.

    ## Fix
    Drop `done`, or `async`.

    ## Silent on
    Hooks that could not be found, parameters with a default value, single functions of a route
    that do not call `done` themselves.

    ## Source
    Fastify, "Hooks" and "Errors".
    """

    id = "fastify/async-hook-done"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[FunctionInfo] = set()
        for made in registering(model, ("fastify",)):
            for name, expr, refused in _hooks(made.call, made.name):
                function = _function(model, expr)
                if function is None or function in seen or is_outside(function.module.path):
                    continue
                done = _done(function, _HOOKS[name])
                if done is None or not (refused or _is_called(function, done)):
                    continue
                seen.add(function)
                yield self._found(made.path, expr, name, function, refused=refused)

    def _found(
        self, path: str, expr: s.Expr, name: str, function: FunctionInfo, *, refused: bool
    ) -> Finding:
        node, done = function.node, _done(function, _HOOKS[name])
        home = function.module.path
        return self.finding(
            home,
            node,
            message=f"The async hook for `{name}` takes `{done}`.",
            why="Fastify throws FST_ERR_HOOK_INVALID_ASYNC_HANDLER when it is registered: the "
            "service does not start."
            if refused
            else f"The request goes on when `{done}` is called and once more when the promise is "
            "done: what comes after the hook runs twice.",
            fix=f"Drop `{done}` and its calls: the promise tells when the hook is done.",
            subject=f"{function.name or name} takes {done}",
            related=[Related(path, expr.line, "registered here")]
            if (path, expr.line) != (home, node.line)
            else [],
        )


def _hooks(call: s.Call, method: str) -> Iterator[tuple[str, s.Expr, bool]]:
    """The functions that a call registers as hooks, by name, and whether Fastify looks at them."""
    if method == "addHook":
        first, second = call.argument(0), call.argument(1)
        if isinstance(first, s.Literal) and first.value in _HOOKS and second is not None:
            yield str(first.value), second, True
        return
    for argument in call.args:
        for entry in argument.value.entries if isinstance(argument.value, s.Mapping) else ():
            if not isinstance(entry.key, s.Literal) or entry.key.value not in _HOOKS:
                continue
            name = str(entry.key.value)
            if isinstance(entry.value, s.Sequence):
                yield from ((name, item, True) for item in entry.value.items)
            else:
                yield name, entry.value, False


def _function(model: CodeModel, expr: s.Expr) -> FunctionInfo | None:
    if isinstance(expr, s.FunctionExpr):
        return model.function_of(expr.function)
    return function_of(model, expr)


def _done(function: FunctionInfo, count: int) -> str | None:
    """The name of the last of ``count`` parameters of an async function."""
    node = function.node
    if not isinstance(node, s.Function) or not node.is_async:
        return None
    params = [param for param in node.params if param.name != "this"]
    plain = all(param.default is None and param.kind == "positional" for param in params)
    return params[-1].name or "done" if plain and len(params) == count else None


def _is_called(function: FunctionInfo, done: str) -> bool:
    return any(
        isinstance(node, s.Call) and isinstance(node.func, s.Name) and node.func.id == done
        for node in s.walk(function.node)
    )
