from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._stored_names import given_names

#: Hooks of single instances that an update of one runs.
_OF_INSTANCES: Final = ("beforeSave", "beforeUpdate")
#: Hooks that a static update runs.
_OF_ALL: Final = ("beforeBulkUpdate",)


@dataclass(frozen=True, slots=True)
class _Hook:
    """``kind`` of hook that sets the attributes ``sets``, registered at ``node`` of ``path``."""

    kind: str
    sets: frozenset[str]
    path: str
    node: s.Node


class HookSkipped(Rule):
    """A static `Model.update()` stores an attribute that a hook of single instances prepares.

    ## Why is this bad?
    `Model.update(values, { where })` runs `beforeBulkUpdate` only; `beforeSave` and `beforeUpdate`
    belong to instances. What the hook does to the attribute is left out: a password is stored as it
    was typed.

    ## Fix
    Load the row and call `row.update(values)`, or add `individualHooks: true`.

    ## Silent on
    Models with a `beforeBulkUpdate` hook, updates with `individualHooks`, attributes that the hook
    does not set, values and options that could not be read.

    ## Source
    Sequelize, "Hooks: Model hooks" (sequelize.org/docs/v6/other-topics/hooks).
    """

    id = "orm/hook-skipped"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        hooks: dict[SequelizeModel, list[_Hook]] = {}
        for query in models.queries.all:
            if query.method != "update":
                continue
            model = query.model
            if model not in hooks:
                hooks[model] = list(_hooks(models, model))
            prepared = [hook for hook in hooks[model] if hook.kind in _OF_INSTANCES and hook.sets]
            if not prepared or any(hook.kind in _OF_ALL for hook in hooks[model]):
                continue
            if not models.queries.lacks(query, "individualHooks"):
                continue
            for name, node, scope in given_names(models, query):
                hook = next((item for item in prepared if name in item.sets), None)
                if hook is None:
                    continue
                yield self.finding(
                    query.path,
                    query.call,
                    message=f"{model.name}.update() stores `{name}`, which the {hook.kind} hook of "
                    f"{model.name} sets, and a static update does not run that hook.",
                    why=f"`{name}` is stored as it is given; what the hook makes of it (a hash, a "
                    "slug, a normal form) is missing in the row.",
                    fix="Load the row and call `row.update(…)`, or add `individualHooks: true` to "
                    "the options.",
                    subject=f"{model.name}.{name} by update",
                    related=[
                        Related(scope.module.path, node.span[0], f"`{name}` is given here"),
                        Related(hook.path, hook.node.span[0], f"the {hook.kind} hook"),
                    ],
                )
                break


def _hooks(models: Models, model: SequelizeModel) -> Iterator[_Hook]:
    if model.call is not None:
        scope = models.model.scope_of(model.call)
        position = 1 if model.cls is not None else 2
        given = Options(models.origins, model.call.argument(position), scope).get("hooks")
        if given is not None:
            for kind, (expr, inner) in Options(models.origins, *given).values.items():
                yield _hook(models, kind, expr, inner.module.path)
    for kind in (*_OF_INSTANCES, *_OF_ALL, "addHook"):
        for call, scope in models.model.calls_named(kind):
            if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                continue
            if models.of(call.func.value, scope) is not model or not call.args:
                continue
            first, last = call.args[0].value, call.args[-1].value
            named = first.value if isinstance(first, s.Literal) else ""
            yield _hook(models, str(named) if kind == "addHook" else kind, last, scope.module.path)


def _hook(models: Models, kind: str, expr: s.Expr, path: str) -> _Hook:
    sets: set[str] = set()
    functions = [expr.function] if isinstance(expr, s.FunctionExpr) else [
        value.function.node
        for value in models.model.evaluate(expr)
        if isinstance(value, FunctionValue)
    ]  # fmt: skip
    for function in functions:
        if not isinstance(function, s.Function) or not function.params:
            continue
        row = function.params[0].name
        for node in s.walk(function):
            match node:
                case s.Assign(targets=[s.Attribute(value=s.Name(id=base), name=name)]):
                    if base == row:
                        sets.add(name)
    return _Hook(kind, frozenset(sets), path, expr)
