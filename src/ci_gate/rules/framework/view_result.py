from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import Route
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.findings import Finding
from ci_gate.rules._ends import open_ends
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._responders import Responder, responders, transparent

_WHY: Final = {
    "flask": "TypeError: the view function did not return a valid response. Every request that "
    "comes here is answered with 500, although the work is done.",
    "django": "ValueError: the view didn't return an HttpResponse object. Every request that comes "
    "here is answered with 500, although the work is done.",
    "aiohttp": "aiohttp has no response to send: every request that comes here is answered with "
    "500, although the work is done.",
}
_FIX: Final = {
    "flask": 'Return a response: `jsonify(…)`, or `("", 204)` where there is nothing to say.',
    "django": "Return a response: `JsonResponse(…)`, or `HttpResponse(status=204)`.",
    "aiohttp": "Return a response: `web.json_response(…)`, or `web.Response(status=204)`.",
}
#: Bases that make no response of a class.
_PLAIN: Final = (
    "abc.", "builtins.", "collections.", "dataclasses.", "django.db.", "enum.", "flask_sqlalchemy.",
    "pydantic.", "sqlalchemy.", "sqlmodel.", "typing.",
)  # fmt: skip
_BODIES: Final = frozenset({"dict", "list", "str", "bytes", "tuple", "TypedDict", "NamedTuple"})


class ViewResult(Rule):
    """A view, or a hook around it, gives back what the framework cannot send.

    Nothing, on one of its ways; an object of the service layer; under Django and aiohttp a `dict`.
    Also middleware, decorators and `after_request` hooks that do not hand the response on, and
    `before_request` hooks that always return something, which Flask takes for the answer.

    ## Why is this bad?
    The framework raises after the work is done: every such request is a 500.

    ## Fix
    Return a response of the framework.

    ## Silent on
    Views under decorators that are not known to hand the result on, ways that may end with an
    exception, values that may be a response, subclasses of the framework's own application.

    ## Source
    Flask, "About Responses"; Django, "Writing views"; aiohttp, "Web server: handlers".
    """

    id = "framework/view-result"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask", "django", "aiohttp", "fastapi", "starlette")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for hook in responders(model):
            if not is_outside(hook.function.module.path):
                yield from self._hook(model, hook)
        seen: set[FunctionInfo] = set()
        for route in model.routes:
            view = route.handlers[0] if route.handlers else None
            if view is None or view in seen or route.framework not in _WHY:
                continue
            seen.add(view)
            if is_outside(view.module.path) or not transparent(model, view, route.framework):
                continue
            yield from self._view(facts, view, route)

    def _hook(self, model: CodeModel, hook: Responder) -> Iterator[Finding]:
        function = hook.function
        if hook.answers:
            node = function.node
            last = node.body[-1] if isinstance(node, s.Function) and node.body else None
            if isinstance(last, s.Return) and last.value is not None and _is_no_none(last.value):
                yield self.finding(
                    function.module.path,
                    last,
                    message=f"`{function.name}` runs before each request and always returns "
                    "something.",
                    why="Flask takes what a `before_request` function returns for the answer: no "
                    "view is called any more.",
                    fix="Return nothing, and keep the value in `g`.",
                    subject=f"{function.name} answers",
                )
            return
        if hook.decorates:
            for end in open_ends(model, function)[:1]:
                yield self.finding(
                    function.module.path,
                    end,
                    message=f"The decorator `{function.name}` gives nothing back.",
                    why="The views under it are None: the program ends with TypeError, or every "
                    "request to them does.",
                    fix="Return the function that stands in for the view.",
                    subject=f"{function.name} decorates with nothing",
                )
            return
        for end in open_ends(model, function)[:1]:
            yield self.finding(
                function.module.path,
                end,
                message=f"`{function.name}` does not give the response back.",
                why=f"{hook.framework} sends what it returns, and it returns None here: every such "
                "request is answered with 500.",
                fix="Return the response at the end.",
                subject=f"{function.name} returns nothing",
            )

    def _view(self, facts: Facts, view: FunctionInfo, route: Route) -> Iterator[Finding]:
        framework = route.framework
        ends = open_ends(facts.model, view)
        if ends and not _is_empty(view):
            yield self.finding(
                view.module.path,
                ends[-1],
                message=f"{route.endpoint} comes to its end here without a response.",
                why=_WHY[framework],
                fix=_FIX[framework],
                subject=f"{view.name} returns nothing",
            )
        node = view.node
        assert isinstance(node, s.Function)
        for item in s.returns_in(node):
            shown = _refused(facts, item.value, framework) if item.value is not None else None
            if shown is not None:
                yield self.finding(
                    view.module.path,
                    item,
                    message=f"{route.endpoint} returns {shown}, which is no response.",
                    why=_WHY[framework],
                    fix=_FIX[framework],
                    subject=f"{view.name} returns {shown}",
                )


def _is_empty(view: FunctionInfo) -> bool:
    """Is nothing written yet (``...``, ``pass``, a docstring)?"""
    node = view.node
    assert isinstance(node, s.Function)
    return all(
        isinstance(item, s.Jump)
        or (isinstance(item, s.ExprStmt) and isinstance(item.value, s.Literal))
        for item in node.body
    )


def _is_no_none(expr: s.Expr) -> bool:
    """Is it surely something?"""
    if isinstance(expr, s.Literal):
        return expr.kind != "none"
    return isinstance(expr, s.Attribute) and isinstance(expr.value, s.Name) and expr.value.id == "g"


def _refused(facts: Facts, value: s.Expr, framework: str) -> str | None:
    if framework != "flask" and isinstance(value, s.Mapping | s.Sequence | s.Template):
        if isinstance(value, s.Sequence) and value.kind == "tuple":
            return "a tuple"
        return {s.Mapping: "a dict", s.Sequence: "a list", s.Template: "a text"}[type(value)]
    if isinstance(value, s.Literal):
        if value.kind in ("bool", "number") or (framework != "flask" and value.kind == "string"):
            return f"`{value.value!r}`"
        return None
    if not isinstance(value, s.Name | s.Attribute | s.Call | s.Await):
        return None
    classes = facts.certain.objects(value, facts.model.scope_of(value))
    if not classes or not all(_is_plain(facts.model, cls) for cls in classes):
        return None
    name = min(cls.name for cls in classes)
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def _is_plain(model: CodeModel, cls: ClassInfo) -> bool:
    """Is it no response, by itself and its bases?"""
    if model.method(cls, "__call__") is not None or model.method(cls, "__iter__") is not None:
        return False
    for base in model.ancestors(cls):
        if isinstance(base, ClassValue):
            continue
        if not isinstance(base, ExternalValue) or not base.path.startswith(_PLAIN):
            return False
        if base.path.rpartition(".")[2] in _BODIES:
            return False
    return True
