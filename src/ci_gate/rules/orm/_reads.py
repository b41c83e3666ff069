"""Attributes that functions read and set on objects of the tree's own classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.writtentypes import Classes
from ci_gate.data import dataclass

_TESTS: Final = frozenset({"isinstance", "issubclass", "type", "hasattr", "callable", "vars"})


@dataclass(frozen=True, slots=True)
class Use:
    """``holder.name`` in a function; ``holders`` are the classes that the holder is an object of
    (``instance``, ``set``) or is itself (``class``)."""

    function: FunctionInfo
    node: s.Attribute
    holders: Classes
    how: Literal["instance", "class", "set"]
    called: bool = False


def service_functions(model: CodeModel) -> Iterator[FunctionInfo]:
    """The Python functions of the running service, in order."""
    for qualname in sorted(model.functions):
        function = model.functions[qualname]
        if function.module.language == "python" and not is_outside(function.module.path):
            yield function


_LOOKED_AT: Final = frozenset({s.Assign, s.Attribute, s.Call, s.Switch, s.Try})


def uses(model: CodeModel, certain: Certain) -> Iterator[Use]:
    """Every attribute of an object or class of the tree that is surely known."""
    for function in service_functions(model):
        nodes = [node for node in model.own_nodes(function) if node.__class__ in _LOOKED_AT]
        guards = Guards(nodes)
        targets = _targets(nodes)
        called = {node.func for node in nodes if isinstance(node, s.Call)}
        for node in nodes:
            if not isinstance(node, s.Attribute) or guards.cover(node):
                continue
            scope = _scope(model, node)
            if scope is None:
                continue
            if node in targets:
                objects = certain.objects(node.value, scope)
                if objects:
                    yield Use(function, node, objects, "set")
                continue
            objects = certain.objects(node.value, scope)
            if objects:
                yield Use(function, node, objects, "instance", node in called)
                continue
            classes = certain.classes(node.value, scope)
            if classes:
                yield Use(function, node, classes, "class", node in called)


def _scope(model: CodeModel, node: s.Node) -> Scope | None:
    try:
        return model.scope_of(node)
    except KeyError:
        return None


def _targets(nodes: Sequence[s.Node]) -> set[s.Node]:
    return {
        target
        for node in nodes
        if isinstance(node, s.Assign) and node.op is None
        for target in node.targets
    }


class Guards:
    """The reads of a function that it expects to fail, or makes after a test of the object."""

    def __init__(self, nodes: Sequence[s.Node]) -> None:
        self._nodes: set[s.Node] = set()
        self._tested: set[str] = set()
        for node in nodes:
            if isinstance(node, s.Try) and any(_expects(item) for item in node.handlers):
                for statement in node.body:
                    self._nodes.update(s.walk(statement))
            elif isinstance(node, s.Switch):
                self._tested.add(s.dotted(node.subject))
            elif isinstance(node, s.Call) and isinstance(node.func, s.Name):
                first = node.argument(0)
                if node.func.id in _TESTS and first is not None:
                    self._tested.add(s.dotted(first))

    def cover(self, node: s.Attribute) -> bool:
        return node in self._nodes or (s.dotted(node.value) or "?") in self._tested


def _expects(handler: s.Handler) -> bool:
    return handler.type is not None and any(
        isinstance(node, s.Name) and node.id in ("AttributeError", "NameError")
        for node in s.walk(handler.type)
    )
