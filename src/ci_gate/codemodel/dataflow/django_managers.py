"""Django's managers and query sets: which classes they have, what they start with."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, lineages
from ci_gate.codemodel.dataflow.domain import (
    Args,
    ColumnRef,
    Condition,
    Eager,
    Expression,
    Frame,
    Func,
    Instance,
    Manager,
    RelationRef,
    Statement,
    Table,
    of,
)
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue
from ci_gate.data import replace
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_MANAGER: Final = regex(
    r"^django\.(?:contrib\.gis\.)?db\.models\.(?:manager\.)?(?:Base)?Manager(?:\(\))?$"
    r"|^django\.contrib\.auth\.(?:models|base_user)\.(?:Base)?UserManager(?:\(\))?$"
)
_QUERYSET: Final = regex(r"^django\.(?:contrib\.gis\.)?db\.models\.(?:query\.)?QuerySet$")
_PLAIN: Final = regex(r"^(?:django\.|typing\.|abc\.|object$)")
_DEFAULTS: Final = ("_default_manager", "_base_manager")


class Managers:
    """Answers for one program; remembers what it was asked."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._of: dict[tuple[Entity, str], tuple[ClassInfo, ...] | None] = {}
        self._kinds: dict[ClassInfo, frozenset[str]] = {}

    @cached_property
    def user(self) -> Entity | None:
        """The model of the users, when it is one of the tree."""
        label = Project(self._machine.model).user_model()
        if label is None:
            return None
        app, _, name = label.rpartition(".")
        found = [item for item in self._machine.entities
                 if item.name == name and item.kind == "django" and not item.abstract]  # fmt: skip
        if len(found) > 1:
            found = [item for item in found if f"/{app}/" in f"/{item.path}"]
        return found[0] if len(found) == 1 else None

    # --- classes ---

    def kinds(self, cls: ClassInfo) -> frozenset[str]:
        """``manager``, ``queryset`` and, where a base is of neither Django nor the tree,
        ``foreign``."""
        found = self._kinds.get(cls)
        if found is None:
            names: set[str] = set()
            for value in self._machine.model.ancestors(cls):
                if isinstance(value, ExternalValue):
                    if _MANAGER.match(value.path):
                        names.add("manager")
                    elif _QUERYSET.match(value.path):
                        names.add("queryset")
                    elif not _PLAIN.match(value.path):
                        names.add("foreign")
            if any(_is_made(one) for one in lineages.lineage(self._machine, cls)):
                names.add("manager")
            found = self._kinds[cls] = frozenset(names)
        return found

    def of_model(self, entity: Entity, name: str) -> tuple[ClassInfo, ...] | None:
        """The manager classes of the tree that ``Model.name`` has; None when it is no manager."""
        key = (entity, name)
        if key not in self._of:
            self._of[key] = self._find(entity, name)
        return self._of[key]

    def _find(self, entity: Entity, name: str) -> tuple[ClassInfo, ...] | None:
        if entity.cls is None:
            return None
        seen = False
        for owner in lineages.lineage(self._machine, entity.cls)[::-1]:
            for item in declarations(owner, self._machine.model):
                if item.value is None or (item.name != name and name not in _DEFAULTS):
                    continue
                found = self._classes(item.value, item.scope)
                if item.name == name or found is not None:
                    return found
                seen = seen or item.name == "objects"
        if name in _DEFAULTS:
            return None if seen else ()
        return () if name == "objects" and self._has_plain(entity) else None

    def _has_plain(self, entity: Entity) -> bool:
        """Does Django add ``objects``? Not where the model has a manager of another name."""
        return self.of_model(entity, "_default_manager") == ()

    def _classes(self, value: s.Expr, scope: object) -> tuple[ClassInfo, ...] | None:
        """The classes of a manager that an expression makes; None when it makes none."""
        if not isinstance(value, s.Call):
            return None
        found: list[ClassInfo] = []
        for made in self._machine.model.evaluate(value, scope):  # type: ignore[arg-type]
            if isinstance(made, InstanceValue) and self.kinds(made.cls) & {"manager", "queryset"}:
                found.append(made.cls)
            elif not (isinstance(made, ExternalValue) and _MANAGER.match(made.path)):
                return None
        known = self._machine.model.evaluate(value, scope)  # type: ignore[arg-type]
        return tuple(found) if known else None

    def query_classes(self, classes: tuple[ClassInfo, ...]) -> tuple[ClassInfo, ...]:
        """The query set classes behind manager classes."""
        found: dict[ClassInfo, None] = {}
        for cls in classes:
            if "manager" not in self.kinds(cls):
                found[cls] = None
                continue
            for value in self._machine.model.ancestors(cls):
                if isinstance(value, ClassValue):
                    kinds = self.kinds(value.cls)
                    if "queryset" in kinds and "manager" not in kinds:
                        found[value.cls] = None
        return tuple(found)

    def method(self, classes: tuple[ClassInfo, ...], name: str) -> FunctionInfo | None:
        """The method of the tree that the first of ``classes`` has."""
        for cls in classes:
            found = self._machine.model.method(cls, name)
            if found is not None:
                return found
        return None

    def is_closed(self, classes: tuple[ClassInfo, ...]) -> bool:
        """Are all methods of the classes known?"""
        return not any(
            "foreign" in self.kinds(cls)
            or self._machine.model.method(cls, "__getattr__") is not None
            for cls in classes
        )

    @cached_property
    def _users(self) -> dict[ClassInfo, set[Entity]]:
        """The models that have a manager or query set class."""
        found: dict[ClassInfo, set[Entity]] = {}
        for entity in self._machine.entities:
            if entity.kind != "django" or entity.abstract or entity.cls is None:
                continue
            for owner in lineages.lineage(self._machine, entity.cls):
                for item in declarations(owner, self._machine.model):
                    if isinstance(item.value, s.Call):
                        classes = self._classes(item.value, item.scope) or ()
                        for cls in (*classes, *self.query_classes(classes)):
                            found.setdefault(cls, set()).add(entity)
        return found

    def entity_of(self, cls: ClassInfo) -> Entity | None:
        """The only model that has managers of the class."""
        found = self._users.get(cls, set())
        return next(iter(found)) if len(found) == 1 else None

    # --- managers ---

    def manager(self, entity: Entity, name: str, node: s.Node, frame: Frame) -> Manager | None:
        """``Model.objects``."""
        classes = self.of_model(entity, name)
        if classes is None or entity.abstract:
            return None
        return Manager(self.base(entity, classes, node, frame), classes)

    def of_class(self, cls: ClassInfo, node: s.Node, frame: Frame) -> Manager | Statement | None:
        """The manager or query set that an object of the class is."""
        entity = self.entity_of(cls)
        if entity is None:
            return None
        base = self.base(entity, (cls,), node, frame)
        return Manager(base, (cls,)) if "manager" in self.kinds(cls) else base

    def base(
        self, entity: Entity, classes: tuple[ClassInfo, ...], node: s.Node, frame: Frame
    ) -> Statement:
        """All objects of a model."""
        table = Table(entity)
        return Statement(
            "django", "select", node, frame.function.module.path, (table,), frozenset({table}),
            focus=table, classes=self.query_classes(classes),
            opaque=any("foreign" in self.kinds(cls) for cls in classes),
        )  # fmt: skip

    def related(self, owner: Instance, relation: str, node: s.Node, frame: Frame) -> Manager | None:
        """``article.comments``; None when the target is not known."""
        target = self._machine.entities.target(owner.entity, relation)
        if target is None:
            return None
        classes = self.of_model(target, "_default_manager")
        base = self.base(target, classes or (), node, frame)
        if classes is None:
            base = replace(base, opaque=True)
        return Manager(base, classes or (), owner, relation)

    def start(self, manager: Manager, node: s.Expr, frame: Frame) -> list[Statement]:
        """What ``manager.all()`` gives: ``get_queryset`` of the tree is entered."""
        base = replace(manager.statement, node=node, module=frame.function.module.path)
        found = [base]
        override = self.method(manager.classes, "get_queryset")
        if override is not None and not self._machine.is_active(override):
            given = calls.invoke(
                self._machine, Func(override, of(manager)), Args(None), node, frame
            )
            found = [
                replace(item, node=node, module=base.module, sources=item.sources | base.sources,
                        classes=item.classes or base.classes)
                for item in given.items if isinstance(item, Statement)
            ] or [replace(base, opaque=True)]  # fmt: skip
        if manager.owner is None or manager.relation is None:
            return found
        return [self._owned(item, manager.owner, manager.relation, node) for item in found]

    def _owned(self, statement: Statement, owner: Instance, name: str, node: s.Node) -> Statement:
        """Only what is related to ``owner``; it knows ``owner`` already."""
        target = statement.entity()
        relation = owner.entity.relations[name]
        refs: frozenset[ColumnRef | RelationRef] = frozenset()
        eager = set(statement.eager)
        if target is not None and relation.back is not None:
            back = target.relations.get(relation.back)
            if f"{relation.back}_id" in target.columns:
                refs = frozenset({ColumnRef(Table(target), f"{relation.back}_id")})
            elif back is not None:
                refs = frozenset({RelationRef(Table(target), relation.back)})
            if back is not None and back.many is False:
                above = owner.loaded or frozenset()
                eager |= {Eager(target, (relation.back, *path)) for path in ((), *above)}
        ready: bool | None = None if owner.loaded is None else (name,) in owner.loaded
        if ready:
            below = {path[1:] for path in owner.loaded or () if len(path) > 1 and path[0] == name}
            eager |= {Eager(target, path) for path in below}
        condition = Condition("filter", Expression(refs), node)
        return replace(
            statement, conditions=(*statement.conditions, condition), eager=frozenset(eager),
            ready=ready,
        )  # fmt: skip


def _is_made(cls: ClassInfo) -> bool:
    """``class M(Manager.from_queryset(Q))``"""
    return any(
        isinstance(base.value, s.Call)
        and isinstance(base.value.func, s.Attribute)
        and base.value.func.name == "from_queryset"
        for base in cls.node.bases
    )
