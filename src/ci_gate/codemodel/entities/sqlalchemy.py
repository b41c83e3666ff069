"""Columns and relations of SQLAlchemy's and SQLModel's classes and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.declarations import Declaration, declarations
from ci_gate.codemodel.entities.facts import Column, Entity, Loading, Relation
from ci_gate.codemodel.entities.sqlalchemy_columns import Columns, last, text_of
from ci_gate.codemodel.entities.sqlalchemy_writing import (
    fetches_updates,
    owner_deleted,
    owner_deleted_of_backref,
    settings_of,
)
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import (
    ClassValue,
    CollectionValue,
    ExternalValue,
    InstanceValue,
    Value,
)
from ci_gate.data import dataclass
from ci_gate.regex import regex

_RELATIONS: Final = frozenset({"relationship", "Relationship", "relation", "dynamic_loader"})
_LOADING: Final[dict[object, Loading]] = {
    "select": "lazy", True: "lazy", "joined": "joined", False: "joined", "selectin": "selectin",
    "subquery": "subquery", "immediate": "immediate", "raise": "raise", "raise_on_sql": "raise",
    "dynamic": "dynamic", "write_only": "write-only", "noload": "none",
}  # fmt: skip
_COLLECTIONS: Final = regex(r"^\s*(?:typing\.)?(?:list|List|set|Set|Sequence|Iterable)\[")
_WORDS: Final = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KNOWN_BASES: Final = regex(
    r"^(?:sqlalchemy\.|flask_sqlalchemy|sqlmodel\.|pydantic\.|typing\.|typing_extensions\.|abc\."
    r"|object$|enum\.|str$|flask_login\.|flask_security\.|fastapi_users|collections\.)"
)
_KNOWN_DECORATORS: Final = frozenset({
    "dataclass", "total_ordering", "mapped", "mapped_as_dataclass", "final", "unique",
    "runtime_checkable", "as_declarative", "listens_for",
})  # fmt: skip
_HOOKS: Final = frozenset({"__getattr__", "__getattribute__"})


@dataclass(slots=True)
class _Draft:
    """An entity in the making."""

    entity: Entity
    table: str | None
    columns: dict[str, Column] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    backrefs: list[tuple[Relation, str, s.Call, s.Expr]] = field(default_factory=list)
    known: bool = True
    fetches_updates: bool | None = False


def sqlalchemy_entities(model: CodeModel, found: Sequence[Entity]) -> dict[Entity, Entity]:
    """Each entity of ``found`` with its columns and relations."""
    return _Reader(model, found).read() if found else {}


class _Reader:
    def __init__(self, model: CodeModel, found: Sequence[Entity]) -> None:
        self._model = model
        self._drafts = {item: _Draft(item, item.table) for item in found}
        self._by_class = {item.cls: item for item in found if item.cls is not None}
        self._by_name: dict[str, list[Entity]] = {}
        for item in found:
            if item.cls is not None and not is_outside(item.path):
                self._by_name.setdefault(item.name, []).append(item)
        self._columns = Columns(model, self._table_of)

    def read(self) -> dict[Entity, Entity]:
        for draft in self._drafts.values():
            if draft.entity.cls is not None:
                draft.table = self._table_name(draft.entity)
        for draft in self._drafts.values():
            if draft.entity.cls is not None:
                self._class(draft, draft.entity.cls)
            else:
                self._table_object(draft)
        for draft in self._drafts.values():
            self._add_backrefs(draft)
        types = {
            f"{draft.table}.{column.column}": column.type
            for draft in self._drafts.values()
            for column in draft.columns.values()
        }
        for draft in self._drafts.values():
            draft.columns = {
                name: replace(item, type=item.type or types.get(item.foreign_key or ""))
                for name, item in draft.columns.items()
            }
            draft.relations = {
                name: self._completed(draft, item) for name, item in draft.relations.items()
            }
        return {
            item: replace(
                item, table=draft.table, columns=draft.columns, relations=draft.relations,
                known=draft.known, fetches_updates=draft.fetches_updates,
            )
            for item, draft in self._drafts.items()
        }  # fmt: skip

    # --- tables ---

    def _table_of(self, cls: ClassInfo) -> str | None:
        entity = self._by_class.get(cls)
        if entity is None:
            return None
        return self._drafts[entity].table or self._table_name(entity)

    def _table_name(self, entity: Entity) -> str | None:
        if entity.table is not None or entity.cls is None or entity.abstract:
            return entity.table
        for cls in self._lineage(entity.cls):
            for item in declarations(cls, self._model):
                if item.name == "__tablename__":
                    value = item.value
                    if isinstance(value, s.Literal) and isinstance(value.value, str):
                        return value.value
                    return _derived_name(value, entity.name)
                if item.name == "__table__" and isinstance(item.value, s.Call):
                    name = item.value.argument(0)
                    if isinstance(name, s.Literal) and isinstance(name.value, str):
                        return name.value
                    return None
        bases = {v.path for v in self._model.ancestors(entity.cls) if isinstance(v, ExternalValue)}
        if entity.kind == "sqlmodel":
            return entity.name.lower()
        if any(path.startswith("flask_sqlalchemy") for path in bases):
            return _WORDS.sub("_", entity.name).lower()
        return None

    def _table_object(self, draft: _Draft) -> None:
        call = self._call_at(draft.entity)
        if call is None:
            draft.known = False
            return
        scope = self._model.scope_of(call)
        self._read_table(draft, call, scope)

    def _call_at(self, entity: Entity) -> s.Call | None:
        for function in self._model.functions.values():
            if function.module.path == entity.path:
                for call in self._model.calls_in(function):
                    if call.span == entity.span:
                        return call
        return None

    def _read_table(self, draft: _Draft, call: s.Call, scope: Scope) -> None:
        for item in call.args[1:]:
            if item.star or item.keyword in ("autoload_with", "autoload"):
                draft.known = False
            if not isinstance(item.value, s.Call):
                continue
            kind = last(self._model, item.value.func, scope)
            if kind == "Column":
                column = self._columns.classic(item.value, None, scope)
                if column is None:
                    draft.known = False
                else:
                    draft.columns[column.name] = column
            elif kind == "ForeignKeyConstraint":
                self._constraint(draft, item.value, scope)

    def _constraint(self, draft: _Draft, call: s.Call, scope: Scope) -> None:
        local, remote = call.argument(0, "columns"), call.argument(1, "refcolumns")
        if not isinstance(local, s.Sequence) or not isinstance(remote, s.Sequence):
            return
        for mine, theirs in zip(local.items, remote.items, strict=False):
            if not isinstance(mine, s.Literal):
                continue
            target = self._columns.reference(theirs, scope)
            for name, column in draft.columns.items():
                if column.column == mine.value and target is not None:
                    draft.columns[name] = replace(column, foreign_key=target)

    # --- classes ---

    def _lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        yield cls
        for value in self._model.ancestors(cls):
            if isinstance(value, ClassValue):
                yield value.cls

    def _class(self, draft: _Draft, cls: ClassInfo) -> None:
        seen: set[str] = set()
        constraints: list[tuple[s.Expr, Scope]] = []
        for owner in self._lineage(cls):
            draft.known = draft.known and self._is_plain(owner)
            for item in declarations(owner, self._model):
                if item.name == "__table_args__" and item.value is not None:
                    constraints.append((item.value, item.scope))
                if item.name == "__table__" and isinstance(item.value, s.Call):
                    self._read_table(draft, item.value, item.scope)
                if item.name == "__mapper_args__" and draft.fetches_updates is False:
                    draft.fetches_updates = fetches_updates(item.value)
                if item.name in seen or item.name.startswith("__"):
                    continue
                seen.add(item.name)
                self._member(draft, item, owner)
        for expr, scope in constraints:
            for node in s.walk(expr):
                if (
                    isinstance(node, s.Call)
                    and last(self._model, node.func, scope) == "ForeignKeyConstraint"
                ):
                    self._constraint(draft, node, scope)

    def _is_plain(self, cls: ClassInfo) -> bool:
        """Nothing about the class can add attributes unseen."""
        written = [base for base in cls.node.bases if base.keyword is None]
        bases = self._model.bases(cls)
        if len(bases) < len(written) or any(base.star for base in cls.node.bases):
            return False
        for base in bases:
            if isinstance(base, ExternalValue) and not _KNOWN_BASES.match(base.path):
                return False
        for decorator in cls.node.decorators:
            func = decorator.func if isinstance(decorator, s.Call) else decorator
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if name not in _KNOWN_DECORATORS:
                return False
        return not any(self._model.method(cls, hook) for hook in _HOOKS)

    def _member(self, draft: _Draft, item: Declaration, owner: ClassInfo) -> None:
        value, annotation, scope = item.value, item.annotation, item.scope
        kind = self._kind(value, scope)
        if kind in _RELATIONS and isinstance(value, s.Call):
            relation = self._relation(item, value, owner)
            draft.relations[item.name] = relation
            back = value.argument(keyword="backref")
            if back is not None:
                name = back.argument(0) if isinstance(back, s.Call) else back
                if isinstance(name, s.Literal) and isinstance(name.value, str):
                    draft.backrefs.append((relation, name.value, value, back))
                else:
                    draft.known = False
            return
        sqlmodel = draft.entity.kind == "sqlmodel"
        column = self._columns.member(item, kind, owner.module.path, sqlmodel=sqlmodel)
        if column is not None:
            draft.columns[item.name] = column
        elif kind is None and value is None and annotation is not None:
            target, many = self._target_of_annotation(annotation, scope)
            if target is not None and not sqlmodel:
                draft.relations[item.name] = Relation(
                    item.name, target.name, many, owner.module.path, item.node.span,
                    target_cls=target.cls,
                )  # fmt: skip

    def _kind(self, value: s.Expr | None, scope: Scope) -> str | None:
        """The library function that made the value of a class attribute."""
        if value is None:
            return None
        if isinstance(value, s.Call):
            name = last(self._model, value.func, scope)
            if name is not None:
                return name
        for found in self._model.evaluate(value, scope):
            if isinstance(found, ExternalValue) and found.path.endswith("()"):
                return found.path.removesuffix("()").rpartition(".")[2]
        return None

    # --- relations ---

    def _relation(self, item: Declaration, call: s.Call, owner: ClassInfo) -> Relation:
        scope = item.scope
        target: Entity | None = None
        name: str | None = None
        many: bool | None = None
        loading: Loading = "lazy"
        if item.annotation is not None:
            target, many = self._target_of_annotation(item.annotation, scope)
            form = _form(item.annotation)
            loading = {"DynamicMapped": "dynamic", "WriteOnlyMapped": "write-only"}.get(
                form, loading
            )  # type: ignore[assignment]
            many = True if form in ("DynamicMapped", "WriteOnlyMapped") else many
        argument = call.argument(0, "argument")
        if argument is not None:
            given, name = self._target(argument, scope)
            if given is not None or target is None or name != target.name:
                target = given
        settings = settings_of(call)
        uselist = _keyword(call, settings, "uselist")
        if isinstance(uselist, s.Literal) and isinstance(uselist.value, bool):
            many = uselist.value
        loading = _loading(settings, loading)
        back = _keyword(call, settings, "back_populates")
        secondary = _keyword(call, settings, "secondary")
        if many is None and secondary is not None:
            many = True
        return Relation(
            item.name, target.name if target else name, many, owner.module.path, item.node.span,
            target_cls=target.cls if target else None, loading=loading,
            back=text_of(back),
            secondary=self._columns.table(secondary, scope) if secondary is not None else None,
            columns=self._foreign_keys(call), owner_deleted=owner_deleted(call),
        )  # fmt: skip

    def _foreign_keys(self, call: s.Call) -> tuple[str, ...]:
        given = call.argument(keyword="foreign_keys")
        items = given.items if isinstance(given, s.Sequence) else [given] if given else []
        names = []
        for item in items:
            if isinstance(item, s.Literal) and isinstance(item.value, str):
                names.append(item.value.strip("[] ").rpartition(".")[2])
            elif isinstance(item, s.Attribute | s.Name):
                names.append(item.name if isinstance(item, s.Attribute) else item.id)
        return tuple(names)

    def _target(self, expr: s.Expr, scope: Scope) -> tuple[Entity | None, str | None]:
        if isinstance(expr, s.FunctionExpr):
            body = expr.function.body
            if len(body) == 1 and isinstance(body[0], s.Return) and body[0].value is not None:
                return self._target(body[0].value, scope)
            return None, None
        if isinstance(expr, s.Literal) and isinstance(expr.value, str):
            name = expr.value.rpartition(".")[2].strip()
            return self._named(name), name
        for value in self._model.evaluate(expr, scope):
            if isinstance(value, ClassValue) and value.cls in self._by_class:
                return self._by_class[value.cls], value.cls.name
        return None, None

    def _named(self, name: str) -> Entity | None:
        found = self._by_name.get(name, ())
        return found[0] if len(found) == 1 else None

    def _target_of_annotation(
        self, annotation: s.Expr, scope: Scope
    ) -> tuple[Entity | None, bool | None]:
        many = False
        for value in self._model.annotated(annotation, scope):
            current: Value = value
            while isinstance(current, CollectionValue):
                many = True
                current = current.element
            if isinstance(current, InstanceValue) and current.cls in self._by_class:
                return self._by_class[current.cls], many
        text = _names_in(annotation)
        found = [entity for name in text if (entity := self._named(name)) is not None]
        if len(found) == 1:
            return found[0], _is_collection(annotation)
        return None, None

    def _add_backrefs(self, draft: _Draft) -> None:
        for relation, name, call, given in draft.backrefs:
            target = self._by_class.get(relation.target_cls) if relation.target_cls else None
            if target is None:
                continue
            draft.relations[relation.name] = replace(relation, back=name)
            many, loading = _of_backref(given)
            if many is None and call.argument(1, "secondary") is not None:
                many = True
            self._drafts[target].relations.setdefault(
                name,
                Relation(
                    name, draft.entity.name, many, relation.path, relation.span,
                    target_cls=draft.entity.cls, loading=loading, back=relation.name,
                    secondary=relation.secondary, implied=True,
                    owner_deleted=owner_deleted_of_backref(given, call),
                ),
            )  # fmt: skip

    def _completed(self, draft: _Draft, relation: Relation) -> Relation:
        """Fill in what the foreign keys of both sides tell."""
        target = self._by_class.get(relation.target_cls) if relation.target_cls else None
        if target is None:
            return relation
        other = self._drafts[target]
        mine = [c.name for c in draft.columns.values() if _refers(c, other.table)]
        theirs = [c.name for c in other.columns.values() if _refers(c, draft.table)]
        columns = relation.columns or (tuple(mine) if not relation.many else ())
        many = relation.many
        if many is None and bool(mine) != bool(theirs):
            many = bool(theirs)
        return replace(relation, many=many, columns=columns if not many else ())


def _keyword(call: s.Call, settings: Mapping[str, s.Expr] | None, name: str) -> s.Expr | None:
    return call.argument(keyword=name) if settings is None else settings.get(name)


def _loading(settings: Mapping[str, s.Expr] | None, usual: Loading) -> Loading:
    """As ``lazy=`` says it; not at all, as far as can be told, where it may be said unseen."""
    lazy = settings.get("lazy") if settings is not None else None
    if isinstance(lazy, s.Literal):
        return _LOADING.get(lazy.value, usual)
    return usual if settings is not None or usual != "lazy" else "none"


def _of_backref(given: s.Expr) -> tuple[bool | None, Loading]:
    """What ``backref("name", uselist=…, lazy=…)`` says of the relation that it makes."""
    if not isinstance(given, s.Call):
        return None, "lazy"
    uselist, lazy = given.argument(keyword="uselist"), given.argument(keyword="lazy")
    many = uselist.value if isinstance(uselist, s.Literal) else None
    loading: Loading = _LOADING.get(lazy.value, "lazy") if isinstance(lazy, s.Literal) else "lazy"
    if loading in ("dynamic", "write-only"):
        many = True
    return many if isinstance(many, bool) else None, loading


def _refers(column: Column, table: str | None) -> bool:
    if column.foreign_key is None or table is None:
        return False
    return column.foreign_key.rpartition(".")[0].rpartition(".")[2] == table


def _derived_name(value: s.Expr | None, class_name: str) -> str | None:
    """``cls.__name__.lower()`` (perhaps with a suffix), as a base class makes table names."""
    suffix = ""
    if isinstance(value, s.Binary) and value.op == "+" and isinstance(value.right, s.Literal):
        suffix, value = str(value.right.value), value.left
    if isinstance(value, s.Template) and len(value.parts) == 2:
        tail = value.parts[1]
        if isinstance(tail, s.Literal):
            suffix, value = str(tail.value), value.parts[0]
    match value:
        case s.Call(func=s.Attribute(value=s.Attribute(name="__name__"), name="lower")):
            return class_name.lower() + suffix
    return None


def _form(annotation: s.Expr) -> str:
    """``Mapped``, ``DynamicMapped``, …: the outermost name of an annotation."""
    if isinstance(annotation, s.Subscript):
        annotation = annotation.value
    if isinstance(annotation, s.Attribute):
        return annotation.name
    return annotation.id if isinstance(annotation, s.Name) else ""


def _unquoted(annotation: s.Expr) -> Iterator[s.Node]:
    for node in s.walk(annotation):
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            parsed = parse_expression(node.value, node.span)
            if parsed is not None:
                yield from s.walk(parsed)
        else:
            yield node


def _names_in(annotation: s.Expr) -> list[str]:
    return [node.id for node in _unquoted(annotation) if isinstance(node, s.Name)]


def _is_collection(annotation: s.Expr) -> bool:
    return any(
        isinstance(node, s.Subscript) and _COLLECTIONS.match(_form(node) + "[")
        for node in _unquoted(annotation)
    )
