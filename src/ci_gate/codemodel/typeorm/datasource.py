"""The data sources that a program makes, with their options."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

_MAKERS: Final = {
    "typeorm.DataSource": "DataSource", "typeorm.createConnection": "createConnection",
    "@nestjs/typeorm.TypeOrmModule.forRoot": "forRoot",
}  # fmt: skip
#: Calls whose options are worked out elsewhere, or are several.
_HIDDEN: Final = ("forRootAsync", "createConnections")
_STRATEGY: Final = "namingStrategy"


@dataclass(frozen=True, slots=True, eq=False)
class DataSource:
    """One call that makes a data source. ``entities`` are those that it lists, with ``listed`` the
    place; None where not all of them are seen."""

    call: s.Call
    scope: Scope
    options: Options
    entities: frozenset[TypeormEntity] | None
    listed: s.Expr | None = None

    @property
    def path(self) -> str:
        return self.scope.module.path


class DataSources:
    """Answers for one program."""

    def __init__(self, entities: TypeormEntities) -> None:
        self._entities = entities
        self._model = entities.model
        self._origins = entities.origins

    @cached_property
    def all(self) -> tuple[DataSource, ...]:
        return tuple(self._found()) if self._entities.present else ()

    @property
    def only(self) -> DataSource | None:
        """The one that the program makes; None where there may be others."""
        if len(self.all) != 1 or any(self._model.calls_named(name) for name in _HIDDEN):
            return None
        return self.all[0]

    @cached_property
    def plain_names(self) -> bool:
        """Does no naming strategy stand between the names of program and database?"""
        if not self._entities.present:
            return True
        for path, module in self._model.modules.items():
            if module.language != "python" and any(
                edge.package in ("typeorm", "@nestjs/typeorm")
                or (edge.package or "").startswith("typeorm-naming")
                for edge in self._model.imports_of(path)
            ):
                try:
                    text = self._model.tree.text(path)
                except (OSError, UnicodeError):
                    return False
                if _STRATEGY in text or "entityPrefix" in text:
                    return False
        return True

    def text(self, source: DataSource, name: str) -> str | None:
        return source.options.text(name, self._origins)

    def flag(self, source: DataSource, name: str) -> bool | None:
        return source.options.flag(name, self._origins)

    def _found(self) -> Iterator[DataSource]:
        for path, name in _MAKERS.items():
            for call, scope in self._model.calls_named(name):
                if scope.module.language == "python" or is_outside(scope.module.path):
                    continue
                values = self._model.evaluate(call.func, scope)
                if any(isinstance(item, ExternalValue) and item.path == path for item in values):
                    options = Options(self._origins, call.argument(0), scope)
                    listed = options.get("entities")
                    yield DataSource(
                        call, scope, options, self._listed(options),
                        listed[0] if listed is not None else None,
                    )  # fmt: skip

    def _listed(self, options: Options) -> frozenset[TypeormEntity] | None:
        given = options.get("entities")
        if given is None or not options.complete or options.has("autoLoadEntities"):
            return None
        origin = self._origins.one(*given)
        if origin is None or not isinstance(origin.expr, s.Sequence):
            return None
        found: set[TypeormEntity] = set()
        for item, scope in self._origins.items(origin):
            entity = None if isinstance(item, s.Literal) else self._entities.of(item, scope)
            if entity is None:
                return None
            found.add(entity)
        return frozenset(found)
