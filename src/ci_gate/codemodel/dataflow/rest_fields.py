"""What the serializers of Django REST framework declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import lineages
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.entities.declarations import Declaration, declarations
from ci_gate.codemodel.entities.django.declared import meta_of, text
from ci_gate.codemodel.program import ClassInfo
from ci_gate.codemodel.values import (
    ClassValue,
    ConstantValue,
    ExternalValue,
    TupleValue,
)
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

Kind = Literal["value", "method", "nested", "key", "slug", "text", "custom", "unknown"]

_LIBRARY: Final = regex(r"^rest_framework\.(?:serializers|fields|relations)\.(\w+)$")
_FOREIGN_OPENS: Final = regex(r"^(?!rest_framework\.|typing\.|abc\.|object$)")
_KINDS: Final[Mapping[str, Kind]] = {
    "SerializerMethodField": "method", "PrimaryKeyRelatedField": "key",
    "HyperlinkedRelatedField": "key", "SlugRelatedField": "slug", "StringRelatedField": "text",
    "HyperlinkedIdentityField": "unknown", "HiddenField": "unknown", "RelatedField": "unknown",
}  # fmt: skip
#: Methods of a field class that say what it shows.
_SHOWING: Final = ("to_representation", "get_attribute", "use_pk_only_optimization")
#: With one of these a field does without an attribute that is not there.
_WITHOUT: Final = ("default", "allow_null")
_FIELD_METHODS: Final = ("fields", "_readable_fields", "get_fields", "get_field_names")
_MAX_FIELDS: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a serializer, as it is read from an object.

    ``kind``: ``nested`` a serializer of the tree (``cls``), ``custom`` a field class of the tree;
    ``key`` gives keys of related objects, ``slug`` one of their attributes (``attribute``),
    ``text`` what ``str`` makes of them, ``method`` what the serializer's method ``attribute``
    gives. ``optional``: an object without such an attribute is shown without the field.
    """

    name: str
    kind: Kind
    node: s.Node
    path: str
    source: tuple[str, ...]
    many: bool = False
    cls: ClassInfo | None = None
    attribute: str | None = None
    optional: bool = False


@dataclass(slots=True, eq=False)
class Shape:
    """What a serializer class says: its fields, its model."""

    fields: list[Field] = field(default_factory=list)
    entity: Entity | None = None
    open: bool = False


class Shapes:
    """Answers for one program; remembers what it was asked."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._model = machine.model
        self._known: dict[ClassInfo, Shape] = {}
        self._kinds: dict[ClassInfo, frozenset[str]] = {}

    def kinds(self, cls: ClassInfo) -> frozenset[str]:
        """``serializer``, ``list``, ``field``, ``view``, ``generic``, ``paginator``, ``filter``;
        ``foreign`` where a base is of neither Django, its REST framework nor the tree."""
        found = self._kinds.get(cls)
        if found is None:
            names = {
                kind
                for value in self._model.ancestors(cls)
                if isinstance(value, ExternalValue)
                for kind in _kinds_of(value.path)
            }
            found = self._kinds[cls] = frozenset(names)
        return found

    def of(self, cls: ClassInfo) -> Shape:
        found = self._known.get(cls)
        if found is None:
            found = self._known[cls] = self._shape(cls)
        return found

    def inputs(self, cls: ClassInfo) -> list[Field] | None:
        """The fields that take what is sent; None where they cannot all be seen."""
        shape = self.of(cls)
        if shape.open or "foreign" in self.kinds(cls) or self.option(cls, "model") is not None:
            return None
        declared = self._declared(cls)
        if any(item is None for item in declared.values()):
            return None
        return [
            item
            for item in declared.values()
            if item is not None
            and item.kind != "method"
            and not (isinstance(item.node, s.Call) and _is_true(item.node, "read_only"))
        ]

    def option(self, cls: ClassInfo, name: str) -> s.Expr | None:
        """An option of ``Meta``, the bases' included."""
        for owner in lineages.lineage(self._machine, cls)[::-1]:
            options = meta_of(self._model, owner)
            if options is not None:
                return options.get(name)
        return None

    def _home(self, cls: ClassInfo) -> str:
        """The file in which the options stand."""
        for owner in lineages.lineage(self._machine, cls)[::-1]:
            if meta_of(self._model, owner) is not None:
                return owner.module.path
        return cls.module.path

    def _shape(self, cls: ClassInfo) -> Shape:
        shape = Shape()
        model = self.option(cls, "model")
        for value in self._model.evaluate(model) if model is not None else ():
            if isinstance(value, ClassValue):
                shape.entity = self._machine.entities.of_class(value.cls)
        shape.open = self._changes_fields(cls)
        declared = self._declared(cls)
        if model is None:
            shape.fields = [item for item in declared.values() if item is not None]
            return shape
        hidden, renamed = self._extra(cls)
        names = self._names(cls, shape)
        if names is None:
            own = {item.name for item in declarations(cls, self._model)}
            shape.fields = [f for f in declared.values() if f is not None and f.name in own]
            return shape
        for name, node in names.items():
            if name in declared:
                found = declared[name]
                if found is not None:
                    shape.fields.append(found)
            elif hidden is not None and name not in hidden:
                source = tuple(renamed.get(name, name).split("."))
                shape.fields.append(self._of_model(cls, shape, name, source, node))
        return shape

    def _changes_fields(self, cls: ClassInfo) -> bool:
        """Are fields taken away or added at run time?"""
        if any(self._model.method(cls, name) is not None for name in _FIELD_METHODS):
            return True
        method = self._model.method(cls, "__init__")
        return method is not None and any(
            isinstance(node, s.Attribute) and node.name in _FIELD_METHODS
            for node in s.walk(method.node)
        )

    # --- declared fields ---

    def _declared(self, cls: ClassInfo) -> dict[str, Field | None]:
        found: dict[str, Field | None] = {}
        for owner in lineages.lineage(self._machine, cls):
            for item in declarations(owner, self._model):
                if isinstance(item.value, s.Call):
                    made = self._field(item, item.value, owner)
                    if made is not None:
                        found[item.name] = made if made.kind != "unknown" else None
                elif isinstance(item.value, s.Literal) and item.value.value is None:
                    found[item.name] = None
        return dict(list(found.items())[:_MAX_FIELDS])

    def _field(self, item: Declaration, call: s.Call, owner: ClassInfo) -> Field | None:
        path = owner.module.path
        kind: Kind | None = None
        cls: ClassInfo | None = None
        for value in self._model.evaluate(call.func, item.scope):
            if isinstance(value, ClassValue):
                kinds = self.kinds(value.cls)
                if "serializer" in kinds:
                    kind, cls = "nested", value.cls
                elif "field" in kinds:
                    kind, cls = self._own_kind(value.cls), value.cls
            elif isinstance(value, ExternalValue):
                match = _LIBRARY.match(value.path)
                if match is not None and match[1][0].isupper():
                    kind = _KINDS.get(match[1], "value")
        if kind is None:
            return None
        if any(argument.star for argument in call.args) or _is_true(call, "write_only"):
            return Field(item.name, "unknown", call, path, ())
        source = self._source(item, call)
        if source is None:
            return Field(item.name, "unknown", call, path, ())
        attribute: str | None = None
        if kind == "method":
            given = call.argument(0, "method_name")
            attribute = text(self._model, given) if given is not None else f"get_{item.name}"
        elif kind == "slug":
            attribute = text(self._model, call.argument(0, "slug_field"))
        elif kind == "key" and text(self._model, call.argument(None, "lookup_field")) is not None:
            kind = "slug"
        many, optional = _is_true(call, "many"), _is_optional(call)
        return Field(item.name, kind, call, path, source, many, cls, attribute, optional)

    def _own_kind(self, cls: ClassInfo) -> Kind:
        """What a field class of the tree shows: one that only says which keys it takes shows keys,
        as the library's does."""
        if any(self._model.method(cls, name) is not None for name in _SHOWING):
            return "custom"
        bases = [
            _KINDS.get(match[1])
            for value in self._model.ancestors(cls)
            if isinstance(value, ExternalValue) and (match := _LIBRARY.match(value.path))
        ]
        return "key" if bases[:1] == ["key"] else "custom"

    def _source(self, item: Declaration, call: s.Call) -> tuple[str, ...] | None:
        given = call.argument(None, "source")
        if given is None:
            return (item.name,)
        found = text(self._model, given)
        return None if found is None else () if found == "*" else tuple(found.split("."))

    # --- fields of the model ---

    def _names(self, cls: ClassInfo, shape: Shape) -> dict[str, s.Node] | None:
        """The names that ``Meta.fields`` gives, each with where it stands."""
        given = self.option(cls, "fields")
        entity = shape.entity
        if given is not None and text(self._model, given) != "__all__":
            found = dict(self._texts(given, 0))
            return None if "" in found else found
        excluded: dict[str, s.Node] = {}
        where: s.Node = cls.node
        if given is None:
            exclude = self.option(cls, "exclude")
            if exclude is None:
                return None
            excluded, where = dict(self._texts(exclude, 0)), exclude
        else:
            where = given
        if entity is None or "" in excluded:
            return None
        names = [
            *(name for name in entity.columns if not _is_key_of(entity, name)),
            *(name for name, relation in entity.relations.items() if not relation.implied),
            *self._declared(cls),
        ]
        return {name: where for name in names if name not in excluded}

    def _texts(self, expr: s.Expr, depth: int) -> Iterator[tuple[str, s.Node]]:
        """The texts of a list; an empty one stands for what cannot be told."""
        if depth > 6:
            yield "", expr
        elif isinstance(expr, s.Literal) and isinstance(expr.value, str):
            yield expr.value, expr
        elif isinstance(expr, s.Sequence):
            for item in expr.items:
                inner = item.value if isinstance(item, s.Starred) else item
                yield from self._texts(inner, depth + 1)
        elif isinstance(expr, s.Binary) and expr.op == "+":
            yield from self._texts(expr.left, depth + 1)
            yield from self._texts(expr.right, depth + 1)
        elif isinstance(expr, s.Call) and isinstance(expr.func, s.Name) and expr.args:
            yield from self._texts(expr.args[0].value, depth + 1)
        else:
            values = self._model.evaluate(expr)
            known = False
            for value in values:
                if isinstance(value, TupleValue) and len(values) == 1:
                    known = True
                    for place in value.items:
                        for one in place:
                            if isinstance(one, ConstantValue) and isinstance(one.value, str):
                                yield one.value, expr
                            else:
                                known = False
                elif isinstance(value, ConstantValue) and isinstance(value.value, str):
                    known = True
                    yield value.value, expr
            if not known:
                yield "", expr

    def _extra(self, cls: ClassInfo) -> tuple[set[str] | None, dict[str, str]]:
        """From ``extra_kwargs``: the fields that are only written (None: not known), and those
        that are read from elsewhere."""
        given = self.option(cls, "extra_kwargs")
        if given is None:
            return set(), {}
        if not isinstance(given, s.Mapping):
            return None, {}
        hidden: set[str] = set()
        renamed: dict[str, str] = {}
        for entry in given.entries:
            if not isinstance(entry.key, s.Literal) or not isinstance(entry.value, s.Mapping):
                return None, {}
            written = entry.value.get("write_only")
            source = entry.value.get("source")
            if written is not None and not (
                isinstance(written, s.Literal) and written.value is False
            ):
                hidden.add(str(entry.key.value))
            if isinstance(source, s.Literal):
                renamed[str(entry.key.value)] = str(source.value)
        return hidden, renamed

    def _of_model(
        self, cls: ClassInfo, shape: Shape, name: str, source: tuple[str, ...], node: s.Node
    ) -> Field:
        path = self._home(cls)
        depth = self.option(cls, "depth")
        entity = shape.entity
        relation = entity.relations.get(source[0]) if entity is not None else None
        if relation is None or len(source) > 1:
            return Field(name, "value", node, path, source)
        if depth is not None and not (isinstance(depth, s.Literal) and depth.value == 0):
            return Field(name, "value", node, path, source, bool(relation.many))
        if relation.many is False and relation.implied:
            return Field(name, "value", node, path, source)
        return Field(name, "key", node, path, source, bool(relation.many))


def _is_key_of(entity: Entity, name: str) -> bool:
    """The column of a foreign key, which serializers show under the relation's name."""
    return name.endswith("_id") and name.removesuffix("_id") in entity.relations


def _is_true(call: s.Call, keyword: str) -> bool:
    given = call.argument(None, keyword)
    return given is not None and not (isinstance(given, s.Literal) and given.value is False)


def _is_optional(call: s.Call) -> bool:
    required = call.argument(None, "required")
    if isinstance(required, s.Literal) and required.value is False:
        return True
    return any(_is_true(call, keyword) for keyword in _WITHOUT)


def _kinds_of(path: str) -> Iterator[str]:
    name = path.rpartition(".")[2]
    if path.startswith("rest_framework."):
        module = path.split(".")[1]
        if module == "serializers" and name.endswith("Serializer"):
            yield "list" if name == "ListSerializer" else "serializer"
        elif module in ("serializers", "fields", "relations"):
            yield "field"
        elif module in ("generics", "viewsets", "mixins", "views"):
            yield "view"
            if module in ("generics", "mixins") or name not in ("ViewSet", "APIView"):
                yield "generic"
        elif module == "pagination":
            yield "paginator"
        elif module == "filters":
            yield "filter"
    elif _FOREIGN_OPENS.match(path) and not path.startswith("django."):
        yield "foreign"
