"""TypeORM: relations that queries ask for and nothing maps, and sides that do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.typeorm.builder import Built, Join
from ci_gate.codemodel.typeorm.facts import TypeormEntity, TypeormRelation
from ci_gate.codemodel.typeorm.options import Use
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Related, Severity
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._typeorm_names import FAILS, is_missing, places
from ci_gate.rules.orm._words import listed, nearest

_NO_KEY = (
    "TypeORM finds no key to join by: each query or save that goes through the relation throws "
    "TypeError: Cannot read properties of undefined."
)


def mismatched_sides(typeorm: Typeorm) -> Iterator[Defect]:
    seen: set[tuple[s.Node, str]] = set()
    for query in typeorm.queries.all:
        for use in typeorm.options.uses(query):
            entity = use.entity
            if use.how != "relations" or entity is None or (use.key, use.name) in seen:
                continue
            if use.name in entity.columns or is_missing(typeorm, use, entity):
                seen.add((use.key, use.name))
                yield _not_mapped(use, entity)
    for built in typeorm.builders.all:
        for join in built.joins:
            owner = built.aliases.get(join.alias)
            if owner is None or join.property in owner.relations or not owner.known:
                continue
            if join.property in owner.columns or not owner.has(join.property):
                yield _not_joined(built, join, owner)
    for entity in typeorm.entities.all:
        if not is_outside(entity.path):
            for relation in entity.relations.values():
                yield from _Sides(typeorm, entity, relation).defects()


def _not_mapped(use: Use, entity: TypeormEntity) -> Defect:
    name = use.name
    error = f'EntityPropertyNotFoundError (Relation "{name}" was not found in "{entity.name}")'
    near = nearest(name, entity.relations)
    has = f"whose relations are {listed(entity.relations)}" if entity.relations else "without any"
    column = name in entity.columns
    return Defect(
        use.scope.module.path,
        use.key,
        f"`relations` names `{name}`, "
        + (
            f"which is a plain column of {entity.name}."
            if column
            else f"and {entity.name} maps no such relation: it has {listed(entity.relations)}."
            if entity.relations
            else f"and {entity.name} maps no relations."
        ),
        FAILS.format(error=error),
        f"Write `{near}`."
        if near
        else f"Leave it out, or map the relation on {entity.name}, {has}.",
        f"{entity.name}.{name}",
        places(use, entity),
    )


def _not_joined(built: Built, join: Join, owner: TypeormEntity) -> Defect:
    name = join.property
    near = nearest(name, owner.relations)
    column = "a plain column of it" if name in owner.columns else "and it maps no such relation"
    return Defect(
        built.path,
        join.node,
        f"The query joins `{join.alias}.{name}`, where `{join.alias}` is {owner.name}, {column}.",
        FAILS.format(error=f"TypeORMError (Relation with property path {name} was not found)"),
        f"Write `{join.alias}.{near}`."
        if near
        else f"Map the relation on {owner.name}, or join one of its own: {listed(owner.relations)}."
        if owner.relations
        else f"Map the relation on {owner.name}, or join by the entity and a condition.",
        f"{owner.name}.{name}",
        (Related(owner.path, owner.span[0], f"{owner.name} is mapped here"),),
    )


class _Sides:
    """One relation against the entity that it leads to."""

    def __init__(self, typeorm: Typeorm, entity: TypeormEntity, relation: TypeormRelation) -> None:
        self._typeorm = typeorm
        self._entity = entity
        self._relation = relation
        self._label = f"{entity.name}.{relation.name}"

    def defects(self) -> Iterator[Defect]:
        relation = self._relation
        if not relation.known or relation.path != self._entity.path:
            return  # inherited: the base that has it is read where it is mapped itself
        target = self._typeorm.entities.target(self._entity, relation.name)
        if target is None:
            yield from self._no_entity()
            return
        if relation.inverse is None:
            yield from self._no_owner(target, None)
            return
        other = target.relations.get(relation.inverse)
        if other is not None:
            yield from self._elsewhere(target, other)
            yield from self._no_owner(target, other)
        elif target.known and "." not in relation.inverse:
            in_columns = relation.inverse in target.columns
            if in_columns and relation.owns:
                return  # `(user) => user.id`: the side that holds the key works without the other
            if in_columns or not target.has(relation.inverse):
                yield self._no_inverse(target, relation.inverse, in_columns)

    def _no_entity(self) -> Iterator[Defect]:
        relation = self._relation
        cls = relation.target_cls
        if cls is None or cls.node.decorators or cls.node.kind in ("interface", "enum"):
            return
        if any(item.cls is None for item in self._typeorm.entities.all):
            return  # an EntitySchema may map the class
        yield self._defect(
            relation.span,
            f"`{self._label}` leads to `{cls.name}`, which is no entity: it has no `@Entity()`.",
            f"TypeORM throws when it connects (Entity metadata for {self._label.replace('.', '#')} "
            "was not found), and the service does not start.",
            f"Put `@Entity()` on {cls.name}, or name the entity that is meant.",
            (Related(cls.module.path, cls.node.line, f"{cls.name} is defined here"),),
        )

    def _no_inverse(self, target: TypeormEntity, inverse: str, column: bool) -> Defect:
        relation = self._relation
        near = nearest(inverse, target.relations)
        what = "a plain column there" if column else "and it maps no such property"
        place = relation.inverse_node.span if relation.inverse_node is not None else relation.span
        return self._defect(
            place,
            f"`{self._label}` names `{target.name}.{inverse}` as its other side, {what}.",
            "The relation never knows its other side: what is set on one is not seen by the other."
            if relation.owns
            else _NO_KEY,
            f"Write `{near}`." if near else f"Map `{inverse}` on {target.name} as the other side.",
            (Related(target.path, target.span[0], f"{target.name} is mapped here"),),
            Severity.WARNING if relation.owns else None,
        )

    def _elsewhere(self, target: TypeormEntity, other: TypeormRelation) -> Iterator[Defect]:
        """The other side leads to another entity."""
        home = self._typeorm.entities.target(target, other.name)
        if home is None or self._related(home, self._entity) or not other.known:
            return
        owns = self._relation.owns
        yield self._defect(
            self._relation.span,
            f"`{self._label}` names `{target.name}.{other.name}` as its other side, which leads to "
            f"{home.name}, not to {self._entity.name}.",
            "The relation has no other side of its own: what is set on one, the other does not see."
            if owns
            else f"The rows are joined by the key of {home.name}: the wrong ones are loaded, or "
            "none.",
            f"Name the relation of {target.name} that leads to {self._entity.name}.",
            (Related(other.path, other.span[0], f"{target.name}.{other.name} is mapped here"),),
            Severity.WARNING if owns else None,
        )

    def _no_owner(self, target: TypeormEntity, other: TypeormRelation | None) -> Iterator[Defect]:
        """Neither side has the join table or the key."""
        relation = self._relation
        if relation.kind not in ("many-to-many", "one-to-one") or relation.owns:
            return
        if other is not None and (other.owns or not other.known or other.kind != relation.kind):
            return
        if other is None and relation.kind == "one-to-one" and self._has_back(target):
            return
        label = f"{target.name}.{other.name}" if other is not None else ""
        if other is not None and label < self._label:
            return  # said once, at the other side
        need = "@JoinTable()" if relation.kind == "many-to-many" else "@JoinColumn()"
        neither = (
            f"Neither `{self._label}` nor `{label}` has" if label else f"`{self._label}` lacks"
        )
        yield self._defect(
            relation.span,
            f"{neither} `{need}`, so no side holds the key.",
            _NO_KEY,
            f"Put `{need}` on the side that owns the relation.",
            (Related(target.path, target.span[0], f"{target.name} is mapped here"),),
        )

    def _has_back(self, target: TypeormEntity) -> bool:
        """Does the other entity have a relation of this kind that may be meant?"""
        return any(
            item.kind == self._relation.kind
            and self._typeorm.entities.target(target, item.name) is self._entity
            for item in target.relations.values()
        )

    def _related(self, one: TypeormEntity, other: TypeormEntity) -> bool:
        """One inherits from the other, or both from a third."""
        if one is other or one.cls is None or other.cls is None:
            return True
        model = self._typeorm.model
        lines = [
            {item.cls, *(v.cls for v in model.ancestors(item.cls) if isinstance(v, ClassValue))}
            for item in (one, other)
            if item.cls is not None
        ]
        return one.cls in lines[1] or other.cls in lines[0]

    def _defect(
        self,
        span: s.Span,
        message: str,
        why: str,
        fix: str,
        related: tuple[Related, ...],
        severity: Severity | None = None,
    ) -> Defect:
        return Defect(
            self._relation.path, s.Node(span), message, why, fix, self._label, related, severity
        )
