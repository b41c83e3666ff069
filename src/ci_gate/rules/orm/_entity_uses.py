"""Attributes that entities are asked for and do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.dataflow.domain import RelationRef
from ci_gate.codemodel.dataflow.events import Attribute
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._members import Members
from ci_gate.rules.orm._reads import Guards, Use, service_functions

KINDS: Final = frozenset({"sqlalchemy", "sqlmodel", "table", "django", "tortoise"})
How = Literal["instance", "class", "set", "keyword", "filter-by", "values", "relation", "manager"]
#: What a relationship attribute of a mapped class has itself.
_OF_RELATION: Final = frozenset({
    "key", "parent", "property", "prop", "entity", "mapper", "info", "class_", "expression",
    "comparator", "impl", "any", "has", "contains", "of_type", "and_", "adapt_to_entity", "is_",
    "is_not", "in_", "not_in", "type", "name", "adapter",
})  # fmt: skip
_TEMPLATES: Final = (".html", ".jinja", ".jinja2", ".j2", ".mako", ".txt", ".xml")


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """``entity`` has no attribute ``name``; ``names`` are those that it has.

    For ``relation`` the entity is the relation's owner and ``relation`` its name.
    """

    how: How
    entity: Entity
    name: str
    function: FunctionInfo
    node: s.Node
    names: frozenset[str]
    relation: str = ""


class EntityUses:
    def __init__(self, facts: Facts, certain: Certain, members: Members) -> None:
        self._facts = facts
        self._model = facts.model
        self._certain = certain
        self._members = members
        self._guards: dict[FunctionInfo, Guards] = {}

    def missing(self, uses: list[Use]) -> Iterator[Missing]:
        for use in uses:
            found = self._in_text(use)
            if found is not None:
                yield found
        yield from self._in_calls()
        for _, event in self._facts.flows.events():
            if isinstance(event, Attribute):
                found = self._in_flow(event)
                if found is not None:
                    yield found

    # --- what the program text tells ---

    def _in_text(self, use: Use) -> Missing | None:
        entities = [self._facts.entities.of_class(cls) for cls in use.holders]
        names: set[str] = set()
        for entity in entities:
            if entity is None:
                return None
            lacked = self._lacked(entity, use.node.name, use.how)
            if lacked is None:
                return None
            names |= lacked
        owner = entities[0]
        assert owner is not None
        return Missing(use.how, owner, use.node.name, use.function, use.node, frozenset(names))

    def _in_calls(self) -> Iterator[Missing]:
        """Keywords of constructors."""
        for function in service_functions(self._model):
            for call in self._model.calls_in(function):
                if not any(item.keyword for item in call.args):
                    continue
                entity = self._constructed(call)
                if entity is None:
                    continue
                for item in call.args:
                    if item.keyword is not None:
                        names = self._lacked(entity, item.keyword, "keyword")
                        if names is not None:
                            yield Missing("keyword", entity, item.keyword, function, item, names)

    def _constructed(self, call: s.Call) -> Entity | None:
        """The entity that the call makes by the ORM's own constructor."""
        classes = self._certain.classes(call.func, self._model.scope_of(call))
        if classes is None or len(classes) != 1 or self._own_constructor:
            return None
        (cls,) = classes
        entity = self._facts.entities.of_class(cls)
        if entity is None or entity.kind not in KINDS or entity.abstract:
            return None
        return None if self._model.method(cls, "__init__") is not None else entity

    @cached_property
    def _own_constructor(self) -> bool:
        """The tree gives its mapped classes a constructor by other means than ``__init__``."""
        return any(
            call.argument(keyword="constructor") is not None
            for function in self._model.functions.values()
            for call in self._model.calls_in(function)
        )

    # --- what the flow of data tells ---

    def _in_flow(self, event: Attribute) -> Missing | None:
        function, node = event.place.function, event.place.node
        if isinstance(node, s.Attribute) and self._covered(function, node):
            return None
        holder = event.entity
        if event.name.startswith("_"):
            return None
        if isinstance(holder, RelationRef):
            if event.name in _OF_RELATION or not holder.table.entity.known:
                return None
            return Missing("relation", holder.table.entity, event.name, function, node,
                           frozenset(), holder.relation)  # fmt: skip
        if not isinstance(holder, Entity) or holder.kind not in KINDS:
            return None
        if event.how == "manager":
            if event.found is not False or not self._is_named(node, holder):
                return None
            return Missing("manager", holder, event.name, function, node, frozenset())
        if not self._is_sure(event, holder):
            return None
        names = self._lacked(holder, event.name, event.how)
        if names is None:
            return None
        if event.how in ("keyword", "filter-by", "values") and isinstance(node, s.Call):
            given = [item for item in node.args if item.keyword == event.name]
            if not given and (holder.kind == "sqlmodel" or not _spreads_whole_models(node)):
                return None
            node = given[0] if given else node
        how: How = event.how  # type: ignore[assignment]
        return Missing(how, holder, event.name, function, node, names)

    def _is_sure(self, event: Attribute, entity: Entity) -> bool:
        node = event.place.node
        if event.how == "keyword" and entity.kind == "django":
            return self._is_asked_by_name(event, entity)
        if event.how == "keyword":
            return isinstance(node, s.Call) and self._constructed(node) is entity
        if event.how == "class":
            return entity.cls is None and isinstance(node, s.Attribute)
        return event.certain and event.how in ("instance", "set", "filter-by", "values")

    def _is_asked_by_name(self, event: Attribute, entity: Entity) -> bool:
        """``User.objects.create(name=…)``: the call begins with the model's own name."""
        for node in self._facts.model.own_nodes(event.place.function):
            if isinstance(node, s.Call) and event.place.node in node.args:
                return self._is_named(node.func, entity)
        return False

    def _is_named(self, node: s.Node, entity: Entity) -> bool:
        """The expression begins with the model's own name."""
        root = node
        while isinstance(root, s.Attribute | s.Call):
            root = root.value if isinstance(root, s.Attribute) else root.func
        if not isinstance(root, s.Name):
            return False
        named = self._certain.classes(root, self._model.scope_of(root))
        return named is not None and list(named) == [entity.cls]

    def _covered(self, function: FunctionInfo, node: s.Attribute) -> bool:
        if function not in self._guards:
            self._guards[function] = Guards(self._facts.model.own_nodes(function))
        return self._guards[function].cover(node)

    # --- names ---

    def _lacked(self, entity: Entity, name: str, how: str) -> frozenset[str] | None:
        """The names that the entity has, where ``name`` is surely not among them."""
        if not name.isidentifier() or name.startswith(("__", "_sa_")) or entity.kind not in KINDS:
            return None
        names = self._members.of_entity(entity)
        if names is None or name in names or self._members.is_loose(name, entity.kind):
            return None
        if entity.cls is None:
            return names
        if how in ("set", "keyword") and self._members.is_configured(entity.cls):
            return None
        if how != "set" and self._members.set_elsewhere(entity.cls, name):
            return None
        return names

    def is_read(self, name: str) -> bool:
        """The program reads an attribute of that name, or names it in a template or schema."""
        if name in self._read_names:
            return True
        pattern = re.compile(rf"\b{re.escape(name)}\b")
        tree = self._model.tree
        for path in tree.files:
            if path.endswith(_TEMPLATES):
                try:
                    if pattern.search(tree.text(path)):
                        return True
                except (OSError, UnicodeDecodeError):
                    return True
        return False

    @cached_property
    def _read_names(self) -> frozenset[str]:
        names: set[str] = set()
        for module in self._model.modules.values():
            if module.language != "python":
                continue
            targets: set[s.Node] = set()
            for node in s.walk(module):
                if isinstance(node, s.Assign):
                    targets.update(node.targets if node.op is None else ())
                    names.update(t.id for t in node.targets if isinstance(t, s.Name))
                elif isinstance(node, s.Attribute) and node not in targets:
                    names.add(node.name)
                elif isinstance(node, s.Literal) and isinstance(node.value, str):
                    names.add(node.value)
        return frozenset(names)


def _spreads_whole_models(call: s.Call) -> bool:
    """``User(**data.model_dump())``: all fields of the model are handed over."""
    spread = [item.value for item in call.args if item.star == "**"]
    return bool(spread) and all(_is_whole_dump(value) for value in spread)


def _is_whole_dump(value: s.Expr) -> bool:
    if not isinstance(value, s.Call) or not isinstance(value.func, s.Attribute):
        return False
    if value.func.name not in ("model_dump", "dict") or isinstance(value.func.value, s.Call):
        return False
    for item in value.args:
        empty = isinstance(item.value, s.Mapping) and not item.value.entries
        if item.keyword in ("exclude", "include", "by_alias", None) and not empty:
            return False
    return True
