from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from ci_gate.architecture.content import is_web
from ci_gate.architecture.model import Role
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, FunctionInfo, ImportEdge
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.layering._conventions import Tally, standing, tally
from ci_gate.rules.layering._crossings import used_at_run_time

#: What a package offers that speaks of requests and responses.
_SPEAKS_HTTP: Final = {
    "flask": {"request", "abort", "jsonify", "Response", "Request", "make_response", "session"},
    "werkzeug": {"exceptions", "wrappers", "HTTPException", "NotFound", "Forbidden", "BadRequest",
                 "Unauthorized", "Conflict", "Request", "Response", "abort", "Gone",
                 "MethodNotAllowed", "UnprocessableEntity", "InternalServerError",
                 "NotAcceptable", "TooManyRequests", "ServiceUnavailable"},
    "fastapi": {"HTTPException", "Request", "Response", "JSONResponse", "responses"},
    "starlette": {"HTTPException", "Request", "Response", "JSONResponse", "RedirectResponse"},
    "django": {"HttpRequest", "HttpResponse", "JsonResponse", "Http404", "HttpResponseRedirect",
               "HttpResponseBadRequest", "HttpResponseForbidden", "HttpResponseNotFound"},
    "rest_framework": {"Response", "Request", "APIView"},
    "aiohttp": {"web", "HTTPNotFound", "HTTPForbidden", "HTTPBadRequest", "HTTPConflict", "Request",
                "Response", "json_response", "HTTPUnauthorized", "HTTPException"},
    "@fastify/sensible": {"httpErrors", "HttpError"},
}  # fmt: skip
_NODE_HTTP: Final = frozenset({
    "express", "koa", "fastify", "hono", "http-errors", "@hapi/boom", "@koa/router", "koa-router",
})  # fmt: skip
#: What a request is answered for.
_VIEWER: Final = regex(r"user|viewer|account|member|auth|token|identity|principal|request")
#: How many of a handler's parameters are the framework's own objects.
_OBJECTS: Final = {"express": 2, "fastify": 2, "koa": 1, "hono": 1}
_CORE: Final = (Role.SERVICE, Role.DATA_ACCESS, Role.MODEL)


@dataclass(frozen=True, slots=True)
class _Use:
    """``path`` (a file of a core layer) uses the web framework at ``node``; ``through`` is the
    helper by which it does, if not itself; ``handed`` are the function that takes the framework's
    object, and the handler's call that hands it over."""

    path: str
    node: s.Node
    package: str
    names: tuple[str, ...]
    through: ImportEdge | None = None
    handed: tuple[FunctionInfo, Related] | None = None


class FrameworkInCore(Rule):
    """Services, repositories or models use the web framework's requests, responses or errors.

    A helper counts too: a service that raises what ``support/problems.py`` builds out of werkzeug's
    exceptions decides about HTTP as much as one that imports them; an error class of its own below
    one of the framework, which a service raises, is the same. In JavaScript and TypeScript so
    does a function that a handler gives its own ``req``, ``res`` or ``ctx``; in Flask a service
    that reads the user out of ``g``.

    ## Why is this bad?
    The core can then be used only inside a request: a job, a command or a test that calls the
    service gets an HTTP error, and changing the framework means changing the business rules.

    ## Fix
    Raise an error of your own and translate it in the routes layer's error handler.

    ## Silent on
    Errors of the project's own, imports for types only, parts of the packages that do not speak
    HTTP (``werkzeug.security``, ``fastapi.encoders``). Where a project without a written
    architecture does it as a habit, the findings are notes.

    ## Source
    Constraint decay, arXiv 2605.06445; Clean Architecture's dependency rule.
    """

    id = "layering/framework-in-core"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = standing(facts, _count)
        if found.severity is None:
            return
        for use in _uses(facts):
            layer = facts.architecture.of[use.path].layer
            names = ", ".join(use.names) or use.package
            related = []
            if use.handed is not None:
                function, call = use.handed
                how = (
                    f"takes `{names}`, the object of a handler of {use.package}, in {function.name}"
                )
                related = [call]
            elif use.through is not None and use.through.target is not None:
                how = f"uses {use.through.symbol}, which is built from {names} of {use.package}"
                related = [
                    *(
                        Related(step.path, step.line, "re-exported here")
                        for step in use.through.via
                    ),
                    Related(use.through.target, _line(facts, use.through), "uses the framework"),
                ]
            else:
                how = f"imports {names} from {use.package}"
            what = how if use.handed is not None else f"{how}, the web framework"
            yield self.finding(
                use.path,
                use.node,
                message=f"{use.path} ({layer.name}) {what}. {found.reason}",
                why=(
                    f"{layer.name} decides about HTTP: outside a request it cannot be used, and a "
                    "caller that is no route has to handle HTTP errors."
                ),
                fix=(
                    "Hand over the values that it needs, and answer in the handler."
                    if use.handed is not None
                    else "Raise an error of the project's own and translate it in the routes layer."
                ),
                subject=f"framework {use.package} {names}",
                related=related,
                severity=found.severity,
            )


def _uses(facts: Facts) -> Iterator[_Use]:
    taken = _taken(facts)
    for path, found in sorted(facts.architecture.of.items()):
        if found.confirmed and found.layer.role in _CORE:
            yield from _of_file(facts, path)
            yield from taken.get(path, ())


def _taken(facts: Facts) -> dict[str, list[_Use]]:
    """The functions that handlers of Node's frameworks give their own request, response or context,
    by file."""
    found: dict[str, list[_Use]] = {}
    seen: set[tuple[FunctionInfo, str]] = set()
    for route in facts.model.routes:
        handler = route.handlers[0] if route.handlers else None
        count = _OBJECTS.get(route.framework, 0)
        if handler is None or not count or not isinstance(handler.node, s.Function):
            continue
        names = {item.name for item in handler.node.params[:count] if item.name}
        for edge in facts.model.callees(handler):
            callee, call = edge.callee, edge.node
            if not isinstance(call, s.Call) or not isinstance(callee.node, s.Function):
                continue
            for argument, param in zip(call.args, callee.node.params, strict=False):
                if (
                    isinstance(argument.value, s.Name)
                    and argument.value.id in names
                    and (callee, param.name) not in seen
                    and _reads(callee.node, param)
                ):
                    seen.add((callee, param.name))
                    path = callee.module.path
                    at = Related(handler.module.path, call.line, "a handler hands it over")
                    use = _Use(path, param, route.framework, (param.name,), handed=(callee, at))
                    found.setdefault(path, []).append(use)
    return found


def _reads(node: s.Function, param: s.Param) -> bool:
    """Does the function take something out of the parameter, or call a method of it?"""
    return bool(param.name) and any(
        isinstance(inner, s.Attribute)
        and isinstance(inner.value, s.Name)
        and inner.value.id == param.name
        for statement in node.body
        for inner in s.walk(statement)
    )


def _of_file(facts: Facts, path: str) -> Iterator[_Use]:
    grouped: dict[s.Import, _Use] = {}
    for edge in facts.model.imports_of(path):
        use = None
        if not used_at_run_time(facts.model.modules[path], edge):
            continue
        if speaks_http(edge) or _is_viewer(facts, edge):
            names = (edge.symbol,) if edge.symbol else ()
            use = _Use(path, edge.node, edge.package or "", names)
        elif edge.target is not None and not edge.type_only:
            use = _through_helper(facts, edge)
        if use is None:
            continue
        before = grouped.get(edge.node)
        if before is not None and before.through is None:
            use = _Use(path, edge.node, use.package, (*before.names, *use.names))
        grouped[edge.node] = before if before is not None and use.through is not None else use
    yield from grouped.values()


def speaks_http(edge: ImportEdge) -> bool:
    """Does the import bring in something that speaks of requests, responses or HTTP errors?"""
    if edge.package is None or edge.type_only:
        return False
    if edge.package in _NODE_HTTP:
        return edge.node.kind != "reexport" and not _is_tool(edge)
    names = _SPEAKS_HTTP.get(edge.package)
    return (
        names is not None
        and edge.symbol in names
        and (is_web(edge) or edge.package in ("werkzeug", "@fastify/sensible"))
    )


def _is_viewer(facts: Facts, edge: ImportEdge) -> bool:
    """Does a service read the request's user or the like out of Flask's ``g``? What it keeps there
    itself, and sessions, are another matter."""
    if edge.package != "flask" or edge.symbol != "g":
        return False
    if facts.architecture.of[edge.source].layer.role is not Role.SERVICE:
        return False
    module = facts.model.modules[edge.source]
    names = {item.alias for item in edge.node.names if item.name == "g"}
    read: list[s.Attribute] = []
    uses = 0
    for node in s.walk(module):
        if isinstance(node, s.Assign) and any(
            isinstance(inner, s.Name) and inner.id in names
            for target in node.targets
            for inner in s.walk(target)
        ):
            return False
        if isinstance(node, s.Name) and node.id in names:
            uses += 1
        elif isinstance(node, s.Attribute) and isinstance(node.value, s.Name):
            read += [node] if node.value.id in names else []
    return uses == len(read) and any(_VIEWER.search(node.name) for node in read)


def _is_tool(edge: ImportEdge) -> bool:
    """Is it one of Hono's tools that know no request: signing of tokens, encodings, hashes?"""
    specifier = edge.node.specifier
    if specifier == "hono/jwt":
        return edge.symbol in ("sign", "verify", "decode")
    return specifier.startswith("hono/utils/")


def _through_helper(facts: Facts, edge: ImportEdge) -> _Use | None:
    """A function from a module of no layer whose body uses the framework's HTTP words, or an error
    that is one of the framework's and is raised here."""
    target = edge.target or ""
    if edge.symbol is None or target in facts.architecture.of:
        return None
    if target in facts.architecture.composition_roots:
        return None
    function = facts.model.functions.get(f"{target}::{edge.symbol}")
    cls = facts.model.classes.get(f"{target}::{edge.symbol}")
    if (function is None or not isinstance(function.node, s.Function)) and cls is None:
        return None
    web = {
        name.alias: other.package
        for other in facts.model.imports_of(target)
        if speaks_http(other)
        for name in other.node.names
        if name.name == other.symbol
    }
    if not web:
        return None
    if cls is not None:
        raised = _raised_in(facts.model.modules[edge.source], edge)
        used = sorted(_bases(cls) & set(web)) if raised else []
    else:
        assert function is not None and isinstance(function.node, s.Function)
        used = sorted(_given_away(function.node.body, web))
    if not used:
        return None
    return _Use(edge.source, edge.node, web[used[0]] or "", tuple(used), edge)


def _bases(cls: ClassInfo) -> set[str]:
    return {base.value.id for base in cls.node.bases if isinstance(base.value, s.Name)}


def _raised_in(module: s.Module, edge: ImportEdge) -> bool:
    """Does the module raise the error that it imports?"""
    names = {name.alias for name in edge.node.names if name.name == edge.symbol}
    return any(
        isinstance(node, s.Raise) and node.value is not None and _named(node.value) & names
        for node in s.walk(module)
    )


def _given_away(body: list[s.Stmt], names: Collection[str]) -> set[str]:
    """Which of the names the function raises or returns; one that it catches does not get out."""
    raised: set[str] = set()
    caught: set[str] = set()
    for statement in body:
        for node in s.walk(statement):
            if isinstance(node, s.Raise | s.Return) and node.value is not None:
                raised |= _named(node.value)
            elif isinstance(node, s.Handler) and node.type is not None:
                caught |= _named(node.type)
    return (raised - caught) & set(names)


def _named(expr: s.Expr) -> set[str]:
    return {node.id for node in s.walk(expr) if isinstance(node, s.Name)}


def _line(facts: Facts, edge: ImportEdge) -> int:
    function = facts.model.functions.get(f"{edge.target}::{edge.symbol}")
    return function.node.span[0] if function is not None else 1


def _count(facts: Facts) -> Tally:
    core = {
        path
        for path, found in facts.architecture.of.items()
        if found.confirmed and found.layer.role in _CORE
    }
    broken = {use.path for use in _uses(facts)}
    return tally(((path, "") for path in core - broken), ((path, "") for path in broken))
