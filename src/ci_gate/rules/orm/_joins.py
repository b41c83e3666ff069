"""Whether the foreign keys of two tables let SQLAlchemy join them for a relationship."""

from __future__ import annotations

from ci_gate.codemodel.entities import Entity
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules.orm._relationships import Reference, Relationships, Written


@dataclass(frozen=True, slots=True)
class JoinFault:
    """Why a relationship's join cannot be worked out."""

    message: str
    error: str
    fix: str
    related: tuple[Related, ...] = ()


def join_fault(relationships: Relationships, item: Written, target: Entity) -> JoinFault | None:
    """What keeps SQLAlchemy from finding the join; None where nothing does, or it is not known."""
    if item.given("primaryjoin", "viewonly", "secondaryjoin") or not item.entity.known:
        return None
    if item.secondary() is not None:
        return _through(relationships, item, target)
    if item.given("foreign_keys"):
        return None
    mine, theirs = relationships.references(item.entity), relationships.references(target)
    if mine is None or theirs is None:
        return None
    home, away = relationships.tables(item.entity), relationships.tables(target)
    links = [ref for ref in mine if ref.table in away]
    if item.entity is not target:
        links += [ref for ref in theirs if ref.table in home]
    if not links:
        return _unlinked(item, target)
    inherits = len(home) > 1 or len(away) > 1
    if len(links) > 1 and not inherits:
        return _several(item, target, links)
    if item.entity is target and len(links) == 1:
        return _no_remote_side(relationships, item, target)
    return None


def _unlinked(item: Written, target: Entity) -> JoinFault:
    one, other = item.entity.table, target.table
    key = f"{(target.name if not item.relation.many else item.entity.name).lower()}_id"
    holder = item.entity if not item.relation.many else target
    goal = target if holder is item.entity else item.entity
    primary = goal.primary_key()
    name = primary[0].column if len(primary) == 1 else "id"
    return JoinFault(
        f"`{item.label}` relates `{one}` to `{other}`, and neither table has a foreign key to the "
        "other.",
        f"NoForeignKeysError: no foreign keys link {one} and {other}",
        f'Add `{key}` with `ForeignKey("{goal.table}.{name}")` to {holder.name}.',
    )


def _several(item: Written, target: Entity, links: list[Reference]) -> JoinFault:
    names = ", ".join(f"`{ref.column.name}`" for ref in links)
    owner = target if links[0].column.name in target.columns else item.entity
    return JoinFault(
        f"`{item.label}` relates `{item.entity.table}` to `{target.table}`, which several foreign "
        f"keys link: {names}.",
        "AmbiguousForeignKeysError: there are multiple foreign key paths linking the tables",
        f"Say which one is meant: `foreign_keys=[{owner.name}.{links[0].column.name}]`.",
        tuple(Related(ref.column.path, ref.column.span[0], f"`{ref.column.name}`")
              for ref in links[:3]),
    )  # fmt: skip


def _no_remote_side(
    relationships: Relationships, item: Written, target: Entity
) -> JoinFault | None:
    """Both sides of a tree of rows, and neither says which is the parent."""
    back = item.text("back_populates")
    if back is None or item.given("remote_side") or back <= item.relation.name:
        return None
    other = next(
        (
            written
            for written in relationships.written
            if written.entity is target and written.relation.name == back
        ),
        None,
    )
    if other is None or other.given("remote_side", "primaryjoin", "foreign_keys", "secondary"):
        return None
    if other.text("back_populates") != item.relation.name:
        return None
    return JoinFault(
        f"`{item.label}` and `{other.label}` are the two sides of one relation of "
        f"`{target.table}` to itself, and neither has `remote_side`.",
        f"ArgumentError: {item.label} and {other.label} are both of the same direction",
        "Give the side that leads to the parent `remote_side=[…primary key…]`.",
        (Related(other.path, other.relation.span[0], f"{other.label} is mapped here"),),
    )


def _through(relationships: Relationships, item: Written, target: Entity) -> JoinFault | None:
    """A relation through an association table."""
    link = relationships.link(item)
    if link is None or item.given("foreign_keys"):
        return None
    references = relationships.references(link)
    if references is None:
        return None
    home, away = relationships.tables(item.entity), relationships.tables(target)
    place = (Related(link.path, link.span[0], f"`{link.table}` is defined here"),)
    for entity, tables in ((item.entity, home), (target, away)):
        if entity.table is None or not entity.known:
            return None
        found = [ref for ref in references if ref.table in tables]
        if not found:
            primary = entity.primary_key()
            name = primary[0].column if len(primary) == 1 else "id"
            return JoinFault(
                f"`{item.label}` goes through `{link.table}`, which has no foreign key to "
                f"`{entity.table}`.",
                f"NoForeignKeysError: no foreign keys link {link.table} and {entity.table}",
                f'Give its column `ForeignKey("{entity.table}.{name}")`.',
                place,
            )
        if len(found) > 1 and len(tables) == 1:
            names = " and ".join(f"`{ref.column.name}`" for ref in found)
            return JoinFault(
                f"`{item.label}` goes through `{link.table}`, which refers to `{entity.table}` by "
                f"{names}.",
                "AmbiguousForeignKeysError: there are multiple foreign key paths through "
                f"{link.table}",
                "Say which is which with `primaryjoin=` and `secondaryjoin=`.",
                place,
            )
    return None
