from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule


@dataclass(frozen=True, slots=True)
class _Signature:
    """The keywords that the class or function takes, and how many arguments by position."""

    keywords: frozenset[str]
    positional: int


def _takes(text: str, positional: int) -> _Signature:
    return _Signature(frozenset(text.split()), positional)


_AIOHTTP: Final = _takes("body status reason text headers content_type charset zlib_executor_size "
                         "zlib_executor", 0)  # fmt: skip
_AIOHTTP_ERROR: Final = _takes("headers reason body text content_type", 0)
_STARLETTE: Final = _takes("content status_code headers media_type background", 5)
_DJANGO: Final = _takes("content content_type status reason charset headers", 6)
_SIGNATURES: Final[dict[str, _Signature]] = {
    "django.http.JsonResponse": _takes(
        "data encoder safe json_dumps_params content_type status reason charset headers", 4
    ),
    "django.http.HttpResponse": _DJANGO,
    **{
        f"django.http.HttpResponse{name}": _DJANGO
        for name in ("BadRequest", "NotFound", "Forbidden", "ServerError", "Gone")
    },
    "aiohttp.web.json_response": _takes(
        "data text body status reason headers content_type dumps", 1
    ),
    "aiohttp.web.Response": _AIOHTTP,
    **{
        f"aiohttp.web.HTTP{name}": _AIOHTTP_ERROR
        for name in (
            "BadRequest", "Unauthorized", "Forbidden", "NotFound", "Conflict",
            "UnprocessableEntity", "InternalServerError", "Gone", "TooManyRequests",
        )
    },
    "fastapi.responses.JSONResponse": _STARLETTE,
    "fastapi.responses.PlainTextResponse": _STARLETTE,
    "fastapi.responses.HTMLResponse": _STARLETTE,
    "fastapi.Response": _STARLETTE,
    "fastapi.HTTPException": _takes("status_code detail headers", 3),
    "starlette.responses.JSONResponse": _STARLETTE,
    "flask.Response": _takes(
        "response status headers mimetype content_type direct_passthrough", 6
    ),
    "flask.make_response": _takes("", 9),
    "rest_framework.response.Response": _takes(
        "data status template_name headers exception content_type", 6
    ),
}  # fmt: skip
#: What the other frameworks call a thing.
_MEANT: Final = {
    "status_code": "status", "status": "status_code", "media_type": "content_type",
    "mimetype": "content_type", "content_type": "media_type", "detail": "reason",
    "message": "detail",
}  # fmt: skip
_JSON: Final = "django.http.JsonResponse"
_AIOHTTP_RESPONSE: Final = "aiohttp.web.Response"
_TEXT: Final = "django.http.HttpResponse"
_LISTS: Final = frozenset({"list", "List", "Sequence", "tuple", "Tuple"})
_MAPPINGS: Final = frozenset({"dict", "Dict", "Mapping"})


class ResponseArguments(Rule):
    """A response is made with arguments that the framework's class does not take.

    `JsonResponse(data, status_code=201)`, `web.json_response(data, 201)`, `web.HTTPNotFound("…")`,
    `JSONResponse(data, status=201)`. In Django also a list without `safe=False`, a number in the
    place of the encoder, and `HttpResponse` of a dictionary, which sends its keys.

    ## Why is this bad?
    TypeError on every request that comes there, mostly on the way that no test goes: 500 in the
    place of the answer.

    ## Fix
    Write what this framework calls the argument.

    ## Silent on
    Calls with `*` or `**`, classes of the project's own, values that are not known.

    ## Source
    Django, "Request and response objects"; aiohttp, "Web Server Reference"; Starlette,
    "Responses"; Flask, "Response Objects".
    """

    id = "framework/response-arguments"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django", "aiohttp", "fastapi", "flask")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for name in sorted({path.rpartition(".")[2] for path in _SIGNATURES}):
            for call, scope in model.calls_named(name):
                if scope.module.language != "python" or is_outside(scope.module.path):
                    continue
                values = model.evaluate(call.func, scope)
                paths = [v.path for v in values if isinstance(v, ExternalValue)]
                if len(paths) == 1 == len(values) and paths[0] in _SIGNATURES:
                    yield from self._one(model, call, scope, paths[0])

    def _one(self, model: CodeModel, call: s.Call, scope: Scope, path: str) -> Iterator[Finding]:
        if any(argument.star for argument in call.args):
            return
        takes = _SIGNATURES[path]
        shown = path.rpartition(".")[2]
        given = [argument for argument in call.args if argument.keyword is None]
        for argument in call.args:
            word = argument.keyword
            if word is not None and word not in takes.keywords:
                meant = _MEANT.get(word, "")
                fix = f"Write `{meant}=`." if meant in takes.keywords else (
                    f"It takes {', '.join(f'`{one}`' for one in sorted(takes.keywords))}."
                    if takes.keywords
                    else f"Leave `{word}` out, or set it on the response."
                )  # fmt: skip
                yield self._finding(
                    scope, argument.value, f"`{shown}()` takes no `{word}`.",
                    f"TypeError: unexpected keyword argument '{word}', on every request that comes "
                    "here.", fix,
                )  # fmt: skip
        if len(given) > takes.positional:
            extra = given[takes.positional].value
            takes_some = f"takes {takes.positional}" if takes.positional else "takes none"
            yield self._finding(
                scope, extra, f"`{shown}()` {takes_some} by position, and is given {len(given)}.",
                "TypeError on every request that comes here.",
                f"Name the argument: {_named(extra, takes)}.",
            )  # fmt: skip
        elif path == _JSON and len(given) > 1 and _is_status(given[1].value):
            yield self._finding(
                scope, given[1].value, "`JsonResponse()` is given a number for its encoder.",
                "TypeError: 'int' object is not callable, on every request that comes here.",
                "Write `status=`.",
            )  # fmt: skip
        first = call.argument(0, "data" if path == _JSON else "content")
        if path == _JSON and call.argument(2, "safe") is None and _is(model, first, scope, _LISTS):
            yield self._finding(
                scope, first or call, "`JsonResponse()` is given a list, without `safe=False`.",
                "TypeError: In order to allow non-dict objects to be serialized set the safe "
                "parameter to False, on every request that comes here.",
                "Put the list under a name of an object, or write `safe=False`.",
            )  # fmt: skip
        body = call.argument(None, "body") if path == _AIOHTTP_RESPONSE else None
        if _is(model, body, scope, _MAPPINGS):
            yield self._finding(
                scope, body or call, "`web.Response()` is given a dictionary for its body.",
                "ValueError: Unsupported body type, on every request that comes here.",
                "Write `web.json_response(…)`.",
            )  # fmt: skip
        if path == _TEXT and _is(model, first, scope, _MAPPINGS):
            yield self._finding(
                scope, first or call, "`HttpResponse()` is given a dictionary.",
                "It goes over what it is given: the body is the names of the fields, one after the "
                "other.", "Write `JsonResponse(…)`.",
            )  # fmt: skip

    def _finding(self, scope: Scope, node: s.Node, message: str, why: str, fix: str) -> Finding:
        return self.finding(
            scope.module.path,
            node,
            message=message,
            why=why,
            fix=fix,
            subject=f"{scope.function.name}: {message}",
        )


def _named(extra: s.Expr, takes: _Signature) -> str:
    if _is_status(extra):
        return "`status=`" if "status" in takes.keywords else "`reason=`"
    return "`text=` or `body=`" if "text" in takes.keywords else "`status=`"


def _is_status(expr: s.Expr) -> bool:
    if s.last_name(expr) in ("status", "status_code"):
        return True
    return isinstance(expr, s.Literal) and expr.kind == "number"


def _is(model: CodeModel, expr: s.Expr | None, scope: Scope, kinds: frozenset[str]) -> bool:
    """Is the value surely a list (or a dictionary), as ``kinds`` names them?"""
    lists = kinds is _LISTS
    if isinstance(expr, s.Name):
        bindings = model.bindings(expr.id, scope)
        only = bindings[0] if len(bindings) == 1 else None
        kept = only.node if only is not None and only.kind == "value" and not only.path else None
        return isinstance(kept, s.Sequence if lists else s.Mapping)
    if isinstance(expr, s.Sequence):
        return lists
    if isinstance(expr, s.Mapping):
        return not lists
    if not isinstance(expr, s.Call):
        return False
    values = model.evaluate(expr.func)
    if not values or not all(isinstance(value, FunctionValue) for value in values):
        return False
    for value in values:
        node = value.function.node if isinstance(value, FunctionValue) else None
        if not isinstance(node, s.Function) or node.returns is None or node.decorators:
            return False
        written = node.returns.value if isinstance(node.returns, s.Subscript) else node.returns
        if s.last_name(written) not in kinds:
            return False
        if node.is_async or node.is_generator:
            return False
    return True
