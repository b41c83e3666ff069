from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.entities.attributes import attributes
from ci_gate.codemodel.entities.sqlalchemy_columns import text_of
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._accessors import missing_accessors
from ci_gate.rules.orm._drizzle import unknown_relations
from ci_gate.rules.orm._includes import mismatches
from ci_gate.rules.orm._joins import JoinFault, join_fault
from ci_gate.rules.orm._mongoose import unpopulated
from ci_gate.rules.orm._prisma_relations import mismatched_relations
from ci_gate.rules.orm._relationships import KINDS, Reference, Relationships, Written
from ci_gate.rules.orm._sides import crossed_keys, different_keys
from ci_gate.rules.orm._typeorm_relations import mismatched_sides
from ci_gate.rules.orm._wiring import never_initialised, never_made
from ci_gate.rules.orm._words import listed, nearest

_IDENTIFIER: Final = regex(r"[A-Za-z_]\w*$")
_ALL_FAIL: Final = (
    "SQLAlchemy works out all mappings together at the first query: it raises {error}, and every "
    "request that touches the database answers 500."
)


class AssociationMismatch(Rule):
    """A relationship that its other side, the foreign keys, or a query's include do not bear out.

    `back_populates` that names nothing on the other entity or points back to another attribute, a
    target that does not exist, a `backref` over an attribute that is there already, two tables
    with no foreign key between them or with several, an association table that lacks one, a foreign
    key to a table or column that nothing defines. Sequelize: includes, scopes and orders by a name
    that no association has, and `row.getX()` or `row.addX()` that none makes; associations in
    code that nothing runs; two sides of a relation with different keys, or of a `belongsToMany`
    with the same key for both; associations of a model whose `init()` nothing runs.

    ## Why is this bad?
    SQLAlchemy configures all mappers at the first use of any. One relationship that does not fit
    makes every query of the service fail. Sequelize throws an EagerLoadingError at each query that
    asks for an association by the wrong name, Prisma a PrismaClientValidationError: for an
    `include` of what is no relation, `select` and `include` together, a relation that is compared
    with a plain value or stored as one, a list that is filtered without `some`, `every` or `none`;
    Drizzle a TypeError at each `with` that `relations()` do not declare; TypeORM an
    EntityPropertyNotFoundError for `relations` that the entity does not map, an error when it
    starts for a relation to what is no entity, and a TypeError at each use of a relation whose
    other side is not there or of which neither side holds the key; Mongoose a StrictPopulateError
    for `populate` of a path that the schema lacks, and a MissingSchemaError for a `ref` to a model
    that nothing registers.

    ## Fix
    Make both sides name each other, add the foreign key, or say with `foreign_keys=` which one is
    meant.

    ## Silent on
    Relations with `primaryjoin`, `viewonly` or arguments that are worked out; entities with unknown
    bases, reflection, automap; foreign keys that are built by helpers or span several columns;
    Sequelize models of which some association's target or name is worked out; Prisma models that
    could not be read, values that may be objects; Drizzle's `defineRelations`.

    ## Source
    SQLAlchemy, "Configuring how Relationship Joins" and "Error Messages"; Sequelize, "Eager
    Loading" (sequelize.org/docs/v6/advanced-association-concepts/eager-loading); constraint decay,
    arXiv 2605.06445.
    """

    id = "orm/association-mismatch"
    group = "orm"

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        for defect in (
            *mismatches(models),
            *missing_accessors(models),
            *never_made(models),
            *never_initialised(models),
            *different_keys(models),
            *crossed_keys(models),
        ):
            yield defect.finding(self)
        for defect in (
            *mismatched_relations(facts.entities.prisma),
            *unknown_relations(facts),
            *mismatched_sides(facts.entities.typeorm),
            *unpopulated(facts.entities.mongoose),
        ):
            yield defect.finding(self)
        relationships = Relationships(facts)
        reported: set[s.Node] = set()
        for item in relationships.written:
            for finding in self._relation(facts, relationships, item):
                if item.call not in reported:
                    reported.add(item.call)
                    yield finding
        yield from self._collisions(facts, relationships)
        yield from self._references(facts, relationships)

    def _relation(
        self, facts: Facts, relationships: Relationships, item: Written
    ) -> Iterator[Finding]:
        target = relationships.target(item)
        if target is None:
            yield from self._no_target(facts, relationships, item)
            return
        if target.abstract or is_outside(target.path):
            return
        yield from self._other_side(facts, relationships, item, target)
        fault = join_fault(relationships, item, target)
        if fault is not None:
            yield self._fault(item, target, fault)

    # --- the other side ---

    def _no_target(
        self, facts: Facts, relationships: Relationships, item: Written
    ) -> Iterator[Finding]:
        name = item.relation.target or _written_target(item)
        if name is None or not _IDENTIFIER.match(name) or not relationships.complete:
            return
        if relationships.has_class(name) or facts.model.may_be_in_tests(name):
            return
        near = nearest(name, relationships.mapped_names)
        yield self._broken(
            item,
            item.call,
            message=f"`{item.label}` leads to `{name}`, and there is no class of that name.",
            error=f"InvalidRequestError: expression '{name}' failed to locate a name",
            fix=f"Write `{near}`." if near else f"Define `{name}`, or name an entity that exists.",
            related=[],
        )

    def _other_side(
        self, facts: Facts, relationships: Relationships, item: Written, target: Entity
    ) -> Iterator[Finding]:
        back = item.text("back_populates")
        if back is None or item.given("viewonly"):
            return
        names = attributes(facts.model, facts.entities, target)
        other = target.relations.get(back)
        if other is None:
            if names is None or (back in names and back not in target.columns):
                return
            near = nearest(back, target.relations)
            yield self._broken(
                item,
                item.call,
                message=(
                    f'`{item.label}` has `back_populates="{back}"`, and {target.name} has no '
                    f"relationship `{back}`."
                ),
                error=f"InvalidRequestError: mapper of {target.name} has no property '{back}'",
                fix=_back_fix(item, target, back, near),
                related=[Related(target.path, target.span[0], f"{target.name} is mapped here")],
            )
            return
        if other.implied:
            return
        place = Related(other.path, other.span[0], f"{target.name}.{back} is mapped here")
        home = facts.entities.target(target, back)
        if home is not None and not _related(relationships, home, item.entity):
            yield self._broken(
                item,
                item.call,
                message=(
                    f'`{item.label}` has `back_populates="{back}"`, and `{target.name}.{back}` '
                    f"leads to {home.name}, not to {item.entity.name}."
                ),
                error=f"ArgumentError: {target.name}.{back} does not reference {item.entity.name}",
                fix=f"Name the relationship of {target.name} that leads to {item.entity.name}.",
                related=[place],
            )
            return
        if other.back is None or other.back == item.relation.name:
            return
        if any(part.given("viewonly") for part in relationships.at(item.entity, other.back)):
            return
        third = item.entity.relations.get(other.back)
        if third is not None and (third.back == back or item.label < f"{target.name}.{back}"):
            yield self.finding(
                item.path,
                item.call,
                message=(
                    f"`{item.label}` names `{target.name}.{back}` as its other side, which names "
                    f"`{item.entity.name}.{other.back}` instead."
                ),
                why=(
                    "The sides do not follow each other: what is put into one is missing from the "
                    "other, and a flush may write the foreign key twice or not at all."
                ),
                fix=(
                    f"Give {item.label} a counterpart of its own on {target.name}, or make "
                    f"`{target.name}.{back}` name it."
                ),
                subject=item.label,
                related=[place],
            )

    # --- foreign keys ---

    def _fault(self, item: Written, target: Entity, fault: JoinFault) -> Finding:
        return self._broken(
            item, item.call, message=fault.message, error=fault.error, fix=fault.fix,
            related=[
                Related(target.path, target.span[0], f"{target.name} is mapped here"),
                *fault.related,
            ],
        )  # fmt: skip

    def _broken(
        self, item: Written, node: s.Node, *, message: str, error: str, fix: str,
        related: list[Related],
    ) -> Finding:  # fmt: skip
        """A finding that keeps all mappers from being configured."""
        return self.finding(
            item.path,
            node,
            message=message,
            why=_ALL_FAIL.format(error=error),
            fix=fix,
            subject=item.label,
            related=related,
            repository_wide=True,
        )

    def _collisions(self, facts: Facts, relationships: Relationships) -> Iterator[Finding]:
        """Back references over attributes that are there already."""
        made: defaultdict[tuple[Entity, str], list[Written]] = defaultdict(list)
        for item in relationships.written:
            target, name = relationships.target(item), item.backref()
            if target is not None and name is not None:
                made[target, name].append(item)
        for (target, name), items in made.items():
            own = target.columns.get(name) or target.relations.get(name)
            taken = own is not None and not getattr(own, "implied", False)
            for item in items if taken else items[1:]:
                first = own if taken and own is not None else items[0].relation
                yield self._broken(
                    item,
                    item.call,
                    message=(
                        f"`{item.label}` makes the back reference `{target.name}.{name}`, which "
                        "is there already."
                    ),
                    error=f"ArgumentError: property '{name}' exists on the mapper of {target.name}",
                    fix=f"Give the back reference another name, or use `back_populates` with the "
                        f"existing `{name}`.",
                    related=[Related(first.path, first.span[0], f"`{name}` comes from here")],
                )  # fmt: skip
        del facts

    def _references(self, facts: Facts, relationships: Relationships) -> Iterator[Finding]:
        """Foreign keys to tables or columns that nothing defines."""
        if not relationships.complete:
            return
        tables = {item.table for item in facts.entities if item.table and not item.abstract}
        tables |= set(_named_tables(facts))
        seen: set[tuple[str, s.Span]] = set()
        for entity in facts.entities:
            if entity.kind not in (*KINDS, "table") or is_outside(entity.path):
                continue
            if entity.abstract:
                continue
            for reference in relationships.seen_references(entity):
                column = reference.column
                if (column.path, column.span) in seen:
                    continue
                seen.add((column.path, column.span))
                holders = facts.entities.of_table(reference.table)
                if holders:
                    yield from self._no_column(entity, reference, holders)
                elif (
                    reference.table not in tables
                    and not relationships.is_like_one(reference.table)
                    and not facts.model.may_be_in_tests(reference.table)
                ):
                    near = nearest(reference.table, {name for name in tables if name})
                    yield self._dangling(
                        entity,
                        column,
                        what=f"the table `{reference.table}`, which nothing defines",
                        error=f"NoReferencedTableError: could not find table '{reference.table}'",
                        fix=(
                            f"Write `{near}.{reference.target}`."
                            if near
                            else f"Map a class to `{reference.table}`, or name a table that exists."
                        ),
                    )

    def _no_column(
        self, entity: Entity, reference: Reference, holders: Iterable[Entity]
    ) -> Iterator[Finding]:
        known: set[str] = set()
        first: Entity | None = None
        for holder in holders:
            if not holder.known:
                return
            first = first or holder
            known |= {*holder.columns, *(column.column for column in holder.columns.values())}
        target = reference.target
        if first is None or target in known:
            return
        near = nearest(target, known)
        yield self._dangling(
            entity,
            reference.column,
            what=f"the column `{target}` of `{first.table}`, which has {listed(known)}",
            error=f"NoReferencedColumnError: table '{first.table}' has no column '{target}'",
            fix=f"Write `{first.table}.{near}`." if near else "Name a column that the table has.",
            related=[Related(first.path, first.span[0], f"`{first.table}` is mapped here")],
        )

    def _dangling(
        self,
        entity: Entity,
        column: Column,
        *,
        what: str,
        error: str,
        fix: str,
        related: Iterable[Related] = (),
    ) -> Finding:
        return self.finding(
            column.path,
            s.Node(column.span),
            message=f"The foreign key `{entity.name}.{column.name}` refers to {what}.",
            why=f"Creating the tables and every write through the mapping raise {error}.",
            fix=fix,
            subject=f"{entity.name}.{column.name}",
            related=related,
            repository_wide=True,
        )


def _written_target(item: Written) -> str | None:
    return text_of(item.call.argument(0, "argument"))


def _related(relationships: Relationships, one: Entity, other: Entity) -> bool:
    """One of the entities inherits from the other."""
    return one is other or bool(relationships.tables(one) & relationships.tables(other))


def _back_fix(item: Written, target: Entity, back: str, near: str | None) -> str:
    if near is not None:
        return f'Write `back_populates="{near}"`.'
    if back in target.columns:
        return f"Name a relationship of {target.name}; `{back}` is a column."
    return (
        f'Add `{back} = relationship("{item.entity.name}", '
        f'back_populates="{item.relation.name}")` to {target.name}, or leave it out here.'
    )


def _named_tables(facts: Facts) -> Iterator[str]:
    """The tables that class bodies name, also of classes that are mapped in a way not followed."""
    for cls in facts.model.classes.values():
        for statement in cls.node.body:
            match statement:
                case s.Assign(
                    targets=[s.Name(id="__tablename__")], value=s.Literal(value=str() as name)
                ):
                    yield name
                case _:
                    pass
