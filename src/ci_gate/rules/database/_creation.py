"""Which entities' tables the service never creates, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules.base import Facts
from ci_gate.rules.database._loading import Loading
from ci_gate.rules.database._metadata import Creation
from ci_gate.rules.database._provision import is_test
from ci_gate.rules.database._schema_facts import SchemaFacts
from ci_gate.rules.database._service import ServiceView
from ci_gate.stack.model import Service


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
    """What is not created of one service's schema."""

    def __init__(self, facts: Facts, view: ServiceView, service: Service) -> None:
        self._facts = facts
        self._view = view
        self._own = SchemaFacts(facts, view, service)
        self._loading = Loading(facts.model)

    def missing(self) -> Iterator[Missing]:
        """Every group of entities whose tables nothing creates, each for one reason."""
        if (
            not self._own.by_metadata
            or self._own.provision.migrations is not None
            or self._own.otherwise()
        ):
            return
        creations = list(self._own.finder.creations())
        mine = [item for item in creations if not is_outside(item.path)]
        if not mine and self._own.provision.migrates:
            return
        if not mine:
            yield from self._never(creations)
            return
        if any(item.metadata is None for item in mine):
            return
        called = [item for item in mine if self._own.is_called(item)]
        if not called:
            yield from self._uncalled(mine)
            return
        if all(self._own.only_as_program(item) for item in called):
            served = self._own.served(called)
            if served is not None:
                yield from self._by_program(called, served)
                return
        yield from self._elsewhere(mine)
        yield from self._left_out(mine)
        yield from self._unloaded(called)

    def _never(self, elsewhere: Sequence[Creation]) -> Iterator[Missing]:
        """No create_all outside of tests."""
        if self._own.provision.by_hand or self._own.provision.tables or self._own.provision.files:
            return
        if not all(is_test(item.path) for item in elsewhere):
            return  # a script makes them
        opened = self._own.opened()
        if not opened or len(self._facts.stack.services) > 1:
            return
        related = [*opened]
        for item in elsewhere[:1]:
            related.append(Related(item.path, item.node.line, "only this creates tables"))
        first = self._own.entities[0]
        tests = " but the tests" if elsewhere else ""
        yield Missing(
            self._own.entities,
            self._own.node(first),
            first.path,
            f"{_is(self._own.entities)} never created: nothing calls create_all(){tests}, "
            "and there is no migration.",
            "Call metadata.create_all(engine) where the service starts, or add migrations.",
            tuple(related),
            certain=self._own.owns_file(),
            everything=True,
            consequence="" if self._own.owns_file() else ", unless somebody made it by hand",
        )

    def _uncalled(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """A function creates the tables, and nothing calls it."""
        if self._own.provision.by_hand or self._own.provision.tables:
            return
        creation = creations[0]
        related = [
            Related(creation.path, creation.node.line, "create_all() is here"),
            *self._own.opened(),
        ]
        name = creation.function.name
        entities = self._own.created_by(creation) or self._own.entities
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
        entities = self._own.created_by(creation) or self._own.entities
        path, line, text = served
        yield Missing(
            entities,
            creation.node,
            creation.path,
            f"{_is(entities)} created only where {creation.path} is run as a program, "
            f"but {path}:{line} starts the service by a server (`{text}`), which imports it.",
            "Create the tables where the application is built (its factory or start-up handler).",
            (Related(path, line, "starts the service"), *self._own.opened()),
            everything=True,
        )

    def _elsewhere(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """Entities on a metadata that no create_all is called on."""
        created = {item for creation in creations for item in creation.metadata or ()}
        engines = [c for c in self._facts.connections if c.orm and self._own.holds(c.path)]
        if len(engines) > 1:
            return
        for metadata, entities in self._own.by_metadata.items():
            left = self._own.without_ddl(entities)
            if metadata in created or not left:
                continue
            mine = [item for item in creations if self._own.holds(item.path)]
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
                self._own.node(first),
                first.path,
                f"{_is(left)} never created: {first.name} is on the metadata of {metadata.name}, "
                f"and {other.path}:{other.node.line} creates only that of {names}.",
                f"Derive {first.name} from the base whose metadata is created, or call "
                f"create_all() on {metadata.name}.metadata too.",
                tuple(related),
                certain=any(self._own.is_used(item) for item in left),
            )

    def _left_out(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """Entities that no list of tables to create has."""
        listed = {node for creation in creations for node in creation.tables or ()}
        for metadata, entities in self._own.by_metadata.items():
            mine = [item for item in creations if metadata in (item.metadata or ())]
            if not mine or any(item.tables is None for item in mine):
                continue
            left = self._own.without_ddl([i for i in entities if self._own.node(i) not in listed])
            if left:
                at = mine[0]
                yield Missing(
                    left,
                    self._own.node(left[0]),
                    left[0].path,
                    f"{_is(left)} never created: the tables= of create_all() in "
                    f"{at.path}:{at.node.line} leaves {'it' if len(left) == 1 else 'them'} out.",
                    "Add it to the list, or create all tables of the metadata.",
                    (Related(at.path, at.node.line, "creates only the tables in its list"),),
                    certain=any(self._own.is_used(item) for item in left),
                )

    def _unloaded(self, creations: Sequence[Creation]) -> Iterator[Missing]:
        """Entities whose module is not loaded when create_all runs."""
        if self._loading.dynamic(self._view) or any(
            not self._own.holds(item.path) for item in creations
        ):
            return
        by_place: defaultdict[str, list[Entity]] = defaultdict(list)
        for entity in self._own.entities:
            metadata = self._own.finder.of_entity(entity)
            at = [item for item in creations if metadata in (item.metadata or ())]
            if metadata is None or not at or any(item.tables is not None for item in at):
                continue
            if all(self._too_early(entity, item) for item in at):
                by_place[entity.path].append(entity)
        loaded = {
            path
            for item in creations
            for path in (item.path, *self._loading.at_call(item.path, item.function))
        }
        unresolved = self._loading.unresolved(loaded) if by_place else frozenset()
        for path, entities in by_place.items():
            left = self._own.without_ddl(entities)
            name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
            if left and name not in unresolved:
                yield self._early(path, left, creations[0])

    def _early(self, path: str, entities: Sequence[Entity], creation: Creation) -> Missing:
        first = entities[0]
        at = f"{creation.path}:{creation.node.line}"
        later = creation.path == path or self._imports_back(first, creation)
        importers = sorted(
            source for source in self._loading.importers(path)
            if self._own.holds(source) and source != path
        )  # fmt: skip
        if later:
            what = f"create_all() in {at} runs while {path} is not loaded yet."
        elif importers:
            what = f"no module that is loaded when create_all() runs ({at}) imports {path}."
        else:
            what = f"nothing imports {path}, so create_all() in {at} does not know of it."
        return Missing(
            entities,
            self._own.node(first),
            path,
            f"{_is(entities)} never created: {what}",
            f"Import {path} before create_all() is called, best where it is called.",
            (Related(creation.path, creation.node.line, "creates what is loaded by then"),),
            certain=any(self._own.is_used(item) for item in entities),
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
