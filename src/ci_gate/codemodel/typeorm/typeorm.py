"""All that is known of TypeORM in one program."""

from __future__ import annotations

from functools import cached_property

from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.builder import Builders
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.options import OptionNames
from ci_gate.codemodel.typeorm.queries import Queries
from ci_gate.codemodel.typeorm.repositories import Repositories


class Typeorm:
    """Each part is worked out when it is first asked for."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.entities = TypeormEntities(model, origins)
        self.repositories = Repositories(self.entities)
        self.queries = Queries(self.entities, self.repositories)

    @cached_property
    def options(self) -> OptionNames:
        return OptionNames(self.entities)

    @cached_property
    def builders(self) -> Builders:
        return Builders(self.entities, self.repositories)
