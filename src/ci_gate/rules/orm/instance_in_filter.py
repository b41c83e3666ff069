from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.dataflow.domain import (
    ColumnRef,
    Instance,
    Item,
    Library,
    Many,
    Row,
    Typed,
    Val,
    without_none,
)
from ci_gate.codemodel.dataflow.events import Compared
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._defects import has_python
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._objects_for_keys import objects_for_keys
from ci_gate.rules.orm._prisma_objects import prisma_objects
from ci_gate.rules.orm._reads import service_functions

_SQLALCHEMY: Final = frozenset({"sqlalchemy", "sqlmodel", "table"})
_OPERATORS: Final = frozenset({
    "==", "!=", "<", ">", "<=", ">=", "in", "in_", "not_in", "notin_", "is_", "is_not", "get",
})  # fmt: skip
#: The types that bind no objects; JSON, arrays and types of the project's own may.
_SCALARS: Final = frozenset({
    "integer", "float", "decimal", "text", "boolean", "datetime", "datetime-tz", "date", "time",
    "uuid",
})  # fmt: skip
#: Bases that leave an object one that no driver can bind.
_PLAIN_BASES: Final = frozenset({
    "pydantic.BaseModel", "object", "abc.ABC", "typing.Generic", "sqlmodel.SQLModel",
})  # fmt: skip
_DICT: Final = "builtins.dict()"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole object where a key is due: what it is, and its key if it has one."""

    what: str
    key: str | None
    place: Related | None


class InstanceInFilter(Rule):
    """A column is compared with a whole object, where the object's key is due.

    In `where`, `filter_by`, `in_`, `session.get` and their kin, also Sequelize's `where`; objects
    are followed from the query that loaded them, through services and repositories.

    ## Why is this bad?
    The driver cannot bind an object: the statement raises when it runs. Compared in Python, a key
    never equals an object, so the condition is always false. Sequelize writes '[object Object]';
    Prisma throws PrismaClientValidationError, also where a column is to hold the object.

    ## Fix
    Compare with the key (`user.id`), or compare the relation itself (`Article.author == user`).

    ## Silent on
    Relations compared with objects, which is right; Django's foreign keys, which take objects;
    values that may also be a key; columns of JSON, arrays and types of the project's own.

    ## Source
    Constraint decay, arXiv 2605.06445: whole instances passed where ids are expected.
    """

    id = "orm/instance-in-filter"
    group = "orm"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in objects_for_keys(facts.entities.sequelize):
            yield defect.finding(self)
        for defect in prisma_objects(facts.entities.prisma):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        certain = facts.doubting
        seen: set[tuple[str, s.Span]] = set()
        for finding in (*self._in_queries(facts, certain), *self._in_python(facts, certain)):
            start = finding.start
            key = (finding.path, (start.line, start.column, finding.end.line, finding.end.column))
            if key not in seen:
                seen.add(key)
                yield finding

    # --- in queries ---

    def _in_queries(self, facts: Facts, certain: Certain) -> Iterator[Finding]:
        for _, event in facts.flows.events():
            if not isinstance(event, Compared) or event.operator not in _OPERATORS:
                continue
            for one, other in ((event.left, event.right), (event.right, event.left)):
                column = one.only()
                if not isinstance(column, ColumnRef) or one.partial:
                    continue
                found = self._compared(facts, certain, event, column, other)
                if found is not None:
                    yield found

    def _compared(
        self, facts: Facts, certain: Certain, event: Compared, ref: ColumnRef, value: Val
    ) -> Finding | None:
        entity = ref.table.entity
        column = entity.columns.get(ref.column)
        if column is None or not _binds_scalars(entity, column):
            return None
        given = _given(event, ref)
        held = event.operator in ("in_", "in", "not_in", "notin_")
        whole = _whole(facts, value)
        if whole is None or not _is_seen(facts, certain, value, given):
            return None
        if held and any(isinstance(item, Library) and item.path == _DICT for item in value.items):
            return None  # the keys of a dict are a list of keys
        label = f"{entity.name}.{column.name}"
        shown = "rows" if held and whole.what == "a row" else whole.what
        return self.finding(
            event.place.path,
            given or event.place.node,
            message=(
                f"`{label}` is compared with {'a list of ' if held else ''}"
                f"{shown}, not with {'keys' if held else 'a key'}."
            ),
            why=(
                "The driver cannot bind such an object: the statement raises ProgrammingError, "
                "InterfaceError or DataError when it runs."
                if entity.kind != "django"
                else "Django raises TypeError: the field expects a key and gets an object."
            ),
            fix=_fix(entity, column, whole, given, held=held),
            subject=label,
            related=[
                Related(column.path, column.span[0], f"{label} is mapped here"),
                *([whole.place] if whole.place is not None else []),
            ],
        )

    # --- in Python ---

    def _in_python(self, facts: Facts, certain: Certain) -> Iterator[Finding]:
        """``article.author_id == user``."""
        for function in service_functions(facts.model):
            for node in facts.model.own_nodes(function):
                if isinstance(node, s.Binary) and node.op in ("==", "!="):
                    for one, other in ((node.left, node.right), (node.right, node.left)):
                        found = self._in_python_compared(facts, certain, function, one, other)
                        if found is not None:
                            yield found

    def _in_python_compared(
        self, facts: Facts, certain: Certain, function: FunctionInfo, one: s.Expr, other: s.Expr
    ) -> Finding | None:
        if not isinstance(one, s.Attribute) or not isinstance(other, s.Name | s.Attribute):
            return None
        column = _column_of(facts, certain, one)
        if column is None:
            return None
        entity = _entity_of(facts, certain, other)
        if entity is None or entity.cls is None or _compares_itself(facts.model, entity.cls):
            return None
        name = s.dotted(other)
        primary = entity.primary_key()
        key = primary[0].name if len(primary) == 1 else "id"
        return self.finding(
            function.module.path,
            other,
            message=(
                f"`{s.dotted(one)}` is a key and `{name}` is a whole {entity.name}: the two are "
                "never equal."
            ),
            why="The condition has the same outcome for every row; a check of ownership passes "
                "nobody, or everybody.",
            fix=f"Write `{name}.{key}`.",
            subject=f"{function.name} compares {s.dotted(one)}",
            related=[Related(column.path, column.span[0], f"`{column.name}` is mapped here")],
        )  # fmt: skip


def _binds_scalars(entity: Entity, column: Column) -> bool:
    if entity.kind == "django":
        return column.foreign_key is None and column.type in ("integer", "uuid")
    if entity.kind not in _SQLALCHEMY:
        return False
    return column.type in _SCALARS


def _whole(facts: Facts, value: Val) -> Whole | None:
    """The object that the value is, all its alternatives being objects."""
    value = without_none(value)
    if not value.known:
        return None
    items: list[Item] = []
    for item in value.items:
        if isinstance(item, Many):
            if not item.element.known:
                return None
            items += without_none(item.element).items
        else:
            items.append(item)
    if not items or not all(_is_whole(facts.model, item) for item in items):
        return None
    first = items[0]
    if isinstance(first, Instance):
        primary = first.entity.primary_key()
        key = primary[0].name if len(primary) == 1 else None
        place = Related(first.entity.path, first.entity.span[0], f"{first.entity.name} is here")
        return Whole(f"a whole {first.entity.name}", key, place)
    if isinstance(first, Typed):
        place = Related(first.cls.module.path, first.cls.node.line, f"{first.cls.name} is here")
        return Whole(f"a whole {first.cls.name}", None, place)
    return Whole("a row" if isinstance(first, Row) else "a dict", None, None)


def _is_whole(model: CodeModel, item: Item) -> bool:
    if isinstance(item, Instance):
        return item.entity.cls is not None and not _compares_itself(model, item.entity.cls)
    if isinstance(item, Typed):
        return not _compares_itself(model, item.cls) and all(
            base.path in _PLAIN_BASES
            for base in model.ancestors(item.cls)
            if isinstance(base, ExternalValue)
        )
    return isinstance(item, Row) or (isinstance(item, Library) and item.path == _DICT)


def _compares_itself(model: CodeModel, cls: ClassInfo) -> bool:
    """The class says itself how it is compared, or what it is inside a statement."""
    hooks = ("__eq__", "__clause_element__", "__composite_values__", "__conform__", "__int__")
    return any(model.method(cls, hook) is not None for hook in hooks)


def _is_seen(facts: Facts, certain: Certain, value: Val, given: s.Expr | None) -> bool:
    """The objects came out of queries or constructors, or their written types are borne out."""
    for item in value.items:
        one: Item | None = item.element.only() if isinstance(item, Many) else item
        if isinstance(one, Instance) and one.origin is None:
            if given is None or _entity_of(facts, certain, given) is None:
                return False
        elif isinstance(one, Typed) and (given is None or certain.objects(given) is None):
            return False
    return True


def _given(event: Compared, ref: ColumnRef) -> s.Expr | None:
    """The expression that is compared with the column."""
    node = event.place.node
    if isinstance(node, s.Binary):
        return node.right if event.left.only() == ref else node.left
    if not isinstance(node, s.Call):
        return node.value if isinstance(node, s.Argument) else None
    if event.operator == "==":
        return node.argument(keyword=ref.column)
    if event.operator == "get":
        return node.argument(keyword="ident") or (node.args[-1].value if node.args else None)
    return node.argument(0)


def _column_of(facts: Facts, certain: Certain, expr: s.Attribute) -> Column | None:
    """The key column that ``x.author_id`` reads of an entity's object."""
    entity = _entity_of(facts, certain, expr.value)
    if entity is None or entity.kind not in (*_SQLALCHEMY, "django", "tortoise"):
        return None
    column = entity.columns.get(expr.name)
    if column is None or column.type not in _SCALARS:
        return None
    return column if column.foreign_key is not None or column.primary_key else None


def _entity_of(facts: Facts, certain: Certain, expr: s.Expr) -> Entity | None:
    classes = certain.objects(expr)
    if classes is None or len(classes) != 1:
        return None
    return facts.entities.of_class(next(iter(classes)))


def _fix(entity: Entity, column: Column, whole: Whole, given: s.Expr | None, *, held: bool) -> str:
    name = s.dotted(given) if given is not None else ""
    if whole.what == "a row":
        return "Read the values instead of rows: `session.scalars(…)`."
    if whole.key is None:
        return f"Compare `{column.name}` with a single value of it."
    if held:
        return f"Take the keys: `[item.{whole.key} for item in {name or '…'}]`."
    written = f"Write `{name}.{whole.key}`" if name else f"Write its `{whole.key}`"
    relation = next(
        (item.name for item in entity.relations.values() if column.name in item.columns), None
    )
    if relation is not None and name:
        return f"{written}, or compare the relation: `{entity.name}.{relation} == {name}`."
    return f"{written}."
