"""The scopes of Sequelize's models: options that queries take over by a name, or by default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.decorators import lineage, named_decorators
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

DEFAULT: Final = "defaultScope"


@dataclass(frozen=True, slots=True, eq=False)
class ModelScope:
    """One scope of a model; ``query`` stands for the options that it gives to queries."""

    model: SequelizeModel
    name: str
    query: Query


class Scopes:
    """The scopes of a program's models."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.all: tuple[ModelScope, ...] = tuple(self._found())
        self._default = {item.model: item for item in self.all if item.name == DEFAULT}

    def default(self, model: SequelizeModel) -> ModelScope | None:
        return self._default.get(model)

    def used(self) -> Iterator[ModelScope]:
        """The scopes that queries take over: by default, or by their names."""
        asked: set[tuple[SequelizeModel, str]] = set()
        for call, scope in self._models.model.calls_named("scope"):
            if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                continue
            model = self._models.of(call.func.value, scope)
            if model is None:
                continue
            for item in call.args:
                for node in s.walk(item.value):
                    if isinstance(node, s.Literal) and isinstance(node.value, str):
                        asked.add((model, node.value))
        for found in self.all:
            if found.name == DEFAULT or (found.model, found.name) in asked:
                yield found

    def _found(self) -> Iterator[ModelScope]:
        for model in self._models.all:
            if model.abstract:
                continue
            if model.call is not None:
                yield from self._of_options(model, model.call)
            elif model.cls is not None:
                yield from self._of_decorators(model)
        yield from self._added()

    def _of_options(self, model: SequelizeModel, call: s.Call) -> Iterator[ModelScope]:
        position = 1 if model.cls is not None else 2
        options = Options(
            self._models.origins, call.argument(position), self._models.model.scope_of(call)
        )
        default = options.get(DEFAULT)
        if default is not None:
            yield from self._one(model, DEFAULT, call, *default)
        named = options.get("scopes")
        if named is not None:
            yield from self._named(model, call, *named)

    def _named(
        self, model: SequelizeModel, call: s.Call, expr: s.Expr, scope: Scope
    ) -> Iterator[ModelScope]:
        for name, (value, inner) in Options(self._models.origins, expr, scope).values.items():
            yield from self._one(model, name, call, value, inner)

    def _of_decorators(self, model: SequelizeModel) -> Iterator[ModelScope]:
        assert model.cls is not None
        for cls in lineage(self._models, model.cls):
            scope = self._models.model.class_scope(cls)
            for kind, item in named_decorators(self._models, cls.node.decorators, scope):
                if not isinstance(item, s.Call) or not item.args:
                    continue
                for value in _given(item.args[0].value):
                    if kind == "DefaultScope":
                        yield from self._one(model, DEFAULT, item, value, scope)
                    elif kind == "Scopes":
                        yield from self._named(model, item, value, scope)

    def _added(self) -> Iterator[ModelScope]:
        for call, scope in self._models.model.calls_named("addScope"):
            if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                continue
            model = self._models.of(call.func.value, scope)
            name, value = call.argument(0), call.argument(1)
            if model is None or value is None or not isinstance(name, s.Literal):
                continue
            yield from self._one(model, str(name.value), call, value, scope)

    def _one(
        self, model: SequelizeModel, name: str, call: s.Call, expr: s.Expr, scope: Scope
    ) -> Iterator[ModelScope]:
        for value in _given(expr):
            inner = scope
            if value is not expr:
                try:
                    inner = self._models.model.scope_of(value)
                except KeyError:
                    continue
            yield ModelScope(model, name, Query("findAll", model, call, inner, value, name))


def _given(expr: s.Expr) -> Iterator[s.Expr]:
    """What a scope says: it, or what its function returns."""
    if not isinstance(expr, s.FunctionExpr):
        yield expr
        return
    for found in s.returns_in(expr.function):
        if found.value is not None:
            yield found.value
