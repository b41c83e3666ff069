"""Runs as bytes, for the process that has the same program.

What a run speaks of is in both processes: nodes, functions, classes, routes and entities are told
by their place in the program, and stay the objects that they are. The rest is sent as it is. Frames
are left out: nobody asks a run what a function's names held.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from typing import Any, Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import domain, events
from ci_gate.codemodel.entities import Entities, Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Route
from ci_gate.serial import reducer

_PROTOCOL: Final = 5
_NO_FRAME: Final = -1
_KNOWN: Final = (s.Node, FunctionInfo, ClassInfo, Route, Entity)

Key: TypeAlias = tuple[str, Any]
"""Where both processes have an object: ``module`` (path); ``visited``, ``part``, ``node`` (path,
number in the module among those that have a scope, the parameters and arguments, all);
``function``, ``class`` (qualified name); ``route``, ``entity`` (number). ``made``: it is sent."""


class Parcels:
    """Packs runs in one process and unpacks them in another with the same model."""

    def __init__(self, model: CodeModel, entities: Entities) -> None:
        self._model = model
        self._entities = entities

    def pack(self, content: object) -> bytes | None:
        """Runs, and what else is made of the same things; None for what nests too deeply."""
        packer = _Packer()
        try:
            parts = [packer.packed(content)]
            keys: list[Key] = []
            while len(keys) < len(packer.met):
                new = packer.met[len(keys) :]
                for item, key in zip(new, self._keys(new), strict=True):
                    keys.append(key)
                    if key[0] == "made":
                        values = [getattr(item, name) for name in _names(type(item))]
                        parts.append(packer.packed(values))
            return pickle.dumps(
                (parts, keys, [type(item) for item in packer.made(keys)]), _PROTOCOL
            )
        except (RecursionError, MemoryError):
            return None

    def unpack(self, data: bytes) -> Any:
        """What :meth:`pack` was given."""
        parts, keys, kinds = pickle.loads(data)
        made = [kind.__new__(kind) for kind in kinds]
        table = self._table(keys, made)
        for item, part in zip(made, parts[1:], strict=True):
            for name, value in zip(_names(type(item)), _unpacked(part, table), strict=True):
                setattr(item, name, value)
        return _unpacked(parts[0], table)

    # --- places ---

    def _keys(self, objects: Iterable[object]) -> list[Key]:
        objects = list(objects)
        places = self._places({item for item in objects if isinstance(item, s.Node)})
        return [
            places.get(item, ("made", None)) if isinstance(item, s.Node) else self._key(item)
            for item in objects
        ]

    def _places(self, wanted: set[s.Node]) -> dict[s.Node, Key]:
        """Where the nodes are that stand in a file. Only what has to be is looked through: each
        object that is looked at is copied with the page of memory that it lies on."""
        model = self._model
        places: dict[s.Node, Key] = {
            node: ("module", node.path)
            for node in wanted
            if isinstance(node, s.Module) and model.modules.get(node.path) is node
        }

        def look(kind: str, path: str, nodes: Iterable[s.Node]) -> None:
            places.update(
                (node, (kind, (path, number)))
                for number, node in enumerate(nodes)
                if node in wanted
            )

        for path in {found for node in wanted if (found := model.path_of(node)) is not None}:
            look("visited", path, model.visited(path))
        if wanted - places.keys() - model.made_up:
            for path in model.modules:
                look("part", path, model.parts(path))
        if wanted - places.keys() - model.made_up:
            for path, module in model.modules.items():
                look("node", path, s.walk(module))
        return places

    def _key(self, item: object) -> Key:
        model = self._model
        if isinstance(item, FunctionInfo):
            found: object = model.functions.get(item.qualname)
            key: Key = ("function", item.qualname)
        elif isinstance(item, ClassInfo):
            found, key = model.classes.get(item.qualname), ("class", item.qualname)
        else:
            number = self._numbers.get(id(item))
            kind = "route" if isinstance(item, Route) else "entity"
            found, key = (None if number is None else item), (kind, number)
        return key if found is item else ("made", None)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Of routes and entities, by identity."""
        return {
            id(item): number
            for items in (self._model.routes, list(self._entities))
            for number, item in enumerate(items)
        }

    def _table(self, keys: Sequence[Key], made: Sequence[object]) -> list[object]:
        model, waiting = self._model, iter(made)
        entities = list(self._entities)
        paths = {place[0] for kind, place in keys if kind == "node"}
        nodes = {path: list(s.walk(model.modules[path])) for path in paths}
        find: dict[str, Callable[[Any], object]] = {
            "module": lambda path: model.modules[path],
            "visited": lambda place: model.visited(place[0])[place[1]],
            "part": lambda place: model.parts(place[0])[place[1]],
            "node": lambda place: nodes[place[0]][place[1]],
            "function": lambda name: model.functions[name],
            "class": lambda name: model.classes[name],
            "route": lambda number: model.routes[number],
            "entity": lambda number: entities[number],
            "made": lambda _: next(waiting),
        }
        return [find[kind](place) for kind, place in keys]


class _Packer:
    def __init__(self) -> None:
        self.met: list[object] = []
        self._numbers: dict[int, int] = {}

    def packed(self, content: object) -> bytes:
        stream = io.BytesIO()
        pickler = _Pickler(stream, self)
        pickler.dump(content)
        return stream.getvalue()

    def number(self, item: object) -> int:
        found = self._numbers.get(id(item))
        if found is None:
            found = self._numbers[id(item)] = len(self.met)
            self.met.append(item)
        return found

    def made(self, keys: Sequence[Key]) -> list[object]:
        return [item for item, key in zip(self.met, keys, strict=True) if key[0] == "made"]


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, packer: _Packer) -> None:
        super().__init__(stream, _PROTOCOL)

        def told(item: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            return _found, (packer.number(item),)

        # Not by persistent_id, which is asked for every number and text, too.
        self.dispatch_table = {**_reducers(), **dict.fromkeys(_known_kinds(), told)}


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, table: Sequence[object]) -> None:
        super().__init__(stream)
        self._objects = [*table, None]  # the last one for _NO_FRAME

    def find_class(self, module_name: str, global_name: str) -> Any:
        if global_name == _found.__name__ and module_name == __name__:
            return self._objects.__getitem__
        return super().find_class(module_name, global_name)


def _found(number: int) -> object:
    """What stands in the bytes for an object that both processes have."""
    raise NotImplementedError(number)


@cache
def _known_kinds() -> frozenset[type]:
    kinds: set[type] = set()
    waiting: list[type] = list(_KNOWN)
    while waiting:
        kind = waiting.pop()
        if kind not in kinds:
            kinds.add(kind)
            waiting += kind.__subclasses__()
    return frozenset(kinds)


def _unpacked(data: bytes, table: Sequence[object]) -> Any:
    return _Unpickler(io.BytesIO(data), table).load()


@cache
def _reducers() -> dict[type, Callable[[Any], Any]]:
    kinds = [
        kind
        for module in (domain, events)
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind)
    ]
    made = {kind: reducer(kind) for kind in kinds}
    return {**copyreg.dispatch_table, **made, domain.Frame: lambda _: (_found, (_NO_FRAME,))}


def _names(kind: Any) -> list[str]:
    return [item.name for item in fields(kind)]
