"""Sequelize: scopes that the model does not define."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.scopes import DEFAULT
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed, nearest

_ALWAYS: Final = (DEFAULT, "")


def undefined_scopes(models: Models) -> Iterator[Defect]:
    for call, scope in models.model.calls_named("scope"):
        if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
            continue
        model = models.of(call.func.value, scope)
        if model is None or model.call is None or not _all_seen(models, model):
            continue
        defined = {item.name for item in models.scopes.all if item.model is model}
        for name, node in _asked(call):
            if name in _ALWAYS or name in defined:
                continue
            near = nearest(name, defined)
            named = listed(defined - {DEFAULT})
            yield Defect(
                scope.module.path,
                node,
                f"{model.name} has no scope `{name}`" + (f": it has {named}." if named else "."),
                f"Sequelize throws \"Invalid scope {name} called.\" each time the line runs; the "
                "request ends in a 500.",
                f"Did you mean `{near}`?" if near else f"Define the scope in {model.name}'s options"
                ", or call `unscoped()`.",
                f"{model.name}.scope({name})",
                (Related(model.path, model.span[0], "the model's scopes"),),
            )  # fmt: skip


def _asked(call: s.Call) -> Iterator[tuple[str, s.Expr]]:
    """The scopes that the call names by constants: texts, lists of texts, `{ method: [name] }`."""
    stack = [item.value for item in call.args]
    while stack:
        match stack.pop():
            case s.Literal(value=str(name)) as node:
                yield name, node
            case s.Sequence(items=items):
                stack += items
            case s.Mapping(entries=[s.Entry(key=s.Literal(value="method"), value=value)]):
                match value:
                    case s.Literal(value=str(name)) as node:
                        yield name, node
                    case s.Sequence(items=[s.Literal(value=str(name)) as node, *_]):
                        yield name, node


def _all_seen(models: Models, model: SequelizeModel) -> bool:
    """Are the model's options and scopes written out, and is no scope added by a name that is not
    constant?"""
    assert model.call is not None
    position = 1 if model.cls is not None else 2
    given = model.call.argument(position)
    scope = models.model.scope_of(model.call)
    options = Options(models.origins, given, scope)
    if given is None or not options.complete:
        return given is None and not any(item.star for item in model.call.args)
    named = options.get("scopes")
    if named is not None and not Options(models.origins, *named).complete:
        return False
    shared = models.instances.define
    if shared.has("scopes") or not shared.complete:
        return False
    return all(
        isinstance(call.argument(0), s.Literal) for call, _ in models.model.calls_named("addScope")
    )
