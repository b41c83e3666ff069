from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.entities.sqlalchemy_columns import last
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule


class ColumnOutsideMapping(Rule):
    """A column object stands where it cannot be mapped.

    One `Column(…)` that two classes or tables use by its name, or `mapped_column(…)` inside
    `Table(…)`.

    ## Why is this bad?
    A column belongs to one table. The import of the second class raises ArgumentError (Column
    object already assigned to Table), and the service does not start.

    ## Fix
    Write the column in each class, make it a mixin, or a function that returns a new column; inside
    `Table(…)` write `Column(…)`.

    ## Silent on
    Mixins and abstract classes, whose columns are copied; columns made by a function.

    ## Source
    SQLAlchemy, "Composing Mapped Hierarchies with Mixins"; constraint decay, arXiv 2605.06445:
    `mapped_column` outside of a mapping.
    """

    id = "orm/column-outside-mapping"
    group = "orm"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        first: dict[s.Expr, tuple[Entity, str]] = {}
        for entity in facts.entities:
            if entity.kind not in ("sqlalchemy", "table") or is_outside(entity.path):
                continue
            for expr, scope in _named(facts, entity):
                made = facts.model.definition(expr, scope)
                if made is None or not isinstance(made[0], s.Call):
                    continue
                call = made[0]
                if last(facts.model, call.func, made[1]) not in ("Column", "mapped_column"):
                    continue
                owner = first.setdefault(call, (entity, scope.module.path))[0]
                if owner is entity:
                    continue
                name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
                yield self.finding(
                    entity.path,
                    expr,
                    message=(
                        f"The column `{name}` is used in {entity.name} and belongs to {owner.name} "
                        "already."
                    ),
                    why=(
                        f"The import raises ArgumentError: Column object is already assigned to "
                        f"table '{owner.table or owner.name}'. The service does not start."
                    ),
                    fix="Write the column anew in each class, or move it to a mixin.",
                    subject=f"{entity.name} shares {name}",
                    related=[
                        Related(made[1].module.path, call.line, f"`{name}` is made here, once"),
                        Related(owner.path, owner.span[0], f"{owner.name} uses it first"),
                    ],
                    repository_wide=True,
                )


def _named(facts: Facts, entity: Entity) -> Iterator[tuple[s.Expr, Scope]]:
    """The columns that the class or table takes by name."""
    if entity.cls is not None:
        if entity.abstract:
            return
        for item in declarations(entity.cls, facts.model):
            if isinstance(item.value, s.Name | s.Attribute) and item.name in entity.columns:
                yield item.value, Scope(item.scope.module, item.scope.function)
        return
    for function in facts.model.functions.values():
        if function.module.path != entity.path:
            continue
        for call in facts.model.calls_in(function):
            if call.span == entity.span:
                for argument in call.args[2:]:
                    if argument.keyword is None and isinstance(argument.value, s.Name):
                        yield argument.value, facts.model.scope_of(call)
