from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel.model import ClassInfo
from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules._defects import has_python
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._drizzle import undefined_columns
from ci_gate.rules.orm._entity_uses import EntityUses, Missing
from ci_gate.rules.orm._lacking import lacking
from ci_gate.rules.orm._members import Members
from ci_gate.rules.orm._mongoose import undefined_paths
from ci_gate.rules.orm._prisma_names import undefined_names
from ci_gate.rules.orm._reads import Use, uses
from ci_gate.rules.orm._scope_names import undefined_scopes
from ci_gate.rules.orm._stored_names import stored_names
from ci_gate.rules.orm._typeorm_names import undefined_properties
from ci_gate.rules.orm._words import is_slip, listed, nearest

_SHOWN: Final = 4
_RAISES: Final = {
    "instance": "AttributeError is raised each time the line runs; the request answers 500.",
    "class": "AttributeError is raised each time the line runs; the request answers 500.",
    "keyword": "The constructor raises TypeError: '{name}' is an invalid keyword argument for "
               "{entity}.",
    "filter-by": "filter_by() raises InvalidRequestError: {entity} has no property '{name}'.",
    "manager": "AttributeError is raised each time the line runs; the request answers 500.",
    "values": "The statement raises CompileError: Unconsumed column names: {name}.",
}  # fmt: skip


class UndefinedAttribute(Rule):
    """An attribute, keyword or method is used that the entity or repository does not define.

    Columns, relations and back references, methods and what mixins and bases add are all counted;
    objects are followed from the query or constructor that made them, through services and helpers.

    ## Why is this bad?
    Reading it raises AttributeError, a keyword that no attribute has raises TypeError in the
    constructor and InvalidRequestError in `filter_by`, each time the line runs. Setting it raises
    nothing, and the value is never stored. Sequelize leaves unknown names out of what `create` and
    `update` store without an error, and a condition on one is a "no such column"; a scope that the
    model does not define is an error each time. Prisma throws
    PrismaClientValidationError for every name that `schema.prisma` does not have. Drizzle leaves
    them out too, and a column that its table does not have is undefined in a condition. TypeORM
    throws EntityPropertyNotFoundError for a name in a condition, `order` or `select` that the
    entity does not map, and leaves it out of what `create`, `save` and `insert` store. Mongoose
    sends a filter or sort key that the schema does not have, or drops it: either way the wrong
    documents come back, and no error.

    ## Fix
    Use the name that the class defines, or define the attribute there. To reach a column through a
    relation inside a query, join the relation and compare the other entity's column.

    ## Silent on
    Classes with `__getattr__`, unknown bases or decorators, reflection and automap; names that code
    elsewhere sets or asks for with `setattr`, `hasattr` or `getattr`; attributes that are set and
    also read somewhere; objects that may be of another class. An attribute that is set and never
    read is an error where it is a column's name with one letter wrong, else a warning. Prisma:
    models that could not be read, clients with extensions or middleware that see the arguments.
    TypeORM: entities with unknown bases, members that carry decorators of other libraries.

    ## Source
    Constraint decay, arXiv 2605.06445: attributes and methods that entities and repositories do not
    define.
    """

    id = "orm/undefined-attribute"
    group = "orm"
    follows = True
    heavy = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        for defect in (*stored_names(models), *undefined_scopes(models)):
            yield defect.finding(self)
        for defect in (
            *undefined_names(facts.entities.prisma),
            *undefined_columns(facts),
            *undefined_properties(facts.entities.typeorm),
            *undefined_paths(facts.entities.mongoose),
        ):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        certain = facts.doubting
        members = Members(facts, certain)
        entities = EntityUses(facts, certain, members)
        used = list(uses(facts.model, certain))
        seen: set[tuple[str, int, int, str]] = set()
        found = [self._missing(several, entities) for several in _at_once(entities.missing(used))]
        found += [self._lacking(*item) for item in lacking(facts, certain, members, used)]
        for item in found:
            if item is None:
                continue
            key = (item.path, item.start.line, item.start.column, item.subject.rpartition(".")[2])
            if key not in seen:
                seen.add(key)
                yield item

    def _missing(self, several: Sequence[Missing], entities: EntityUses) -> Finding | None:
        item = several[0]
        if len(several) > 1:
            return self._several(several)
        if item.how == "relation":
            return self._through_relation(item)
        if item.how == "set":
            return self._set(item, entities)
        entity, name = item.entity.name, item.name
        near = nearest(name, item.names)
        sayings = {
            "instance": f"`{item.function.name}` reads `{name}` of {entity}, which defines no "
                        "such attribute.",
            "class": f"`{entity}` defines no attribute `{name}`, which {item.function.name} uses.",
            "keyword": f"{entity}(…) is given `{name}`, which {entity} does not define.",
            "filter-by": f"filter_by() names `{name}`, which {entity} does not define.",
            "manager": f"`{name}` is called on a manager or queryset of {entity}, which defines no "
                       "such method.",
            "values": f"values() names `{name}`, which {entity} does not define.",
        }  # fmt: skip
        why = _RAISES[item.how].format(name=name, entity=entity)
        if item.how == "keyword" and item.entity.kind in ("django", "tortoise"):
            why = f"TypeError or FieldError: {entity} has no field '{name}'."
        if item.how == "keyword" and item.entity.kind == "sqlmodel":
            why = "SQLModel drops the value without an error: it is never stored."
        return self.finding(
            item.function.module.path,
            item.node,
            message=sayings[item.how],
            why=why,
            fix=_fix(name, near, entity, _shown(item)),
            subject=f"{entity}.{name}",
            related=[_defined(item)],
        )

    def _several(self, several: Sequence[Missing]) -> Finding:
        """What one argument brings along (``**values.model_dump()``)."""
        item, entity = several[0], several[0].entity.name
        names = sorted(other.name for other in several)
        shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        return self.finding(
            item.function.module.path,
            item.node,
            message=f"{entity}(…) is given {shown}{more}, which {entity} does not define.",
            why=_RAISES[item.how].format(name=names[0], entity=entity),
            fix=f"Define them on {entity}, or leave them out of what is handed over.",
            subject=f"{entity}.{'.'.join(names)}",
            related=[_defined(item)],
        )

    def _through_relation(self, item: Missing) -> Finding:
        owner, relation, name = item.entity.name, item.relation, item.name
        target = item.entity.relations[relation].target or "the other entity"
        return self.finding(
            item.function.module.path,
            item.node,
            message=(
                f"`{owner}.{relation}` is a relation to {target}; its column `{name}` cannot be "
                f"taken from it inside a query."
            ),
            why=(
                f"SQLAlchemy raises AttributeError: neither the attribute {owner}.{relation} nor "
                f"its comparator has an attribute '{name}'."
            ),
            fix=(
                f"Join the relation and use the other entity: `.join({owner}.{relation})` and "
                f"`{target}.{name}`, or `{owner}.{relation}.has({name}=…)`."
            ),
            subject=f"{owner}.{relation}.{name}",
            related=[_defined(item)],
        )

    def _set(self, item: Missing, entities: EntityUses) -> Finding | None:
        entity, name = item.entity.name, item.name
        if item.entity.kind == "sqlmodel":
            return self._no_field(item)
        if entities.is_read(name):
            return None
        stored = sorted((*item.entity.columns, *item.entity.relations))
        meant = next((other for other in stored if is_slip(name, other)), None)
        return self.finding(
            item.function.module.path,
            item.node,
            message=(
                f"`{name}` is set on {entity}, which has no such column"
                + (f"; its column is `{meant}`." if meant else ", and nothing reads it.")
            ),
            why="Python allows it, and the ORM knows nothing of it: the value is never stored.",
            fix=f"Write `{meant}`." if meant else f"Map `{name}` on {entity}, or leave it out.",
            subject=f"{entity}.{name}",
            related=[_defined(item)],
            severity=Severity.ERROR if meant else Severity.WARNING,
        )

    def _no_field(self, item: Missing) -> Finding:
        """SQLModel's objects take no attributes but their fields."""
        entity, name = item.entity.name, item.name
        return self.finding(
            item.function.module.path,
            item.node,
            message=f"`{name}` is set on {entity}, which has no such field.",
            why=f"""The line raises ValueError: "{entity}" object has no field "{name}".""",
            fix=_fix(name, nearest(name, item.names), entity, _shown(item)),
            subject=f"{entity}.{name}",
            related=[_defined(item)],
        )

    def _lacking(self, use: Use, names: frozenset[str]) -> Finding:
        owner = min(use.holders, key=_place)
        name = use.node.name
        kind = "method" if use.called else "attribute"
        near = nearest(name, names)
        return self.finding(
            use.function.module.path,
            use.node,
            message=(
                f"{use.function.name} uses `{name}` of {owner.name}, which defines no such {kind}."
            ),
            why="AttributeError is raised each time the line runs; the request answers 500.",
            fix=_fix(name, near, owner.name, names),
            subject=f"{owner.name}.{name}",
            related=[
                Related(cls.module.path, cls.node.line, f"{cls.name} is defined here")
                for cls in sorted(use.holders, key=_place)[:3]
            ],
        )


def _place(cls: ClassInfo) -> str:
    return cls.qualname


def _at_once(found: Iterable[Missing]) -> Iterator[list[Missing]]:
    """The names that one argument of a call brings along stand together."""
    groups: dict[object, list[Missing]] = {}
    for item in found:
        alike = (item.how, item.node, item.entity.name) if item.how == "keyword" else item
        group = groups.setdefault(alike, [])
        if all(other.name != item.name for other in group):
            group.append(item)
    yield from groups.values()


def _defined(item: Missing) -> Related:
    relation = item.entity.relations.get(item.relation)
    if relation is not None:
        return Related(relation.path, relation.span[0], f"{item.relation} is mapped here")
    return Related(item.entity.path, item.entity.span[0], f"{item.entity.name} is mapped here")


def _shown(item: Missing) -> frozenset[str]:
    """What the entity itself maps, before the many names that every model of the ORM has."""
    own = frozenset((*item.entity.columns, *item.entity.relations)) & item.names
    return own or item.names


def _fix(name: str, near: str | None, owner: str, names: frozenset[str]) -> str:
    if not names:
        return f"Define `{name}` on the manager of {owner}, or use a method that it has."
    if near is not None:
        return f"Write `{near}`, or define `{name}` on {owner}."
    return f"Define `{name}` on {owner}, or use what it has: {listed(names)}."
