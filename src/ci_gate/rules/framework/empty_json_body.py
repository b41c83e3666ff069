from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import Const, FuncVal, ListVal, Value, bare, items_of
from ci_gate.codemodel.routing.fastify import FastifyInstance
from ci_gate.codemodel.routing.graph import Endpoint
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
_SHOWN: Final = 4
#: What a handler asks a request for that has a body, JSON or another.
_READS: Final = frozenset({
    "body", "file", "files", "parts", "raw", "saveRequestFiles", "isMultipart",
})  # fmt: skip
#: Hooks and parsers of other kinds that may keep empty bodies from the JSON parser.
_ELSEWHERE: Final = regex(
    r"content-type['\"`]\s*\]|removeContentTypeParser|removeAllContentTypeParsers|"
    r"FST_ERR_CTP_EMPTY_JSON_BODY|rewriteUrl|serverFactory"
)


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """An endpoint without a body, and where it is described."""

    route: Route
    instance: FastifyInstance
    described: Related | None


class EmptyJsonBody(Rule):
    """An endpoint without a request body is served by Fastify, whose JSON parser refuses empty
    bodies.

    ## Why is this bad?
    Many clients send `Content-Type: application/json` with every POST, PUT and DELETE. Fastify
    answers such a request without a body with 400 `FST_ERR_CTP_EMPTY_JSON_BODY` before the handler
    runs; a parser of the project's own that hands the empty text to `JSON.parse` answers 500.

    ## Fix
    Register a parser for `application/json` that takes an empty body as none, on the root instance
    or in a plugin wrapped in `fastify-plugin`.

    ## Silent on
    Endpoints whose handler reads the body; applications with a parser of their own that looks
    whether the body is empty, or with hooks that change the content type. Where no OpenAPI
    description shows that clients need the endpoint, the finding is a warning.

    ## Source
    Fastify, "Content-Type Parser"; constraint decay, arXiv 2605.06445: 59 of 642 failed runs.
    """

    id = "fastify/empty-json-body"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for path, module in model.modules.items():
            if module.language == "python" or is_outside(path):
                continue
            if _ELSEWHERE.search(model.tree.text(path)):
                return
        instances = [
            item for item in model.route_table.routers if isinstance(item, FastifyInstance)
        ]
        if any(_hides(instance) for instance in instances):
            return
        found: dict[tuple[str, s.Span], list[_Open]] = {}
        parsers: dict[tuple[str, s.Span], bool] = {}
        for item in _endpoints(facts, instances):
            place, own = _refusing(item.instance)
            if place is not None:
                found.setdefault(place, []).append(item)
                parsers[place] = own
        for (module_path, span), several in found.items():
            yield self._finding(module_path, span, several, own=parsers[module_path, span])

    def _finding(self, module: str, span: s.Span, several: list[_Open], *, own: bool) -> Finding:
        several.sort(key=lambda item: (item.described is None, item.route.path))
        first = several[0]
        more = f" and {len(several) - 1} more" if len(several) > 1 else ""
        if own:
            message = (
                f"This JSON parser hands an empty body to JSON.parse, and {first.route.endpoint}"
                f"{more} take no body."
            )
            why = (
                "A request with `Content-Type: application/json` and no body is answered with "
                "an error (Unexpected end of JSON input) before the handler runs."
            )
            fix = "Call `done(null, undefined)` where the body is empty."
        else:
            message = (
                f"{first.route.endpoint}{more} take no body, and no JSON parser of the application "
                f"accepts an empty one."
            )
            why = (
                "Fastify answers a request with `Content-Type: application/json` and no body with "
                "400 FST_ERR_CTP_EMPTY_JSON_BODY before the handler runs."
            )
            fix = (
                "Add `addContentTypeParser('application/json', { parseAs: 'string' }, …)` that "
                "takes an empty body as none."
            )
        related = [
            place
            for item in several[:_SHOWN]
            for place in (
                Related(item.route.module, item.route.span[0], item.route.endpoint),
                item.described,
            )
            if place is not None
        ]
        return self.finding(
            module,
            s.Node(span),
            message=message,
            why=why,
            fix=fix,
            subject="empty JSON body",
            related=related,
            severity=None if first.described is not None else Severity.WARNING,
        )


def _endpoints(facts: Facts, instances: list[FastifyInstance]) -> Iterator[_Open]:
    """The endpoints whose handlers never look at a body."""
    described = {
        route: Related(operation.file, operation.line, f"{operation.endpoint} has no body")
        for served in facts.served
        for operation in served.description.operations
        if not operation.body
        for route in served.routes_of(operation)
    }
    with_body = {
        route
        for served in facts.served
        for operation in served.description.operations
        if operation.body
        for route in served.routes_of(operation)
    }
    holders = {
        (entry.module, entry.span): instance
        for instance in instances
        for entry in instance.entries
        if isinstance(entry, Endpoint)
    }
    for route in facts.model.routes:
        instance = holders.get((route.module, route.span))
        if (
            instance is not None
            and route.method in _METHODS
            and route not in with_body
            and route.handlers
            and not any(_reads_body(handler.node) for handler in route.handlers)
        ):
            yield _Open(route, instance, described.get(route))


def _reads_body(node: s.Node) -> bool:
    """Does the handler look at the body, or hand the request on to what may?"""
    request = ""
    if isinstance(node, s.Function) and node.params:
        first = node.params[0]
        if first.pattern is not None:
            return not isinstance(first.pattern, s.Mapping) or (
                first.pattern.get("body") is not None
                or any(entry.key is None for entry in first.pattern.entries)
            )
        request = first.name
    for inner in s.walk(node):
        match inner:
            case s.Attribute(name=name) if name in _READS:
                return True
            case s.Mapping(entries=entries) if any(
                isinstance(entry.key, s.Literal) and entry.key.value == "body" for entry in entries
            ):
                return True
            case s.Call(args=args) if any(
                isinstance(item.value, s.Name) and item.value.id == request for item in args
            ):
                return True
    return False


def _hides(instance: FastifyInstance) -> bool:
    """May parsers be registered that are not seen? By a plugin of a package that speaks of bodies
    or parsers."""
    for call in instance.calls:
        if call.name == "register":
            target = call.args.get(0)
            path = getattr(bare(target), "path", "") if target is not None else ""
            if isinstance(path, str) and re.search(r"pars|empty|content|body(?!-limit)", path):
                return True
    return False


def _refusing(instance: FastifyInstance) -> tuple[tuple[str, s.Span] | None, bool]:
    """Where empty bodies are refused: the parser of the project's own, or the root instance; None
    where they are accepted or that is not known."""
    current: FastifyInstance | None = instance
    root = instance
    while current is not None:
        root = current
        for call in current.calls:
            if call.name == "addContentTypeParser" and _is_for_json(call.args.get(0)):
                parser = bare(call.args.positional[-1])
                if isinstance(parser, FuncVal) and _parses_anything(parser.info.node):
                    return (call.args.module, call.args.span), True
                return None, False
        current = current.parent
    if root.made is None or root.parent is not None:
        return None, False
    return (root.made.module, root.made.span), False


def _is_for_json(value: Value | None) -> bool:
    """Is it JSON's content type, one of several, or a pattern?"""
    if value is None:
        return True
    items = items_of(value) if isinstance(value, ListVal) else [value]
    known = [item.value for item in items if isinstance(item, Const)]
    return len(known) < len(items) or any(
        isinstance(item, str) and item.startswith("application/json") for item in known
    )


def _parses_anything(node: s.Node) -> bool:
    """Does the parser call ``JSON.parse`` without a look at what it is given?"""
    parses = False
    for inner in s.walk(node):
        match inner:
            case s.If() | s.Conditional() | s.Binary(op="or" | "??" | "and") | s.Switch():
                return False
            case s.Call(func=s.Attribute(value=s.Name(id="JSON"), name="parse")):
                parses = True
            case s.Handler(body=body) if not any(isinstance(item, s.ExprStmt) for item in body):
                return False
    return parses
