"""Where to look when a request was answered wrongly and nothing says where it broke."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.syntax import Module
from ci_gate.repository import Changes
from ci_gate.scorecard.model import Look

_SHOWN = 4
_LINES = 5_000  # of a function, at most


class Looks:
    """The handler of an endpoint, and the places that a change touches in code that it reaches."""

    def __init__(self, model: CodeModel, changes: Changes | None) -> None:
        self._model = model
        self._touched = _touched(changes) if changes is not None else {}
        self._known: dict[str, tuple[Look, ...]] = {}

    def of(self, endpoint: str) -> tuple[Look, ...]:
        if endpoint not in self._known:
            found: dict[tuple[str, int], Look] = {}
            for look in self._find(endpoint):
                found.setdefault((look.path, look.line), look)
            self._known[endpoint] = tuple(found.values())[:_SHOWN]
        return self._known[endpoint]

    def _find(self, endpoint: str) -> Iterator[Look]:
        routes = [route for route in self._model.routes if route.endpoint == endpoint]
        handlers = [handler for route in routes for handler in route.handlers]
        for handler in handlers[:1]:  # the others run before it
            yield Look(handler.module.path, handler.node.line, "handles it")
        if not self._touched:
            return
        further = self._model.reachable(handlers).difference(handlers)
        reached = [*handlers, *sorted(further, key=lambda f: (f.module.path, f.node.span))]
        inside = [look for function in reached for look in self._changed_in(function)]
        yield from inside
        if inside:
            return
        paths = dict.fromkeys([*(r.module for r in routes), *(f.module.path for f in reached)])
        imported = (edge.target for path in paths for edge in self._model.imports_of(path))
        for path in dict.fromkeys([*paths, *(str(target) for target in imported if target)]):
            for line in sorted(self._touched.get(path, ())):
                around = self._model.enclosing(path, line)
                if around is None or isinstance(around.node, Module):
                    yield Look(path, line, "changed")
                    break

    def _changed_in(self, function: FunctionInfo) -> Iterator[Look]:
        if isinstance(function.node, Module):
            return
        decorated = [item.line for item in function.node.decorators]
        first, last = min([function.node.line, *decorated]), function.node.span[2]
        touched = self._touched.get(function.module.path, frozenset())
        inside = [line for line in touched if first <= line <= min(last, first + _LINES)]
        if inside:
            yield Look(function.module.path, min(inside), "changed")


def _touched(changes: Changes) -> dict[str, frozenset[int]]:
    """Lines that are new or different, and those behind which lines are gone."""
    paths = {*changes.lines, *changes.removals}
    return {
        path: changes.lines.get(path, frozenset()) | changes.removals.get(path, frozenset())
        for path in paths
    }
