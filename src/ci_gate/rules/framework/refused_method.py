from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._contexts import Held, held_objects
from ci_gate.rules.base import Facts, Rule

_SINGLE: Final = {
    "require_GET": ("GET",), "require_POST": ("POST",), "require_safe": ("GET", "HEAD"),
}  # fmt: skip
_LISTING: Final = frozenset({"require_http_methods", "api_view"})
_DECORATORS: Final = ("django.views.decorators.http.", "rest_framework.decorators.")
_KNOWN: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_EMPTY: Final = "Every request gets 405 Method Not Allowed."


@dataclass(frozen=True, slots=True, eq=False)
class _Allowed:
    methods: frozenset[str]
    where: s.Node


class RefusedMethod(Rule):
    """A view has a branch for an HTTP method that never gets there.

    Its decorator refuses the method (`@require_http_methods(["GET", "DELETE"])`, `@api_view`,
    Flask's `methods=`), or the method is compared with a name in lower case. Also
    `require_http_methods("GET")`, which takes the letters for methods.

    ## Why is this bad?
    The framework answers 405 before the view runs, and what the branch is for (the update, the
    deletion) is served by nothing. Methods are upper case: a comparison with `"put"` is never true.

    ## Fix
    Name the method in the decorator, or drop the branch.

    ## Silent on
    `HEAD` and `OPTIONS`; views whose decorators or registrations are not all known.

    ## Source
    Django, "View decorators: Allowed HTTP methods"; Flask, "HTTP Methods"; constraint decay, arXiv
    2605.06445: 18 of the failing Django runs answer 405.
    """

    id = "framework/refused-method"
    group = "framework"

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for item in held_objects(facts):
            allowed = _allowed(model, item)
            for node, methods, plain in _compared(item):
                name = " and ".join(f"`{method}`" for method in methods)
                if any(method != method.upper() for method in methods):
                    if all(method.upper() in _KNOWN for method in methods):
                        yield self._finding(
                            item, node, f"The method is compared with {name}, and methods are "
                            "upper case.", "The comparison always has the same result: the "
                            "branch is never, or always, taken.", f"Write {name.upper()}.", [],
                        )  # fmt: skip
                elif allowed is not None and plain and allowed.methods.isdisjoint(methods):
                    shown = ", ".join(sorted(allowed.methods))
                    yield self._finding(
                        item, node, f"`{item.function.name}` has a branch for {name}, and takes "
                        f"{shown} only.", f"{methods[0]} is answered with 405 before the view "
                        "runs: what the branch does is never done.",
                        f"Add {name} to the methods that the view takes.",
                        [Related(item.function.module.path, allowed.where.line, f"takes {shown}")],
                    )  # fmt: skip
        yield from self._texts(model)

    def _texts(self, model: CodeModel) -> Iterator[Finding]:
        for word in _LISTING:
            for call, scope in model.calls_named(word):
                given = call.argument(0, "request_method_list")
                text = given.value if isinstance(given, s.Literal) else None
                if not isinstance(text, str) or len(text) < 2 or not _is_of_library(model, call):
                    continue
                yield self.finding(
                    scope.module.path,
                    call,
                    message=f'`{word}("{text}")` is given a text where a list of methods is due.',
                    why=f"It takes the letters for methods: {_EMPTY}",
                    fix=f'Write `{word}(["{text}"])`.',
                    subject=f"{word} with a text",
                )

    def _finding(
        self, item: Held, node: s.Node, message: str, why: str, fix: str, related: list[Related]
    ) -> Finding:
        return self.finding(
            item.function.module.path,
            node,
            message=message,
            why=why,
            fix=fix,
            subject=f"{item.function.name}: {message}",
            related=related,
        )


def _compared(item: Held) -> Iterator[tuple[s.Node, list[str], bool]]:
    """The comparisons of the request's method with names; the last part tells whether one that is
    true leads to something."""
    if item.kind not in ("django.HttpRequest", "flask.Request", "aiohttp.Request"):
        return
    known = set(item.reads())
    for node in s.walk(item.function.node):
        if not isinstance(node, s.Binary) or node.op not in ("==", "!=", "in", "not in"):
            continue
        left, right = node.left, node.right
        if node.op in ("==", "!=") and isinstance(left, s.Literal):
            left, right = right, left
        if not isinstance(left, s.Attribute) or left.name != "method" or left.value not in known:
            continue
        texts = right.items if isinstance(right, s.Sequence) else [right]
        methods = [
            text.value for text in texts if isinstance(text, s.Literal) and _is_text(text.value)
        ]
        if len(methods) == len(texts) and methods:
            names = [str(method) for method in methods]
            known_all = all(name.upper() in _KNOWN for name in names)
            yield node, names, known_all and node.op in ("==", "in")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _allowed(model: CodeModel, item: Held) -> _Allowed | None:
    if item.kind == "django.HttpRequest":
        return _of_decorators(model, item.function)
    if item.kind != "flask.Request":
        return None
    node = item.function.node
    if not isinstance(node, s.Function) or not node.decorators:
        return None  # registered elsewhere, and maybe more than once
    routes = [route for route in model.routes if route.handlers[:1] == (item.function,)]
    methods = {method for route in routes for method in route.method.split(",")}
    if not routes or "ANY" in methods or any(route.view is not None for route in routes):
        return None
    return _Allowed(frozenset(methods), s.Node(routes[0].span))


def _of_decorators(model: CodeModel, function: FunctionInfo) -> _Allowed | None:
    node = function.node
    found: _Allowed | None = None
    for decorator in node.decorators if isinstance(node, s.Function) else ():
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        name = s.last_name(func) or ""
        if not _is_of_library(model, decorator):
            continue
        methods = frozenset(_SINGLE.get(name, ()))
        if name in _LISTING and isinstance(decorator, s.Call):
            given = decorator.argument(0, "request_method_list")
            items = given.items if isinstance(given, s.Sequence) else []
            if not items or not all(isinstance(one, s.Literal) for one in items):
                return None
            methods = frozenset(str(one.value) for one in items if isinstance(one, s.Literal))
        if methods:
            if found is not None:
                return None
            found = _Allowed(methods, decorator)
    return found


def _is_of_library(model: CodeModel, decorator: s.Expr) -> bool:
    func = decorator.func if isinstance(decorator, s.Call) else decorator
    values = model.evaluate(func)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path.startswith(_DECORATORS) for value in values
    )
