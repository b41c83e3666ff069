"""All that is known of TypeORM in one program."""

from __future__ import annotations

from functools import cached_property

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.builder import PROMISES, Builders
from ci_gate.codemodel.typeorm.datasource import DataSources
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.options import OptionNames
from ci_gate.codemodel.typeorm.queries import Queries
from ci_gate.codemodel.typeorm.repositories import Repositories
from ci_gate.codemodel.typeorm.rows import RowFinder


class Typeorm:
    """Each part is worked out when it is first asked for."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.entities = TypeormEntities(model, origins)
        self.repositories = Repositories(self.entities)
        self.sources = DataSources(self.entities)
        self.queries = Queries(self.entities, self.repositories)

    @cached_property
    def options(self) -> OptionNames:
        return OptionNames(self.entities)

    @cached_property
    def builders(self) -> Builders:
        return Builders(self.entities, self.repositories)

    @cached_property
    def rows(self) -> RowFinder:
        return RowFinder(self.entities.origins, self.queries, self.builders)

    def promised(self, call: s.Call) -> str | None:
        """What the query that a call is goes by, where it gives a promise."""
        query = self.queries.of_call.get(call)
        if query is not None:
            return None if query.makes else query.label
        built = self.builders.of_call.get(call)
        name = getattr(call.func, "name", "")
        if built is None or name not in PROMISES:
            return None
        return f"{built.label}().{name}"
