"""Django's models as entities: columns, relations, and what relations put on their targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.contrib import PRIMARY_KEYS, ContribModel, labelled
from ci_gate.codemodel.entities.django.declared import Declared, text
from ci_gate.codemodel.entities.django.fieldtypes import external_field
from ci_gate.codemodel.entities.django.installed import user_relations
from ci_gate.codemodel.entities.django.models import Model, Models
from ci_gate.codemodel.entities.django.relations import Target, Targets
from ci_gate.codemodel.entities.facts import Column, ColumnType, Entity, Relation
from ci_gate.codemodel.model import ClassInfo
from ci_gate.codemodel.values import ClassValue, ConstantValue, ExternalValue

_KEYS: Final = ("foreign-key", "one-to-one")
_GIVES_VALUE: Final = ("default", "db_default", "auto_now", "auto_now_add", "expression")
_MAX_CHAIN: Final = 10
_RELATIONS: Final = ("ForeignKey", "OneToOneField", "ManyToManyField")


class Assembly:
    """Columns and relations of all models, worked out once."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._model = models.model
        self._targets = Targets(models)
        self._datetime = models.project.datetime_type()
        self._forward: dict[Model, dict[str, Relation]] = {}
        self._implied: dict[Model, dict[str, Relation]] = defaultdict(dict)
        self._implied_outside: dict[str, dict[str, Relation]] = defaultdict(dict)
        self._unknown_names: set[Model] = set()
        self._columns: dict[Model, dict[str, Column]] = {}
        self._keys: dict[Model, tuple[str, ColumnType | None] | None] = {}
        self._users = self._user_model()
        for item in models:
            self._relate(item)
        for cls in self._model.classes.values():
            if models.of_class(cls) is None:
                self._relate_unseen(cls)

    def entity(self, item: Model) -> Entity:
        """The model's entity with all that is known of it."""
        relations = self._relations(item)
        known = item.known and not any(above in self._unknown_names for above in item.ancestry())
        if any(above is self._users for above in item.ancestry()):
            given = user_relations(self._models.project.installed, item.entity)
            known = known and given is not None
            relations = {**(given or {}), **relations}
        return replace(
            item.entity,
            table=item.table,
            abstract=item.abstract,
            columns=self.columns(item),
            relations=relations,
            known=known,
        )

    def _user_model(self) -> Model | None:
        label, _, name = (self._models.project.user_model() or "").rpartition(".")
        found = self._models.labelled(label, name) if label else ()
        return found[0] if len(found) == 1 else None

    # --- relations ---

    def _relate_unseen(self, cls: ClassInfo) -> None:
        """A class on a library's base may be a model, too: its relations name it on others."""
        for statement in cls.node.body:
            match statement:
                case s.Assign(value=s.Call(func=s.Name(id=name) | s.Attribute(name=name)) as call):
                    given = call.argument(0, "to") if name in _RELATIONS else None
                    if given is not None:
                        self._unknown_names.update(self._meant(given))
                case _:
                    pass

    def _meant(self, given: s.Expr) -> Iterator[Model]:
        """The models that a relation's first argument may mean."""
        for value in self._model.evaluate(given):
            if isinstance(value, ClassValue):
                found = self._models.of_class(value.cls)
                if found is not None:
                    yield found.concrete
            elif isinstance(value, ConstantValue) and isinstance(value.value, str):
                for item in self._models.named(value.value.rpartition(".")[2]):
                    yield item.concrete
            elif self._users is not None:
                yield self._users.concrete

    def _relate(self, item: Model) -> None:
        forward = self._forward[item] = {}
        for name, declared in item.fields.items():
            if declared.kind in (*_KEYS, "many-to-many", "generic-relation"):
                target = self._targets.of(item, declared)
                forward[name] = self._relation(item, declared, target)
            elif declared.kind == "generic-key":
                forward[name] = self._generic_key(declared)
        for contrib in item.contrib:
            for name, label in contrib.relations.items():
                if name in item.hidden:
                    continue
                forward.setdefault(name, self._contrib_relation(item, contrib, name, label))
        if not item.proxy:
            for parent in item.parents:
                self._link(item, parent)
            for contrib in item.contrib:
                if not contrib.abstract:
                    self._link_outside(item, contrib)

    def _relation(self, item: Model, declared: Declared, target: Target) -> Relation:
        back = self._targets.back(item, declared)
        span, name, many = declared.node.span, declared.name, declared.kind not in _KEYS
        relation = Relation(
            name, target.name, many, declared.path, span, target.cls, back=back.attribute,
            secondary=self._secondary(item, declared),
            columns=(f"{name}_id",) if declared.kind in _KEYS else (),
        )  # fmt: skip
        if item.abstract or item.proxy:
            return relation
        if not back.known:
            if target.model is not None:
                self._unknown_names.add(target.model.concrete)
            return relation
        attribute = back.attribute or back.lookup
        if attribute is not None:
            collection = declared.kind in ("foreign-key", "many-to-many")
            reverse = Relation(
                attribute, item.name, collection, declared.path, span, item.cls, back=name,
                secondary=relation.secondary, implied=True,
                lookup=back.lookup if back.lookup != attribute else None,
            )  # fmt: skip
            if target.model is not None:
                self._implied[target.model.concrete].setdefault(attribute, reverse)
            elif target.name is not None and target.cls is None:
                self._implied_outside[target.name].setdefault(attribute, reverse)
        return relation

    def _generic_key(self, declared: Declared) -> Relation:
        kind = text(self._model, declared.argument("ct_field", 0)) or "content_type"
        key = text(self._model, declared.argument("fk_field", 1)) or "object_id"
        span = declared.node.span
        return Relation(
            declared.name, None, False, declared.path, span, columns=(f"{kind}_id", key)
        )

    def _contrib_relation(
        self, item: Model, contrib: ContribModel, name: str, label: str
    ) -> Relation:
        foreign = name in contrib.foreign_keys
        return Relation(
            name, label, not foreign, item.entity.path, item.entity.span,
            columns=(f"{name}_id",) if foreign else (),
        )  # fmt: skip

    def _secondary(self, item: Model, declared: Declared) -> str | None:
        if declared.kind != "many-to-many" or declared.type.target is not None:
            return None
        if declared.argument("through") is not None:
            through = self._targets.of(item, declared, "through").model
            return through.table if through is not None else None
        given = declared.argument("db_table")
        if given is not None:
            return text(self._model, given)
        if declared.is_open("through", "db_table") or item.table is None:
            return None
        return f"{item.table}_{declared.name}"

    def _link(self, item: Model, parent: Model) -> None:
        """The one-to-one relation from a model to the concrete model it derives from."""
        if self._declared_link(item, parent.concrete) is not None:
            return
        name = f"{parent.name.lower()}_ptr"
        where, span, back = item.entity.path, item.entity.span, item.name.lower()
        self._forward[item][name] = Relation(
            name, parent.name, False, where, span, parent.cls, back=back, columns=(f"{name}_id",)
        )
        if not item.abstract:
            self._implied[parent.concrete].setdefault(
                back, Relation(back, item.name, False, where, span, item.cls, back=name,
                               implied=True),
            )  # fmt: skip

    def _link_outside(self, item: Model, contrib: ContribModel) -> None:
        name = f"{contrib.name.lower()}_ptr"
        self._forward[item][name] = Relation(
            name, contrib.name, False, item.entity.path, item.entity.span,
            back=item.name.lower(), columns=(f"{name}_id",),
        )  # fmt: skip

    def _declared_link(self, item: Model, parent: Model) -> Declared | None:
        for declared in item.fields.values():
            if declared.kind == "one-to-one" and declared.argument("parent_link") is not None:
                target = self._targets.of(item, declared).model
                if target is not None and target.concrete is parent:
                    return declared
        return None

    def _relations(self, item: Model) -> dict[str, Relation]:
        found: dict[str, Relation] = {}
        for above in item.ancestry():
            for name, relation in self._forward[above].items():
                found.setdefault(name, relation)
        for above in item.ancestry():
            for name, relation in self._implied.get(above, {}).items():
                if name not in above.fields and name not in found:
                    found[name] = relation
            for contrib in above.contrib:
                if not contrib.abstract:
                    for label, outside in self._implied_outside.items():
                        if labelled(label) is contrib:
                            found = {**outside, **found}
        return found

    # --- columns ---

    def columns(self, item: Model) -> Mapping[str, Column]:
        if item not in self._columns:
            self._columns[item] = {}
            self._columns[item] = {column.name: column for column in self._all_columns(item)}
        return self._columns[item]

    def _all_columns(self, item: Model) -> Iterator[Column]:
        where, span = item.entity.path, item.entity.span
        own = [c for d in item.fields.values() if (c := self._column(item, d)) is not None]
        above: dict[str, Column] = {}
        for parent in item.parents:
            for name, column in self.columns(parent).items():
                above.setdefault(name, column)
        for contrib in item.contrib:
            for column in self._contrib_columns(item, contrib):
                if column.name not in item.hidden:
                    above.setdefault(column.name, column)
        key = self._key(item)
        for column in above.values():
            inherited = column.primary_key and (key is None or column.column != key[0])
            yield replace(column, primary_key=False) if inherited else column
        for name in self._forward[item]:
            if name.endswith("_ptr") and name not in item.fields:
                found = self._key_above(item)
                yield Column(
                    f"{name}_id", f"{name}_id", found[1] if found is not None else None, where,
                    span, False, key is not None and key[0] == f"{name}_id", True, True,
                )  # fmt: skip
        if key is not None and key[0] not in above and self._is_automatic(item):
            yield Column("id", "id", key[1], where, span, False, True, True, True)
        yield from own
        if "order_with_respect_to" in item.options and not item.proxy:
            yield Column("_order", "_order", "integer", where, span, False, default=True)

    def _key(self, item: Model, depth: int = 0) -> tuple[str, ColumnType | None] | None:
        """The primary key's column and type."""
        if item not in self._keys:
            self._keys[item] = None
            self._keys[item] = self._find_key(item, depth)
        return self._keys[item]

    def _find_key(self, item: Model, depth: int) -> tuple[str, ColumnType | None] | None:
        if depth > _MAX_CHAIN:
            return None
        for declared in item.fields.values():
            if declared.kind == "composite-key":
                return None
            if declared.constant(self._model, "primary_key", False) is True:
                return self._column_name(declared), self._type(item, declared, depth + 1)
        found = self._key_above(item, depth)
        if item.proxy or found is None:
            own = None if item.abstract else ("id", self._automatic_key())
            return found or own
        for name in self._forward[item]:
            if name.endswith("_ptr") and name not in item.fields:
                return f"{name}_id", found[1]
        for declared in item.fields.values():
            if declared.argument("parent_link") is not None:
                return self._column_name(declared), found[1]
        return found

    def _key_above(self, item: Model, depth: int = 0) -> tuple[str, ColumnType | None] | None:
        for parent in item.parents:
            return self._key(parent, depth + 1)
        for contrib in item.contrib:
            if contrib.name in PRIMARY_KEYS:
                return PRIMARY_KEYS[contrib.name], "text"
            if not contrib.abstract:
                return "id", "integer"
        return None

    def _is_automatic(self, item: Model) -> bool:
        """Does Django add ``id``?"""
        return not item.abstract and self._key_above(item) is None and not any(
            declared.kind == "composite-key"
            or declared.constant(self._model, "primary_key", False) is True
            for declared in item.fields.values()
        )  # fmt: skip

    def _automatic_key(self) -> ColumnType | None:
        setting = self._models.project.setting("DEFAULT_AUTO_FIELD")
        if setting is not None and not str(setting.value).startswith("django."):
            return None
        return "integer"

    def _contrib_columns(self, item: Model, contrib: ContribModel) -> Iterator[Column]:
        where, span = item.entity.path, item.entity.span
        key = PRIMARY_KEYS.get(contrib.name)
        if not contrib.abstract and key is None:
            yield Column("id", "id", "integer", where, span, False, True, True, True)
        for name, (column_type, nullable) in contrib.columns.items():
            given = column_type if column_type != "datetime" else self._datetime
            unique = name == key or name in contrib.unique
            yield Column(name, name, given, where, span, nullable, name == key, unique, True)
        for name in contrib.foreign_keys:
            yield Column(f"{name}_id", f"{name}_id", "integer", where, span, False)

    def _column(self, item: Model, declared: Declared) -> Column | None:
        if declared.kind not in ("column", *_KEYS):
            return None
        key = self._is_key(item, declared)
        unique = key or declared.kind == "one-to-one"
        gives = declared.has(*_GIVES_VALUE)
        return Column(
            declared.name if declared.kind == "column" else f"{declared.name}_id",
            self._column_name(declared),
            self._type(item, declared),
            declared.path,
            declared.node.span,
            False if key else declared.constant(self._model, "null", False),
            key,
            unique or declared.constant(self._model, "unique", False) is True,
            gives is not False or declared.type.without_value or "Auto" in declared.type.name,
            self._foreign_key(item, declared),
        )

    def _is_key(self, item: Model, declared: Declared) -> bool:
        if declared.argument("parent_link") is not None:
            key = self._key(item)
            return key is not None and key[0] == self._column_name(declared)
        return declared.constant(self._model, "primary_key", False) is True

    def _column_name(self, declared: Declared) -> str:
        name = declared.name if declared.kind == "column" else f"{declared.name}_id"
        return text(self._model, declared.argument("db_column")) or name

    def _type(self, item: Model, declared: Declared, depth: int = 0) -> ColumnType | None:
        if declared.kind in _KEYS:
            found = self._referred(item, declared, depth)
            return found[2] if found is not None else None
        if declared.type.type == "datetime":
            return self._datetime
        if declared.type.name == "GeneratedField":
            output = declared.argument("output_field")
            for value in self._model.evaluate(output.func) if isinstance(output, s.Call) else ():
                if isinstance(value, ExternalValue):
                    made = external_field(value.path)
                    return made.type if made is not None else None
        return declared.type.type

    def _foreign_key(self, item: Model, declared: Declared) -> str | None:
        found = self._referred(item, declared, 0) if declared.kind in _KEYS else None
        return f"{found[0]}.{found[1]}" if found is not None and found[0] is not None else None

    def _referred(
        self, item: Model, declared: Declared, depth: int
    ) -> tuple[str | None, str, ColumnType | None] | None:
        """Table, column and type of what a foreign key holds a value of."""
        target = self._targets.of(item, declared)
        if target.model is None:
            outside = labelled(target.name) if target.name is not None else None
            return (outside.table, "id", "integer") if outside is not None else None
        if target.model.abstract or depth > _MAX_CHAIN:
            return None
        table, given = target.model.concrete.table, declared.argument("to_field")
        if given is None:
            key = self._key(target.model, depth)
            return (table, *key) if key is not None else None
        field = target.model.fields.get(text(self._model, given) or "")
        if field is None:
            return None
        return table, self._column_name(field), self._type(target.model, field, depth + 1)
