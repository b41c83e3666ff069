from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import ColumnRef, Expression, RelationRef, Table
from ci_gate.codemodel.dataflow.events import Ran, Run, Wrote
from ci_gate.codemodel.entities import Column, Entity, Relation
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule

_EXPECTED: Final = frozenset({"IntegrityError", "DBAPIError", "DatabaseError", "SQLAlchemyError"})
_REMOVES: Final = regex(r"delete|remove|purge|clear|wipe|drop|destroy|move|reassign|prune")
_SUFFIX: Final = regex(r"(?<=.)(?:Row|Model|Entity|Table|Orm|ORM|DB|Record)$")
_LOADED: Final = frozenset({"lazy", "joined", "selectin", "subquery", "immediate", "raise",
                            "dynamic"})  # fmt: skip


class DeleteWithoutCascade(Rule):
    """`session.delete()` of an object whose collection has no delete cascade, while the members'
    foreign key may not be NULL.

    A one-to-many relationship makes the session responsible for its members. Without a cascade it
    loads them when their owner is deleted and sets their foreign key to NULL; an ON DELETE CASCADE
    of the database never gets its turn.

    ## Why is this bad?
    `IntegrityError: NOT NULL constraint failed` (or `Dependency rule tried to blank-out primary key
    column`) as soon as the object that is deleted has a member: a 500, and nothing is deleted.
    Tests that delete an object without members, or remove the members first, pass.

    ## Fix
    `cascade="all, delete-orphan"` on the collection (or on its `backref(...)`), or
    `passive_deletes="all"` where the foreign key has ON DELETE CASCADE.

    ## Silent on
    Relationships with a delete cascade, `passive_deletes` or `viewonly`, keys that may be NULL,
    deletion by statement (`delete(Article)`), code that deletes or looks at the members first or
    handles `IntegrityError`, new objects, commands and other code that no endpoint leads to, and
    everything that could not be followed.

    ## Source
    SQLAlchemy, "Cascades: delete" and "Using foreign key ON DELETE cascade with ORM relationships".
    """

    id = "orm/delete-without-cascade"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[str, s.Span, str]] = set()
        for run in facts.flows.of_routes():
            if not run.complete:
                continue
            for event in run.events:
                if not isinstance(event, Wrote) or event.deleted is None or event.deleted.fresh:
                    continue
                owner = event.deleted.entity
                for relation, child, column in _left_without_owner(facts, owner):
                    key = (relation.path, relation.span, relation.name)
                    if key in seen or _is_taken_care_of(run, relation, child):
                        continue
                    seen.add(key)
                    yield self._found(run, event, relation, child, column)

    def _found(
        self, run: Run, event: Wrote, relation: Relation, child: Entity, column: Column
    ) -> Finding:
        assert event.deleted is not None
        owner = event.deleted.entity
        if column.primary_key:
            failure = f"{child.name}.{column.name} is part of its primary key: AssertionError"
        else:
            failure = f"{child.name}.{column.name} may not be NULL: IntegrityError"
        start = s.Node(relation.span)
        made = f"the backref {owner.name}.{relation.name}" if relation.implied else (
            f"{owner.name}.{relation.name}"
        )  # fmt: skip
        return self.finding(
            relation.path,
            start,
            message=f"{made} has no delete cascade, and session.delete() is used on {owner.name}",
            why=(
                f"{entry(run)} deletes {owner.name}: the session sets {child.name}.{column.name} of"
                f" its {relation.name} to NULL first. {failure} for each {owner.name} that has any."
            ),
            fix=(
                'Give the collection cascade="all, delete-orphan", or passive_deletes="all" where'
                " the database deletes by ON DELETE CASCADE."
            ),
            subject=f"{owner.name}.{relation.name}",
            related=[
                Related(event.place.path, spot(event.place.node).line, f"{owner.name} is deleted"),
                Related(column.path, column.span[0], "the key that would be NULL"),
            ],
        )


def _left_without_owner(facts: Facts, owner: Entity) -> Iterator[tuple[Relation, Entity, Column]]:
    """The relations whose members' key the session sets to NULL, and cannot."""
    if owner.kind not in ("sqlalchemy", "sqlmodel") or owner.table is None:
        return
    for relation in owner.relations.values():
        if relation.owner_deleted != "nulled" or relation.secondary is not None:
            continue
        child = facts.entities.target(owner, relation.name)
        if child is None or relation.loading not in _LOADED or relation.many is None:
            continue
        mine = [item for item in owner.columns.values() if _refers(item, child)]
        keys = [item for item in child.columns.values() if _refers(item, owner)]
        if not keys or (mine and relation.many is not True):
            continue
        if any(item.nullable is not False for item in keys):
            continue
        if any(
            other.owner_deleted != "nulled" and not other.secondary
            for other in owner.relations.values()
            if other.target == relation.target and other is not relation
        ):
            continue
        yield relation, child, keys[0]


def _refers(column: Column, entity: Entity) -> bool:
    table = (column.foreign_key or "").rpartition(".")[0]
    return bool(table) and entity.table is not None and (
        table == entity.table or table.rpartition(".")[2] == entity.table
    )  # fmt: skip


def _is_taken_care_of(run: Run, relation: Relation, child: Entity) -> bool:
    """The members are deleted, moved or looked at in the same run, or the failure is expected."""
    for event in run.events:
        if isinstance(event, Ran):
            if event.statement is None:
                if not event.texts or any((child.table or "") in text for text in event.texts):
                    return True
            elif _speaks_of(event, relation, child):
                return True
        elif isinstance(event, Wrote):
            if event.deleted is not None and event.deleted.entity is child:
                return True
            if event.what.startswith((f"{child.name}.", f"delete({child.name})")):
                return True
    if any(name == relation.name for _, name in run.relations):
        return True
    words = {relation.name.lower().rstrip("s"), _SUFFIX.sub("", child.name).lower()}
    return any(
        _expects(node) or _removes(node, words)
        for function in run.entered
        for statement in function.node.body
        for node in s.walk(statement)
    )


def _speaks_of(event: Ran, relation: Relation, child: Entity) -> bool:
    """The statement names the members' table, or asks by the relation."""
    statement = event.statement
    assert statement is not None
    tables = {item for item in statement.selected if isinstance(item, Table)}
    tables |= statement.tables | statement.joined
    if statement.focus is not None:
        tables.add(statement.focus)
    refs: set[ColumnRef | RelationRef] = set()
    refs |= {item for item in statement.selected if isinstance(item, ColumnRef)}
    for part in (*statement.selected, *(item.expression for item in statement.conditions)):
        refs |= part.refs if isinstance(part, Expression) else frozenset()
    tables |= {ref.table for ref in refs}
    return any(table.entity is child for table in tables) or any(
        isinstance(ref, RelationRef) and ref.relation == relation.name for ref in refs
    )


def _removes(node: s.Node, words: set[str]) -> bool:
    """A call that by its name removes the members, whether it could be followed or not."""
    if not isinstance(node, s.Call):
        return False
    names = [
        getattr(inner, "name", getattr(inner, "id", "")).lower()
        for inner in s.walk(node.func)
        if isinstance(inner, s.Name | s.Attribute)
    ]
    return any(_REMOVES.search(name) for name in names) and any(
        word in name for name in names for word in words
    )


def _expects(node: s.Node) -> bool:
    return isinstance(node, s.Handler) and node.type is not None and any(
        getattr(inner, "id", getattr(inner, "name", "")) in _EXPECTED
        for inner in s.walk(node.type)
    )  # fmt: skip
