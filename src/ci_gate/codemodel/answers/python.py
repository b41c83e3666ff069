"""Answers of Flask, FastAPI, aiohttp, Django and Django REST framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.answers.core import Answer, Frame, Reader, Unknowable, own, returned
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

_STARLETTE: Final = regex(r"^(?:starlette|fastapi)\.responses?\.(\w*Response)$|^fastapi\.Response$")
_DJANGO: Final = regex(r"^django\.http\.(?:response\.)?(\w*Response\w*)$")
_AIOHTTP_ERROR: Final = regex(r"^aiohttp\.web(?:_exceptions)?\.HTTP(\w+?)(?:\(\))?$")
#: Decorators of libraries that hand the view's answer on as it is.
_PASSING: Final = frozenset({
    "route", "get", "post", "put", "patch", "delete", "head", "options", "api_route", "view",
    "action", "api_view", "permission_classes", "authentication_classes", "throttle_classes",
    "parser_classes", "renderer_classes", "login_required", "jwt_required", "jwt_optional", "wraps",
    "csrf_exempt", "require_http_methods", "require_GET", "require_POST", "require_safe",
    "expects_json", "doc", "extend_schema", "swagger_auto_schema", "use_kwargs", "use_args",
    "limit", "exempt", "cross_origin", "staticmethod", "classmethod", "method_decorator",
    "permission_required", "never_cache", "atomic",
})  # fmt: skip
#: What the framework's generic views call for a method.
_ACTIONS: Final = {
    "get": ("list", "retrieve"), "post": ("create",), "put": ("update",), "delete": ("destroy",),
    "patch": ("partial_update", "update"), "partial_update": ("update",),
}  # fmt: skip
_CREATES: Final = ("CreateAPIView", "ListCreateAPIView", "ModelViewSet", "CreateModelMixin")
_FLASK_PLAIN: Final = frozenset({
    "flask.jsonify", "flask.json.jsonify", "flask.render_template", "flask.send_file",
    "flask.send_from_directory", "json.dumps",
})  # fmt: skip


class PythonAnswers(Reader):
    def __init__(self, model: CodeModel) -> None:
        super().__init__(model)
        self._calls: dict[str, dict[s.Span, s.Call]] = {}
        #: something outside the handlers changes statuses
        self._changed = bool(model.calls_named("set_status")) or any(
            isinstance(store.base, s.Name)
            and "resp" in store.base.id.lower()
            and not self.sets_error(store)
            for name in ("status_code", "status")
            for store in model.stores(name)
        )

    def of(self, route: Route) -> list[Answer]:
        """All that the route may answer.

        Raises:
            Unknowable: something in it is not understood.
        """
        if self._changed:
            raise Unknowable
        if route.view is not None:
            return self._of_view(route)
        if not route.handlers:
            raise Unknowable
        handler = route.handlers[0]
        self._check_decorators(handler)
        frame = self.frame(handler)
        if route.framework == "fastapi":
            return self._of_fastapi(route, frame)
        return self._of_function(route.framework, frame)

    def _of_function(self, framework: str, frame: Frame, default: int = 200) -> list[Answer]:
        function = frame.function
        if isinstance(function.node, s.Function) and function.node.is_generator:
            raise Unknowable
        found = [
            answer
            for item in returned(function)
            if item.value is not None
            for answer in self._answers(framework, item.value, frame, default)
        ]
        found += self._raised(frame)
        return found

    def _check_decorators(self, handler: FunctionInfo) -> None:
        node = handler.node
        for item in node.decorators if isinstance(node, s.Function) else ():
            called = item.func if isinstance(item, s.Call) else item
            name = called.name if isinstance(called, s.Attribute) else getattr(called, "id", "")
            if name in _PASSING:
                continue
            function = self.function(called, self.frame(handler))
            if function is None or not _passes_on(function):
                raise Unknowable

    # --- class views of Django ---

    def _of_view(self, route: Route) -> list[Answer]:
        assert route.view is not None
        name = route.action or route.method.lower()
        methods = [
            found
            for item in (name, *_ACTIONS.get(name, ()))
            if (found := self.model.method(route.view, item)) is not None
        ]
        for method in methods[:1]:
            self._check_decorators(method)
            return self._of_function("django", self.frame(method))
        standing = FunctionInfo(
            route.view.qualname, route.view.name, route.view.module, route.view.module, None, None
        )
        return [self._generic(route, name, route.view.node, self.frame(standing))]

    def _generic(self, route: Route, name: str, node: s.Node, frame: Frame) -> Answer:
        """What the framework's own view answers."""
        assert route.view is not None
        bases = [item.path for item in self.model.ancestors(route.view)
                 if isinstance(item, ExternalValue)]  # fmt: skip
        if not bases or not all(
            path.startswith(("rest_framework.", "django.", "object", "builtins")) for path in bases
        ):
            raise Unknowable
        if name in ("post", "create") and any(path.endswith(_CREATES) for path in bases):
            return Answer(201, node, frame)
        if name in ("delete", "destroy"):
            return Answer(204, node, frame)
        if name in ("get", "list", "retrieve", "put", "update", "patch", "partial_update"):
            return Answer(200, node, frame)
        raise Unknowable

    # --- FastAPI ---

    def _of_fastapi(self, route: Route, frame: Frame) -> list[Answer]:
        call = self._call_at(route)
        if call is None or any(item.star for item in call.args):
            raise Unknowable
        given = call.argument(None, "status_code")
        if call.argument(None, "response_class") is not None:
            raise Unknowable
        numbers = {200} if given is None else self.numbers(given, frame)
        if len(numbers) != 1:
            raise Unknowable
        default = numbers.pop()
        declared = call.argument(None, "response_model") is not None or self._annotated(frame)
        values = [item.value for item in returned(frame.function) if item.value is not None]
        found: list[Answer] = []
        for value in values:
            found += self._of_fastapi_value(value, frame, default, declared)
        return found or [Answer(default, frame.function.node, frame)]

    def _of_fastapi_value(
        self, value: s.Expr, frame: Frame, default: int, declared: bool
    ) -> Iterator[Answer]:
        inner = value.value if isinstance(value, s.Await) else value
        if isinstance(inner, s.Conditional):
            yield from self._of_fastapi_value(inner.body, frame, default, declared)
            yield from self._of_fastapi_value(inner.orelse, frame, default, declared)
            return
        if isinstance(inner, s.Call):
            made = self._library(inner, frame)
            if made is not None:
                yield from made
                return
            if not declared and not self.is_class(inner.func, frame):
                function = self.function(inner.func, frame)
                if function is None or _names_response(function):
                    raise Unknowable
        elif isinstance(inner, s.Name):
            bound = self.bound(inner.id, frame)
            if bound is not None and frame.depth < 3:
                for item, home in bound:
                    deeper = Frame(home.function, home.scope, home.given, home.depth + 1)
                    yield from self._of_fastapi_value(item, deeper, default, declared)
                return
            if not declared:
                raise Unknowable
        elif not declared and not isinstance(
            inner, s.Mapping | s.Literal | s.Sequence | s.Comprehension
        ):
            raise Unknowable
        yield Answer(default, value, frame, inner)

    def _annotated(self, frame: Frame) -> bool:
        """Does the signature say that no response object comes back?"""
        node = frame.function.node
        if not isinstance(node, s.Function) or node.returns is None:
            return False
        named = [
            item.id if isinstance(item, s.Name) else item.name
            for item in s.walk(node.returns)
            if isinstance(item, s.Name | s.Attribute)
        ]
        external = self.external(node.returns, frame)
        return "Any" not in named and not (
            external and (_STARLETTE.match(external) or external.endswith("Response()"))
        ) and not any(_STARLETTE.match(f"fastapi.responses.{name}") and not self.is_class(
            node.returns, frame) for name in named)  # fmt: skip

    def _call_at(self, route: Route) -> s.Call | None:
        if route.module not in self._calls:
            self._calls[route.module] = {
                node.span: node
                for node in s.walk(self.model.modules[route.module])
                if isinstance(node, s.Call)
            }
        return self._calls[route.module].get(route.span)

    # --- what is returned ---

    def _answers(
        self, framework: str, value: s.Expr, frame: Frame, default: int
    ) -> Iterator[Answer]:
        match value:
            case s.Await(value=inner):
                yield from self._answers(framework, inner, frame, default)
            case s.Conditional(body=body, orelse=orelse):
                yield from self._answers(framework, body, frame, default)
                yield from self._answers(framework, orelse, frame, default)
            case s.Sequence(kind="tuple", items=[body, status, *_]) if framework == "flask":
                if isinstance(status, s.Mapping):
                    yield from self._answers(framework, body, frame, default)
                    return
                for number in self.numbers(status, frame):
                    yield Answer(number, value, frame, _content(body))
            case s.Mapping() | s.Comprehension() | s.Sequence(kind="list") | s.Template():
                yield Answer(default, value, frame, value)
            case s.Literal(value=str()):
                yield Answer(default, value, frame)
            case s.Name(id=name):
                bound = self.bound(name, frame)
                if bound is None or frame.depth >= 3:
                    raise Unknowable
                for item, home in bound:
                    deeper = Frame(home.function, home.scope, home.given, home.depth + 1)
                    yield from self._answers(framework, item, deeper, default)
            case s.Call():
                yield from self._of_call(framework, value, frame, default)
            case _:
                raise Unknowable

    def _of_call(
        self, framework: str, call: s.Call, frame: Frame, default: int
    ) -> Iterator[Answer]:
        made = self._library(call, frame)
        if made is not None:
            yield from made
            return
        function = self.function(call.func, frame)
        if function is None or function is frame.function:
            raise Unknowable
        self._check_decorators(function)
        found = self._of_function(framework, self.entered(call, function, frame), default)
        if not found:
            raise Unknowable
        for answer in found:
            yield answer.seen_from(call, frame)

    def _library(self, call: s.Call, frame: Frame) -> list[Answer] | None:
        """The answers that a library's call makes; None when it makes none."""
        path = self.external(call.func, frame)
        if path is None:
            return None
        if path in _FLASK_PLAIN:
            return [Answer(200, call, frame, _content(call))]
        if path == "flask.make_response":
            first, status = call.argument(0), call.argument(1)
            if status is None and (first is None or not isinstance(first, s.Sequence)):
                return [Answer(200, call, frame, None if first is None else _content(first))]
            if status is None:
                return list(self._answers("flask", first, frame, 200)) if first else None
            return self._with_status(call, status, 200, frame, first)
        if path in ("flask.Response", "flask.wrappers.Response", "werkzeug.Response",
                    "werkzeug.wrappers.Response"):  # fmt: skip
            return self._with_status(call, call.argument(1, "status"), 200, frame)
        if path in ("flask.redirect", "werkzeug.utils.redirect", "django.shortcuts.redirect"):
            return [Answer(302, call, frame)]
        if path == "django.shortcuts.render":
            return self._with_status(call, call.argument(4, "status"), 200, frame)
        if path in ("aiohttp.web.json_response", "aiohttp.web.Response"):
            body = call.argument(0, "data") if path.endswith("json_response") else None
            return self._with_status(call, call.argument(None, "status"), 200, frame, body)
        if path == "rest_framework.response.Response":
            status = call.argument(1, "status")
            return self._with_status(call, status, 200, frame, call.argument(0, "data"))
        starlette = _STARLETTE.match(path)
        if starlette:
            usual = 307 if starlette[1] == "RedirectResponse" else 200
            status = call.argument(1, "status_code")
            return self._with_status(call, status, usual, frame, call.argument(0, "content"))
        django = _DJANGO.match(path)
        if django:
            return self._of_django(call, django[1], frame)
        return None

    def _of_django(self, call: s.Call, name: str, frame: Frame) -> list[Answer]:
        known = {"HttpResponse": 200, "JsonResponse": 200, "StreamingHttpResponse": 200,
                 "FileResponse": 200}  # fmt: skip
        if name not in known:
            return [Answer(302 if "Redirect" in name else 400, call, frame)]
        body = call.argument(0, "data") if name == "JsonResponse" else None
        position = 2 if name == "HttpResponse" else None
        status = call.argument(position, "status")
        return self._with_status(call, status, known[name], frame, body)

    def _with_status(
        self,
        call: s.Call,
        status: s.Expr | None,
        usual: int,
        frame: Frame,
        body: s.Expr | None = None,
    ) -> list[Answer]:
        if any(item.star for item in call.args):
            raise Unknowable
        missing = status is None or (isinstance(status, s.Literal) and status.value is None)
        numbers = {usual} if missing or status is None else self.numbers(status, frame)
        return [Answer(number, call, frame, body) for number in numbers]

    def _raised(self, frame: Frame) -> Iterator[Answer]:
        """aiohttp's answers that are raised, ``raise web.HTTPCreated()``."""
        node = frame.function.node
        for statement in node.body if isinstance(node, s.Function) else ():
            for item in own(statement):
                if isinstance(item, s.Raise) and isinstance(item.value, s.Call):
                    path = self.external(item.value.func, frame) or ""
                    found = _AIOHTTP_ERROR.match(path)
                    status = _status_of(found[1]) if found else None
                    if status is not None:
                        yield Answer(status, item, frame)


def _status_of(name: str) -> int | None:
    """``NoContent`` -> 204"""
    plain = {re.sub(r"\W|_", "", item.name).lower(): item.value for item in HTTPStatus}
    return plain.get(name.lower())


def _content(body: s.Expr) -> s.Expr | None:
    """What ``jsonify(x)`` is given, where that is one thing."""
    if isinstance(body, s.Call):
        name = getattr(body.func, "name", None) or getattr(body.func, "id", None)
        if name != "jsonify":
            return body
        if len(body.args) == 1 and not body.args[0].star and body.args[0].keyword is None:
            return body.args[0].value
        if body.args and all(item.keyword is not None for item in body.args):
            entries = [
                s.Entry(item.span, s.Literal(item.span, item.keyword, "string"), item.value)
                for item in body.args
            ]
            return s.Mapping(body.span, entries)
        return None
    return body


def _passes_on(decorator: FunctionInfo) -> bool:
    """Does a decorator of the tree only return what the function it wraps returns?"""
    node = decorator.node
    if not isinstance(node, s.Function) or not node.params:
        return False
    taken = {item.name for item in node.params}
    inner = [item for item in s.walk(node) if isinstance(item, s.Function) and item is not node]
    for function in inner:
        taken |= {item.name for item in function.params}
    wrapper = [
        item.value
        for function in inner
        for item in s.returns_in(function)
        if item.value is not None
    ]
    return bool(wrapper) and all(_calls_one_of(value, taken) or isinstance(value, s.Name)
                                 for value in wrapper)  # fmt: skip


def _calls_one_of(value: s.Expr, names: set[str]) -> bool:
    if isinstance(value, s.Await):
        value = value.value
    return isinstance(value, s.Call) and isinstance(value.func, s.Name) and value.func.id in names


def _names_response(function: FunctionInfo) -> bool:
    node = function.node
    return not isinstance(node, s.Function) or any(
        "Response" in (item.id if isinstance(item, s.Name) else item.name)
        for item in s.walk(node)
        if isinstance(item, s.Name | s.Attribute)
    )
