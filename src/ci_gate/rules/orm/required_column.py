from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._defects import has_python
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._required_values import lacking_values

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
#: Words of modules in which something else may give an object its values.
_GIVING: Final = frozenset({
    "before_insert", "before_flush", "listens_for", "polymorphic_on", "version_id_col",
    "MappedAsDataclass", "dataclass", "mapped_as_dataclass", "composite", "hybrid_property",
    "validates", "synonym", "setattr",
})  # fmt: skip

_IN_DECLARATIONS: Final = ("default", "Computed", "Identity", "init", "ForeignKey")


class RequiredColumn(Rule):
    """A new object lacks a value for a column that must not be NULL and has no default.

    `User(username=..., email=...)`, and the entity has `locale: Mapped[str]` in another module,
    without a default; Sequelize's `User.create({...})` without an attribute that has `allowNull:
    false`.

    ## Why is this bad?
    The INSERT fails with IntegrityError (NOT NULL constraint failed), or Sequelize's validation
    does (notNull Violation): nothing of this kind can be stored any more.

    ## Fix
    Give the value, or give the column a default.

    ## Silent on
    Columns that are set on any object somewhere, keys and foreign keys of SQLAlchemy (the
    relationship may give them), calls with `**` or `...`, constructors, hooks and listeners of the
    project's own, models that are dataclasses.

    ## Source
    SQLAlchemy, "Column.nullable"; Sequelize, "Validations & Constraints: Allowing/disallowing null
    values".
    """

    id = "orm/required-column"
    group = "orm"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in lacking_values(facts.entities.sequelize):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        for entity in facts.entities:
            if entity.kind not in _KINDS or entity.cls is None or not entity.known:
                continue
            columns = _required(model, entity, entity.cls)
            if columns:
                yield from self._made(model, entity, entity.cls, columns)

    def _made(
        self, model: CodeModel, entity: Entity, cls: ClassInfo, columns: Sequence[Column]
    ) -> Iterator[Finding]:
        for call, scope in model.calls_named(cls.name):
            path = scope.module.path
            if is_outside(path) or not call.args:
                continue
            if any(item.star or item.keyword is None for item in call.args):
                continue
            if model.evaluate(call.func, scope) != frozenset({ClassValue(cls)}):
                continue
            given = {item.keyword for item in call.args}
            lacking = [item for item in columns if item.name not in given]
            if not lacking:
                continue
            first = lacking[0]
            names = " and ".join(f"`{item.name}`" for item in lacking[:3])
            yield self.finding(
                path,
                spot(call),
                message=f"A new {entity.name} is made without {names}, which must not be NULL.",
                why=f"IntegrityError at the flush: the column {first.column} has no default, and "
                "nothing sets it.",
                fix=f"Give {names}, or give the column a default.",
                subject=f"{entity.name} without {first.name}",
                related=[Related(first.path, first.span[0], f"`{first.name}` is mapped here")],
            )


def _required(model: CodeModel, entity: Entity, cls: ClassInfo) -> list[Column]:
    """The columns that a constructor call has to give."""
    if model.subclasses(cls) or model.method(cls, "__init__") is not None:
        return []
    owners = [cls, *(item.cls for item in model.ancestors(cls) if isinstance(item, ClassValue))]
    if any(_GIVING & s.gathered(item.module).words for item in owners):
        return []
    bound = {name for item in entity.relations.values() for name in item.columns}
    return [
        column
        for column in entity.columns.values()
        if column.nullable is False
        and not column.default
        and not column.primary_key
        and column.foreign_key is None
        and column.name not in bound
        and column.type is not None
        and not model.stores(column.name)
        and not _is_given_elsewhere(model, column)
    ]


def _is_given_elsewhere(model: CodeModel, column: Column) -> bool:
    """Does the declaration speak of what gives the value, also in words that are not understood?"""
    module = model.modules.get(column.path)
    text = model.tree.text(column.path).splitlines() if module is not None else []
    shown = " ".join(text[column.span[0] - 1 : column.span[2]])
    return any(word in shown for word in _IN_DECLARATIONS)
