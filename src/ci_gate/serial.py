"""Objects of known classes as bytes and back: for the cache, and from the processes that parse.

The bytes are a pickle, the fastest form there is for millions of small objects. It is read by an
unpickler that knows a few classes of plain data and nothing else, so that all it can make is such
data; and the cache hands out only what this user sealed (docs/decisions/0011-cache.md).
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

Root = TypeVar("Root")

_PROTOCOL: Final = 5


class Unreadable(Exception):
    """The bytes are not of the form asked for."""


class Codec(Generic[Root]):
    """Objects of ``root`` that are made of ``classes`` (dataclasses and enums), of lists, tuples,
    dictionaries, text, numbers and bytes."""

    def __init__(self, root: type[Root], classes: Iterable[type]) -> None:
        self._root = root
        self._known = {(kind.__module__, kind.__qualname__): kind for kind in classes}
        self._table = copyreg.dispatch_table | {
            kind: reducer(kind) for kind in self._known.values()
        }

    def dump(self, value: Root) -> bytes | None:
        """``value`` as bytes; None for what nests too deeply."""
        stream = io.BytesIO()
        pickler = pickle.Pickler(stream, _PROTOCOL)
        pickler.dispatch_table = self._table
        try:
            pickler.dump(value)
        except (RecursionError, MemoryError):
            return None
        return stream.getvalue()

    def load(self, data: bytes) -> Root:
        """What :meth:`dump` was given.

        Raises:
            Unreadable: that is not what the bytes are.
        """
        try:
            value = _Unpickler(io.BytesIO(data), self._known).load()
        except Exception as error:  # whatever a damaged pickle makes of itself
            raise Unreadable(f"{type(error).__name__}: {error}") from None
        if not isinstance(value, self._root):
            raise Unreadable(f"no {self._root.__name__}")
        return value


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, known: Mapping[tuple[str, str], type]) -> None:
        super().__init__(stream)
        self._known = known

    def find_class(self, module_name: str, global_name: str) -> Any:
        kind = self._known.get((module_name, global_name))
        if kind is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not expected here")
        return kind


def reducer(kind: type) -> Callable[[Any], tuple[type, Any]]:
    """What pickles values of a dataclass or enum as their class with positional values, which is
    the fastest form."""
    if not is_dataclass(kind):  # an enum, which Python 3.11.2 would look up by getattr
        return lambda value: (kind, (value.value,))
    names = [item.name for item in fields(kind) if item.init]
    if not names:
        return lambda _: (kind, ())
    if len(names) == 1:
        return lambda value: (kind, (getattr(value, names[0]),))
    values = attrgetter(*names)
    return lambda value: (kind, values(value))
