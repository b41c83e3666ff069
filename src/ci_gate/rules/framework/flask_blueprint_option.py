from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ConstantValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._flask import registrations, router_of

_HANDLERS: Final = frozenset({"errorhandler", "register_error_handler"})

_NAMING: Final = frozenset({"Blueprint", "register_blueprint"})


class FlaskBlueprintOption(Rule):
    """What a Flask blueprint is given has no effect.

    `Blueprint("users", __name__, url_prefix="/users")`, registered with `url_prefix="/api"`, which
    takes the place of the first and does not come before it; or an error handler of a blueprint
    without views, which no error ever comes to.

    ## Why is this bad?
    The views answer at other addresses than their module says: `/api/{id}` in place of
    `/api/users/{id}`, where they may meet those of another blueprint. Errors are answered with 500
    although a handler is written for them.

    ## Fix
    Give the whole prefix where the blueprint is registered, or nest blueprints. Register error
    handlers on the application, or with `app_errorhandler`.

    ## Silent on
    Prefixes that the one of the registration contains; prefixes that are not written out;
    blueprints that are handed to other code than `register_blueprint`.

    ## Source
    Flask, "Modular Applications with Blueprints": `Flask.register_blueprint`, error handlers.
    """

    id = "framework/flask-blueprint-option"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("flask",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for call, scope in model.calls_named("register_blueprint"):
            path = scope.module.path
            if not is_outside(path):
                yield from self._prefix(model, path, call)
        yield from self._handlers(model)

    def _prefix(self, model: CodeModel, path: str, call: s.Call) -> Iterator[Finding]:
        option = call.argument(keyword="url_prefix")
        prefix = _text(model, option)
        if prefix is None:
            return
        for made in _registered(model, call):
            own = made.argument(keyword="url_prefix")
            replaced, where = _text(model, own), model.path_of(made)
            if not replaced or where is None or replaced.strip("/") in prefix.strip("/"):
                continue
            whole = f"{prefix.rstrip('/')}/{replaced.strip('/')}"
            yield self.finding(
                path,
                call,
                message=f"`url_prefix={prefix!r}` takes the place of the blueprint's own "
                f"{replaced!r}.",
                why=f"Its views answer under {prefix!r} alone: {replaced!r} has no effect.",
                fix=f"Register it with `url_prefix={whole!r}`.",
                subject=f"prefix {replaced} replaced by {prefix}",
                related=[Related(where, (own or made).span[0], "the prefix without effect")],
            )

    def _handlers(self, model: CodeModel) -> Iterator[Finding]:
        waiting: list[tuple[str, s.Attribute, s.Node]] = []
        for module in model.modules.values():
            if module.language != "python" or is_outside(module.path):
                continue
            if _HANDLERS.isdisjoint(s.gathered(module).words):
                continue
            for node in model.nodes_of(module, s.Attribute):
                if node.name in _HANDLERS:
                    made = router_of(model, node.value, model.scope_of(node))
                    if isinstance(made, s.Call) and _is_blueprint(made):
                        waiting.append((module.path, node, made))
        if not waiting:
            return
        with_views = {item.router for item in registrations(model)}
        handed = set(_handed(model))
        for path, node, made in waiting:
            if made in with_views or made in handed:
                continue
            label = node.value.id if isinstance(node.value, s.Name) else "the blueprint"
            yield self.finding(
                path,
                node,
                message=f"An error handler of the blueprint `{label}`, which has no views.",
                why="A blueprint's handlers are asked for errors of its own views only: this one "
                "never runs, and the errors are answered with 500.",
                fix="Register it on the application, or with `app_errorhandler`.",
                subject=f"error handler of {label}",
            )


def _text(model: CodeModel, expr: s.Expr | None) -> str | None:
    found = model.evaluate(expr) if expr is not None else frozenset()
    texts = [item.value for item in found if isinstance(item, ConstantValue)]
    return texts[0] if len(texts) == len(found) == 1 and isinstance(texts[0], str) else None


def _registered(model: CodeModel, call: s.Call) -> Iterator[s.Call]:
    """The blueprints that the call registers: one, or in a loop over several."""
    given, scope = call.argument(0, "blueprint"), model.scope_of(call)
    exprs = [given] if given is not None else []
    if isinstance(given, s.Name) and scope.function is not None:
        for node in model.own_nodes(scope.function):
            if not isinstance(node, s.For) or not isinstance(node.target, s.Name):
                continue
            if node.target.id == given.id and isinstance(node.iter, s.Sequence):
                exprs = list(node.iter.items)
    for expr in exprs:
        made = router_of(model, expr, scope)
        if isinstance(made, s.Call):
            yield made


def _is_blueprint(made: s.Call) -> bool:
    func = made.func
    name = func.id if isinstance(func, s.Name) else getattr(func, "name", "")
    return "Blueprint" in name


def _handed(model: CodeModel) -> Iterator[s.Node]:
    """The blueprints that other calls than ``register_blueprint`` get, and those that have
    blueprints of their own."""
    for module in model.modules.values():
        if module.language != "python" or _NAMING.isdisjoint(s.gathered(module).words):
            continue
        for call in model.nodes_of(module, s.Call):
            name = call.func.name if isinstance(call.func, s.Attribute) else ""
            scope = model.scope_of(call)
            if name == "register_blueprint" and isinstance(call.func, s.Attribute):
                made = router_of(model, call.func.value, scope)
                if made is not None:
                    yield made
                continue
            for item in call.args:
                if isinstance(item.value, s.Name):
                    made = router_of(model, item.value, scope)
                    if made is not None:
                        yield made
