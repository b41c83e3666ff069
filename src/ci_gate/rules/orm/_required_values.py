"""Sequelize: objects that are stored without a value that must not be null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import Origin
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect

#: Words of modules in which something else may give a row its values.
_GIVING: Final = frozenset({
    "hooks", "addHook", "beforeValidate", "beforeCreate", "beforeSave", "setDataValue",
    "BeforeValidate", "BeforeCreate", "BeforeSave", "set",
})  # fmt: skip


def lacking_values(models: Models) -> Iterator[Defect]:
    if any("addHook" in s.gathered(item).words for item in models.model.modules.values()):
        return
    seen: set[s.Node] = set()
    for query in models.queries.all:
        values = query.call.argument(0)
        if query.method != "create" or values is None or query.call in seen:
            continue
        seen.add(query.call)
        required = list(_required(models, query.model))
        found = models.origins.of(values, query.scope) if required else None
        if found is None:
            continue
        if models.queries.option(query, "include") or models.queries.option(query, "validate"):
            continue
        for origin in found.origins:
            lacking = _lacking(models, origin, required)
            if lacking:
                yield _defect(query, origin, lacking)
                break


def _required(models: Models, model: SequelizeModel) -> Iterator[ModelAttribute]:
    module = models.model.modules.get(model.path)
    if not model.known or module is None or _GIVING & s.gathered(module).words:
        return
    for item in model.attributes.values():
        if item.nullable is False and not (
            item.default or item.primary_key or item.virtual or item.implied
        ):
            yield item


def _lacking(
    models: Models, origin: Origin, required: list[ModelAttribute]
) -> list[ModelAttribute]:
    if origin.element or not isinstance(origin.expr, s.Mapping):
        return []
    options = Options(models.origins, origin.expr, origin.scope)
    if not options.complete or not options.values:
        return []
    return [
        item for item in required if not options.has(item.name) and not _is_added(origin, item.name)
    ]


def _is_added(origin: Origin, name: str) -> bool:
    """Is the name set on one of the variables that hold the object?"""
    for holder, scope in origin.names:
        for node in s.walk(scope.function.node):
            for target in node.targets if isinstance(node, s.Assign) else ():
                if (
                    isinstance(target, s.Subscript)
                    and isinstance(target.value, s.Name)
                    and target.value.id == holder
                ):
                    return True
                if (
                    isinstance(target, s.Attribute)
                    and target.name == name
                    and isinstance(target.value, s.Name)
                    and target.value.id == holder
                ):
                    return True
            func = node.func if isinstance(node, s.Call) else None
            if isinstance(func, s.Attribute) and func.name == "assign":
                return True
    return False


def _defect(query: Query, origin: Origin, lacking: list[ModelAttribute]) -> Defect:
    first, model = lacking[0], query.model
    names = " and ".join(f"`{item.name}`" for item in lacking[:3])
    related = [Related(first.path, first.span[0], f"`{first.name}` is defined here")]
    if origin.expr.line != query.call.line:
        related.append(Related(query.path, query.call.line, f"{model.name}.create() gets it"))
    return Defect(
        origin.scope.module.path,
        origin.expr,
        f"A {model.name} is created without {names}, which must not be null.",
        f"Sequelize refuses it: `notNull Violation: {model.name}.{first.name} cannot be null`.",
        f"Give {names}, or give the attribute a `defaultValue`.",
        f"{model.name} without {first.name}",
        tuple(related),
    )
