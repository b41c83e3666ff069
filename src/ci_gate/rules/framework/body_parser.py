from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import NONE, External, FuncVal, Value, bare, items_of
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import request_parameter
from ci_gate.rules.framework._routers import ENDS, Step, routers, steps

_PARSERS: Final = regex(
    r"^(?:express(?:\.default)?\.(?:json|urlencoded|raw|text)|body-parser(?:\.\w+)*|koa-body(?:\.\w+)?|"
    r"koa-bodyparser(?:\.\w+)?|@koa/bodyparser(?:\.\w+)?|koa-better-body|koa-json-body)\(\)$"
)
#: Middleware of packages that surely reads no body.
_OTHERS: Final = regex(
    r"^(?:cors|helmet|morgan|compression|cookie-parser|express(?:\.default)?\.static|koa-logger|"
    r"@koa/cors|koa-helmet|koa-static|koa-compress|express-rate-limit(?:\.\w+)?|koa-json|"
    r"response-time|method-override|serve-favicon|koa-morgan|koa-cors|@koa/router|koa-router)\b"
)
_MENTIONED: Final = regex(
    r"[\"'`]body-?parser|bodyParser|koa-body|co-body|raw-body|multer|formidable|busboy|fileupload|urlencoded\(|"
    r"express\.(?:json|raw|text)\b|\bjson\s*[,}][^;\n]*(?:from|require)\W+express\b|"
    r"\breq(?:uest)?\.on\(|\breq(?:uest)?\.body\s*=(?!=)|\bfor\s+await\b|koa-multer|@koa/multer|"
    r"express-openapi|swagger-tools|graphqlHTTP|ApolloServer|openapi-backend"
)


class BodyParser(Rule):
    """Handlers read the request's body, and no body parser runs before them.

    ## Why is this bad?
    Express and Koa parse no body themselves: `req.body` or `ctx.request.body` is undefined, and
    every request that should create or change something fails, mostly with a TypeError.

    ## Fix
    Register the parser before the routes: `app.use(express.json())`, `app.use(bodyParser())`.

    ## Silent on
    Applications with middleware that is not known, and projects that read bodies in another way.

    ## Source
    Express API, `req.body`: "By default, it is undefined, and is populated when you use
    body-parsing middleware"; Koa, `koa-bodyparser`.
    """

    id = "framework/body-parser"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express", "koa")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        seen: set[tuple[str, s.Span]] = set()
        for framework in ("express", "koa"):
            for router in routers(model, framework):
                if not router.is_app or router.made is None:
                    continue
                for finding in self._of(model, router, framework):
                    place = (finding.path, (finding.start.line, finding.start.column, 0, 0))
                    if place not in seen:
                        seen.add(place)
                        yield finding

    def _of(self, model: CodeModel, router: Router, framework: str) -> Iterator[Finding]:
        taken = list(steps(router))
        parser = next(
            (step for step in taken if any(_is_parser(value) for value in step.values)), None
        )
        body = "req.body" if framework == "express" else "ctx.request.body"
        for step in taken:
            if step is parser:
                return
            if any(_may_parse(value) for value in step.values):
                return
            reader = next(_readers(model, step, framework), None)
            if reader is None:
                continue
            path, line = reader
            made = router.made
            if parser is not None and step.name in (*ENDS, "use", "route"):
                yield self.finding(
                    parser.module,
                    s.Node(parser.span),
                    message=f"The body parser is registered after routes that read `{body}`.",
                    why=f"It has not run when they do: `{body}` is undefined at {path}:{line}.",
                    fix="Register the parser before the routes.",
                    subject="body parser after routes",
                    related=[
                        Related(step.module, step.span[0], "is registered before it"),
                        Related(path, line, f"reads {body}"),
                    ],
                )
            elif parser is None and made is not None and not _is_mentioned(model):
                use = "express.json()" if framework == "express" else "bodyParser()"
                yield self.finding(
                    made.module,
                    s.Node(made.span),
                    message=f"No body parser is registered, and handlers read `{body}`.",
                    why=f"`{body}` is undefined at {path}:{line}.",
                    fix=f"Register one before the routes: `app.use({use})`.",
                    subject="no body parser",
                    related=[Related(path, line, f"reads {body}")],
                )
            return


def _is_mentioned(model: CodeModel) -> bool:
    """May some module read bodies in another way?"""
    return any(
        _MENTIONED.search(model.tree.text(path))
        for path, module in model.modules.items()
        if module.language != "python" and not is_outside(path)
    )


def _path_of(value: Value) -> str:
    value = bare(value)
    return value.path if isinstance(value, External) else ""


def _is_parser(value: Value) -> bool:
    return _PARSERS.match(_path_of(value)) is not None


def _may_parse(value: Value) -> bool:
    """Is it a parser of another kind, or something that is not known?"""
    inner = bare(value)
    if inner == NONE:
        return False
    if isinstance(inner, External):
        return _OTHERS.match(inner.path) is None
    if isinstance(inner, FuncVal):
        return _sets_body(inner.info.node)
    return not isinstance(inner, Router)


def _sets_body(node: s.Node) -> bool:
    """Does it set a body, or wait for the request's events?"""
    for inner in s.walk(node):
        match inner:
            case s.Assign(targets=[s.Attribute(value=holder, name="body")]) if _is_request(holder):
                return True
            case s.Call(func=s.Attribute(name="on" | "pipe")):
                return True
    return False


def _is_request(node: s.Expr) -> bool:
    match node:
        case s.Name(id=name) | s.Attribute(name=name):
            return re.fullmatch(r"req|request", name) is not None
    return False


def _readers(
    model: CodeModel, step: Step, framework: str, depth: int = 0
) -> Iterator[tuple[str, int]]:
    """Where handlers that the step registers read the body, or hand it to a function."""
    if depth > 8:
        return
    for value in step.values:
        inner = bare(value)
        if isinstance(inner, FuncVal):
            place = _reads_body(model, inner.info, framework)
            if place is not None:
                yield place
    for router in step.routers:
        for below in steps(router):
            if any(_is_parser(item) or _may_parse(item) for item in _all(below)):
                return
            yield from _readers(model, below, framework, depth + 1)


def _all(step: Step) -> list[Value]:
    return [item for value in step.values for item in items_of(value)]


def _reads_body(model: CodeModel, function: FunctionInfo, framework: str) -> tuple[str, int] | None:
    """Where the handler takes something out of the body, or a function to which it gives the
    request as it is."""
    node = function.node
    param = request_parameter(function)
    if not isinstance(node, s.Function) or param is None or not param.name or len(node.params) > 3:
        return None
    line = _reading(node, param.name, framework)
    if line:
        return function.module.path, line
    for call in model.calls_in(function):
        for place, argument in enumerate(call.args):
            if not (isinstance(argument.value, s.Name) and argument.value.id == param.name):
                continue
            found = _helper(model, call, place)
            inner = found.node if found is not None else None
            if found is None or not isinstance(inner, s.Function):
                continue
            line = _reading(inner, inner.params[place].name, framework)
            if line:
                return found.module.path, line
    return None


def _helper(model: CodeModel, call: s.Call, place: int) -> FunctionInfo | None:
    """The function of the tree that surely is called, where it takes the argument by a name."""
    values = model.evaluate(call.func)
    value = next(iter(values)) if len(values) == 1 else None
    if not isinstance(value, FunctionValue) or not isinstance(value.function.node, s.Function):
        return None
    params = value.function.node.params
    named = place < len(params) and params[place].kind == "positional" and params[place].name
    return value.function if named else None


def _reading(node: s.Function, request: str, framework: str) -> int:
    """The line at which the function takes something out of the body of the request that it has
    under the name; 0 where it does not."""
    for inner in s.walk(node):
        match inner:
            case s.Attribute(value=holder) if _is_body(holder, request, framework):
                return inner.line
            case s.Subscript(value=holder) if _is_body(holder, request, framework):
                return inner.line
            case s.Assign(targets=[s.Mapping()], value=holder) if holder is not None and _is_body(
                holder, request, framework
            ):
                return inner.line
            case s.Call(args=args) if any(
                _is_body(argument.value, request, framework) for argument in args
            ):
                return inner.line
    return 0


def _is_body(node: s.Expr, request: str, framework: str) -> bool:
    match node:
        case s.Attribute(value=s.Name(id=owner), name="body"):
            return framework == "express" and owner == request
        case s.Attribute(value=s.Attribute(value=s.Name(id=owner), name="request"), name="body"):
            return framework == "koa" and owner == request
    return False
