from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Route
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._decorators import applied, passes_on

_VARIABLE: Final = regex(r"\{(\w+)\}")
_ROUTING: Final = frozenset({"route", "get", "post", "put", "patch", "delete"})
#: Decorators of libraries that call the view with what they were called with.
_TRANSPARENT: Final = frozenset({
    "login_required", "fresh_login_required", "jwt_required", "cross_origin", "limit", "exempt",
    "cached", "wraps", "roles_required", "roles_accepted", "auth_required", "token_required",
})  # fmt: skip
_OF_CLASSES: Final = ("method_decorators", "dispatch_request")


class FlaskViewSignature(Rule):
    """A Flask view does not take what its rule gives, or asks for what no rule gives.

    ## Why is this bad?
    Flask calls the view with the rule's variables as keyword arguments. A name that differs is a
    `TypeError`, so every request to the endpoint is answered with 500.

    ## Fix
    Give the rule's variable and the view's parameter the same name.

    ## Silent on
    Views with `**kwargs`, parameters with a default, rules with `defaults=`; views under decorators
    that may change the arguments; URL value preprocessors; rules that are not known in full.

    ## Source
    Flask, "Variable Rules": "Your function then receives the `<variable_name>` as a keyword
    argument."
    """

    id = "framework/flask-view-signature"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if _has_preprocessor(model):
            return
        seen: set[tuple[FunctionInfo, str]] = set()
        for route in model.routes:
            if route.framework != "flask" or not route.complete or not route.handlers:
                continue
            view = route.handlers[0]
            if (view, route.path) in seen or not isinstance(view.node, s.Function):
                continue
            seen.add((view, route.path))
            call = _call_at(model, route)
            if call is None or call.argument(None, "defaults") is not None:
                continue
            if not _is_called_plainly(model, view, view.node, call):
                continue
            finding = self._compare(route, view, view.node)
            if finding is not None:
                yield finding

    def _compare(self, route: Route, view: FunctionInfo, node: s.Function) -> Finding | None:
        given = _VARIABLE.findall(route.path)
        params = node.params[1 if view.cls is not None and node.kind != "static" else 0 :]
        if any(param.kind == "**" for param in params):
            return None
        names = [param.name for param in params if param.kind != "*"]
        wanted = [
            param.name
            for param in params
            if param.default is None and param.kind not in ("*", "positional-only")
        ]
        unexpected = [name for name in given if name not in names]
        lacking = [name for name in wanted if name not in given]
        name = view.name if view.cls is None else f"{view.cls.name}.{view.name}"
        rule = route.path
        if unexpected and lacking:
            message = f"{name} takes {lacking[0]}, and its rule {rule} gives {unexpected[0]}."
            fix = f"Use one name for both: `{lacking[0]}` or `{unexpected[0]}`."
        elif unexpected:
            message = f"{name} has no parameter {unexpected[0]}, which its rule {rule} gives."
            fix = f"Add the parameter `{unexpected[0]}` to {name}."
        elif lacking:
            message = f"{name} takes {lacking[0]}, which its rule {rule} does not give."
            fix = f"Add `<{lacking[0]}>` to the rule, or give the parameter a default."
        else:
            return None
        error = (
            f"got an unexpected keyword argument '{unexpected[0]}'"
            if unexpected
            else f"missing 1 required positional argument: '{lacking[0]}'"
        )
        return self.finding(
            view.module.path,
            s.Node(node.name_span),
            message=message,
            why=f"Every request to {rule} fails with TypeError: {view.name}() {error}.",
            fix=fix,
            subject=f"{name} of {rule}",
            related=[Related(route.module, route.span[0], f"the rule {rule}")],
        )


def _has_preprocessor(model: CodeModel) -> bool:
    return any(
        isinstance(node, s.Attribute)
        and node.name in ("url_value_preprocessor", "app_url_value_preprocessor", "view_args")
        for module in model.modules.values()
        if module.language == "python"
        for node in s.walk(module)
    )


def _call_at(model: CodeModel, route: Route) -> s.Call | None:
    """The call that registers the route."""
    for node in s.walk(model.modules[route.module]):
        if isinstance(node, s.Call) and node.span == route.span:
            return node
    return None


def _is_called_plainly(
    model: CodeModel, view: FunctionInfo, node: s.Function, call: s.Call
) -> bool:
    """Does Flask call this very function with the rule's variables?"""
    around = _of_class(model, view.cls) if view.cls is not None else []
    if around is None:
        return False
    for decorator in (*node.decorators, *around):
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        last = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if isinstance(func, s.Attribute) and last in _ROUTING:
            continue
        if last in ("staticmethod", "classmethod"):
            return False
        outcome = applied(model, decorator, model.scope_of(decorator))
        if outcome.taker is None:
            if outcome.outcome != "same" and last not in _TRANSPARENT:
                return False
        elif outcome.wrapper is None or not passes_on(outcome.taker, outcome.wrapper):
            return False
    if view.cls is not None:
        return not any(_names_any(model, cls, _OF_CLASSES) for cls in _lineage(model, view.cls))
    given = call.argument(2, "view_func")
    return given is None or isinstance(given, s.Name | s.Attribute)


def _of_class(model: CodeModel, cls: ClassInfo) -> list[s.Expr] | None:
    """The ``decorators`` of a view class; None where they are not written in full."""
    for item in _lineage(model, cls):
        given = [
            statement.value
            for statement in item.node.body
            if isinstance(statement, s.Assign)
            and any(isinstance(t, s.Name) and t.id == "decorators" for t in statement.targets)
        ]
        if given:
            value = given[0]
            return value.items if len(given) == 1 and isinstance(value, s.Sequence) else None
        if "decorators" in model.member_names(item):
            return None
    return []


def _lineage(model: CodeModel, cls: ClassInfo) -> Iterator[ClassInfo]:
    yield cls
    for base in model.ancestors(cls):
        if isinstance(base, ClassValue):
            yield base.cls


def _names_any(model: CodeModel, cls: ClassInfo, names: Iterable[str]) -> bool:
    return bool(model.member_names(cls).intersection(names))
