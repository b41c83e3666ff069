"""sequelize-typescript: classes that are used as models and that no instance is given."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect

_MAX_DEPTH = 6


def unregistered(models: Models) -> Iterator[Defect]:
    """Decorated classes that are in none of the lists of models, and that a query or an
    association of a listed one needs."""
    decorated = [item for item in models.all if item.decorated and not item.abstract]
    if not decorated:
        return
    listed = _Listed(models)
    known = listed.models()
    if not known:
        return
    for item in decorated:
        if item not in known and not _is_base(models, item, known):
            yield from _needed(models, item, known, listed.place)


class _Listed:
    """The models that the instances are given; ``place`` is where the first list is."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.place: Related | None = None

    def models(self) -> set[SequelizeModel] | None:
        """All of them; None where some may be named elsewhere."""
        model = self._models.model
        if any(edge.package == "@nestjs/sequelize" for edge in model.import_edges):
            return None
        given: list[tuple[s.Expr, Scope]] = []
        for instance in self._models.instances.all:
            if not instance.options.complete or instance.options.has("modelPaths"):
                return None
            written = instance.options.get("models")
            if written is not None:
                given.append(written)
        for call, scope in model.calls_named("addModels"):
            if scope.module.language == "python" or is_outside(scope.module.path):
                continue
            if not call.args:
                return None
            given.append((call.args[0].value, scope))
        found: set[SequelizeModel] = set()
        for expr, scope in given:
            items = self._items(expr, scope, 0)
            if items is None:
                return None
            found |= items
            self.place = self.place or Related(
                scope.module.path, expr.line, "the instance is given its models here"
            )
        return found

    def _items(self, expr: s.Expr, scope: Scope, depth: int) -> set[SequelizeModel] | None:
        origins = self._models.origins
        written = origins.of(expr, scope)
        if depth > _MAX_DEPTH or not written.complete or not written.origins:
            return None
        found: set[SequelizeModel] = set()
        for origin in written.origins:
            if not isinstance(origin.expr, s.Sequence) or origin.element:
                return None
            for item, inner in origins.items(origin):
                if isinstance(item, s.Starred):
                    more = self._items(item.value, inner, depth + 1)
                    if more is None:
                        return None
                    found |= more
                    continue
                model = self._models.of(item, inner)
                if model is None:
                    return None
                found.add(model)
        return found


def _is_base(models: Models, item: SequelizeModel, known: set[SequelizeModel]) -> bool:
    """Does a listed class derive from it?"""
    return any(
        isinstance(base, ClassValue) and base.cls is item.cls
        for other in known
        if other.cls is not None
        for base in models.model.ancestors(other.cls)
    )


def _needed(
    models: Models, item: SequelizeModel, known: set[SequelizeModel], place: Related | None
) -> Iterator[Defect]:
    related = [Related(item.path, item.span[0], f"{item.name} is defined here")]
    if place is not None:
        related.insert(0, place)
    for other in known:
        for association in other.associations:
            if association.target is item:
                yield Defect(
                    association.path,
                    association.node,
                    f"{other.name} is associated with {item.name}, which is in no list of models "
                    "that Sequelize is given.",
                    f'sequelize-typescript throws "Model not initialized: {item.name} needs to be '
                    'added to a Sequelize instance" while the models are set up: the service does '
                    "not start.",
                    f"Add {item.name} to `models`.",
                    f"{item.name} not registered",
                    tuple(related),
                )
                return
    query = next((query for query in models.queries.all if query.model is item), None)
    if query is not None:
        yield Defect(
            query.path,
            query.call,
            f"{item.name} is queried here, and is in no list of models that Sequelize is given.",
            f'sequelize-typescript throws "Model not initialized: Member "{query.method}" cannot '
            f'be called. "{item.name}" needs to be added to a Sequelize instance" at every call.',
            f"Add {item.name} to `models`.",
            f"{item.name} not registered",
            tuple(related),
        )
