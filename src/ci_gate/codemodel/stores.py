"""Values parked on an application, a request or a context under a key, and read elsewhere.

``app.state.pool = pool`` in one module and ``request.app.state.pool`` in another speak of the same
thing, though no import or call links them. Every such place has a *shape* (``app.state``,
``request``, ``context.var`` …); shape and key together name the stored value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.values import (
    ConstantValue,
    ExternalValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

Key: TypeAlias = tuple[str, Hashable]

_BY_NAME: dict[str, str] = {
    "app": "app", "application": "app", "server": "app", "fastify": "app", "instance": "app",
    "current_app": "app", "_app": "app", "flask_app": "app",
    "req": "request", "request": "request", "_request": "request", "_req": "request",
    "res": "response", "response": "response", "reply": "response", "_res": "response",
    "ctx": "context", "c": "context", "context": "context",
    "g": "g",
}  # fmt: skip
_BY_PATH: dict[str, str] = {
    "flask.Flask()": "app", "flask.current_app": "app", "fastapi.FastAPI()": "app",
    "starlette.applications.Starlette()": "app", "aiohttp.web.Application()": "app",
    "express()": "app", "fastify()": "app", "koa()": "app", "hono.Hono()": "app",
    "quart.Quart()": "app", "quart.current_app": "app",
    "flask.g": "g", "quart.g": "g",
    "flask.request": "request", "fastapi.Request()": "request", "aiohttp.web.Request()": "request",
    "express.Request()": "request", "fastify.FastifyRequest()": "request",
    "starlette.websockets.WebSocket()": "request", "fastapi.WebSocket()": "request",
    "starlette.requests.HTTPConnection()": "request",
    "express.Response()": "response", "fastify.FastifyReply()": "response",
    "hono.Context()": "context", "koa.Context()": "context",
    "koa.ParameterizedContext()": "context",
}  # fmt: skip
_STEPS: dict[tuple[str, str], str] = {
    ("request", "app"): "app", ("request", "server"): "app", ("response", "server"): "app",
    ("response", "app"): "app", ("context", "app"): "app", ("request", "application"): "app",
    ("request", "config_dict"): "app", ("response", "request"): "request",
    ("app", "state"): "app.state", ("request", "state"): "request.state",
    ("app", "locals"): "app.locals", ("response", "locals"): "response.locals",
    ("app", "extensions"): "app.extensions", ("app", "config"): "app.config",
    ("context", "state"): "context.state", ("app", "context"): "context",
    ("context", "var"): "context.var",
    ("context", "req"): "request", ("context", "request"): "request",
    ("context", "res"): "response", ("context", "response"): "response",
}  # fmt: skip
_OPEN = frozenset({"app", "request", "response", "context"})
"""Shapes with many attributes of their own: only a stored key makes one ours."""
_SETTERS: dict[tuple[str, str], str] = {
    ("app", "set"): "app.settings", ("app", "decorate"): "app",
    ("app", "decorateRequest"): "request", ("app", "decorateReply"): "response",
    ("context", "set"): "context.var",
}  # fmt: skip
_GETTERS: dict[tuple[str, str], str] = {
    ("app", "get"): "app.settings", ("context", "get"): "context.var",
    ("app.extensions", "get"): "app.extensions", ("app.config", "get"): "app.config",
    ("g", "get"): "g", ("g", "pop"): "g", ("app", "getDecorator"): "app",
    ("request", "getDecorator"): "request", ("request", "get"): "request",
}  # fmt: skip
_MAX_DEPTH = 6


class Stores:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._stored: dict[Key, list[Binding]] = {}
        self._keys: set[Hashable] = set()
        self._shapes: dict[s.Node, str | None] = {}

    @property
    def names(self) -> frozenset[str]:
        """The texts among the keys."""
        return frozenset(key for key in self._keys if isinstance(key, str))

    # --- reading ---

    def attribute(self, base: s.Expr, name: str, scope: Scope, values: Values) -> Values:
        """What was stored as ``base.name``; ``values`` is what ``base`` evaluates to."""
        if name not in self._keys or _ours(values):
            return ()
        shape = self.shape(base, scope)
        return self._read(shape, name) if shape is not None else ()

    def item(self, base: s.Expr, key: s.Expr, scope: Scope, values: Values) -> Values:
        """What was stored as ``base[key]``."""
        if not self._stored or _ours(values):
            return ()
        shape = self.shape(base, scope)
        if shape is None:
            return ()
        constant = self._key(key, scope)
        if constant is None:
            return ()
        return self._read(shape, constant) or self._typed_key(key, scope)

    def call(self, call: s.Call, scope: Scope) -> Values:
        """What ``base.get(key)`` reads."""
        func = call.func
        if not isinstance(func, s.Attribute) or not call.args or not self._stored:
            return ()
        if not any(func.name == name for _, name in _GETTERS):
            return ()
        shape = self.shape(func.value, scope)
        target = _GETTERS.get((shape, func.name)) if shape is not None else None
        if target is None:
            return ()
        constant = self._key(call.args[0].value, scope)
        if constant is None:
            return ()
        return self._read(target, constant) or self._read(shape or "", constant)

    def parked(self, expr: s.Expr, scope: Scope) -> list[Binding] | None:
        """What was stored on the application and ``expr`` reads; None when it reads no such."""
        key: Hashable | None
        if isinstance(expr, s.Attribute):
            base, key = expr.value, expr.name
            shape = self.shape(base, scope)
        elif isinstance(expr, s.Subscript):
            shape = self.shape(expr.value, scope)
            key = self._key(expr.index, scope) if shape is not None else None
        else:
            return None
        if shape is None or key is None or not shape.startswith("app"):
            return None
        return self._stored.get((shape, key))

    def kept(self, expr: s.Expr, scope: Scope) -> list[Binding]:
        """What was stored where ``expr`` reads it, on a request or context too."""
        key: Hashable | None = None
        shape: str | None = None
        match expr:
            case s.Attribute(value=base, name=name) if name in self._keys:
                shape, key = self.shape(base, scope), name
            case s.Call(func=s.Attribute(value=base, name=name), args=[first, *_]) if any(
                name == getter for _, getter in _GETTERS
            ):
                shape = _GETTERS.get((self.shape(base, scope) or "", name))
                key = self._key(first.value, scope) if shape is not None else None
        return self._stored.get((shape, key), []) if shape is not None else []

    def _read(self, shape: str, key: Hashable) -> Values:
        bindings = self._stored.get((shape, key))
        if not bindings:
            return ()
        return self._evaluator.guarded(("store", shape, key), self._values, bindings)

    def _values(self, bindings: list[Binding]) -> Values:
        found: dict[Value, None] = {}
        for binding in bindings[:16]:
            for value in self._evaluator.binding(binding):
                found[value] = None
        return tuple(found)[:8]

    # --- shapes ---

    def shape(self, expr: s.Expr, scope: Scope, depth: int = 0) -> str | None:
        """The kind of place that ``expr`` is; None when it is none."""
        if expr in self._shapes:
            return self._shapes[expr]
        if depth > _MAX_DEPTH:
            return None
        found = self._shape(expr, scope, depth)
        self._shapes[expr] = found
        return found

    def _shape(self, expr: s.Expr, scope: Scope, depth: int) -> str | None:
        if isinstance(expr, s.Name):
            return self._named_shape(expr, scope, depth)
        if isinstance(expr, s.Attribute):
            if isinstance(expr.value, s.Name) and expr.value.id in ("self", "this"):
                own = _BY_NAME.get(expr.name)
                if own in ("app", "request"):
                    return own
            base = self.shape(expr.value, scope, depth + 1)
            if base is not None:
                return _STEPS.get((base, expr.name))
            return None
        if isinstance(expr, s.Call | s.Await):
            return self._by_value(expr, scope)
        return None

    def _named_shape(self, expr: s.Name, scope: Scope, depth: int) -> str | None:
        name = expr.id
        if name == "this":
            return "app" if not self._evaluator.of(expr, scope) else None
        found = self._evaluator.find(name, scope)
        if found is None:
            return None
        conventional = _BY_NAME.get(name)
        for binding in found[1][:4]:
            if binding.kind == "value" and isinstance(binding.node, s.Name | s.Attribute):
                shape = self.shape(binding.node, binding.scope, depth + 1)
                for step, key in binding.path:
                    if step != "key" or shape is None:
                        shape = None
                        break
                    shape = _STEPS.get((shape, str(key)))
                if shape is not None:
                    return shape
            elif binding.kind == "param" and binding.path:
                shape = self._destructured(binding)
                if shape is not None:
                    return shape
        by_value = self._by_value(expr, scope)
        if by_value is not None or conventional is None:
            return by_value
        values = self._evaluator.of(expr, scope)
        return None if _ours(values) else conventional

    def _destructured(self, binding: Binding) -> str | None:
        """``({app, request})``: the shape of a place taken out of a parameter."""
        steps = [str(key) for step, key in binding.path if step == "key"]
        if len(steps) != len(binding.path):
            return None
        shape = _BY_NAME.get(steps[0])
        for step in steps[1:]:
            shape = _STEPS.get((shape, step)) if shape is not None else None
        return shape

    def _by_value(self, expr: s.Expr, scope: Scope) -> str | None:
        for value in self._evaluator.of(expr, scope):
            if isinstance(value, ExternalValue) and value.path in _BY_PATH:
                return _BY_PATH[value.path]
        return None

    # --- collecting ---

    def collect(self) -> None:
        """Finds all that the program parks; before that, nothing is known to be stored."""
        self._stored = self._collect()
        self._keys = {key for _, key in self._stored}
        self._shapes.clear()

    def _collect(self) -> dict[Key, list[Binding]]:
        stored: dict[Key, list[Binding]] = defaultdict(list)
        index = self._index
        for name in sorted(index.attribute_stores):
            for attribute in index.attribute_stores[name]:
                if attribute.binding.kind != "value":
                    continue
                shape = self.shape(attribute.base, attribute.binding.scope)
                if shape is not None:
                    stored[shape, name].append(attribute.binding)
        for item in index.item_stores:
            shape = self.shape(item.base, item.binding.scope)
            if shape is not None:
                key = self._key(item.key, item.binding.scope)
                if key is not None:
                    stored[shape, key].append(item.binding)
        for method in sorted({name for _, name in _SETTERS}):
            for call, scope in index.calls_by_name.get(method, ()):
                self._collect_call(call, scope, stored)
        return dict(stored)

    def _collect_call(self, call: s.Call, scope: Scope, stored: dict[Key, list[Binding]]) -> None:
        func = call.func
        if not isinstance(func, s.Attribute) or len(call.args) < 2:
            return
        shape = self.shape(func.value, scope)
        target = _SETTERS.get((shape, func.name)) if shape is not None else None
        key = self._key(call.args[0].value, scope)
        if target is not None and key is not None:
            stored[target, key].append(Binding("value", call.args[1].value, scope))

    # --- keys ---

    def _key(self, expr: s.Expr, scope: Scope) -> Hashable | None:
        """A constant string, or the call that made a key object (``web.AppKey``)."""
        if isinstance(expr, s.Literal):
            return expr.value if isinstance(expr.value, str) else None
        made = self._key_object(expr, scope, 0)
        if made is not None:
            return made
        values = self._evaluator.of(expr, scope)
        if len(values) == 1 and isinstance(values[0], ConstantValue):
            constant = values[0].value
            return constant if isinstance(constant, str) else None
        return None

    def _key_object(self, expr: s.Expr, scope: Scope, depth: int) -> s.Call | None:
        if depth > _MAX_DEPTH:
            return None
        if isinstance(expr, s.Call):
            for value in self._evaluator.of(expr.func, scope):
                if isinstance(value, ExternalValue) and value.path.endswith("Key"):
                    return expr
            return None
        bindings: list[Binding] = []
        if isinstance(expr, s.Name):
            bindings += self._evaluator.bindings(expr.id, scope)
        elif isinstance(expr, s.Attribute):
            for value in self._evaluator.of(expr.value, scope):
                if isinstance(value, ModuleValue) and value.path in self._index.modules:
                    frame = self._index.frames[self._index.modules[value.path]]
                    bindings.extend(frame.names.get(expr.name, ()))
        for binding in bindings[:4]:
            made = self._bound_key(binding, depth)
            if made is not None:
                return made
        return None

    def _bound_key(self, binding: Binding, depth: int) -> s.Call | None:
        if binding.kind == "value" and isinstance(binding.node, s.Call):
            return self._key_object(binding.node, binding.scope, depth + 1)
        if binding.kind == "import" and binding.statement is not None:
            assert isinstance(binding.node, s.ImportedName)
            imports = self._evaluator.imports
            target = imports.target(binding.scope.module.path, binding.statement.specifier)
            origin = (
                imports.origin(target.path, binding.node.name) if target.path is not None else None
            )
            if origin is not None and origin.path in self._index.modules:
                scope = self._index.module_scope(origin.path)
                name = s.Name(binding.node.span, binding.node.name)
                return self._key_object(name, scope, depth + 1)
        return None

    def _typed_key(self, expr: s.Expr, scope: Scope) -> Values:
        """``AppKey("db", Engine)`` says what lies under it."""
        made = self._key_object(expr, scope, 0)
        kind = made.argument(1) if made is not None else None
        if made is None or kind is None:
            return ()
        return self._evaluator.annotations.instance(kind, self._index.scopes[made])


def _ours(values: Values) -> bool:
    """The values are things of the tree, with attributes of their own."""
    return any(isinstance(value, InstanceValue | ObjectValue | ModuleValue) for value in values)
