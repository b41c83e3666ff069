from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Position, Related, Replacement
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._decorators import function_of
from ci_gate.rules.framework._flask_body import Bodies, Read

_HOOKS: Final = frozenset({"before_request", "before_app_request"})
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SHOWN: Final = 3


class FlaskJsonRequired(Rule):
    """A request that has no body comes to `request.get_json()` or `request.json`.

    The read stands in a `before_request` hook that runs before endpoints that take no body, in a
    view before it looks at the method, or in a view whose operation the OpenAPI description gives
    no request body.

    ## Why is this bad?
    Flask answers 400 for an empty JSON body and 415 where the content type is not JSON, from within
    the read. The request (favorite, follow, delete…) never comes to its view.

    ## Fix
    Read the body in the views that need one, or call `request.get_json(silent=True)`, which gives
    `None` for an empty body.

    ## Silent on
    `silent=True`; reads in a `try` that catches the refusal; reads under a condition that excludes
    the endpoint's method or that is not known (`request.data`, `request.content_length`); views
    that read the body themselves or through functions they call, and what a hook left in `g`;
    applications with a request class of their own.

    ## Source
    Flask, `Request.get_json`: "If the mimetype does not indicate JSON … this calls
    `on_json_loading_failure`", which refuses the request.
    """

    id = "framework/flask-json-required"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if _own_request_class(model):
            return
        bodies = Bodies(model)
        routes = [item for item in model.routes if item.framework == "flask" and item.handlers]
        for hook in _hooks(model):
            yield from self._before(facts, bodies, hook, routes)
        by_view: defaultdict[FunctionInfo, list[Route]] = defaultdict(list)
        for route in routes:
            by_view[route.handlers[0]].append(route)
        for view, of_view in by_view.items():
            found = list(_without_body(facts, bodies, view, of_view))
            if found:
                yield self._in_view(view, found)

    def _before(
        self, facts: Facts, bodies: Bodies, hook: FunctionInfo, routes: Sequence[Route]
    ) -> Iterator[Finding]:
        stored = _stored(hook)
        found: list[tuple[Route, Read]] = []
        for route in routes:
            if hook not in route.handlers[1:] or _takes_body(facts, bodies, hook, route, stored):
                continue
            read = bodies.first_read(hook, route.method)
            if read is not None and (route.method in _WITH_BODY or not _asks_is_json(hook)):
                found.append((route, read))
        if not found:
            return
        read = found[0][1]
        names = list(dict.fromkeys(route.endpoint for route, _ in found))
        yield self.finding(
            read.function.module.path,
            read.node,
            message=(
                f"{hook.name} runs before every request and comes to {read.text}, also for "
                f"{_list(names)}, which take no body."
            ),
            why=_WHY,
            fix=_FIX,
            subject=f"{hook.name} reads JSON",
            related=[
                Related(route.module, route.span[0], f"{route.endpoint} takes no body")
                for route, _ in found[:_SHOWN]
            ],
            replacement=_silenced(read.node),
        )

    def _in_view(self, view: FunctionInfo, found: Sequence[tuple[Route, Read, str]]) -> Finding:
        route, read, reason = found[0]
        return self.finding(
            read.function.module.path,
            read.node,
            message=f"{view.name} comes to {read.text} for {route.endpoint}, {reason}.",
            why=_WHY,
            fix=_FIX,
            subject=f"{view.name} reads JSON for {route.method}",
            related=[Related(route.module, route.span[0], f"{route.endpoint} is registered here")],
            replacement=_silenced(read.node),
        )


_WHY: Final = (
    "Flask refuses the request inside this read, with 400 for an empty JSON body and 415 without a "
    "JSON content type, so it never gets to the endpoint's own code."
)
_FIX: Final = (
    "Read the body only where an endpoint needs it, or call `request.get_json(silent=True)`, which "
    "gives None for an empty body."
)


def _list(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _own_request_class(model: CodeModel) -> bool:
    return any(
        isinstance(base, ExternalValue) and base.path in ("flask.Request", "flask.wrappers.Request")
        for cls in model.classes.values()
        for base in model.ancestors(cls)
    )


def _hooks(model: CodeModel) -> Iterator[FunctionInfo]:
    """The functions that run before requests."""
    found: dict[FunctionInfo, None] = {}
    for function in model.functions.values():
        node = function.node
        for decorator in node.decorators if isinstance(node, s.Function) else ():
            if isinstance(decorator, s.Attribute) and decorator.name in _HOOKS:
                found[function] = None
        for call in model.calls_in(function):
            if isinstance(call.func, s.Attribute) and call.func.name in _HOOKS and call.args:
                hook = function_of(model, call.args[0].value, model.scope_of(call))
                if hook is not None:
                    found[hook] = None
    yield from found


def _takes_body(
    facts: Facts, bodies: Bodies, hook: FunctionInfo, route: Route, stored: frozenset[str]
) -> bool:
    """Does the endpoint need a body, by its description or else by what its view does?"""
    if route.complete and facts.description is not None:
        operation = facts.description.operation(route.method, route.path)
        if operation is not None:
            return operation.body
    others = [item for item in route.handlers if item is not hook]
    reached = facts.model.reachable(others) - facts.model.reachable([hook])
    return any(
        bodies.uses_body(function) or _reads(function, stored) for function in (*others, *reached)
    )


def _stored(hook: FunctionInfo) -> frozenset[str]:
    """The names under which a hook leaves things for later."""
    return frozenset(
        target.name
        for statement in hook.node.body
        for node in s.walk(statement)
        if isinstance(node, s.Assign)
        for target in node.targets
        if isinstance(target, s.Attribute)
    )


def _reads(function: FunctionInfo, names: frozenset[str]) -> bool:
    return any(
        isinstance(node, s.Attribute | s.Literal)
        and (node.name if isinstance(node, s.Attribute) else node.value) in names
        for statement in function.node.body
        for node in s.walk(statement)
    )


def _asks_is_json(hook: FunctionInfo) -> bool:
    return any(
        isinstance(node, s.Attribute) and node.name in ("is_json", "mimetype", "content_type")
        for statement in hook.node.body
        for node in s.walk(statement)
    )


def _without_body(
    facts: Facts, bodies: Bodies, view: FunctionInfo, routes: Sequence[Route]
) -> Iterator[tuple[Route, Read, str]]:
    described = facts.description
    has_bodies = described is not None and any(item.body for item in described.operations)
    methods = {route.method for route in routes}
    for route in routes:
        if route.method in ("HEAD", "OPTIONS", "ANY"):
            continue
        operation = (
            described.operation(route.method, route.path)
            if described is not None and has_bodies and route.complete
            else None
        )
        read: Read | None = None
        if operation is not None and not operation.body:
            read = bodies.first_read(view, route.method)
            reason = f"which {described.path if described else ''} gives no request body"
        elif operation is None and route.method == "GET" and methods & _WITH_BODY:
            read = bodies.first_read(view, "GET")
            reason = "before it looks at the method"
            if read is not None and not _is_of_others(bodies, view, read):
                read = None
        if read is not None:
            yield route, read, reason


def _is_of_others(bodies: Bodies, view: FunctionInfo, read: Read) -> bool:
    """Does the view tell methods apart, and use what it read only where the method is another?"""
    name = next(
        (
            statement.targets[0].id
            for statement in view.node.body
            if isinstance(statement, s.Assign)
            and isinstance(statement.targets[0], s.Name)
            and any(node is read.node for node in s.walk(statement))
        ),
        None,
    )
    if name is None:
        return False
    return bodies.tells_methods_apart(view) and not bodies.used_for(view, name, "GET")


def _silenced(node: s.Node) -> Replacement | None:
    """``get_json()`` with ``silent=True``."""
    if not isinstance(node, s.Call) or node.args:
        return None
    end = Position(node.span[2], node.span[3])
    return Replacement(Position(end.line, end.column - 2), end, "(silent=True)")
