from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import request_parameter

_REQUEST: Final = regex(r"^_?req(?:uest)?$")
_RESPONSE: Final = regex(r"^_?res(?:ponse)?$")
#: What gives `req.query` a value of its own again.
_REDEFINED: Final = regex(r"definePropert(?:y|ies)\s*\([^)]*query|__defineSetter__")


class ReadOnlyQuery(Rule):
    """`req.query` is written under Express 5, which keeps nothing of it.

    ## Why is this bad?
    In Express 5 `req.query` is a getter without a setter that parses the address anew each time it
    is read. An assignment is ignored, or a TypeError in strict mode and ES modules; a value set on
    the object that it gives is gone the next time. Defaults, limits and validated values never
    reach the handlers.

    ## Fix
    Keep the values elsewhere: `res.locals.page = …`, `req.page = …`, or hand them on as arguments.

    ## Silent on
    Express 4; services whose manifest and lock file leave the version open; projects that define
    the property `query` themselves.

    ## Source
    Express, "Migrating to Express 5": "The req.query property is no longer a writable property and
    is instead a getter".
    """

    id = "express/read-only-query"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        packages = NodePackages(model.tree)
        handlers = {
            handler
            for route in model.routes
            if route.framework == "express"
            for handler in route.handlers
        }
        texts = (model.tree.text(path) for path in model.modules if not is_outside(path))
        if any(_REDEFINED.search(text) for text in texts):
            return
        for function in model.functions.values():
            path = function.module.path
            if not isinstance(function.node, s.Function) or is_outside(path):
                continue
            if function.module.language == "python" or packages.major(path, "express") != 5:
                continue
            request = request_parameter(function)
            if request is None or not request.name:
                continue
            if function not in handlers and not _looks_like_handler(function.node, request):
                continue
            for node, what, related in _writes(facts, function, function.node, request.name):
                yield self._finding(path, node, what, related)

    def _finding(self, path: str, node: s.Node, what: str, related: list[Related]) -> Finding:
        whole = what == "req.query"
        return self.finding(
            path,
            node,
            message=(
                f"`{what}` is assigned, and `req.query` is a getter without a setter in Express 5."
                if whole
                else f"`{what}` is set on an object that Express 5 makes anew at each reading."
            ),
            why=(
                "The assignment is ignored (a TypeError in strict mode and ES modules): who reads "
                "`req.query` later gets what the client sent."
                if whole
                else "The value is lost: who reads `req.query` later gets what the client sent."
            ),
            fix="Keep the values in `res.locals` or in a property of `req` with another name.",
            subject=f"writes {what}",
            related=related,
        )


def _looks_like_handler(function: s.Function, request: s.Param) -> bool:
    names = [param.name for param in function.params]
    place = names.index(request.name)
    return (
        _REQUEST.match(request.name) is not None
        and place + 1 < len(names)
        and _RESPONSE.match(names[place + 1]) is not None
    )


def _writes(
    facts: Facts, function: FunctionInfo, node: s.Function, request: str
) -> Iterator[tuple[s.Node, str, list[Related]]]:
    for inner in s.walk(node, into_functions=False):
        match inner:
            case s.Assign(targets=targets, declaration=""):
                written = targets
            case s.AssignExpr(target=target):
                written = [target]
            case s.Call(
                func=s.Attribute(value=s.Name(id="Object"), name="assign"),
                args=[s.Argument(value=first), *_],
            ) if _is_query(first, request):
                yield inner, "req.query", []
                continue
            case _:
                continue
        for target in written:
            match target:
                case s.Attribute(value=value, name=name) if _is_query(value, request):
                    yield inner, f"req.query.{name}", []
                case s.Subscript(value=value) if _is_query(value, request):
                    yield inner, "req.query[…]", []
                case s.Subscript(value=s.Name(id=owner), index=s.Name(id=key)) if owner == request:
                    calls = list(_given_query(facts, function, key))
                    if calls:
                        yield inner, "req.query", calls[:4]
                case _ if _is_query(target, request):
                    yield inner, "req.query", []


def _is_query(node: s.Expr, request: str) -> bool:
    match node:
        case s.Attribute(value=s.Name(id=owner), name="query"):
            return owner == request
        case s.Subscript(value=s.Name(id=owner), index=s.Literal(value="query")):
            return owner == request
    return False


def _given_query(facts: Facts, function: FunctionInfo, key: str) -> Iterator[Related]:
    """The calls that give ``"query"`` for the parameter ``key`` of a function around."""
    for outer in function.outward():
        if not isinstance(outer.node, s.Function):
            return
        names = [param.name for param in outer.node.params]
        if key in names:
            place = names.index(key)
            for edge in facts.model.callers(outer):
                if isinstance(edge.node, s.Call):
                    given = edge.node.argument(place)
                    if isinstance(given, s.Literal) and given.value == "query":
                        path = edge.caller.module.path
                        yield Related(path, edge.node.line, 'is given "query"')
            return
