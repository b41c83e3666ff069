"""Data of the request in the words of Express, Fastify, Koa and Hono.

Their objects (``req``, ``request``, ``ctx``, ``ctx.request``, ``c``, ``c.req``, and what middleware
parks values on: ``res.locals``, ``ctx.state``) are one :class:`Request`: no name means one thing in
one of them and another thing in another. What middleware has put there under a name is what a later
handler reads; a name that nobody is known to set may hold anything, the query string too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import web
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Args,
    Const,
    Item,
    Library,
    Method,
    Params,
    Request,
    Source,
    Val,
    of,
)
from ci_gate.codemodel.program import Route

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

FRAMEWORKS: Final = frozenset({"express", "fastify", "koa", "hono"})
RESPONSE: Final = Library("response")
_PARTS: Final[dict[str, Literal["query", "path", "body", "header"]]] = {
    "query": "query", "queries": "query", "params": "path", "param": "path", "body": "body",
    "rawBody": "body", "files": "body", "file": "body", "headers": "header", "cookies": "header",
    "signedCookies": "header",
}  # fmt: skip
_SAME: Final = frozenset({"req", "request", "state", "locals", "raw", "ctx", "context"})
#: The address of the request, with its query string.
_ADDRESSES: Final = frozenset({
    "url", "originalUrl", "href", "search", "querystring", "URL", "nextUrl",
})  # fmt: skip
_BODIES: Final = frozenset({"json", "text", "formData", "parseBody", "arrayBuffer", "blob"})
#: What of a request says nothing of its query string.
_OTHER: Final = frozenset({
    "user", "userId", "user_id", "currentUser", "auth", "session", "sessionID", "token", "jwt",
    "payload", "id", "ip", "ips", "method", "path", "baseUrl", "hostname", "host", "protocol",
    "secure", "xhr", "fresh", "stale", "subdomains", "app", "server", "log", "logger", "socket",
    "connection", "get", "header", "is", "accepts", "res", "response", "reply", "cookie", "t",
    "i18n", "db", "prisma", "knex", "env", "var", "set", "throw", "assert", "next",
    "isAuthenticated", "logout", "login", "jwtVerify", "flash", "csrfToken", "acceptsLanguages",
    "requestId", "on", "once", "executionCtx", "html", "redirect", "render", "notFound", "then",
    "setCookie", "etag", "lastModified", "di", "container", "services",
})  # fmt: skip


def entry_arguments(route: Route) -> Args:
    """What the framework passes to a handler, or to a function that runs before it."""
    if route.framework in ("koa", "hono"):
        return Args(None, (of(Request()), UNKNOWN))
    return Args(None, (of(Request()), of(RESPONSE), UNKNOWN))


def attribute(machine: Machine, item: Item, name: str, node: s.Node) -> Val | None:
    """``item.name`` of what the frameworks hand out; None for anything else."""
    if isinstance(item, Params):
        return web.parameter(machine, item, of(Const(name)), node)
    if item == RESPONSE:
        return of(Request()) if name in ("locals", "req", "request") else None
    if not isinstance(item, Request):
        return None
    if name in machine.context:
        return machine.context[name]
    part = _PARTS.get(name)
    if part is not None:
        route = machine.run.route
        if name == "param" and route is not None and route.framework == "express":
            machine.escape()  # express 4 looks in the query string too
        return of(Params(part))
    if name in _SAME:
        return of(Request())
    if name in ("res", "response", "reply"):
        return of(RESPONSE)
    if name in _BODIES or name in ("get", "set", "valid"):
        return of(Method(item, name))
    if name in _ADDRESSES:
        return of(sources=[Source("query", None, node)])
    if name not in _OTHER:
        machine.escape()
    return UNKNOWN


def set_attribute(machine: Machine, name: str, value: Val) -> None:
    """``req.name = value``, ``ctx.body = value``."""
    if name == "body":
        answered(machine, value)
    known = machine.context.get(name)
    if not value.items and not value.sources:
        machine.context.pop(name, None)  # whoever reads it gets what is not known
        return
    machine.context[name] = value if known is None else Val(
        tuple(dict.fromkeys((*known.items, *value.items))), known.sources | value.sources, True
    )  # fmt: skip


def called(machine: Machine, item: Item, args: Args, node: s.Expr) -> Val | None:
    """``c.req.query("name")``, ``c.req.valid("query")``, ``c.get("name")``."""
    first = args.get(0)
    constant = first.only() if first is not None else None
    name = constant.value if isinstance(constant, Const) else None
    if isinstance(item, Library) and item.path.startswith(RESPONSE.path):
        answered(machine, *args.all())
        return of(RESPONSE)
    if isinstance(item, Params):
        return of(item) if first is None else web.parameter(machine, item, first, node)
    if not isinstance(item, Method) or not isinstance(item.owner, Request):
        return None
    if item.name == "valid":
        part = _PARTS.get(str(name), "body")
        return of(Params(part, typed=True))
    if item.name == "set" and len(args.positional) == 2 and isinstance(name, str):
        set_attribute(machine, name, args.positional[1])
        return UNKNOWN
    if item.name == "get" and isinstance(name, str):
        route = machine.run.route
        hono = route is not None and route.framework == "hono"
        if hono and name not in machine.context and name not in _OTHER:
            machine.escape()
        return machine.context.get(name, UNKNOWN)
    if item.name in _BODIES and first is None:
        return of(Params("body"))
    if item.name in _BODIES:
        answered(machine, *args.all())
        return of(RESPONSE)
    return None


def answered(machine: Machine, *values: Val) -> None:
    """The values are sent to the client."""
    machine.use(*values)
    for value in values:
        machine.run.responded |= machine.rows_in(value)
