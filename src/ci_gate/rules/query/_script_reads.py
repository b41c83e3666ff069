"""JavaScript: whether a property of a row is read as one that is surely there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import ColumnRead, Place, Ran, Run
from ci_gate.codemodel.model import CodeModel, FunctionInfo

_LENIENT: Final = frozenset({"or", "and", "??", "==", "!=", "===", "!==", "in"})
_ASKING: Final = frozenset({"Boolean", "hasOwn", "hasOwnProperty", "has"})


def is_plain(model: CodeModel, reads: Sequence[tuple[Run, ColumnRead]]) -> bool:
    """Do ``reads`` show all there is of one read, and does nobody reckon with undefined?"""
    _, first = reads[0]
    function = first.place.function
    if is_tested(model, first.place, first.name):
        return False
    if all(_runs_in(function, run, event) for run, event in reads):
        return True
    seen = {call for _, read in reads for call, _ in read.place.calls}
    return all(edge.node in seen for edge in model.callers(function))


def is_tested(model: CodeModel, place: Place, name: str) -> bool:
    """Does the function that reads a property of this name ask anywhere whether it is there?"""
    return any(_is_lenient(model, place.path, node) for node in _alike(place.function.node, name))


def _runs_in(function: FunctionInfo, run: Run, read: ColumnRead) -> bool:
    """Is the row of a statement that the same function runs?"""
    texts = set(read.row.texts)
    return any(
        isinstance(event, Ran) and event.place.function is function and texts & set(event.texts)
        for event in run.events
    )


def _alike(function: s.Node, name: str) -> list[s.Node]:
    """The reads of a property of this name in a function."""
    return [
        node for node in s.walk(function) if isinstance(node, s.Attribute) and node.name == name
    ]


def _is_lenient(model: CodeModel, path: str, node: s.Node) -> bool:
    """Is the value asked for, set, or given another in its place?"""
    enclosing = model.surroundings.of(path, node)
    around = next((item for item in enclosing if not isinstance(item.node, s.Argument)), None)
    if around is None or around.branch in ("targets", "target", "test", "func"):
        return True
    match around.node:
        case s.Binary(op=op):
            return op in _LENIENT
        case s.Unary(op=op):
            return op in ("not", "typeof", "delete")
        case s.Call(func=s.Name(id=name)) | s.Call(func=s.Attribute(name=name)):
            return name in _ASKING
    return False
