from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel.dataflow.domain import Statement, Table
from ci_gate.codemodel.dataflow.events import Consumed
from ci_gate.codemodel.entities import Entities, Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule


class MissingUnique(Rule):
    """A result with a joined collection is read without `unique()`.

    ## Why is this bad?
    SQLAlchemy 2 refuses: `InvalidRequestError: The unique() method must be invoked on this Result,
    as it contains results that need to be deduplicated`. The endpoint is a 500 as soon as it is
    called, also with an empty table.

    ## Fix
    `session.scalars(stmt).unique().all()`, or load the collection with `selectinload`.

    ## Silent on
    Joined loads of one object, `Query` objects (they deduplicate themselves), `.first()`.

    ## Source
    SQLAlchemy 2.0 migration, "ORM Rows not uniquified by default"; "Joined Eager Loading".
    """

    id = "orm/missing-unique"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[object, str]] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Consumed) or event.rows.unique:
                continue
            statement = event.rows.statement
            if statement.legacy or statement.library != "sqlalchemy":
                continue
            found = _joined_collection(facts.entities, statement)
            if found is None:
                continue
            owner, name, by_mapping = found
            key = (event.place.node, f"{owner.name}.{name}")
            if key in seen:
                continue
            seen.add(key)
            relation = owner.relations[name]
            related = [
                Related(relation.path, relation.span[0], f"{owner.name}.{name}, loaded by a join"),
                Related(statement.module, statement.node.line, "the statement"),
            ]
            where = "its mapping" if by_mapping else "joinedload"
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=(
                    f"The collection {owner.name}.{name} is loaded by a join ({where}), and the"
                    " result is read without unique()"
                ),
                why=(
                    "SQLAlchemy raises InvalidRequestError: the unique() method must be invoked."
                    " Every call of this path is a 500."
                ),
                fix="Call .unique() on the result before reading it, or use selectinload.",
                subject=f"{owner.name}.{name}",
                related=related,
            )


def _joined_collection(entities: Entities, statement: Statement) -> tuple[Entity, str, bool] | None:
    """The collection that the statement loads by a join: owner, relation, by the mapping."""
    roots = [item.entity for item in statement.selected if isinstance(item, Table)]
    for root in roots:
        overridden = {eager.path[:1] for eager in statement.eager}
        for eager in sorted(statement.eager, key=lambda item: item.path):
            if not eager.joined or (eager.root is not None and eager.root is not root):
                continue
            owner: Entity | None = root
            for name in eager.path:
                relation = owner.relations.get(name) if owner is not None else None
                if owner is None or relation is None:
                    break
                if relation.many:
                    return owner, name, False
                owner = entities.target(owner, name)
        if statement.opaque:
            continue
        for name, relation in root.relations.items():
            if relation.many and relation.loading == "joined" and (name,) not in overridden:
                return root, name, True
    return None
