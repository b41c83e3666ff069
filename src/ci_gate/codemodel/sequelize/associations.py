"""Which models are associated, by which names, and the keys that come with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options, column_of
from ci_gate.codemodel.sequelize.decorators import (
    ASSOCIATIONS,
    fields,
    lineage,
    named_decorators,
)
from ci_gate.codemodel.sequelize.facts import Association, Kind, ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.naming import camel, singular

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

KINDS: Final[tuple[Kind, ...]] = ("belongsTo", "hasOne", "hasMany", "belongsToMany")
_DECORATED: Final[dict[str, Kind]] = {
    "BelongsTo": "belongsTo", "HasOne": "hasOne", "HasMany": "hasMany",
    "BelongsToMany": "belongsToMany",
}  # fmt: skip


def associate(models: Models) -> None:
    """Find the associations of all models, and add the keys that they bring."""
    if not models.all:
        return
    made = [*_called(models), *_written(models)]
    for item in made:
        item.source.associations.append(item)
    for item in made:
        _add_keys(item)
    _refer(models, made)


def _called(models: Models) -> Iterator[Association]:
    for kind in KINDS:
        for call, scope in models.model.calls_named(kind):
            if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                continue
            if not call.args or scope.module.language == "python":
                continue
            source = models.of(call.func.value, scope)
            target = models.of(call.args[0].value, scope)
            if source is None:
                # it may be on any of them, under any name
                for model in models.all:
                    model.associated = model.known = False
                continue
            options = Options(models.origins, call.argument(1), scope)
            if target is None or not options.complete:
                source.associated = source.known = False
                if target is None:
                    continue
                target.known = False
            yield _association(models, kind, source, target, call, scope, options)


def _association(
    models: Models, kind: Kind, source: SequelizeModel, target: SequelizeModel, node: s.Node,
    scope: Scope, options: Options,
) -> Association:  # fmt: skip
    origins = models.origins
    made = Association(kind, source, target, scope.module.path, node, scope)
    made.alias = _name(models, options, "as", "plural" if made.many else "singular")
    if options.has("as") and made.alias is None:
        source.associated = False
    made.foreign_key = _name(models, options, "foreignKey", "name")
    made.other_key = _name(models, options, "otherKey", "name")
    made.target_key = options.text("targetKey", origins) or options.text("sourceKey", origins)
    for key in ("foreignKey", "otherKey"):
        if options.has(key) and _name(models, options, key, "name") is None:
            source.known = target.known = False
    through = options.get("through")
    if through is not None:
        made.through = _through(models, *through)
        if isinstance(made.through, SequelizeModel) and kind != "belongsToMany":
            made.through = None
    return made


def _name(models: Models, options: Options, key: str, inner: str) -> str | None:
    """A name that is a text, or an object with the name under ``inner``."""
    text = options.text(key, models.origins)
    found = options.get(key)
    if text is not None or found is None:
        return text
    nested = Options(models.origins, *found)
    return nested.text(inner, models.origins) or nested.text("fieldName", models.origins)


def _through(models: Models, expr: s.Expr, scope: Scope) -> SequelizeModel | str | None:
    found = models.of(expr, scope)
    if found is not None:
        return found
    origin = models.origins.one(expr, scope)
    if origin is None:
        return None
    if isinstance(origin.expr, s.Literal) and isinstance(origin.expr.value, str):
        return models.named(origin.expr.value) or origin.expr.value
    if isinstance(origin.expr, s.Mapping) and (inner := origin.expr.get("model")) is not None:
        return _through(models, inner, origin.scope)
    return None


def _written(models: Models) -> Iterator[Association]:
    """Those that decorators make; sequelize-typescript names them by the field."""
    for source in models.all:
        if source.cls is None or source.call is not None or source.abstract:
            continue
        for cls in lineage(models, source.cls):
            scope = models.model.class_scope(cls)
            for name, statement in fields(cls):
                for kind, item in named_decorators(models, statement.decorators, scope):
                    if kind not in ASSOCIATIONS or not isinstance(item, s.Call) or not item.args:
                        continue
                    target = _returned(models, item.args[0].value, scope)
                    if target is None:
                        source.associated = source.known = False
                        continue
                    made = Association(
                        _DECORATED[kind], source, target, scope.module.path,
                        statement, scope, name,
                    )  # fmt: skip
                    _decorated_keys(models, made, item, scope)
                    yield made


def _decorated_keys(models: Models, made: Association, call: s.Call, scope: Scope) -> None:
    position = 1
    if made.kind == "belongsToMany":
        through = call.argument(1)
        if through is not None:
            found = _returned(models, through, scope) or _through(models, through, scope)
            made.through = found
        position = 2
    key = call.argument(position)
    if isinstance(key, s.Literal) and isinstance(key.value, str):
        made.foreign_key = key.value
    elif key is not None:
        options = Options(models.origins, key, scope)
        made.foreign_key = _name(models, options, "foreignKey", "name")
        alias = options.text("as", models.origins)
        made.alias = alias or made.alias
    if made.foreign_key is None and made.kind == "belongsTo":
        made.foreign_key = _foreign_key_of(models, made)


def _foreign_key_of(models: Models, made: Association) -> str | None:
    """The field that ``@ForeignKey(() => Target)`` marks."""
    for _, name, target in _marked(models, [made.source]):
        if target is made.target:
            return name
    return None


def _returned(models: Models, expr: s.Expr, scope: Scope) -> SequelizeModel | None:
    """The model that ``() => Model`` returns."""
    if isinstance(expr, s.FunctionExpr):
        for statement in expr.function.body:
            if isinstance(statement, s.Return) and statement.value is not None:
                return models.of(statement.value, scope)
        return None
    return models.of(expr, scope)


# --- keys ---


def _refer(models: Models, made: list[Association]) -> None:
    """Let declared attributes refer to what the associations say that they are keys of, where
    these agree."""
    said: defaultdict[tuple[SequelizeModel, str], set[str | None]] = defaultdict(set)
    for item in made:
        if item.foreign_key is None or isinstance(item.through, str):
            continue
        if item.kind == "belongsTo":
            said[item.source, item.foreign_key].add(_column(item.target, item.target_key))
        elif item.kind != "belongsToMany":
            said[item.target, item.foreign_key].add(_column(item.source, item.target_key))
        elif isinstance(item.through, SequelizeModel):
            said[item.through, item.foreign_key].add(_column(item.source, item.target_key))
    for model, name, target in _marked(models, models.all):
        said[model, name].add(_column(target, None))
    for (model, name), columns in said.items():
        own = model.attributes.get(name)
        if own is None or (own.references is not None and not own.implied):
            continue
        only = next(iter(columns)) if len(columns) == 1 else None
        if only != own.references:
            model.attributes[name] = replace(own, references=only)


def _column(model: SequelizeModel, name: str | None) -> str | None:
    """``table.column`` of an attribute, the primary key where none is named."""
    key = model.attributes.get(name or model.primary_key() or "")
    column = column_of(model, key) if key is not None else None
    return f"{model.table}.{column}" if model.table and column else None


def _marked(
    models: Models, among: Iterable[SequelizeModel]
) -> Iterator[tuple[SequelizeModel, str, SequelizeModel]]:
    """The fields that ``@ForeignKey(() => Target)`` marks."""
    for source in among:
        if source.cls is None or source.call is not None or source.abstract:
            continue
        for cls in lineage(models, source.cls):
            scope = models.model.class_scope(cls)
            for name, statement in fields(cls):
                for kind, item in named_decorators(models, statement.decorators, scope):
                    if kind == "ForeignKey" and isinstance(item, s.Call) and item.args:
                        target = _returned(models, item.args[0].value, scope)
                        if target is not None:
                            yield source, name, target


def _add_keys(item: Association) -> None:
    source, target = item.source, item.target
    if item.kind == "belongsTo":
        if item.foreign_key is None:
            item.foreign_key = camel(item.name, target.primary_key() or "id")
        _add(source, item.foreign_key, target, item)
    elif item.kind in ("hasMany", "hasOne"):
        if item.foreign_key is None:
            item.foreign_key = camel(source.singular, source.primary_key() or "id")
        _add(target, item.foreign_key, source, item)
    elif isinstance(item.through, SequelizeModel):
        one = item.foreign_key or camel(source.singular, source.primary_key() or "id")
        paired = _pair(item)
        other = item.other_key or (paired.foreign_key if paired is not None else None)
        if other is None:
            name = singular(item.alias) if source is target and item.alias else target.singular
            other = camel(name, target.primary_key() or "id")
        own = [a for a in item.through.attributes.values() if a.primary_key and not a.implied]
        _add(item.through, one, source, item, not own)
        _add(item.through, other, target, item, not own)
        if not own:
            implied = item.through.attributes.get("id")
            if implied is not None and implied.implied:
                del item.through.attributes["id"]


def _pair(item: Association) -> Association | None:
    """The other side's association over the same table."""
    for other in item.target.associations:
        mutual = other is not item and other.target is item.source
        if mutual and other.kind == "belongsToMany" and other.through == item.through:
            return other
    return None


def _add(
    model: SequelizeModel, name: str, target: SequelizeModel, item: Association,
    primary: bool = False,
) -> None:  # fmt: skip
    if name in model.attributes:
        return
    key = target.attributes.get(target.primary_key() or "")
    model.attributes[name] = ModelAttribute(
        name, item.path, item.node.span, key.type if key is not None else None,
        primary_key=primary, implied=True, default=False,
        references=f"{target.table}.{key.field or key.name}" if key and target.table else None,
    )  # fmt: skip
