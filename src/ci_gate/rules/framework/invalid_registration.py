from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import Registering, function_of, registering, written

_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all"})
_HOOKS: Final = frozenset({
    "onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend",
    "onResponse", "onTimeout", "onError", "onRequestAbort",
})  # fmt: skip
#: Hooks that get a payload before `done`.
_WITH_PAYLOAD: Final = frozenset({"preParsing", "preSerialization", "onSend", "onError"})
_NO_OPTION: Final = regex(
    r"^(?:middlewares?|before|after|beforeHandler|preHandlers|preValidations|onRequests|hooks|guards?"
    r"|handlers|auth(?:enticate)?)$"
)
_INSTANCES: Final = frozenset({"fastify()", "fastify.default()", "fastify.fastify()"})
_WITHOUT_POSITIONS: Final = 5
_PATH_OPTIONS_HANDLER: Final = 3
_PLUGIN: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Wrong:
    path: str
    node: s.Node
    message: str
    why: str
    fix: str


class InvalidRegistration(Rule):
    """Fastify is given what it does not take: Express's form of a route, an option that there is
    not, a hook that never ends.

    `app.post('/orders', requireUser, handler)`, `{ middleware: requireUser }`, `app.listen(3000)`
    with Fastify 5, a hook or plugin that is not async and does not call `done`, a decorated request
    whose first value is an object that all requests share.

    ## Why is this bad?
    The service does not start (FST_ERR_ROUTE_OPTIONS_NOT_OBJ, FST_ERR_LISTEN_OPTIONS_INVALID,
    FST_ERR_PLUGIN_TIMEOUT); an option that Fastify does not know is passed over, and the check that
    it should be never runs; a hook that never ends keeps every request.

    ## Fix
    `app.post('/orders', { preHandler: requireUser }, handler)`, `app.listen({ port: 3000 })`, async
    hooks.

    ## Silent on
    Values that could not be found, versions that the manifests leave open, hooks that hand the
    request on.

    ## Source
    Fastify, "Routes", "Hooks", "Server: listen", "Decorators", "Errors".
    """

    id = "fastify/invalid-registration"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[s.Node] = set()
        for wrong in _all(model):
            if wrong.node not in seen and not is_outside(wrong.path):
                seen.add(wrong.node)
                yield self.finding(
                    wrong.path,
                    wrong.node,
                    message=wrong.message,
                    why=wrong.why,
                    fix=wrong.fix,
                    subject=wrong.message,
                )


def _all(model: CodeModel) -> Iterator[_Wrong]:
    packages = NodePackages(model.tree)
    for made in registering(model, ("fastify",)):
        latest = packages.major(made.path, "fastify") == _WITHOUT_POSITIONS
        yield from _wrong(model, made, latest=latest)
    for call, scope in model.calls_named("listen"):
        path, func = scope.module.path, call.func
        if isinstance(func, s.Attribute) and packages.major(path, "fastify") == _WITHOUT_POSITIONS:
            values = model.evaluate(func.value, scope)
            if values and all(
                isinstance(value, ExternalValue) and value.path in _INSTANCES for value in values
            ):
                yield from _listen(path, call)


def _wrong(model: CodeModel, made: Registering, *, latest: bool) -> Iterator[_Wrong]:
    call = made.call
    if any(argument.star for argument in call.args):
        return
    if made.name in _VERBS:
        yield from _route(model, made)
    elif made.name == "decorateRequest" and latest:
        value = call.argument(1)
        if isinstance(value, s.Mapping | s.Sequence) and not _is_accessor(value):
            yield _Wrong(
                made.path, value, "A request is decorated with an object that all requests share.",
                "Fastify 5 throws FST_ERR_DEC_REFERENCE_TYPE: the service does not start.",
                "Decorate with `null`, and set the value in an `onRequest` hook.",
            )  # fmt: skip
    elif made.name == "register":
        function = _function(model, call.argument(0))
        node = function.node if function is not None else None
        if function is None or not isinstance(node, s.Function) or node.is_async:
            return
        params = [param for param in node.params if param.name != "this"]
        if len(params) == _PLUGIN and params[-1].name and not _is_named(node, params[-1].name):
            yield _Wrong(
                function.module.path, node,
                f"The plugin takes `{params[-1].name}` and never calls it.",
                "Fastify waits for it and gives up with FST_ERR_PLUGIN_TIMEOUT: the service does "
                "not start.",
                f"Call `{params[-1].name}()` at the end, or make the plugin async without it.",
            )  # fmt: skip
    for name, expr in _hooks(call, made.name):
        function = _function(model, expr)
        if function is not None and _never_ends(function, name):
            yield _Wrong(
                function.module.path, function.node,
                f"The hook for `{name}` is not async and never says that it is done.",
                "Fastify waits for `done` or a promise: every request that comes here hangs.",
                "Make it async, or call `done()` at the end.",
            )  # fmt: skip


def _route(model: CodeModel, made: Registering) -> Iterator[_Wrong]:
    args = [argument.value for argument in made.call.args]
    if len(args) >= _PATH_OPTIONS_HANDLER and (
        isinstance(args[1], s.Sequence) or _function(model, args[1]) is not None
    ):
        yield _Wrong(
            made.path, args[1],
            f"`{written(args[1])}` stands where Fastify takes the options of the route."
            if not isinstance(args[1], s.Sequence)
            else "A list stands where Fastify takes the options of the route.",
            "FST_ERR_ROUTE_OPTIONS_NOT_OBJ: the service does not start.",
            f"Write `{{ preHandler: {written(args[1])} }}`.",
        )  # fmt: skip
    options = args[1] if len(args) > 1 else None
    for entry in options.entries if isinstance(options, s.Mapping) else ():
        key = entry.key.value if isinstance(entry.key, s.Literal) else None
        if not isinstance(key, str) or not _NO_OPTION.match(key):
            continue
        given = entry.value.items if isinstance(entry.value, s.Sequence) else [entry.value]
        if given and all(_function(model, item) is not None for item in given):
            yield _Wrong(
                made.path, entry, f"Fastify has no option `{key}` for a route.",
                "It is passed over without a word: the function never runs, and what it should "
                "check is not checked.",
                f"Write `preHandler: {written(given[0])}`.",
            )  # fmt: skip


def _listen(path: str, call: s.Call) -> Iterator[_Wrong]:
    first = call.argument(0)
    if first is None or isinstance(first, s.Mapping | s.FunctionExpr):
        return
    is_number = isinstance(first, s.Literal) and first.kind == "number"
    if is_number or len(call.args) > 1 or _is_port(first):
        yield _Wrong(
            path, call, "`listen()` of Fastify 5 takes an object.",
            "FST_ERR_LISTEN_OPTIONS_INVALID: the service does not start.",
            "Write `listen({ port, host })`.",
        )  # fmt: skip


def _is_port(expr: s.Expr) -> bool:
    if isinstance(expr, s.Call):
        return s.last_name(expr.func) in ("Number", "parseInt")
    if isinstance(expr, s.Binary):
        return _is_port(expr.left) or _is_port(expr.right)
    return (s.last_name(expr) or "").lower().endswith("port")


def _is_accessor(value: s.Mapping | s.Sequence) -> bool:
    """``{ getter () {…} }``"""
    return isinstance(value, s.Mapping) and any(
        isinstance(entry.key, s.Literal) and entry.key.value in ("getter", "setter")
        for entry in value.entries
    )


def _hooks(call: s.Call, method: str) -> Iterator[tuple[str, s.Expr]]:
    if method == "addHook":
        first, second = call.argument(0), call.argument(1)
        if isinstance(first, s.Literal) and first.value in _HOOKS and second is not None:
            yield str(first.value), second
        return
    for argument in call.args if method in (*_VERBS, "route") else ():
        for entry in argument.value.entries if isinstance(argument.value, s.Mapping) else ():
            if isinstance(entry.key, s.Literal) and entry.key.value in _HOOKS:
                value = entry.value
                for item in value.items if isinstance(value, s.Sequence) else [value]:
                    yield str(entry.key.value), item


def _function(model: CodeModel, expr: s.Expr | None) -> FunctionInfo | None:
    if expr is None:
        return None
    if isinstance(expr, s.FunctionExpr):
        return model.function_of(expr.function)
    if any(isinstance(value, ExternalValue) for value in model.evaluate(expr)):
        return None
    return function_of(model, expr)


def _never_ends(function: FunctionInfo, hook: str) -> bool:
    """Is it not async, and gives no promise, calls no `done` and sends nothing?"""
    node = function.node
    if not isinstance(node, s.Function) or node.is_async or node.is_generator or not node.body:
        return False
    params = [param for param in node.params if param.name != "this"]
    if any(param.kind != "positional" or not param.name for param in params):
        return False
    if any(item.value is not None for item in s.returns_in(node)):
        return False
    if isinstance(node.body[-1], s.Raise) or _is_named(node, "arguments"):
        return False
    place = 3 if hook in _WITH_PAYLOAD else 2
    others = [param.name for index, param in enumerate(params) if index == 1 or index >= place]
    return not any(_is_named(node, name) for name in others)


def _is_named(node: s.Function, name: str) -> bool:
    return any(
        isinstance(item, s.Name) and item.id == name
        for statement in node.body
        for item in s.walk(statement)
    )
