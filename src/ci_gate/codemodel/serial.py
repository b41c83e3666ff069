"""A module's facts as bytes and back: for the cache, and from the processes that parse.

The bytes are a pickle, the fastest form there is for millions of small objects. It is read by an
unpickler that knows the node types of :mod:`~ci_gate.codemodel.syntax` and nothing else, so that
all it can make is nodes; and the cache hands out only what this user sealed
(docs/decisions/0011-cache.md).
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from ci_gate.codemodel import syntax

_PROTOCOL: Final = 5


class Unreadable(Exception):
    """The bytes are no module's facts."""


def dump(module: syntax.Module) -> bytes | None:
    """The facts as bytes; None for code that nests too deeply."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, _PROTOCOL)
    pickler.dispatch_table = _TABLE
    try:
        pickler.dump(module)
    except (RecursionError, MemoryError):
        return None
    return stream.getvalue()


def load(data: bytes) -> syntax.Module:
    """What :func:`dump` was given.

    Raises:
        Unreadable: that is not what the bytes are.
    """
    try:
        module = _Unpickler(io.BytesIO(data)).load()
    except Exception as error:  # whatever a damaged pickle makes of itself
        raise Unreadable(f"{type(error).__name__}: {error}") from None
    if not isinstance(module, syntax.Module):
        raise Unreadable("no module")
    return module


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        kind = _KINDS.get(global_name) if module_name == syntax.__name__ else None
        if kind is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no node")
        return kind


def _reducer(kind: type[syntax.Node]) -> Callable[[Any], tuple[type[syntax.Node], Any]]:
    values = attrgetter(*(item.name for item in fields(kind)))
    return lambda node: (kind, values(node))


_KINDS: Final = {
    name: kind
    for name, kind in vars(syntax).items()
    if isinstance(kind, type) and issubclass(kind, syntax.Node) and kind is not syntax.Node
}
_TABLE: Final = copyreg.dispatch_table | {kind: _reducer(kind) for kind in _KINDS.values()}
