from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel.answers import Answer
from ci_gate.codemodel.answers.shapes import Items, Shape, Shapes
from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.openapi import Operation, Response
from ci_gate.codemodel.openapi.documents import Data, Documents
from ci_gate.codemodel.openapi.schemas import demand
from ci_gate.codemodel.openapi.served import Served
from ci_gate.codemodel.syntax import Literal, Node, walk
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions

_MAX_DEPTH: Final = 6
#: Packages that write keys in another case before they are sent.
_RENAMING: Final = regex(r"camel|humps|snake|inflection|case-?conver|stringcase", re.IGNORECASE)


class ResponseShape(Rule):
    """A handler answers with an object that lacks a key which the OpenAPI description requires.

    ## Why is this bad?
    Clients read the key: `response.article.slug` fails when the article comes without its envelope,
    and a generated client refuses the answer.

    ## Fix
    Add the key to the object that is returned, or make it optional in the description.

    ## Silent on
    Bodies that are not written out (an object of the ORM, a serializer's data, a spread of what is
    unknown); keys that any way to the answer has; schemas with `oneOf` or `anyOf`; routes whose
    answer goes through a response model, a renderer or a hook; services that rename keys as they
    send them; descriptions that the service writes itself.

    ## Source
    OpenAPI Specification 3.1, "Media Type Object"; JSON Schema, `required`.
    """

    id = "contract/response-shape"
    group = "contract"
    severity: ClassVar[Severity] = Severity.WARNING

    def check(self, facts: Facts) -> Iterable[Finding]:
        if not facts.served or _renames(facts.model):
            return
        shapes = Shapes(facts.model)
        seen: set[tuple[Node, tuple[str, ...]]] = set()
        for served in facts.served:
            documents = served.description.documents
            if documents is None or descriptions.derived(facts, served):
                continue
            for item in served.operations:
                yield from self._of(facts, served, item, shapes, documents, seen)

    def _of(
        self,
        facts: Facts,
        served: Served,
        item: Operation,
        shapes: Shapes,
        documents: Documents,
        seen: set[tuple[Node, tuple[str, ...]]],
    ) -> Iterator[Finding]:
        """``seen``: what has been told of an object that several operations answer with."""
        routes = served.routes_of(item)
        if len(routes) != 1 or routes[0].method == "ANY" or _shared(facts.model, routes[0]):
            return
        for answer in facts.answers.of(routes[0]) or ():
            response = _described(item, answer.status)
            if response is None or answer.body is None or not 200 <= answer.status < 300:
                continue
            shape = shapes.of(answer.body, answer.home or answer.frame)
            lacks = next(_lacking(shape, response.schema, documents, "", 0), None)
            if lacks is not None and (lacks.node, lacks.names) not in seen:
                seen.add((lacks.node, lacks.names))
                yield self._finding(item, routes[0], answer, response, lacks)
                return

    def _finding(
        self, item: Operation, route: Route, answer: Answer, response: Response, lacks: _Lack
    ) -> Finding:
        names = descriptions.listed([f"`{name}`" for name in lacks.names])
        where = f" in `{lacks.where}`" if lacks.where else ""
        has = (
            descriptions.listed([f"`{name}`" for name in lacks.has], 6) if lacks.has else "nothing"
        )
        instead = "a list" if lacks.is_list else has
        return self.finding(
            answer.path,
            spot(answer.node),
            message=f"{route.endpoint} answers without {names}{where}, which {item.file} requires; "
            f"it has {instead}.",
            why=f"A client that reads {names} from the answer finds nothing there.",
            fix=f"Put {names}{where} into the answer, or make it optional in the description.",
            subject=f"{item.endpoint} lacks {', '.join(lacks.names)}",
            related=[
                Related(lacks.path or response.path, lacks.line or response.line,
                        f"{names} is required"),
            ],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Lack:
    names: tuple[str, ...]
    where: str
    has: tuple[str, ...]
    is_list: bool
    path: str
    line: int
    node: Node


def _lacking(
    shape: Shape, schema: Data, documents: Documents, where: str, depth: int
) -> Iterator[_Lack]:
    """The required keys that are not there, from the outside in."""
    wanted = demand(schema, documents) if shape is not None and depth < _MAX_DEPTH else None
    if wanted is None or shape is None:
        return
    if isinstance(shape, Items):
        if wanted.kind == "array":
            yield from _lacking(shape.element, wanted.items, documents, where + "[]", depth + 1)
        elif wanted.kind == "object" and wanted.required:
            line = min(wanted.required.values())
            names = tuple(wanted.required)
            yield _Lack(names, where, (), True, wanted.path, line, shape.node)
        return
    if wanted.kind not in ("object", ""):
        return
    missing = tuple(name for name in wanted.required if name not in shape.entries)
    if missing and shape.whole:
        line = wanted.required[missing[0]]
        has = tuple(shape.entries)
        yield _Lack(missing, where, has, False, wanted.path, line, shape.node)
    for name, inner in shape.entries.items():
        if name in wanted.properties:
            deeper = f"{where}.{name}" if where else name
            yield from _lacking(inner, wanted.properties[name], documents, deeper, depth + 1)


def _described(item: Operation, status: int) -> Response | None:
    """The response of a status, else the only successful one."""
    for response in item.responses:
        if response.status == str(status):
            return response
    found = [one for one in item.responses if one.status.startswith("2")]
    return found[0] if len(found) == 1 and found[0].status.lower() == "2xx" else None


def _renames(model: CodeModel) -> bool:
    return any(
        edge.package is not None and _RENAMING.search(edge.package) for edge in model.import_edges
    )


def _shared(model: CodeModel, route: Route) -> bool:
    """May something else put the answer together: a renderer, a response model, a hook, another
    method of the same handler?"""
    handler = route.handlers[0] if route.handlers else None
    if handler is None:
        return True
    same = [item for item in model.routes if item.handlers[:1] == (handler,)]
    if len({item.method for item in same}) > 1 and route.view is None:
        return True
    if route.framework == "fastapi":
        node = handler.node
        return getattr(node, "returns", None) is not None or any(
            call.argument(None, "response_model") is not None
            for call, _ in model.calls_named(route.method.lower())
            if call.span == route.span
        )
    if route.framework == "django":
        return "renderer_classes" in _settings(model) or bool(
            route.view is not None and "renderer_classes" in model.member_names(route.view)
        )
    if route.framework in ("express", "fastify"):
        return any(model.stores(name) for name in ("json", "send")) or _hooks(model)
    if route.framework == "koa":
        handlers = {item.handlers[0] for item in model.routes if item.handlers}
        return any(store.binding.scope.function not in handlers for store in model.stores("body"))
    return False


def _hooks(model: CodeModel) -> bool:
    """Does Fastify change what is sent?"""
    return any(
        isinstance(first, Literal) and first.value in ("preSerialization", "onSend")
        for call, _ in model.calls_named("addHook")
        if (first := call.argument(0)) is not None
    )


def _settings(model: CodeModel) -> frozenset[str]:
    """Words of Django's settings that matter here."""
    return frozenset(
        "renderer_classes"
        for path, module in model.modules.items()
        if "settings" in path
        for node in walk(module)
        if isinstance(node, Literal) and node.value == "DEFAULT_RENDERER_CLASSES"
    )
