"""The entities of TypeORM in a program: decorated classes and EntitySchema objects."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.sequelize.columns import Options, constant
from ci_gate.codemodel.sequelize.naming import snake
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.columns import COLUMNS, decorated_column, embedded_class
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.relations import RELATIONS, RelationReader
from ci_gate.codemodel.typeorm.schemas import SchemaReader
from ci_gate.codemodel.values import ClassValue, ExternalValue

_PACKAGE: Final = "typeorm."
_ENTITIES: Final = frozenset({"Entity", "ChildEntity", "ViewEntity"})
_TREES: Final = {"TreeParent": "many-to-one", "TreeChildren": "one-to-many"}
_BASES: Final = frozenset({"typeorm.BaseEntity"})
_MAX_EMBEDDED: Final = 4


class TypeormEntities:
    """Answers for one program."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.origins = origins
        self._relations = RelationReader(model, origins)
        self._schemas = SchemaReader(model, origins, self._relations)

    @cached_property
    def present(self) -> bool:
        """Does the program import TypeORM?"""
        return any(
            edge.package in ("typeorm", "@nestjs/typeorm") for edge in self.model.import_edges
        )

    @cached_property
    def all(self) -> tuple[TypeormEntity, ...]:
        if not self.present:
            return ()
        found = [*self._decorated(), *(item for item, _ in self._written)]
        return tuple(sorted(found, key=lambda item: (item.path, item.span)))

    @cached_property
    def _written(self) -> tuple[tuple[TypeormEntity, s.Call], ...]:
        return tuple(self._schemas.all())

    @cached_property
    def _of_class(self) -> dict[ClassInfo, TypeormEntity]:
        found = {item.cls: item for item in self.all if item.cls is not None}
        for item, _ in self._written:
            if item.cls is not None:
                found[item.cls] = item
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[TypeormEntity]]:
        found: dict[str, list[TypeormEntity]] = {}
        for item in self.all:
            found.setdefault(item.name, []).append(item)
        return found

    def of_class(self, cls: ClassInfo | None) -> TypeormEntity | None:
        return self._of_class.get(cls) if cls is not None else None

    def named(self, name: str | None) -> TypeormEntity | None:
        """The only entity of that name."""
        found = self._by_name.get(name, []) if name is not None else []
        return found[0] if len(found) == 1 else None

    def of(self, expr: s.Expr, scope: Scope) -> TypeormEntity | None:
        """The entity that an expression surely names: a class, a schema or a text."""
        values = self.model.evaluate(expr, scope)
        if len(values) == 1:
            only = next(iter(values))
            if isinstance(only, ClassValue):
                return self.of_class(only.cls)
        origin = self.origins.one(expr, scope)
        if origin is None:
            return None
        if isinstance(origin.expr, s.Call):
            return next((item for item, call in self._written if call is origin.expr), None)
        if isinstance(origin.expr, s.Literal) and isinstance(origin.expr.value, str):
            return self.named(origin.expr.value)
        return None

    def target(self, entity: TypeormEntity, name: str) -> TypeormEntity | None:
        """The entity that a relation leads to."""
        relation = entity.relations.get(name)
        if relation is None:
            return None
        if relation.target_cls is not None:
            return self.of_class(relation.target_cls)
        return self.named(relation.target)

    # --- decorated classes ---

    def _decorated(self) -> Iterator[TypeormEntity]:
        for cls in self.model.classes.values():
            if cls.module.language == "python" or not cls.node.decorators:
                continue
            scope = self.model.class_scope(cls)
            for name, call in self._named(cls.node.decorators, scope):
                if name in _ENTITIES:
                    yield self._entity(cls, name, call, scope)
                    break

    def _entity(self, cls: ClassInfo, kind: str, call: s.Expr, scope: Scope) -> TypeormEntity:
        entity = TypeormEntity(cls.name, cls.module.path, cls.node.span, cls)
        entity.view = kind == "ViewEntity"
        entity.table = snake(cls.name)
        for argument in call.args if isinstance(call, s.Call) else ():
            text = constant(argument.value, scope, self.origins)
            options = Options(self.origins, argument.value, scope)
            if isinstance(text, str):
                entity.table = text
            elif options.has("name"):
                entity.table = options.text("name", self.origins)
            elif not options.complete:
                entity.table = None
        if kind == "ChildEntity":
            entity.table = None
        self._fill(entity, cls, 0)
        if self._holds_children(cls, scope):
            for child in self._below(cls):
                self._members(entity, child, 0)
        return entity

    def _holds_children(self, cls: ClassInfo, scope: Scope) -> bool:
        """Does one table hold the entity and the classes that derive from it?"""
        return any(
            name == "TableInheritance" for name, _ in self._named(cls.node.decorators, scope)
        )

    def _below(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        seen = {cls}
        waiting = [cls]
        while waiting:
            for child in self.model.subclasses(waiting.pop()):
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
                    yield child

    def _fill(self, entity: TypeormEntity, cls: ClassInfo, depth: int) -> None:
        """What the class and its bases map."""
        for owner in [cls, *self._bases(entity, cls)]:
            self._members(entity, owner, depth)

    def _bases(self, entity: TypeormEntity, cls: ClassInfo) -> Iterator[ClassInfo]:
        for value in self.model.ancestors(cls):
            if isinstance(value, ClassValue):
                if value.cls.node.kind != "interface":
                    yield value.cls
            elif isinstance(value, ExternalValue) and value.path not in _BASES:
                entity.known = False
        for base in cls.node.bases:
            if not self.model.evaluate(base.value, self.model.class_scope(cls)):
                entity.known = False

    def _members(self, entity: TypeormEntity, cls: ClassInfo, depth: int) -> None:
        scope = self.model.class_scope(cls)
        decorated = set()
        for statement in cls.node.body:
            if not isinstance(statement, s.Assign) or not statement.decorators:
                continue
            for target in statement.targets:
                if isinstance(target, s.Name):
                    decorated.add(target.id)
                    if not _is_mapped(entity, target.id):
                        self._member(entity, target.id, statement, scope, depth)
        for name in self.model.member_names(cls):
            if name.isidentifier() and not _is_mapped(entity, name) and name not in entity.others:
                entity.others.add(name)
                if name not in decorated and not self._is_decorated_method(cls, name):
                    entity.undecorated.add(name)

    def _is_decorated_method(self, cls: ClassInfo, name: str) -> bool:
        method = self.model.method(cls, name)
        node = method.node if method is not None else None
        return isinstance(node, s.Function) and bool(node.decorators)

    def _member(
        self, entity: TypeormEntity, name: str, field: s.Assign, scope: Scope, depth: int
    ) -> None:
        found = dict(self._named(field.decorators, scope))
        for decorator, call in found.items():
            if decorator == "ObjectIdColumn":
                entity.known = False  # a document of MongoDB: its filters name what is stored
            if decorator in COLUMNS:
                written = embedded_class(call.args) if isinstance(call, s.Call) else None
                if written is not None:
                    entity.embedded[name] = self._embedded(written, scope, depth)
                    return
                column = decorated_column(name, decorator, call, field, scope, self.origins)
                entity.columns[name] = column
                return
            if decorator in RELATIONS and isinstance(call, s.Call):
                entity.relations[name] = self._relations.decorated(
                    name, decorator, call, field, found, scope
                )
                return
            if decorator in _TREES:
                entity.tree = True
                entity.others.add(name)
                return

    def _embedded(self, written: s.Expr, scope: Scope, depth: int) -> TypeormEntity | None:
        """What the properties of an embedded object are; None where that is not known."""
        values = self.model.evaluate(written, scope)
        only = next(iter(values)) if len(values) == 1 else None
        if not isinstance(only, ClassValue) or depth >= _MAX_EMBEDDED:
            return None
        cls = only.cls
        made = TypeormEntity(cls.name, cls.module.path, cls.node.span, cls, is_entity=False)
        self._fill(made, cls, depth + 1)
        return made

    def _named(self, decorators: list[s.Expr], scope: Scope) -> Iterator[tuple[str, s.Expr]]:
        """The decorators of TypeORM, by name."""
        for item in decorators:
            func = item.func if isinstance(item, s.Call) else item
            for value in self.model.evaluate(func, scope):
                if isinstance(value, ExternalValue) and value.path.startswith(_PACKAGE):
                    yield value.path.removeprefix(_PACKAGE), item


def _is_mapped(entity: TypeormEntity, name: str) -> bool:
    return name in entity.columns or name in entity.relations or name in entity.embedded
