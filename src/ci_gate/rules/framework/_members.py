"""Members that requests, replies and contexts are taken to have, and have not.

Each table names what other frameworks call a thing, with what to write here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules._contexts import Kind

if TYPE_CHECKING:
    from re import Pattern

_NODE_HEADERS: Final = "headers are a plain object: read `headers.authorization`"
#: What the object does not have, with what to write.
ABSENT: Final[dict[Kind, dict[str, str]]] = {
    "express.Request": {
        "json": "req.body, behind express.json()",
        "text": "req.body, behind express.text()",
        "formData": "req.body, behind a parser for forms",
        "queryParams": "req.query",
        "pathParams": "req.params",
        "match_info": "req.params",
    },
    "express.Response": {
        "code": "res.status()",
        "setStatus": "res.status()",
        "withStatus": "res.status()",
        "throw": "throw the error",
    },
    "fastify.Request": {
        "get": "request.headers",
        "header": "request.headers",
        "req": "request.raw",
        "path": "request.url",
        "cookies": "@fastify/cookie, registered first",
        "session": "@fastify/session, registered first",
        "file": "@fastify/multipart, registered first",
        "files": "@fastify/multipart, registered first",
        "parts": "@fastify/multipart, registered first",
        "jwtVerify": "@fastify/jwt, registered first",
        "json": "request.body",
        "queryParams": "request.query",
    },
    "fastify.Reply": {
        "json": "reply.send()",
        "sendStatus": "reply.code().send()",
        "end": "reply.send()",
        "set": "reply.header()",
        "setHeader": "reply.header()",
        "writeHead": "reply.code().headers()",
        "res": "reply.raw",
        "render": "reply.view() of @fastify/view",
        "cookie": "reply.setCookie() of @fastify/cookie",
        "setCookie": "@fastify/cookie, registered first",
        "clearCookie": "@fastify/cookie, registered first",
        "sendFile": "@fastify/static, registered first",
        "view": "@fastify/view, registered first",
        "jwtSign": "@fastify/jwt, registered first",
    },
    "koa.Context": {
        "json": "ctx.body",
        "send": "ctx.body",
        "sendStatus": "ctx.status",
        "code": "ctx.status",
        "reply": "ctx.body",
        "end": "ctx.body",
        "getHeader": "ctx.get()",
        "setHeader": "ctx.set()",
        "session": "koa-session, registered first",
        "user": "ctx.state.user",
        "userId": "ctx.state.userId",
        "locals": "ctx.state",
    },
    "hono.Context": {
        "params": "c.req.param()",
        "param": "c.req.param()",
        "query": "c.req.query()",
        "state": "c.get() and c.set()",
        "locals": "c.get() and c.set()",
        "user": "c.get('user')",
        "userId": "c.get('userId')",
        "request": "c.req",
        "response": "c.res",
        "send": "return c.json()",
        "headers": "c.req.header()",
        "cookies": "getCookie(c) of hono/cookie",
        "cookie": "getCookie(c) and setCookie(c) of hono/cookie",
        "throw": "throw new HTTPException()",
    },
    "aiohttp.Request": {
        "args": "request.query",
        "query_params": "request.query",
        "GET": "request.query",
        "form": "await request.post()",
        "POST": "await request.post()",
        "data": "await request.json()",
        "body": "await request.read()",
        "get_json": "await request.json()",
        "get_data": "await request.read()",
        "params": "request.match_info",
        "path_params": "request.match_info",
        "view_args": "request.match_info",
        "META": "request.headers",
        "values": "request.query",
        "state": "request['name']",
        "user": "request['user']",
    },
    "django.HttpRequest": {
        "json": "json.loads(request.body)",
        "get_json": "json.loads(request.body)",
        "data": "json.loads(request.body)",
        "get_data": "request.body",
        "args": "request.GET",
        "query": "request.GET",
        "query_params": "request.GET",
        "form": "request.POST",
        "params": "the arguments of the view",
        "path_params": "the arguments of the view",
        "match_info": "the arguments of the view",
        "values": "request.GET",
        "files": "request.FILES",
        "cookies": "request.COOKIES",
        "url": "request.build_absolute_uri()",
        "state": "an attribute that middleware sets",
    },
    "starlette.Request": {
        "args": "request.query_params",
        "query": "request.query_params",
        "GET": "request.query_params",
        "POST": "await request.form()",
        "data": "await request.json()",
        "get_json": "await request.json()",
        "get_data": "await request.body()",
        "match_info": "request.path_params",
        "params": "request.path_params",
        "view_args": "request.path_params",
        "values": "request.query_params",
        "files": "await request.form()",
        "META": "request.headers",
        "COOKIES": "request.cookies",
        "FILES": "await request.form()",
    },
    "flask.Request": {
        "body": "request.get_json()",
        "query": "request.args",
        "query_params": "request.args",
        "params": "request.view_args",
        "path_params": "request.view_args",
        "match_info": "request.view_args",
        "GET": "request.args",
        "POST": "request.form",
        "FILES": "request.files",
        "COOKIES": "request.cookies",
        "META": "request.headers",
        "text": "request.get_data(as_text=True)",
    },
}  # fmt: skip
#: The same of what an object holds: ``ctx.req.body``.
ABSENT_OF: Final[dict[tuple[Kind, str], dict[str, str]]] = {
    ("koa.Context", "req"): {
        "body": "ctx.request.body",
        "params": "ctx.params",
        "query": "ctx.query",
        "get": "ctx.get()",
        "header": "ctx.get()",
        "cookies": "ctx.cookies",
        "user": "ctx.state.user",
    },
    ("koa.Context", "res"): {
        "json": "ctx.body",
        "send": "ctx.body",
        "status": "ctx.status",
        "set": "ctx.set()",
        "code": "ctx.status",
    },
    ("hono.Context", "res"): {
        "send": "return c.json()",
        "end": "return c.body()",
        "setHeader": "c.header()",
        "set": "c.header()",
    },
    ("koa.Context", "response"): {"json": "ctx.body", "send": "ctx.body"},
    ("hono.Context", "req"): {
        "body": "await c.req.json()",
        "params": "c.req.param()",
        "headers": "c.req.header()",
        "cookies": "getCookie(c) of hono/cookie",
        "get": "c.req.header()",
        "user": "c.get('user')",
        "queryParams": "c.req.query()",
    },
    ("express.Request", "headers"): {"get": _NODE_HEADERS},
    ("fastify.Request", "headers"): {"get": _NODE_HEADERS},
    ("koa.Context", "headers"): {"get": _NODE_HEADERS},
    ("koa.Context", "header"): {"get": _NODE_HEADERS},
}
#: Methods, that are of no use where they are not called.
METHODS: Final[dict[Kind, frozenset[str]]] = {
    "hono.Context": frozenset({"json", "text", "body", "html", "get", "set", "status", "header"}),
    "aiohttp.Request": frozenset({"json", "text", "read", "post"}),
    "starlette.Request": frozenset({"json", "body", "form"}),
    "flask.Request": frozenset({"get_json", "get_data"}),
}
METHODS_OF: Final[dict[tuple[Kind, str], frozenset[str]]] = {
    ("hono.Context", "req"): frozenset({
        "query", "queries", "param", "header", "json", "text", "parseBody", "formData", "valid",
    }),
}  # fmt: skip
#: Plain values, that cannot be called.
VALUES: Final[dict[Kind, frozenset[str]]] = {
    "express.Request": frozenset({"body", "query", "params", "headers", "method", "path"}),
    "express.Response": frozenset({"statusCode", "locals"}),
    "fastify.Request": frozenset({"body", "query", "params", "headers", "method", "url"}),
    "fastify.Reply": frozenset({"statusCode", "sent"}),
    "koa.Context": frozenset({"status", "body", "query", "params", "headers", "state", "method"}),
    "hono.Context": frozenset({"res", "env"}),
    "aiohttp.Request": frozenset({"query", "match_info", "headers", "cookies", "method", "path"}),
    "django.HttpRequest": frozenset({"body", "GET", "POST", "headers", "method", "path", "META"}),
    "starlette.Request": frozenset({"query_params", "path_params", "headers", "method", "cookies"}),
    "flask.Request": frozenset({
        "json", "args", "form", "data", "files", "headers", "method", "view_args", "cookies",
    }),
}  # fmt: skip
#: Methods that change the object and give nothing back.
GIVING_NOTHING: Final[dict[Kind, frozenset[str]]] = {
    "hono.Context": frozenset({"status", "header", "set"}),
    "koa.Context": frozenset({"set", "append", "remove"}),
}
#: Methods that give the object itself back.
CHAINING: Final[dict[Kind, frozenset[str]]] = {
    "express.Response": frozenset({"status", "set", "header", "type", "cookie", "vary", "append"}),
    "fastify.Reply": frozenset({"status", "code", "header", "headers", "type", "serializer"}),
}
#: Packages that may give an object members of their own.
EXTENDING: Final[dict[Kind, Pattern[str]]] = {
    "express.Request": regex(r"express(?!$|-rate|-async-errors)|multer|connect|passport|session"),
    "express.Response": regex(r"express(?!$|-rate|-async-errors)|connect|boom|respon"),
    "fastify.Request": regex(
        r"cookie|session|multipart|jwt|auth|passport|fastify(?!$|-plugin$)(?<!@fastify/cors)"
        r"(?<!@fastify/helmet)(?<!@fastify/rate-limit)(?<!@fastify/swagger)(?<!-swagger-ui)"
    ),
    "koa.Context": regex(r"koa-|@koa/(?!router|cors|bodyparser)|grant|passport|session|respond"),
    "django.HttpRequest": regex(r"rest_framework|ninja|strawberry|graphene|tastypie|piston"),
    "aiohttp.Request": regex(r"aiohttp_(?!cors|jinja2|swagger)|webargs|pydantic_aiohttp"),
}
#: Packages that have nothing of the kind, for all their names.
_PLAIN: Final = regex(
    r"^(?:koa-(?:body(?:parser)?|router|cors|logger|helmet|static|compress|json|morgan|bodyparser)|"
    r"@fastify/(?:cors|helmet|rate-limit|swagger|swagger-ui|compress|autoload|type-provider.*)|"
    r"fastify-plugin|express-async-errors|express-rate-limit|express-validator)$"
)


@dataclass(frozen=True, slots=True)
class Packages:
    """What the program imports."""

    names: frozenset[str]

    def extend(self, kind: Kind) -> bool:
        """May a package give objects of this kind members of its own?"""
        pattern = EXTENDING.get(kind) or EXTENDING.get(_partner(kind))
        return pattern is not None and any(
            pattern.search(name) and not _PLAIN.match(name) for name in self.names
        )


def _partner(kind: Kind) -> Kind:
    return "fastify.Request" if kind == "fastify.Reply" else kind
