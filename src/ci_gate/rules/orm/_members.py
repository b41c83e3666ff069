"""The attribute names that objects of a class can have, as far as the tree and libraries tell."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.dataflow.django_names import AddedNames
from ci_gate.codemodel.dataflow.events import Attribute
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.entities.attributes import attributes
from ci_gate.codemodel.entities.library_attributes import library_attributes
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue, Value
from ci_gate.rules.base import Facts

_PLAIN_DECORATORS: Final = frozenset({
    "dataclass", "final", "total_ordering", "runtime_checkable", "mapped_as_dataclass", "mapped",
    "unique", "deprecated", "injectable", "singleton", "inject",
})  # fmt: skip
_HOOKS: Final = ("__getattr__", "__getattribute__")
_BY_NAME: Final = frozenset({"setattr", "hasattr", "getattr", "delattr"})
_RECEIVERS: Final = frozenset({"self", "cls", "klass"})
_NAMESPACES: Final = frozenset({"vars", "locals"})


class Members:
    """Answers for one program. None: the class can have attributes that cannot be seen."""

    def __init__(self, facts: Facts, certain: Certain) -> None:
        self._facts = facts
        self._model: CodeModel = facts.model
        self._certain = certain
        self._of_class: dict[ClassInfo, frozenset[str] | None] = {}

    def of_class(self, cls: ClassInfo) -> frozenset[str] | None:
        """The names on an object of the class, which may be one of a class below it."""
        if cls not in self._of_class:
            self._of_class[cls] = None
            self._of_class[cls] = self._together(cls)
        return self._of_class[cls]

    def of_entity(self, entity: Entity) -> frozenset[str] | None:
        """The names on a mapped class and its objects, which may be of a class below it."""
        if entity.cls is None:
            return self._of_table(entity)
        if self._unplaced_backref:
            return None
        names: set[str] = set()
        for cls in (entity.cls, *self._certain.family(entity.cls)):
            item = self._facts.entities.of_class(cls)
            own = attributes(self._model, self._facts.entities, item) if item else None
            if own is None:
                return None
            names |= own
        return frozenset(names)

    def _of_table(self, entity: Entity) -> frozenset[str] | None:
        """The columns of a ``Table(…)``, which may be put together in several places."""
        names: set[str] = set()
        for other in self._facts.entities.of_table(entity.table) if entity.table else (entity,):
            if not other.known:
                return None
            names |= {*other.columns, *(column.column for column in other.columns.values())}
        return frozenset(names)

    def is_loose(self, name: str, kind: str = "") -> bool:
        """The program names the attribute in a string, so that it may come from anywhere."""
        if kind == "django" and (self._added.open or name in self._added.names):
            return True
        return name in self._named_in_strings

    @cached_property
    def _added(self) -> AddedNames:
        """What Django's annotations and prefetches put on objects."""
        return AddedNames(self._model)

    def is_configured(self, cls: ClassInfo) -> bool:
        """Its pydantic configuration may allow more than the fields."""
        return any(
            {"model_config", "Config"} & self._model.member_names(owner)
            for owner in self._certain.lineage(cls)
        )

    def set_elsewhere(self, cls: ClassInfo, name: str) -> bool:
        """Code outside of the class may put the attribute on its objects."""
        related = {*self._certain.lineage(cls), *self._certain.family(cls)}
        for store in self._model.stores(name):
            scope = store.binding.scope
            if is_outside(scope.module.path) or scope.module.language != "python":
                continue
            holders = self._certain.objects(store.base, scope)
            if holders is None:
                holders = self._certain.classes(store.base, scope)
            if holders is None:
                holders = self._set_in_flow.get(store.base)
            if holders is not None:
                if holders & related:
                    return True
                continue
            values = self._model.evaluate(store.base, scope)
            if not values or any(_may_be(value, related) for value in values):
                return True
        return False

    @cached_property
    def _set_in_flow(self) -> dict[s.Node, frozenset[ClassInfo]]:
        """The objects on which attributes are set, as the flow of data tells."""
        found: dict[s.Node, frozenset[ClassInfo]] = {}
        for _, event in self._facts.flows.events():
            if isinstance(event, Attribute) and event.how == "set":
                node, holder = event.place.node, event.entity
                if isinstance(node, s.Attribute) and isinstance(holder, Entity) and holder.cls:
                    found[node.value] = found.get(node.value, frozenset()) | {holder.cls}
        return found

    # --- classes ---

    def _together(self, cls: ClassInfo) -> frozenset[str] | None:
        names: set[str] = set()
        for item in (cls, *self._certain.family(cls)):
            own = self._inherited(item)
            if own is None:
                return None
            names |= own
        return frozenset(names)

    def _inherited(self, cls: ClassInfo) -> set[str] | None:
        names: set[str] = set()
        for owner in self._certain.lineage(cls):
            if not self._is_plain(owner):
                return None
            names |= self._model.member_names(owner)
            for base in self._model.bases(owner):
                if isinstance(base, ExternalValue):
                    given = library_attributes(base.path)
                    if given is None:
                        return None
                    names |= given
        return names

    def _is_plain(self, cls: ClassInfo) -> bool:
        """All that gives the class attributes can be seen."""
        model = self._model
        written = [base for base in cls.node.bases if base.keyword is None]
        if any(base.star for base in cls.node.bases) or len(model.bases(cls)) < len(written):
            return False
        for base in cls.node.bases:
            if base.keyword == "metaclass" and not self._is_harmless(base.value):
                return False
        if any(decorator_name(item) not in _PLAIN_DECORATORS for item in cls.node.decorators):
            return False
        if any(model.method(cls, hook) is not None for hook in _HOOKS):
            return False
        return cls not in self._open and not {"__versioned__", "__getattr__"} & (
            model.member_names(cls)
        )

    def _is_harmless(self, metaclass: s.Expr) -> bool:
        for value in self._model.evaluate(metaclass):
            if isinstance(value, ExternalValue) and value.path == "abc.ABCMeta":
                return True
            if isinstance(value, ClassValue):
                return not {"__new__", "__init__", "__prepare__", "__getattr__"} & (
                    self._model.member_names(value.cls)
                )
        return False

    @cached_property
    def _open(self) -> frozenset[ClassInfo]:
        """The classes to which attributes are added under names that are worked out."""
        found: set[ClassInfo] = set()
        model = self._model
        adding = {
            scope.module
            for name in ("setattr", *_NAMESPACES)
            for call, scope in model.calls_named(name)
            if _adds_by_name(call)
        }
        adding |= {
            module
            for module in model.modules.values()
            if any(node.name == "__dict__" for node in model.nodes_of(module, s.Attribute))
        }
        for cls in model.classes.values():
            python = cls.module.language == "python"
            if python and cls.module in adding and any(map(_adds_by_name, s.walk(cls.node))):
                found.add(cls)
        for target in self._set_by_name:
            found |= target
        return frozenset(found)

    # --- names in strings ---

    @cached_property
    def _calls_by_name(self) -> list[tuple[s.Call, FunctionInfo]]:
        return [
            (call, function)
            for function in self._model.functions.values()
            if function.module.language == "python"
            for call in self._model.calls_in(function)
            if isinstance(call.func, s.Name) and call.func.id in _BY_NAME
        ]

    @cached_property
    def _named_in_strings(self) -> frozenset[str]:
        """Attribute names in ``setattr(x, "name", …)`` and its kind, and ``key="name"``."""
        names: set[str] = set()
        for call, function in self._calls_by_name:
            if is_outside(function.module.path):
                continue
            name = call.argument(1)
            if isinstance(name, s.Literal) and isinstance(name.value, str):
                names.add(name.value)
        for function in self._model.functions.values():
            if function.module.language != "python":
                continue
            for call in self._model.calls_in(function):
                for word in ("key", "attribute_name", "alias"):
                    given = call.argument(keyword=word)
                    if isinstance(given, s.Literal) and isinstance(given.value, str):
                        names.add(given.value)
        return frozenset(names)

    @cached_property
    def _set_by_name(self) -> list[frozenset[ClassInfo]]:
        """The classes in ``setattr(SomeClass, name, …)``."""
        found: list[frozenset[ClassInfo]] = []
        for call, _ in self._calls_by_name:
            first, name = call.argument(0), call.argument(1)
            if first is None or isinstance(name, s.Literal):
                continue
            if isinstance(call.func, s.Name) and call.func.id == "setattr":
                found.append(
                    frozenset(
                        value.cls for value in self._model.evaluate(first)
                        if isinstance(value, ClassValue)
                    )
                )  # fmt: skip
        return found

    @cached_property
    def _unplaced_backref(self) -> bool:
        """Some relation puts a back reference on an entity that is not known."""
        placed = {
            relation.name
            for entity in self._facts.entities
            for relation in entity.relations.values()
            if relation.implied
        }
        for function in self._model.functions.values():
            for call in self._model.calls_in(function):
                back = call.argument(keyword="backref")
                if isinstance(back, s.Call):
                    back = back.argument(0)
                if back is None:
                    continue
                if not isinstance(back, s.Literal) or back.value not in placed:
                    return True
        return False


def _may_be(value: Value, related: set[ClassInfo]) -> bool:
    if isinstance(value, ClassValue | InstanceValue):
        return value.cls in related
    return isinstance(value, ExternalValue)


def _adds_by_name(node: s.Node) -> bool:
    """Does it put attributes on ``self`` or ``cls`` under names that are worked out?"""
    if isinstance(node, s.Attribute):
        return (
            node.name == "__dict__"
            and isinstance(node.value, s.Name)
            and node.value.id in _RECEIVERS
        )
    if not isinstance(node, s.Call) or not isinstance(node.func, s.Name):
        return False
    called = node.func.id
    if called != "setattr" and called not in _NAMESPACES:
        return False
    first = node.argument(0)
    name = first.id if isinstance(first, s.Name) else ""
    if called == "setattr" and name in _RECEIVERS:
        return not isinstance(node.argument(1), s.Literal)
    return called in _NAMESPACES and (first is None or name in _RECEIVERS)
