"""How the routers of Express and Koa are set up: what each call registers, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.routing.domain import (
    HOLE,
    Args,
    Const,
    ListVal,
    Value,
    items_of,
    library_part,
)
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.views import VERBS
from ci_gate.codemodel.syntax import Span
from ci_gate.data import dataclass

ENDS: Final = frozenset({*VERBS, "del", "all"})


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One call on a router: ``name`` of the method, the ``paths`` that it is given (empty: none;
    None: not known), and the ``values`` that follow them, lists taken apart."""

    router: Router
    name: str
    paths: tuple[str, ...] | None
    values: tuple[Value, ...]
    args: Args

    @property
    def module(self) -> str:
        return self.args.module

    @property
    def span(self) -> Span:
        return self.args.span

    @property
    def routers(self) -> Sequence[Router]:
        """The routers that are mounted by the call."""
        found = [library_part(value) for value in self.values]
        return [item for item in found if isinstance(item, Router)]


def routers(model: CodeModel, framework: str) -> Iterator[Router]:
    for router in model.route_table.routers:
        if router.framework == framework:
            yield router


def steps(router: Router) -> Iterator[Step]:
    """The calls that register something, in the order in which they run."""
    for call in router.calls:
        if call.name not in ENDS and call.name not in ("use", "route"):
            continue
        values = list(call.args.positional)
        if call.name in ENDS and router.framework == "express" and len(values) < 2:
            continue  # app.get("setting")
        if router.framework == "koa" and len(values) > 2 and _is_path(values[0]):
            values = values[_is_path(values[1]) :]  # router.get("name", "/path", view)
        paths: tuple[str, ...] | None = ()
        if values and _is_path(values[0]):
            paths, values = _texts(values[0]), values[1:]
        elif values and call.name != "use":
            paths, values = None, values[1:]
        flat = tuple(item for value in values for item in items_of(value))
        yield Step(router, call.name, paths, flat, call.args)


def _is_path(value: Value) -> bool:
    if isinstance(value, ListVal):
        return bool(value.items) and all(_is_path(item) for item in value.items)
    return isinstance(value, Const) and isinstance(value.value, str)


def _texts(value: Value) -> tuple[str, ...]:
    """The paths that are known in whole."""
    return tuple(
        item.value
        for item in items_of(value)
        if isinstance(item, Const) and isinstance(item.value, str) and HOLE not in item.value
    )
