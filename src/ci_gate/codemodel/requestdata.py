"""Where a JavaScript expression's text comes from: followed back, step by step, to a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import FunctionInfo, Route, Scope
from ci_gate.codemodel.requestguards import Guards, is_plain_type
from ci_gate.codemodel.requestschemas import RequestSchemas
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.values import FunctionValue, ObjectValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

#: A part of an object: names of properties; ``[]`` is any element.
Path: TypeAlias = tuple[str, ...]

_ELEMENT: Final = "[]"
_MAX_STEPS: Final = 3_000
_MAX_DEPTH: Final = 60
_PARTS: Final = {
    "query": "query", "params": "path", "body": "body", "headers": "header", "header": "header",
    "cookies": "header", "get": "header", "param": "path", "queries": "query", "json": "body",
    "parseBody": "body", "text": "body", "rawBody": "body", "querystring": "query",
}  # fmt: skip
#: What Hono's validators call the parts.
_VALID: Final = {
    "query": "query", "json": "body", "form": "body", "param": "params", "header": "headers",
    "cookie": "cookies",
}  # fmt: skip
_PARSING: Final = frozenset({"parse", "parseAsync", "validateSync", "cast", "safeParse"})
#: Methods of texts and lists whose result holds what they are called on.
_SAME: Final = frozenset({
    "trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "slice", "substring", "substr",
    "normalize", "padStart", "padEnd", "toString", "concat", "filter", "join", "split", "sort",
    "reverse", "values", "at", "pop", "shift", "flat",
})  # fmt: skip
_ELEMENTWISE: Final = frozenset({"map", "flatMap", "forEach", "filter", "some", "every"})
#: Functions whose result holds their first argument.
_HOLDING: Final = frozenset({"String", "Array.from", "Set", "Object.values", "decodeURIComponent"})


@dataclass(frozen=True, slots=True)
class RequestPart:
    """Data of a request; ``name`` where the parameter's is known."""

    part: str
    name: str | None
    route: Route
    path: str
    node: s.Node


@dataclass(frozen=True, slots=True)
class _Call:
    """The call through which the function was come to, so that its parameters are that call's."""

    function: FunctionInfo
    call: s.Call
    scope: Scope
    outer: _Call | None


class RequestData:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._guards = Guards(model)
        self._schemas = RequestSchemas(model)
        self._handlers: dict[s.Node, Route] = {}
        self._given_schema: dict[FunctionInfo, bool] = {}
        for route in model.routes:
            for handler in route.handlers[:1]:
                self._handlers.setdefault(handler.node, route)
        self._steps = 0
        self._quoted = False
        self._seen: set[tuple[object, ...]] = set()

    def of(self, expr: s.Expr, scope: Scope, *, quoted: bool = False) -> RequestPart | None:
        """The part of a request whose text ``expr`` holds unchecked; None where there is none or
        that is not known. ``quoted``: it is used as text, not as a number."""
        self._quoted = quoted
        self._steps = 0
        self._seen = set()
        try:
            return next(self._of(expr, scope, (), None, 0), None)
        except RecursionError:
            return None

    def _of(
        self, expr: s.Expr, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        key = (expr, path, called)
        self._steps += 1
        if self._steps > _MAX_STEPS or depth > _MAX_DEPTH or key in self._seen:
            return
        self._seen.add(key)
        if not self._guards.checked(expr, scope, path):
            yield from self._in(expr, scope, path, called, depth + 1)

    def _in(
        self, expr: s.Expr, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        match expr:
            case s.Name(id=name):
                yield from self._name(name, scope, path, called, depth)
            case s.Attribute(value=base, name=name):
                if name != "length":
                    yield from self._of(base, scope, (name, *path), called, depth)
            case s.Subscript(value=base, index=index):
                yield from self._subscript(base, index, scope, path, called, depth)
            case s.Await(value=value) | s.Starred(value=value) | s.AssignExpr(value=value):
                yield from self._of(value, scope, path, called, depth)
            case s.Template(parts=parts, tag=None):
                for part in parts:
                    yield from self._of(part, scope, (), called, depth)
            case s.Binary(op="+" | "or" | "??", left=left, right=right):
                yield from self._of(left, scope, path, called, depth)
                yield from self._of(right, scope, path, called, depth)
            case s.Binary(op="and", right=right):
                yield from self._of(right, scope, path, called, depth)
            case s.Conditional(test=test, body=body, orelse=orelse):
                for chosen in (body, orelse):
                    if not self._guards.tells(test, chosen):
                        yield from self._of(chosen, scope, path, called, depth)
            case s.Mapping():
                yield from self._mapping(expr, scope, path, called, depth)
            case s.Sequence(items=items):
                inner = path[1:] if path[:1] == (_ELEMENT,) else path
                for item in items:
                    yield from self._of(item, scope, inner, called, depth)
            case s.Call():
                yield from self._call(expr, scope, path, called, depth)

    def _subscript(
        self, base: s.Expr, index: s.Expr, scope: Scope, path: Path, called: _Call | None,
        depth: int,
    ) -> Iterator[RequestPart]:  # fmt: skip
        if isinstance(index, s.Literal):
            name = index.value if isinstance(index.value, str) else _ELEMENT
            yield from self._of(base, scope, (name, *path), called, depth)
            return
        known = self._constant(index, scope, called)
        if known is not None:
            yield from self._of(base, scope, (known, *path), called, depth)
        elif not self._is_mapping(base, scope):
            yield from self._of(base, scope, (_ELEMENT, *path), called, depth)

    def _constant(self, index: s.Expr, scope: Scope, called: _Call | None) -> str | None:
        """A key that the call gives (``text(query, "name")``)."""
        if not isinstance(index, s.Name) or called is None:
            return None
        for binding in self._model.bindings(index.id, scope):
            argument = _argument(binding, called)
            if isinstance(argument, s.Literal) and isinstance(argument.value, str):
                return argument.value
        return None

    def _is_mapping(self, base: s.Expr, scope: Scope) -> bool:
        """Does the key choose among the entries of an object that is written out?"""
        return any(isinstance(v, ObjectValue) for v in self._model.evaluate(base, scope))

    def _mapping(
        self, expr: s.Mapping, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        for entry in expr.entries:
            key = entry.key.value if isinstance(entry.key, s.Literal) else None
            if entry.key is None:
                yield from self._of(entry.value, scope, path, called, depth)
            elif path and path[0] in (key, _ELEMENT):
                yield from self._of(entry.value, scope, path[1:], called, depth)

    # --- names ---

    def _name(
        self, name: str, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        for binding in self._model.bindings(name, scope):
            taken = _projected(binding.path)
            if taken is None:
                continue
            if binding.kind == "value" and not isinstance(binding.node, s.Assign):
                node, inner = binding.node, binding.scope
                yield from self._of(node, inner, (*taken, *path), called, depth)  # type: ignore[arg-type]
            elif binding.kind == "param" and isinstance(binding.node, s.Param):
                yield from self._param(binding, (*taken, *path), called, depth)

    def _param(
        self, binding: Binding, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        param, function = binding.node, binding.scope.function
        assert isinstance(param, s.Param)
        node = function.node
        if not isinstance(node, s.Function):
            return
        if param.annotation is not None and is_plain_type(param.annotation, path):
            return
        route = self._handlers.get(node)
        if route is not None:
            found = _request_part(path) if node.params[:1] == [param] else None
            if found is not None and self._may_be_text(route, found[1]):
                yield RequestPart(*found, route, function.module.path, param)
            return
        if called is not None and called.function is function:
            argument = _argument(binding, called)
            if argument is not None:
                follow = self._in if self._is_given_schema(function) else self._of
                yield from follow(argument, called.scope, path, called.outer, depth)
            return
        yield from self._passed(param, function, path, called, depth)

    def _may_be_text(self, route: Route, name: str | None) -> bool:
        """Does nothing that runs before the handler hold the request's data to less?"""
        if name is not None and self._schemas.leave_open(route, name):
            return True
        return not self._guards.validated(route) and not self._guards.typed(
            route, quoted=self._quoted
        )

    def _passed(
        self, param: s.Param, function: FunctionInfo, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        node = function.node
        assert isinstance(node, s.Function)
        passed = self._model.argument_of(node)
        if passed is not None:
            call, scope = passed
            func = call.func
            each = isinstance(func, s.Attribute) and func.name in _ELEMENTWISE
            if each and node.params and node.params[0] is param:
                assert isinstance(func, s.Attribute)
                yield from self._of(func.value, scope, (_ELEMENT, *path), called, depth)
            return
        position = node.params.index(param)
        for edge in self._model.callers(function):
            if edge.reason != "call" or not isinstance(edge.node, s.Call):
                continue
            argument = edge.node.argument(position)
            if argument is not None:
                scope = self._model.function_scope(edge.caller)
                yield from self._of(argument, scope, path, None, depth)

    # --- calls ---

    def _call(
        self, expr: s.Call, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        func = expr.func
        name = _dotted(func)
        if name in _HOLDING and expr.args:
            yield from self._of(expr.args[0].value, scope, path, called, depth)
            return
        if isinstance(func, s.Attribute):
            if func.name in _PARTS or func.name == "valid":
                yield from self._asked(func, expr, scope, path, called, depth)
            if func.name in ("map", "flatMap") and expr.args:
                yield from self._mapped(expr, scope, path, called, depth)
                return
            if func.name in _PARSING and expr.args:
                yield from self._parsed(func, expr.args[0].value, scope, path, called, depth)
            if func.name in _SAME:
                element = (_ELEMENT,) if func.name == "split" else ()
                inner = path[len(element) :] if path[:1] == element and element else path
                inner = () if func.name == "join" else inner
                yield from self._of(func.value, scope, inner, called, depth)
                if func.name == "concat":
                    for argument in expr.args:
                        yield from self._of(argument.value, scope, path, called, depth)
                return
        for value in self._model.evaluate(func, scope):
            if not isinstance(value, FunctionValue):
                continue
            function = value.function
            cleans = self._guards.cleans(function) and not self._is_given_schema(function)
            inside = _Call(function, expr, scope, called)
            for written in self._model.returned(function):
                if cleans and not _is_entry(written, path):
                    continue
                inner_scope = self._model.function_scope(function)
                yield from self._of(written, inner_scope, path, inside, depth)

    def _parsed(
        self, func: s.Attribute, given: s.Expr, scope: Scope, path: Path, called: _Call | None,
        depth: int,
    ) -> Iterator[RequestPart]:  # fmt: skip
        """``schema.parse(req.query)``, of what the schema takes any text for."""
        if func.name == "safeParse":
            if path[:1] != ("data",):
                return
            path = path[1:]
        if not path or not self._schemas.takes_any(
            *self._schema(func.value, scope, called), path[0]
        ):
            return
        match given:
            case s.Call(func=s.Attribute(value=base, name=name), args=[]) if name in _PARTS:
                yield from self._in(base, scope, (f"{name}()", *path), called, depth)
            case _:
                yield from self._in(given, scope, path, called, depth)

    def _is_given_schema(self, function: FunctionInfo) -> bool:
        """``parse(schema, value)``: does it hold the value to a schema of its caller's?"""
        if function not in self._given_schema:
            self._given_schema[function] = _parses_by_parameter(function)
        return self._given_schema[function]

    def _schema(
        self, expr: s.Expr, scope: Scope, called: _Call | None
    ) -> tuple[s.Expr, Scope]:  # fmt: skip
        """The schema, also where the function was given it (``parse(schema, req.query)``)."""
        if isinstance(expr, s.Name) and called is not None:
            for binding in self._model.bindings(expr.id, scope):
                argument = _argument(binding, called) if not binding.path else None
                if argument is not None:
                    return argument, called.scope
        return expr, scope

    def _asked(
        self, func: s.Attribute, call: s.Call, scope: Scope, path: Path, called: _Call | None,
        depth: int,
    ) -> Iterator[RequestPart]:  # fmt: skip
        """``c.req.query("name")``, ``req.get("name")``, ``await c.req.json()``,
        ``c.req.valid("query")``."""
        first = call.argument(0)
        name = first.value if isinstance(first, s.Literal) and isinstance(first.value, str) else ""
        if func.name == "valid":
            if name in _VALID:
                yield from self._of(func.value, scope, (_VALID[name], *path), called, depth)
            return
        inner = (f"{func.name}()", *((name,) if name else ()), *path)
        yield from self._of(func.value, scope, inner, called, depth)

    def _mapped(
        self, call: s.Call, scope: Scope, path: Path, called: _Call | None, depth: int
    ) -> Iterator[RequestPart]:
        """What the callback of ``map`` returns."""
        inner = path[1:] if path[:1] == (_ELEMENT,) else path
        value = call.args[0].value
        if isinstance(value, s.FunctionExpr):
            info = self._model.function_of(value.function)
            if info is not None:
                for written in self._model.returned(info):
                    inner_scope = self._model.function_scope(info)
                    yield from self._of(written, inner_scope, inner, called, depth)
        elif isinstance(value, s.Name) and value.id == "String":
            assert isinstance(call.func, s.Attribute)
            yield from self._of(call.func.value, scope, path, called, depth)


def _is_entry(written: s.Expr, path: Path) -> bool:
    """Is it an object that is written out, with what ``path`` names?"""
    return bool(path) and isinstance(written, s.Mapping) and written.get(path[0]) is not None


def _parses_by_parameter(function: FunctionInfo) -> bool:
    node = function.node
    if not isinstance(node, s.Function):
        return False
    params = {param.name for param in node.params}
    return any(
        isinstance(call, s.Call)
        and isinstance(call.func, s.Attribute)
        and call.func.name in _PARSING
        and isinstance(call.func.value, s.Name)
        and call.func.value.id in params
        for call in s.walk(node)
    )


def _argument(binding: Binding, called: _Call) -> s.Expr | None:
    node = called.function.node
    if binding.kind != "param" or not isinstance(node, s.Function):
        return None
    if binding.node not in node.params:
        return None
    return called.call.argument(node.params.index(binding.node))


def _projected(path: tuple[tuple[str, int | str | None], ...]) -> Path | None:
    found: list[str] = []
    for kind, key in path:
        if kind == "key" and isinstance(key, str):
            found.append(key)
        elif kind in ("index", "element"):
            found.append(_ELEMENT)
        elif kind != "rest":
            return None
    return tuple(found)


_REQUEST: Final = regex(r"^(?:req|request)$")


def _request_part(path: Path) -> tuple[str, str | None] | None:
    """Which part of the request a property of a handler's first parameter is."""
    rest = list(path)
    while rest and _REQUEST.match(rest[0]):
        rest.pop(0)
    if not rest:
        return None
    method = rest[0].endswith("()")
    part = _PARTS.get(rest[0].removesuffix("()"))
    if part is None or (rest[0] in ("get", "param", "json", "text") and not method):
        return None
    names = [item for item in rest[1:] if item != _ELEMENT]
    return part, names[0] if names else None


def _dotted(func: s.Expr) -> str:
    if isinstance(func, s.Attribute) and isinstance(func.value, s.Name):
        return f"{func.value.id}.{func.name}"
    return func.id if isinstance(func, s.Name) else ""
