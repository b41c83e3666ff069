from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._decorators import function_of
from ci_gate.rules.framework._django_settings import middleware

_CSRF: Final = "django.middleware.csrf.CsrfViewMiddleware"
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY"})
#: Signs that clients send the token, or that the check is turned off some other way.
_HANDLED: Final = frozenset({
    "ensure_csrf_cookie", "get_token", "_dont_enforce_csrf_checks", "csrf_processing_done",
    "csrftoken", "X-CSRFToken", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_NAME", "CSRF_USE_SESSIONS",
    "CSRF_HEADER_NAME", "csrf_protect", "requires_csrf_token",
})  # fmt: skip
_TOKENS: Final = frozenset({"Authorization", "HTTP_AUTHORIZATION"})
_SHOWN: Final = 4


class DjangoCsrfOnApi(Rule):
    """A JSON endpoint without sessions stands behind Django's CSRF check.

    ## Why is this bad?
    `CsrfViewMiddleware` answers 403 Forbidden to every POST, PUT, PATCH and DELETE that brings no
    CSRF cookie and token, before the view is called. Clients of a token API have neither.

    ## Fix
    Put `@csrf_exempt` on the view (`@method_decorator(csrf_exempt, name="dispatch")` on a class),
    or take `CsrfViewMiddleware` out of `MIDDLEWARE` where the service has no sessions.

    ## Silent on
    Views of Django REST framework, which are exempt; views that are exempt, themselves, through
    their class, a decorator or in the URL configuration; services that hand out the token or set
    anything up for it; services that do not read an `Authorization` header; views that do not read
    JSON.

    ## Source
    Django, "Cross Site Request Forgery protection"; Constraint decay, arXiv 2605.06445.
    """

    id = "framework/django-csrf-on-api"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        listed = middleware(model, _CSRF)
        if listed is None:
            return
        words = _words(model)
        if words & _HANDLED or not words & _TOKENS:
            return
        found: dict[FunctionInfo, Route] = {}
        exempt = False
        for route in sorted(model.routes, key=lambda item: item.order):
            if route.framework != "django" or route.method not in _UNSAFE or not route.handlers:
                continue
            view = route.handlers[0]
            if _is_exempt(model, view, route):
                exempt = True
            elif _is_plain(model, view) and _reads_json(model, view):
                found.setdefault(view, route)
        several = list(found.items())
        for group in [[item] for item in several] if exempt else [several] if several else []:
            yield self._finding(group, listed)

    def _finding(
        self, group: Sequence[tuple[FunctionInfo, Route]], listed: tuple[str, s.Literal]
    ) -> Finding:
        view, route = group[0]
        node = view.node
        more = len(group) - 1
        also = f"; so are {more} more" if more else ""
        name = view.name if view.cls is None else f"{view.cls.name}.{view.name}"
        return self.finding(
            view.module.path,
            s.Node(node.name_span) if isinstance(node, s.Function) else node,
            message=(
                f"{name} ({route.path}) reads JSON for clients with a token of their own, and is "
                f"not exempt from the CSRF check of {listed[0]}{also}."
            ),
            why="CsrfViewMiddleware answers 403 before the view is called.",
            fix=(
                f"Put `@csrf_exempt` on {view.name}."
                if view.cls is None
                else f'Put `@method_decorator(csrf_exempt, name="dispatch")` on {view.cls.name}.'
            ),
            subject=f"{name} behind CSRF",
            related=[
                Related(listed[0], listed[1].line, "turns the CSRF check on"),
                *(
                    Related(other.module.path, other.node.span[0], f"{other.name} too")
                    for other, _ in group[1:_SHOWN]
                ),
            ],
        )


def _words(model: CodeModel) -> set[str]:
    """The names and texts of the service that tell how it takes requests."""
    wanted = _HANDLED | _TOKENS
    found: set[str] = set()
    for path, module in model.modules.items():
        if module.language == "python" and is_outside(path):
            continue
        words: set[object] = {node.id for node in model.nodes_of(module, s.Name)}
        words.update(node.name for node in model.nodes_of(module, s.Attribute))
        words.update(node.name for node in model.nodes_of(module, s.ImportedName))
        words.update(node.value for node in model.nodes_of(module, s.Literal))
        found.update(word for word in wanted if word in words)
    return found


def _is_exempt(model: CodeModel, view: FunctionInfo, route: Route) -> bool:
    marks: list[s.Node] = []
    node = view.node
    if isinstance(node, s.Function):
        marks += node.decorators
    if view.cls is not None:
        marks += view.cls.node.decorators
        marks += [statement for statement in view.cls.node.body if _names_exempt(statement)]
        dispatch = model.method(view.cls, "dispatch")
        if dispatch is not None:
            marks.append(dispatch.node)
    for handler in route.handlers[1:]:
        if handler.cls is None and isinstance(handler.node, s.Function):
            marks.append(handler.node)
    module = model.modules[route.module]
    marks += [item for item in s.walk(module) if item.span == route.span]
    return any(_names_exempt(mark) for mark in marks) or _wrapped(model, marks)


def _names_exempt(node: s.Node) -> bool:
    return any(
        (isinstance(item, s.Name) and item.id == "csrf_exempt")
        or (isinstance(item, s.Attribute) and item.name == "csrf_exempt")
        for item in s.walk(node)
    )


def _wrapped(model: CodeModel, marks: Sequence[s.Node]) -> bool:
    """Does a decorator of the tree exempt what it wraps?"""
    for mark in marks:
        if not isinstance(mark, s.Name | s.Attribute | s.Call):
            continue
        func = mark.func if isinstance(mark, s.Call) else mark
        decorator = function_of(model, func, model.scope_of(mark))
        if decorator is not None and _names_exempt(decorator.node):
            return True
    return False


def _is_plain(model: CodeModel, view: FunctionInfo) -> bool:
    """Is it a function view or one of Django's own class-based views?"""
    if view.cls is None:
        node = view.node
        decorators = node.decorators if isinstance(node, s.Function) else []
        return not any(_is_of(model, item, "rest_framework", "ninja") for item in decorators)
    paths = [base.path for base in model.ancestors(view.cls) if isinstance(base, ExternalValue)]
    return bool(paths) and all(
        path.startswith(("django.views", "django.contrib")) for path in paths
    )


def _is_of(model: CodeModel, expr: s.Expr, *packages: str) -> bool:
    func = expr.func if isinstance(expr, s.Call) else expr
    return any(
        isinstance(value, ExternalValue) and value.path.partition(".")[0] in packages
        for value in model.evaluate(func)
    )


def _reads_json(model: CodeModel, view: FunctionInfo) -> bool:
    """Does the view, or what it calls, parse the body as JSON?"""
    for function in model.reachable([view]):
        for call in model.calls_in(function):
            match call:
                case s.Call(func=s.Attribute(name="loads") | s.Name(id="loads"), args=[given, *_]):
                    if any(
                        isinstance(node, s.Attribute) and node.name == "body"
                        for node in s.walk(given.value)
                    ):
                        return True
    return False
