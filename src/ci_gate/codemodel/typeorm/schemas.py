"""Entities that are written as ``new EntitySchema({ name, columns, relations })``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.naming import snake
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.columns import with_options
from ci_gate.codemodel.typeorm.facts import Kind, TypeormColumn, TypeormEntity, TypeormRelation
from ci_gate.codemodel.typeorm.relations import RelationReader, inverse_of

_KINDS: Final[dict[str, Kind]] = {
    "many-to-one": "many-to-one", "one-to-many": "one-to-many", "many-to-many": "many-to-many",
    "one-to-one": "one-to-one",
}  # fmt: skip


class SchemaReader:
    def __init__(self, model: CodeModel, origins: Origins, relations: RelationReader) -> None:
        self._model = model
        self._origins = origins
        self._relations = relations

    def all(self) -> Iterator[tuple[TypeormEntity, s.Call]]:
        for call, scope in self._model.calls_named("EntitySchema"):
            path = scope.module.path
            if call.new and scope.module.language != "python" and not is_outside(path):
                found = self._entity(call, scope)
                if found is not None:
                    yield found, call

    def _entity(self, call: s.Call, scope: Scope) -> TypeormEntity | None:
        options = Options(self._origins, call.argument(0), scope)
        name = options.text("name", self._origins)
        target = options.get("target")
        target_name, cls, _ = (
            self._relations.target(*target) if target is not None else (None, None, True)
        )
        name = target_name or name
        if name is None:
            return None
        entity = TypeormEntity(name, scope.module.path, call.span, cls, known=options.complete)
        entity.table = snake(name)
        if options.has("tableName"):
            entity.table = options.text("tableName", self._origins)
        if options.has("extends") or options.has("embeddeds") or options.has("discriminatorValue"):
            entity.known = False
        for key, value, inner in self._entries(entity, options, "columns"):
            made = TypeormColumn(key, inner.module.path, value.span)
            read = Options(self._origins, value, inner)
            entity.columns[key] = with_options(made, read, self._origins)
        for key, value, inner in self._entries(entity, options, "relations"):
            entity.relations[key] = self._relation(key, value, inner)
        return entity

    def _entries(
        self, entity: TypeormEntity, options: Options, key: str
    ) -> Iterator[tuple[str, s.Expr, Scope]]:
        given = options.get(key)
        if given is None:
            return
        read = Options(self._origins, *given)
        entity.known = entity.known and read.complete
        for name, (value, scope) in read.values.items():
            yield name, value, scope

    def _relation(self, name: str, value: s.Expr, scope: Scope) -> TypeormRelation:
        options = Options(self._origins, value, scope)
        target = options.get("target")
        target_name, cls, known = (
            self._relations.target(*target) if target is not None else (None, None, False)
        )
        kind = _KINDS.get(options.text("type", self._origins) or "")
        inverse = options.get("inverseSide")
        join = options.get("joinColumn")
        return TypeormRelation(
            name, kind or "many-to-one", scope.module.path, value.span, scope, target_name, cls,
            inverse_of(inverse[0]) if inverse is not None else None,
            inverse[0] if inverse is not None else None,
            kind == "many-to-one" or join is not None or options.has("joinTable"),
            self._relations.key_names(*join) if join is not None else (),
            eager=options.flag("eager", self._origins) is True,
            lazy=options.flag("lazy", self._origins) is True,
            nullable=options.flag("nullable", self._origins) is not False,
            known=known and options.complete and kind is not None,
        )  # fmt: skip
