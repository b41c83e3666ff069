from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._routers import routers

_BODIES: Final = frozenset({"json", "jsonp", "send"})
_MISSING_ON_RESPONSE: Final = {"sendfile": "res.sendFile(…)"}
_MISSING_ON_REQUEST: Final = {
    "param": "req.params, req.query or req.body",
    "acceptsCharset": "req.acceptsCharsets(…)",
    "acceptsEncoding": "req.acceptsEncodings(…)",
    "acceptsLanguage": "req.acceptsLanguages(…)",
}


@dataclass(frozen=True, slots=True)
class _Use:
    """What is written, what Express 5 makes of it, and what to write."""

    node: s.Node
    what: str
    happens: str
    fix: str


class ExpressRemovedApi(Rule):
    """A call of Express 4 that Express 5 no longer has, or reads in another way.

    `res.send(204)`, `res.json(body, 201)`, `res.redirect('back')`, `res.redirect(url, 301)`,
    `req.param('id')`, `res.sendfile(…)`, `app.del(…)`.

    ## Why is this bad?
    Nothing fails at start. `res.send(204)` answers status 200 with the body `204`, a status behind
    the body is left out, `redirect('back')` sends the client to the page `back`; the methods that
    are gone are a TypeError, so status 500, when the request comes.

    ## Fix
    `res.sendStatus(204)`, `res.status(201).json(body)`, `res.redirect(301, url)`,
    `res.redirect(req.get('Referrer') || '/')`, `req.params.id`, `app.delete(…)`.

    ## Silent on
    Express 4; services whose manifest and lock file leave the version open; functions that are not
    seen to be handlers.

    ## Source
    Express, "Migrating to Express 5: Removed methods and properties".
    """

    id = "express/removed-api"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        packages = NodePackages(model.tree)
        for path, use in (*_in_handlers(model), *_on_routers(model)):
            if not is_outside(path) and packages.major(path, "express") == 5:
                yield self.finding(
                    path,
                    use.node,
                    message=f"`{use.what}` is of Express 4: {use.happens}.",
                    why="The service runs with Express 5, where this changed without an error at "
                    "start.",
                    fix=use.fix,
                    subject=use.what,
                )


def _in_handlers(model: CodeModel) -> Iterator[tuple[str, _Use]]:
    handlers = dict.fromkeys(
        handler
        for route in model.routes
        if route.framework == "express"
        for handler in route.handlers
    )
    for function in handlers:
        node = function.node
        if not isinstance(node, s.Function):
            continue
        names = [param.name for param in node.params if param.name != "this"]
        request, response, *_ = (*(names[1:] if len(names) == 4 else names), "", "")
        for inner in s.walk(node):
            match inner:
                case s.Call(func=s.Attribute(value=owner, name=name)):
                    base = _base(owner)
                    use = None
                    if response and base == response:
                        use = _of_response(inner, response, name, owner)
                    elif request and isinstance(owner, s.Name) and owner.id == request:
                        use = _of_request(inner, request, name)
                    if use is not None:
                        yield function.module.path, use


def _base(expr: s.Expr) -> str:
    """``res`` of ``res.status(201).set(…)``."""
    while isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute):
        expr = expr.func.value
    return expr.id if isinstance(expr, s.Name) else ""


def _of_response(call: s.Call, response: str, name: str, owner: s.Expr) -> _Use | None:
    if any(argument.star for argument in call.args):
        return None
    values = [argument.value for argument in call.args]
    if name in _MISSING_ON_RESPONSE:
        return _Use(
            call,
            f"{response}.{name}(…)",
            "the method is gone, so the request fails with a TypeError",
            f"Write `{_MISSING_ON_RESPONSE[name]}`.",
        )
    if name == "redirect" and len(values) in (1, 2):
        if isinstance(values[-1], s.Literal) and values[-1].value == "back":
            return _Use(
                call,
                f"{response}.redirect('back')",
                "the client is sent to the address `back`",
                f"Write `{response}.redirect(req.get('Referrer') || '/')`.",
            )
        if len(values) == 2 and _status(values[1]) and not _status(values[0]):
            return _Use(
                call,
                f"{response}.redirect(url, {_status(values[1])})",
                "the first argument is taken for the status and the second one for the address",
                f"Write `{response}.redirect({_status(values[1])}, url)`.",
            )
    if name not in _BODIES:
        return None
    if len(values) == 2 and _status(values[1]) and isinstance(owner, s.Name):
        return _Use(
            call,
            f"{response}.{name}(body, {_status(values[1])})",
            "the status behind the body is left out, so the answer has status 200",
            f"Write `{response}.status({_status(values[1])}).{name}(body)`.",
        )
    if name == "send" and values and _status(values[0]) and isinstance(owner, s.Name):
        status = _status(values[0])
        if len(values) == 1:
            return _Use(
                call,
                f"{response}.send({status})",
                f"the answer has status 200 and the body `{status}`",
                f"Write `{response}.sendStatus({status})`.",
            )
    if len(values) == 2 and _status(values[0]) and isinstance(owner, s.Name):
        status = _status(values[0])
        return _Use(
            call,
            f"{response}.{name}({status}, body)",
            f"the answer has status 200 and the body `{status}`",
            f"Write `{response}.status({status}).{name}(body)`.",
        )
    return None


def _of_request(call: s.Call, request: str, name: str) -> _Use | None:
    if name not in _MISSING_ON_REQUEST:
        return None
    return _Use(
        call,
        f"{request}.{name}(…)",
        "the method is gone, so the request fails with a TypeError",
        f"Use {_MISSING_ON_REQUEST[name]}.",
    )


def _status(expr: s.Expr) -> int:
    """The status that a number is; 0 for anything else."""
    match expr:
        case s.Literal(value=int(value), kind="number") if 100 <= value <= 599:
            return value
    return 0


def _on_routers(model: CodeModel) -> Iterator[tuple[str, _Use]]:
    for router in routers(model, "express"):
        for call in router.calls:
            if call.name == "del":
                yield (
                    call.args.module,
                    _Use(
                        s.Node(call.args.span),
                        "app.del(…)",
                        "the method is gone, so the service ends at start with a TypeError",
                        "Write `app.delete(…)`.",
                    ),
                )
