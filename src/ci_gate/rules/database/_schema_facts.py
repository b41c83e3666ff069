"""A service's entities, and what is known of how their tables come about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._metadata import Creation, Metadata, MetadataFinder
from ci_gate.rules.database._provision import Provision, provision
from ci_gate.rules.database._service import ServiceView
from ci_gate.stack.model import Service

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel", "table"})
#: Signs of tables that come from elsewhere or are made one by one.
_OTHERWISE: Final = regex(
    r"\bautoload\w*\b|\bautomap_base\b|\.reflect\(|\bDeferredReflection\b|\bCreateTable\(|"
    r"__table__\.create\(|\.metadata\s*=\s|\bautomap\b|include_object"
)
#: One of these is in every text that has such a sign; finding them takes a tenth of the time.
_HINTS: Final = (
    "autoload", "automap", ".reflect(", "DeferredReflection", "CreateTable(", "__table__.create(",
    ".metadata", "include_object",
)  # fmt: skip
_ENTRY: Final = regex(
    r"app(?:lication)?$|^main$|^run|^start|^serve|factory|^on_|^wsgi|^asgi|^handler$|^cli$"
)
#: Decorators behind which a function still runs only where it is named.
_MANAGERS: Final = frozenset({"contextmanager", "asynccontextmanager"})
_APPLICATION: Final = regex(
    r"(?:^|\.)(?:Flask|FastAPI|Starlette|Application|Quart|Sanic|Litestar|Celery)$"
)


class SchemaFacts:
    """Answers for one service."""

    def __init__(self, facts: Facts, view: ServiceView, service: Service) -> None:
        self._facts = facts
        self._view = view
        self._model = facts.model
        self._service = service
        self.finder = MetadataFinder(facts.model)

    @cached_property
    def entities(self) -> list[Entity]:
        """The entities with a table of their own, in code of the service."""
        return [
            entity
            for entity in self._facts.entities
            if entity.kind in _KINDS
            and not entity.abstract
            and self.holds(entity.path)
            and (node := self.finder.node_of(entity)) is not None
            and (entity.table is not None or not self._is_base(entity.cls))
            and not self._view.for_development(entity.path, node)
        ]

    @cached_property
    def by_metadata(self) -> dict[Metadata, list[Entity]]:
        """The entities whose metadata is known."""
        found: defaultdict[Metadata, list[Entity]] = defaultdict(list)
        for entity in self.entities:
            metadata = self.finder.of_entity(entity)
            if metadata is not None:
                found[metadata].append(entity)
        return found

    @cached_property
    def provision(self) -> Provision:
        """What stands beside the code."""
        roots = [service.root for service in self._facts.stack.services]
        return provision(self._model, self._service, roots)

    def _is_base(self, cls: ClassInfo | None) -> bool:
        """Is the class there for others to derive from?"""
        return (
            cls is None
            or bool(self._model.subclasses(cls))
            or any(
                isinstance(base, ExternalValue) and "DeclarativeBase" in base.path
                for base in self._model.bases(cls)
            )
        )

    def holds(self, path: str) -> bool:
        """Is the file code of this service?"""
        owner = self._view.service_of(path)
        return owner is not None and owner.root == self._service.root and self._view.holds(path)

    def otherwise(self) -> bool:
        """May tables come from reflection, or be made one by one?"""
        for path, module in self._model.modules.items():
            if module.language == "python" and self.holds(path):
                try:
                    text = self._model.tree.text(path)
                except OSError:
                    return True
                if any(hint in text for hint in _HINTS) and _OTHERWISE.search(text):
                    return True
        return False

    def without_ddl(self, entities: Sequence[Entity]) -> list[Entity]:
        """Those whose tables no DDL text creates."""
        tables = self.provision.tables
        return [item for item in entities if (item.table or item.name).lower() not in tables]

    def created_by(self, creation: Creation) -> list[Entity]:
        """The entities on the metadata that a call creates."""
        return [
            entity
            for metadata in creation.metadata or ()
            for entity in self.by_metadata.get(metadata, ())
        ]

    def opened(self) -> list[Related]:
        """Where the service opens its database, and what calls that."""
        found: list[Related] = []
        for connection in self._facts.connections:
            if connection.orm and self.holds(connection.path):
                found.append(
                    Related(connection.path, connection.node.line, "the database is opened here")
                )
                found += [
                    Related(edge.caller.module.path, edge.node.line, "and used from here")
                    for edge in self._model.callers(connection.function)[:2]
                    if self.holds(edge.caller.module.path)
                ]
        return found[:4]

    def owns_file(self) -> bool:
        """Is the database a SQLite file that only the service makes?"""
        engines = {
            address.place.engine
            for connection in self._facts.connections
            if connection.orm and self.holds(connection.path)
            for address in connection.addresses
            if address.place.engine is not None
        }
        return engines == {"sqlite"}

    def is_called(self, creation: Creation) -> bool:
        """May the call run at all? Whatever names its function besides its own definition and
        imports may call it."""
        function = creation.function
        if isinstance(function.node, s.Module):
            return True
        if function.cls is not None or function.parent is not None:
            return True
        if any(decorator_name(item) not in _MANAGERS for item in function.node.decorators):
            return True
        if self._starts(function):
            return True
        name = function.name
        if any(_mentions(text, name) for text in self.provision.texts.values()):
            return True
        return any(
            (isinstance(node, s.Name) and node.id == name)
            or (isinstance(node, s.Attribute) and node.name == name)
            or (isinstance(node, s.Literal) and isinstance(node.value, str) and name in node.value)
            for path, module in self._model.modules.items()
            if not is_outside(path)
            for node in s.walk(module)
            if node is not function.node
        )

    def _starts(self, function: FunctionInfo) -> bool:
        """Is it a way into the program, which a server or script calls by name?"""
        if _ENTRY.search(function.name):
            return True
        return any(
            isinstance(value, ExternalValue) and _APPLICATION.search(value.path)
            for call in self._model.calls_in(function)
            for value in self._model.evaluate(call.func)
        )

    def only_as_program(self, creation: Creation) -> bool:
        if self._view.surroundings.under_main(creation.path, creation.node):
            return True
        function = creation.function
        if isinstance(function.node, s.Module):
            return False
        edges = [e for e in self._model.callers(function) if not is_outside(e.caller.module.path)]
        return bool(edges) and all(
            edge.reason == "call"
            and self._view.surroundings.under_main(edge.caller.module.path, edge.node)
            for edge in edges
        )

    def served(self, creations: Sequence[Creation]) -> tuple[str, int, str] | None:
        """The line that starts the service by a server; None where it may also be started as the
        program that creates the tables."""
        paths = {creation.path for creation in creations}
        for creation in creations:
            for edge in self._model.callers(creation.function):
                paths.add(edge.caller.module.path)
        if self.provision.by_hand or any(self.provision.runs_file(path) for path in paths):
            return None
        places = self.provision.servers or self.provision.documented
        return places[0] if places else None

    def node(self, entity: Entity) -> s.Node:
        node = self.finder.node_of(entity)
        assert node is not None  # others are not among the entities
        return node

    def is_used(self, entity: Entity) -> bool:
        """Does service code outside of the entity's own module, and of packages that only hand it
        on, speak of the entity?"""
        name = self._bound_name(entity)
        return any(
            edge.symbol == name
            and edge.target == entity.path
            and not edge.type_only
            and self.holds(edge.source)
            and not edge.source.endswith("__init__.py")
            for edge in self._model.import_edges
        ) or self._referred(entity)

    def _bound_name(self, entity: Entity) -> str:
        if entity.cls is not None:
            return entity.name
        node = self.node(entity)
        for statement in self._model.modules[entity.path].body:
            match statement:
                case s.Assign(targets=[s.Name(id=name)], value=value) if value is node:
                    return name
        return entity.name

    def _referred(self, entity: Entity) -> bool:
        """Does another entity relate to it, or another module of the same file use it?"""
        return any(
            relation.target == entity.name
            for other in self.entities
            if other is not entity
            for relation in other.relations.values()
        ) or any(
            isinstance(node, s.Call) and getattr(node.func, "id", "") == entity.name
            for node in s.walk(self._model.modules[entity.path])
        )


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
