"""Where Flask's views are registered, on which application or blueprint, under which name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.values import ExternalValue, InstanceValue, Value
from ci_gate.data import dataclass
from ci_gate.rules.framework._decorators import Applied, applied, function_of

_ROUTERS: Final = frozenset({
    "flask.Flask", "flask.Blueprint", "quart.Quart", "quart.Blueprint", "apiflask.APIFlask",
    "apiflask.APIBlueprint",
})  # fmt: skip
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete"})


@dataclass(frozen=True, slots=True, eq=False)
class Registration:
    """``router`` is the node that makes the application or blueprint, ``label`` what it is called
    where the view is registered. ``endpoint`` is None where it is not known. ``renamed`` is the
    decorator that gave the view its name, where one did. ``identity`` tells two views apart.
    ``view`` is None for a class's view. ``name`` and ``place`` say where the view is defined."""

    router: s.Node
    label: str
    rule: str | None
    methods: tuple[str, ...] | None
    endpoint: str | None
    view: FunctionInfo | None
    name: str
    path: str
    place: s.Node
    renamed: Applied | None
    identity: tuple[object, ...]
    always: bool


def registrations(model: CodeModel) -> Iterator[Registration]:
    """Every ``@router.route(…)`` and ``router.add_url_rule(…)`` of the tree on a known application
    or blueprint, in the order of files and lines."""
    for function in model.functions.values():
        node = function.node
        if function.module.language != "python":
            continue
        for index, decorator in enumerate(node.decorators if isinstance(node, s.Function) else ()):
            if isinstance(decorator, s.Call) and isinstance(decorator.func, s.Attribute):
                found = _decorated(model, function, index, decorator, decorator.func)
                if found is not None:
                    yield found
        for call in model.calls_in(function):
            if isinstance(call.func, s.Attribute) and call.func.name == "add_url_rule":
                added = _added(model, function, call, call.func)
                if added is not None:
                    yield added


def _decorated(
    model: CodeModel, function: FunctionInfo, index: int, call: s.Call, func: s.Attribute
) -> Registration | None:
    node = function.node
    assert isinstance(node, s.Function)
    if func.name != "route" and func.name not in _VERBS:
        return None
    scope = model.scope_of(call)
    router = router_of(model, func.value, scope)
    if router is None:
        return None
    name, renamed, identity = _name(model, node, index, scope)
    given = call.argument(None, "endpoint")
    if given is not None:
        name, renamed = text_of(given), None
    if any(argument.star for argument in call.args):
        name = None
    return Registration(
        router, _label(func.value), text_of(call.argument(0, "rule")), _methods(call, func.name),
        name, function, function.name, function.module.path, s.Node(node.name_span), renamed,
        identity, _is_unconditional(function),
    )  # fmt: skip


def _added(
    model: CodeModel, function: FunctionInfo, call: s.Call, func: s.Attribute
) -> Registration | None:
    scope = model.scope_of(call)
    router = router_of(model, func.value, scope)
    given = call.argument(2, "view_func")
    if router is None or given is None or any(argument.star for argument in call.args):
        return None
    found = model.definition(given, scope) if isinstance(given, s.Name) else (given, scope)
    made = found[0] if found is not None else None
    view: FunctionInfo | None = None
    renamed: Applied | None = None
    identity: tuple[object, ...]
    if isinstance(made, s.Call) and isinstance(made.func, s.Attribute) and _is_as_view(made.func):
        name, identity = text_of(made.argument(0, "name")), (made,)
        shown = made.func.value.id if isinstance(made.func.value, s.Name) else "the view"
    else:
        view = function_of(model, given, scope)
        if view is None or not isinstance(view.node, s.Function):
            return None
        name, renamed, identity = _name(model, view.node, -1, model.function_scope(view))
        shown = view.name
    endpoint = call.argument(1, "endpoint")
    if endpoint is not None and not _is_none(endpoint):
        name, renamed = text_of(endpoint), None
    return Registration(
        router, _label(func.value), text_of(call.argument(0, "rule")), _methods(call, func.name),
        name, view, shown, function.module.path, call, renamed, identity,
        _stands_alone(function, call),
    )  # fmt: skip


def _is_as_view(func: s.Attribute) -> bool:
    return func.name == "as_view"


def _label(expr: s.Expr) -> str:
    return expr.id if isinstance(expr, s.Name) else "the application"


def text_of(expr: s.Expr | None) -> str | None:
    """The string that is written there."""
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else None


def _is_none(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.kind == "none"


def is_router(model: CodeModel, expr: s.Expr, scope: Scope) -> bool:
    """Is ``expr`` surely a Flask application or blueprint?"""
    values = model.evaluate(expr, scope)
    return bool(values) and all(_routes(model, value) for value in values)


def _routes(model: CodeModel, value: Value) -> bool:
    if isinstance(value, ExternalValue):
        return value.path.removesuffix("()") in _ROUTERS and value.path.endswith("()")
    return isinstance(value, InstanceValue) and any(
        isinstance(base, ExternalValue) and base.path in _ROUTERS
        for base in model.ancestors(value.cls)
    )


def router_of(model: CodeModel, expr: s.Expr, scope: Scope) -> s.Node | None:
    """The place that makes the application or blueprint: the same node, the same object. None
    where it is neither, or not known which."""
    if not is_router(model, expr, scope):
        return None
    found = model.definition(expr, scope)
    if found is not None:
        return found[0] if isinstance(found[0], s.Call) else None
    if isinstance(expr, s.Name):
        bindings = model.bindings(expr.id, scope)
        if len(bindings) == 1 and bindings[0].kind == "param":
            return bindings[0].node
    return None


def _name(
    model: CodeModel, node: s.Function, index: int, scope: Scope
) -> tuple[str | None, Applied | None, tuple[object, ...]]:
    """The name of what the decorators below ``index`` make of the function, the decorator that
    gave it, and what tells the object from others."""
    name: str | None = node.name
    renamed: Applied | None = None
    identity: list[object] = [node]
    for decorator in reversed(node.decorators[index + 1 :]):
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        if isinstance(func, s.Attribute) and is_router(model, func.value, scope):
            continue
        outcome = applied(model, decorator, scope)
        if outcome.outcome == "same":
            continue
        identity.append(decorator)
        if outcome.outcome == "unknown":
            return None, None, tuple(identity)
        if outcome.outcome == "renamed" and outcome.wrapper is not None:
            name, renamed = outcome.wrapper.name, outcome
    return name, renamed, tuple(identity)


def _methods(call: s.Call, verb: str) -> tuple[str, ...] | None:
    if verb in _VERBS:
        return (verb.upper(),)
    given = call.argument(None, "methods")
    if given is None:
        return ("GET",)
    texts = [text_of(item) for item in given.items] if isinstance(given, s.Sequence) else [None]
    known = tuple(text.upper() for text in texts if text is not None)
    return known if len(known) == len(texts) else None


def _is_unconditional(function: FunctionInfo) -> bool:
    """Is the function defined whenever the code around it runs?"""
    around = function.parent.node if function.parent is not None else function.module
    if function.cls is not None:
        return False
    return any(
        isinstance(statement, s.FunctionDef) and statement.function is function.node
        for statement in around.body
    )


def _stands_alone(function: FunctionInfo, call: s.Call) -> bool:
    """Is the call a statement of the function's own, under no condition and in no loop?"""
    return any(
        isinstance(statement, s.ExprStmt) and statement.value is call
        for statement in function.node.body
    )
