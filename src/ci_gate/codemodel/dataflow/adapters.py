"""A library's part in a run: one adapter for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import web
from ci_gate.codemodel.dataflow.domain import (
    Args,
    Frame,
    Item,
    Library,
    Many,
    Method,
    Request,
    Val,
    of,
)
from ci_gate.codemodel.program import ClassInfo, Route

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine


class Adapter:
    """What a library's objects do. Every answer is None for what is not its business."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def value(self, path: str) -> Val | None:
        """What a library path stands for."""
        del path
        return None

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        del item, args, node, frame
        return None

    def attribute(self, item: Item, name: str, node: s.Node, frame: Frame) -> Val | None:
        del item, name, node, frame
        return None

    def set_attribute(self, item: Item, target: s.Attribute, value: Val, frame: Frame) -> bool:
        del item, target, value, frame
        return False

    def item(self, item: Item, key: Val, node: s.Node, frame: Frame) -> Val | None:
        del item, key, node, frame
        return None

    def iterated(self, item: Item, node: s.Node, frame: Frame) -> Many | None:
        del item, node, frame
        return None

    def entered(self, manager: Val, node: s.Expr, frame: Frame) -> Val | None:
        """What ``with manager as x`` binds."""
        del manager, node, frame
        return None

    def around(
        self, item: Item, node: s.Expr, frame: Frame, body: Callable[[Val], bool]
    ) -> bool | None:
        """Run ``body`` inside the context manager ``item``; true when control has left it."""
        del item, node, frame, body
        return None

    def tested(self, item: Item, node: s.Expr, frame: Frame) -> None:
        """The item is asked for its truth, its length, or whether it holds something."""
        del item, node, frame

    def combined(self, op: str, left: Val, right: Val) -> Val | None:
        """What an operator makes of the library's objects."""
        del op, left, right
        return None

    def constructed(self, cls: ClassInfo, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        """What a class of the tree makes that derives from one of the library's."""
        del cls, args, node, frame
        return None

    def member(
        self, cls: ClassInfo, this: Val, name: str, node: s.Node, frame: Frame
    ) -> Val | None:
        """What an object of such a class has from the library."""
        del cls, this, name, node, frame
        return None

    def action(self, route: Route) -> str | None:
        """The method of a view's class that answers a route."""
        del route
        return None

    def answer(self, route: Route, this: Val, action: str) -> Val | None:
        """Answer a route as the library's own view does."""
        del route, this, action
        return None

    def inherited(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        """A method of a library's base class, called through ``super()``."""
        del cls, this, name, args, node, frame
        return None


class Web(Adapter):
    """Request objects."""

    def value(self, path: str) -> Val | None:
        return of(Request()) if web.is_request(path) else None

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if isinstance(item, Method) and isinstance(item.owner, Request):
            return web.request_method(item.name, args)
        if isinstance(item, Method) and isinstance(item.owner, Library):
            return web.context_value(self.machine, args)
        del node, frame
        return None


def adapters(machine: Machine) -> list[Adapter]:
    from ci_gate.codemodel.dataflow.django import Django  # noqa: PLC0415  a cycle
    from ci_gate.codemodel.dataflow.drivers import Drivers  # noqa: PLC0415  a cycle
    from ci_gate.codemodel.dataflow.rest_framework import RestFramework  # noqa: PLC0415
    from ci_gate.codemodel.dataflow.sqlalchemy import SqlAlchemy  # noqa: PLC0415  a cycle

    django = Django(machine)
    return [
        Web(machine), SqlAlchemy(machine), django, RestFramework(machine, django), Drivers(machine)
    ]  # fmt: skip
