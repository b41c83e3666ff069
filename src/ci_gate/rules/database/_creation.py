"""Which entities' tables the service never creates, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.rules.base import Facts
from ci_gate.rules.database._loading import Loading
from ci_gate.rules.database._metadata import Creation, Metadata, MetadataFinder
from ci_gate.rules.database._provision import Provision, provision
from ci_gate.rules.database._service import ServiceView
from ci_gate.stack.model import Service

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
#: Signs of tables that come from elsewhere or are made one by one.
_OTHERWISE: Final = re.compile(
    r"\bautoload\w*\b|\bautomap_base\b|\.reflect\(|\bDeferredReflection\b|\bCreateTable\(|"
    r"__table__\.create\(|\.metadata\s*=\s|\bautomap\b|include_object"
)
_ENTRY: Final = re.compile(
    r"app(?:lication)?$|^main$|^run|^start|^serve|^lifespan|factory|^on_|^wsgi|^asgi|^handler$|^cli$"
)
_APPLICATION: Final = re.compile(
    r"(?:^|\.)(?:Flask|FastAPI|Starlette|Application|Quart|Sanic|Litestar|Celery)$"
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Entities whose tables are not created. ``what`` ends the sentence that names them;
    ``consequence`` ends the one on what happens at run time."""

    entities: Sequence[Entity]
    node: s.Node
    path: str
    what: str
    fix: str
    related: tuple[Related, ...]
    certain: bool = True
    everything: bool = False
    consequence: str = ""


class Schemas:
    """The entities and the schema creation of one service."""

    def __init__(self, facts: Facts, view: ServiceView, service: Service) -> None:
        self._facts = facts
        self._view = view
        self._model = facts.model
        self._service = service
        self._finder = MetadataFinder(facts.model)
        self._loading = Loading(facts.model)

    @cached_property
    def _entities(self) -> list[Entity]:
        return [
            entity
            for entity in self._facts.entities
            if entity.kind in _KINDS
            and not entity.abstract
            and entity.cls is not None
            and (entity.table is not None or not self._is_base(entity.cls))
            and self._mine(entity.path)
            and not self._view.for_development(entity.path, entity.cls.node)
        ]

    def _is_base(self, cls: ClassInfo) -> bool:
        """Is the class there for others to derive from?"""
        return bool(self._model.subclasses(cls)) or any(
            isinstance(base, ExternalValue) and "DeclarativeBase" in base.path
            for base in self._model.bases(cls)
        )

    @cached_property
    def _by_metadata(self) -> dict[Metadata, list[Entity]]:
        found: defaultdict[Metadata, list[Entity]] = defaultdict(list)
        for entity in self._entities:
            metadata = self._finder.of_entity(entity)
            if metadata is not None:
                found[metadata].append(entity)
        return found

    @cached_property
    def _provision(self) -> Provision:
        return provision(self._model, self._service)

    def _mine(self, path: str) -> bool:
        owner = self._view.service_of(path)
        return owner is not None and owner.root == self._service.root and self._view.holds(path)

    # --- the question ---

    def missing(self) -> Iterator[Missing]:
        """Every group of entities whose tables nothing creates, each for one reason."""
        if not self._by_metadata or self._provision.migrations is not None or self._otherwise():
            return
        creations = list(self._finder.creations())
        mine = [item for item in creations if not is_outside(item.path)]
        if not mine:
            yield from self._never(creations)
            return
        if any(item.metadata is None or item.partial for item in mine):
            return
        called = [item for item in mine if self._is_called(item)]
        if not called:
            yield from self._uncalled(mine)
            return
        if all(self._only_as_program(item) for item in called):
            served = self._served(called)
            if served is not None:
                yield from self._by_program(called, served)
                return
        yield from self._elsewhere(mine)
        yield from self._unloaded(called)

    def _otherwise(self) -> bool:
        for path, module in self._model.modules.items():
            if module.language == "python" and self._mine(path):
                try:
                    if _OTHERWISE.search(self._model.tree.text(path)):
                        return True
                except OSError:
                    return True
        return False

    def _without_ddl(self, entities: Sequence[Entity]) -> list[Entity]:
        tables = self._provision.tables
        return [item for item in entities if (item.table or item.name).lower() not in tables]

    # --- never created ---

    def _never(self, elsewhere: Sequence[Creation]) -> Iterator[Missing]:
        """No create_all outside of tests."""
        if self._provision.by_hand or self._provision.tables or self._provision.files:
            return
        opened = self._opened()
        if not opened or len(self._facts.stack.services) > 1:
            return
        related = [*opened]
        for item in elsewhere[:1]:
            related.append(Related(item.path, item.node.line, "only this creates tables"))
        first = self._entities[0]
        tests = " but for the tests" if elsewhere else ""
        yield Missing(
            self._entities,
            _class_node(first),
            first.path,
            f"{_is(self._entities)} never created: nothing calls create_all(){tests}, "
            "and there is no migration.",
            "Call metadata.create_all(engine) where the service starts, or add migrations.",
            tuple(related),
            certain=self._owns_file(),
            everything=True,
            consequence="" if self._owns_file() else " unless the tables exist already",
        )

    def _uncalled(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """A function creates the tables, and nothing calls it."""
        if self._provision.by_hand or self._provision.tables:
            return
        creation = creations[0]
        related = [
            Related(creation.path, creation.node.line, "create_all() is here"),
            *self._opened(),
        ]
        name = creation.function.name
        entities = self._of(creation) or self._entities
        yield Missing(
            entities,
            creation.function.node,
            creation.path,
            f"{_is(entities)} never created: nothing calls {name}(), which would.",
            f"Call {name}() where the service starts.",
            tuple(related),
            everything=True,
        )

    def _by_program(
        self, creations: Sequence[Creation], served: tuple[str, int, str]
    ) -> Iterator[Missing]:
        creation = creations[0]
        entities = self._of(creation) or self._entities
        path, line, text = served
        yield Missing(
            entities,
            creation.node,
            creation.path,
            f"{_is(entities)} created only where {creation.path} is run as a program, "
            f"but {path}:{line} starts the service by a server (`{text}`), which imports it.",
            "Create the tables where the application is built (its factory or start-up handler).",
            (Related(path, line, "starts the service"), *self._opened()),
            everything=True,
        )

    def _of(self, creation: Creation) -> list[Entity]:
        return [
            entity
            for metadata in creation.metadata or ()
            for entity in self._by_metadata.get(metadata, ())
        ]

    def _opened(self) -> list[Related]:
        """Where the service opens its database, and what calls that."""
        found: list[Related] = []
        for connection in self._facts.connections:
            if connection.orm and self._mine(connection.path):
                found.append(
                    Related(connection.path, connection.node.line, "the database is opened here")
                )
                found += [
                    Related(edge.caller.module.path, edge.node.line, "and used from here")
                    for edge in self._model.callers(connection.function)[:2]
                    if self._mine(edge.caller.module.path)
                ]
        return found[:4]

    def _owns_file(self) -> bool:
        """Is the database a SQLite file that only the service makes?"""
        engines = {
            address.place.engine
            for connection in self._facts.connections
            if connection.orm and self._mine(connection.path)
            for address in connection.addresses
            if address.place.engine is not None
        }
        return engines == {"sqlite"}

    # --- called at all? ---

    def _is_called(self, creation: Creation) -> bool:
        """May the call run at all? Whatever names its function besides its own definition and
        imports may call it."""
        function = creation.function
        if isinstance(function.node, s.Module):
            return True
        if function.node.decorators or function.cls is not None or function.parent is not None:
            return True
        if self._starts(function):
            return True
        name = function.name
        if any(_mentions(text, name) for text in self._provision.texts.values()):
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

    def _only_as_program(self, creation: Creation) -> bool:
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

    def _served(self, creations: Sequence[Creation]) -> tuple[str, int, str] | None:
        """The line that starts the service by a server; None where it may also be started as the
        program that creates the tables."""
        paths = {creation.path for creation in creations}
        for creation in creations:
            for edge in self._model.callers(creation.function):
                paths.add(edge.caller.module.path)
        if self._provision.by_hand or any(self._provision.runs_file(path) for path in paths):
            return None
        places = self._provision.servers or self._provision.documented
        return places[0] if places else None

    # --- another metadata ---

    def _elsewhere(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """Entities on a metadata that no create_all is called on."""
        created = {item for creation in creations for item in creation.metadata or ()}
        engines = [c for c in self._facts.connections if c.orm and self._mine(c.path)]
        if len(engines) > 1:
            return
        for metadata, entities in self._by_metadata.items():
            left = self._without_ddl(entities)
            if metadata in created or not left:
                continue
            mine = [item for item in creations if self._mine(item.path)]
            if not mine:
                continue
            other = mine[0]
            names = ", ".join(item.name for item in other.metadata or ())
            related = [
                Related(other.path, other.node.line, f"creates the tables of {names} only"),
            ]
            if metadata.path is not None:
                related.append(
                    Related(metadata.path, metadata.line, f"{metadata.name} has its own metadata")
                )
            first = left[0]
            yield Missing(
                left,
                _class_node(first),
                first.path,
                f"{_is(left)} never created: {first.name} is on the metadata of {metadata.name}, "
                f"and {other.path}:{other.node.line} creates only that of {names}.",
                f"Derive {first.name} from the base whose metadata is created, or call "
                f"create_all() on {metadata.name}.metadata too.",
                tuple(related),
                certain=any(self._is_used(item) for item in left),
            )

    def _is_used(self, entity: Entity) -> bool:
        """Does service code outside of the entity's own module, and of packages that only hand it
        on, speak of the entity?"""
        return any(
            edge.symbol == entity.name
            and edge.target == entity.path
            and not edge.type_only
            and self._mine(edge.source)
            and not edge.source.endswith("__init__.py")
            for edge in self._model.import_edges
        ) or self._referred(entity)

    def _referred(self, entity: Entity) -> bool:
        """Does another entity relate to it, or another module of the same file use it?"""
        return any(
            relation.target == entity.name
            for other in self._entities
            if other is not entity
            for relation in other.relations.values()
        ) or any(
            isinstance(node, s.Call) and getattr(node.func, "id", "") == entity.name
            for node in s.walk(self._model.modules[entity.path])
        )

    # --- not loaded in time ---

    def _unloaded(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """Entities whose module is not loaded when create_all runs."""
        if self._loading.dynamic(self._view) or any(
            not self._mine(item.path) for item in creations
        ):
            return
        by_place: defaultdict[str, list[Entity]] = defaultdict(list)
        for entity in self._entities:
            metadata = self._finder.of_entity(entity)
            at = [item for item in creations if metadata in (item.metadata or ())]
            if metadata is None or not at:
                continue
            if all(self._too_early(entity, item) for item in at):
                by_place[entity.path].append(entity)
        for path, entities in by_place.items():
            left = self._without_ddl(entities)
            if left:
                yield self._early(path, left, creations[0])

    def _early(self, path: str, entities: Sequence[Entity], creation: Creation) -> Missing:
        first = entities[0]
        at = f"{creation.path}:{creation.node.line}"
        later = creation.path == path or self._imports_back(first, creation)
        importers = sorted(
            source for source in self._loading.importers(path)
            if self._mine(source) and source != path
        )  # fmt: skip
        if later:
            what = f"create_all() in {at} runs while {path} is not loaded yet."
        elif importers:
            what = f"nothing that create_all() in {at} runs after imports {path}."
        else:
            what = f"nothing imports {path}, so create_all() in {at} does not know of it."
        return Missing(
            entities,
            _class_node(first),
            path,
            f"{_is(entities)} never created: {what}",
            f"Import {path} before create_all() is called, best where it is called.",
            (Related(creation.path, creation.node.line, "creates what is loaded by then"),),
            certain=any(self._is_used(item) for item in entities),
        )

    def _imports_back(self, entity: Entity, creation: Creation) -> bool:
        return creation.path in self._loading.closure([entity.path])

    def _too_early(self, entity: Entity, creation: Creation) -> bool:
        """Is the entity not defined yet, however the program was started?"""
        loading = self._loading
        path, line = creation.path, creation.node.line
        if not isinstance(creation.function.node, s.Module):
            return entity.path not in loading.at_call(path, creation.function)
        if self._view.surroundings.under_main(path, creation.node):
            return entity.path not in loading.closure([path])
        if entity.path == path:
            return entity.span[0] > line
        if entity.path in loading.before(path, line):
            return False
        if path in loading.closure([entity.path]):
            return True
        others = loading.closure(loading.importers(path), without=path)
        return entity.path not in others


def _is(entities: Sequence[Entity]) -> str:
    return "is" if len(entities) == 1 else "are"


def _class_node(entity: Entity) -> s.Node:
    assert entity.cls is not None
    return entity.cls.node


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
