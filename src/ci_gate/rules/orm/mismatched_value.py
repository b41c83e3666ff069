from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    ColumnRef,
    Const,
    Field,
    Instance,
    Item,
    Many,
    Statement,
    Val,
    without_none,
)
from ci_gate.codemodel.dataflow.events import Attribute, Compared, Place
from ci_gate.codemodel.entities import Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._due import Due, Values
from ci_gate.rules.orm._keys_of_others import KeysOfOthers

_KINDS: Final = frozenset({"django", "sqlalchemy", "sqlmodel", "table"})
_EQUAL: Final = frozenset({"==", "!=", "in", "in_", "not_in", "notin_", "get"})


class MismatchedValue(Rule):
    """A key is compared with, or set to, a value of another kind.

    A name where a key is due (`filter(user=viewer.username)`), a key where a name is due, the key
    of another entity (`filter(article_id=user.id)`), an object of another model; in filters,
    `get()`, `create()` and constructors. In Node: keys in Sequelize's `where`, `findByPk`, `create`
    and `build`, told by the associations (`where: { articleId: user.id }`).

    ## Why is this bad?
    Django raises ValueError (Field 'id' expected a number but got 'bob'; Must be "User" instance)
    when the statement is made, PostgreSQL refuses to compare the types. Where the types happen to
    fit, the query finds nothing, or somebody else's rows.

    ## Fix
    Give the object or its key (`user=viewer`, `user_id=viewer.pk`), or name the field that the
    value belongs to (`user__username=viewer.username`).

    ## Silent on
    Values that are not surely a column's; texts that may hold a key (`external_id`, `object_id`,
    codes); keys of parents and of one-to-one relations that share them; foreign keys to other
    columns (`to_field`, `targetKey`).

    ## Source
    Constraint decay, arXiv 2605.06445: wrong values in filters; Django, "Queries over related
    objects".
    """

    id = "orm/mismatched-value"
    group = "orm"
    follows = True
    languages = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in KeysOfOthers(facts.entities.sequelize).found():
            yield defect.finding(self)
        look = _Look(facts)
        seen: set[tuple[str, s.Span]] = set()
        for _, event in facts.flows.events():
            found: Finding | None = None
            if isinstance(event, Compared) and event.operator in _EQUAL:
                found = self._compared(look, event)
            elif isinstance(event, Attribute) and event.how == "keyword":
                found = self._set(look, event)
            if found is not None:
                start, end = found.start, found.end
                key = (found.path, (start.line, start.column, end.line, end.column))
                if key not in seen:
                    seen.add(key)
                    yield found

    def _compared(self, look: _Look, event: Compared) -> Finding | None:
        for one, other in ((event.left, event.right), (event.right, event.left)):
            if one.partial:
                continue
            due = look.values.due(one.only())
            if due is None or due.entity.kind not in _KINDS:
                continue
            given = _given(event.place.node, one is event.left)
            what = look.wrong(due, other, given)
            if what is not None:
                return self._found(event.place, given, due, what, "is compared with")
        return None

    def _set(self, look: _Look, event: Attribute) -> Finding | None:
        node = event.place.node
        if not isinstance(node, s.Argument) or not isinstance(event.entity, Entity):
            return None
        due = look.values.of_name(event.entity, event.name)
        if due is None or event.value is None or event.entity.kind != "django":
            return None
        what = look.wrong(due, event.value, node.value)
        if what is None and due.relation and not look.updates(event.place):
            what = look.bare(event.value, node.value)
        if what is None:
            return None
        return self._found(event.place, node.value, due, what, "is set to")

    def _found(self, place: Place, given: s.Expr | None, due: Due, what: str, verb: str) -> Finding:
        name = f"`{s.dotted(given)}`, " if given is not None and s.dotted(given) else ""
        key = f"`{due.column.name}` of {due.owner.name}"
        wanted = f"{due.entity.name} or its key" if due.relation else key
        if verb == "is set to" and due.relation:
            wanted = f"an object of class {due.entity.name}"
        column = due.place or due.column
        return self.finding(
            place.path,
            given if given is not None else place.node,
            message=f"`{due.label}` {verb} {name}{what}, where {wanted} is due.",
            why=(
                "Django raises ValueError or TypeError when it makes the statement, or the query"
                " finds no row, or another one's."
                if due.entity.kind == "django"
                else "The database refuses to compare the two, or finds no row, or another one's."
            ),
            fix=f"Give {wanted}"
            + (
                f", or name the field that the value belongs to ({_lookup(due, given)})."
                if due.relation and due.entity.kind == "django" and _lookup(due, given)
                and verb == "is compared with"
                else "."
            ),
            subject=f"{due.label} {what}",
            related=[Related(column.path, column.span[0], f"`{due.label}` is mapped here")],
        )  # fmt: skip


def _lookup(due: Due, given: s.Expr | None) -> str:
    """``user__username=…``, where the value is a field of the entity that is due."""
    if isinstance(given, s.Attribute) and given.name in due.entity.columns:
        return f"`{due.label.rpartition('.')[2]}__{given.name}=`"
    return ""


def _given(node: s.Node, is_right: bool) -> s.Expr | None:
    """The expression on the one side of a comparison."""
    if isinstance(node, s.Argument):
        return node.value
    if isinstance(node, s.Binary):
        return node.right if is_right else node.left
    return node.argument(0) if isinstance(node, s.Call) and len(node.args) == 1 else None


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts) -> None:
        self._certain = facts.doubting
        self._model = facts.model
        self.values = Values(facts.model, facts.entities)

    def wrong(self, due: Due, value: Val, given: s.Expr | None) -> str | None:
        """What is given instead of what is due; None where that is not sure."""
        items = list(_single(without_none(value)))
        if not items or not self._is_sure(value, given):
            return None
        found = [self._wrong(due, item, given) for item in items]
        return found[0] if all(found) else None

    def _wrong(self, due: Due, item: Item | None, given: s.Expr | None) -> str | None:
        if isinstance(item, Field):
            held = self.values.of_field(item)
            if held is None or not self.values.is_wrong(due, *held):
                return None
            return _kind(held[0], held[1].name, held[1].type == "text", held[1].primary_key)
        if isinstance(item, Statement) and len(item.selected) == 1:
            selected = item.selected[0]
            if item.values and isinstance(selected, ColumnRef):
                field = Field(selected.table.entity, selected.column)
                return self._wrong(due, field, given)
            entity = item.entity()
            if entity is not None and not item.values and due.relation:
                return self._of_other_model(due, entity)
        if isinstance(item, Instance) and due.relation and self._is_seen(item, given):
            return self._of_other_model(due, item.entity)
        if isinstance(item, Const) and isinstance(item.value, str) and due.key:
            number = due.column.type == "integer" and due.column.primary_key
            if number and due.entity.kind == "django" and not item.value.strip("+- ").isdigit():
                return f"the text {item.value[:20]!r}"
        return None

    def bare(self, value: Val, given: s.Expr | None) -> str | None:
        """A single value that is given where an object has to be."""
        items = without_none(value).items
        if not items or not self._is_sure(value, given):
            return None
        for item in items:
            if isinstance(item, Field):
                continue
            if not isinstance(item, Const) or isinstance(item.value, bytes):
                return None
        first = items[0]
        if isinstance(first, Field):
            return f"the `{first.column}` of {first.entity.name}"
        return "a single value"

    def updates(self, place: Place) -> bool:
        """``update(author=…)`` takes keys as well; so may what is not a call of its own."""
        for node in self._model.own_nodes(place.function):
            if isinstance(node, s.Call) and place.node in node.args:
                name = node.func.name if isinstance(node.func, s.Attribute) else "Model"
                return name in ("update", "aupdate")
        return True

    def _of_other_model(self, due: Due, entity: Entity) -> str | None:
        if due.entity.kind != "django" or entity.kind != "django":
            return None
        if due.entity.cls is None or entity.cls is None or self.values.are_kin(due.entity, entity):
            return None
        return f"an object of class {entity.name}"

    def _is_seen(self, item: Instance, given: s.Expr | None) -> bool:
        if item.origin is not None:
            return True
        return given is not None and self._certain.objects(given) is not None

    def _is_sure(self, value: Val, given: s.Expr | None) -> bool:
        """All that the value can be is known; of ``request.user`` (which may be anonymous), what
        is read in the comparison itself."""
        if not value.partial:
            return True
        items = value.items
        return isinstance(given, s.Attribute) and all(
            isinstance(item, Field) and given.name in (item.column, "pk") for item in items
        )


def _single(value: Val) -> Iterator[Item]:
    """The alternatives; of a list, what it holds."""
    for item in value.items:
        if isinstance(item, Many):
            if item.element.known:
                yield from without_none(item.element).items
            else:
                yield item
        else:
            yield item


def _kind(entity: Entity, column: str, text: bool, key: bool) -> str:
    if key:
        return f"the key of {entity.name}"
    return f"the {'text ' if text else ''}`{column}` of {entity.name}"
