from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._flask import Registration, registrations

_REQUESTS: Final = frozenset({"flask.request", "flask.globals.request"})
_BODY: Final = frozenset({"json", "get_json", "form", "files"})
_MAX_DEPTH: Final = 3


class FlaskMissingMethods(Rule):
    """A view reads the body of the request, and its route takes GET only.

    `@app.route("/users")` without `methods=`; the body may be read in a function that the view
    calls.

    ## Why is this bad?
    Flask answers every POST with 405 Method Not Allowed: the view is never called with a body.

    ## Fix
    `@app.post("/users")`, or `methods=["POST"]`.

    ## Silent on
    Routes that name their method (`@app.get`, `methods=["GET"]`), views with another route that
    takes bodies, addresses at which another view takes them.

    ## Source
    Flask, "HTTP Methods": by default, a route only answers to GET requests.
    """

    id = "framework/flask-missing-methods"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        by_view: defaultdict[FunctionInfo, list[Registration]] = defaultdict(list)
        for item in registrations(model):
            if item.view is not None:
                by_view[item.view].append(item)
        for view, items in by_view.items():
            if is_outside(view.module.path) or any(item.methods != ("GET",) for item in items):
                continue
            call = _plain_route(view)
            read = _body_read(model, view) if call is not None else None
            if call is None or read is None or _has_sibling(by_view, items):
                continue
            function, node = read
            yield self.finding(
                view.module.path,
                call,
                message=f"`{view.name}` reads the body of the request, and its route takes GET "
                "only.",
                why="A route without `methods` answers every POST with 405 Method Not Allowed.",
                fix='Use `.post(…)`, or give `methods=["POST"]`.',
                subject=f"methods of {view.name}",
                related=[Related(function.module.path, node.span[0], "the body is read here")],
            )


def _plain_route(view: FunctionInfo) -> s.Call | None:
    """The one ``@….route(…)`` of the view, without ``methods``."""
    node = view.node
    found = [
        item
        for item in (node.decorators if isinstance(node, s.Function) else ())
        if isinstance(item, s.Call)
        and isinstance(item.func, s.Attribute)
        and item.func.name == "route"
    ]
    if len(found) != 1 or any(item.star or item.keyword == "methods" for item in found[0].args):
        return None
    return found[0]


def _has_sibling(
    by_view: dict[FunctionInfo, list[Registration]], items: Sequence[Registration]
) -> bool:
    """Does another view take other methods at the same address?"""
    own = {(item.router, item.rule) for item in items}
    return any(
        (item.router, item.rule) in own and item not in items
        for others in by_view.values()
        for item in others
    )


def _body_read(model: CodeModel, view: FunctionInfo) -> tuple[FunctionInfo, s.Node] | None:
    waiting, seen = [(view, 0)], {view}
    while waiting:
        function, depth = waiting.pop(0)
        for node in model.attributes_in(function):
            if node.name in _BODY and _is_request(model, node.value):
                return function, node
        if depth < _MAX_DEPTH:
            for edge in model.callees(function):
                if edge.reason == "call" and edge.callee not in seen:
                    seen.add(edge.callee)
                    waiting.append((edge.callee, depth + 1))
    return None


def _is_request(model: CodeModel, expr: s.Expr) -> bool:
    found = model.evaluate(expr) if isinstance(expr, s.Name | s.Attribute) else frozenset()
    return bool(found) and all(
        isinstance(item, ExternalValue) and item.path in _REQUESTS for item in found
    )
