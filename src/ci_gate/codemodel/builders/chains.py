"""Chains of method calls: ``root.first(…).second(…)``."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.data import dataclass

_MAX_STEPS: Final = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a chain; ``name`` is empty where the result before it is called itself."""

    name: str
    call: s.Call

    def argument(self, position: int) -> s.Expr | None:
        return self.call.argument(position)


@dataclass(frozen=True, slots=True)
class Chain:
    """``root`` is what the first call is made on; ``attributes`` stand between it and that call
    (``db.query.users.findMany()``)."""

    root: s.Expr
    steps: tuple[Step, ...]
    attributes: tuple[str, ...] = ()
    awaited: bool = False

    @property
    def whole(self) -> s.Call:
        return self.steps[-1].call

    def names(self) -> frozenset[str]:
        return frozenset(step.name for step in self.steps)

    def step(self, *names: str) -> Step | None:
        """The first call of one of these names."""
        return next((item for item in self.steps if item.name in names), None)


def chain_of(call: s.Expr) -> Chain | None:
    """The chain that ends with ``call``. A root that is called itself (``knex("users")``) makes the
    first step, without a name."""
    steps: list[Step] = []
    attributes: list[str] = []
    awaited = False
    expr: s.Expr = call
    for _ in range(_MAX_STEPS):
        if isinstance(expr, s.Call) and not expr.new:
            if isinstance(expr.func, s.Attribute):
                steps.append(Step(expr.func.name, expr))
                expr, attributes = expr.func.value, []
            else:
                steps.append(Step("", expr))
                expr, attributes = expr.func, []
        elif isinstance(expr, s.Attribute):
            attributes.insert(0, expr.name)
            expr = expr.value
        elif isinstance(expr, s.Await):
            if not steps:
                return chain_of(expr.value)
            if not is_misread(expr, call):
                return None  # what an awaited chain gives is no builder any more
            awaited, expr = True, expr.value
        else:
            break
    if not steps:
        return None
    return Chain(expr, tuple(reversed(steps)), tuple(attributes), awaited)


def is_misread(awaited: s.Await, around: s.Expr) -> bool:
    """``await db.from<T>("a").where(…)``, which the grammar reads as ``(await db.from<T>("a"))``
    with a call behind it: there are no parentheses where the whole begins."""
    return awaited.span[:2] == around.span[:2]


def outermost(surroundings: Surroundings, path: str, call: s.Call) -> s.Call:
    """The last call of the chain that ``call`` is in."""
    last = call
    node: s.Node = call
    for enclosing in surroundings.of(path, call):
        around = enclosing.node
        if isinstance(around, s.Attribute) and enclosing.branch == "value":
            node = around
        elif isinstance(around, s.Call) and enclosing.branch == "func" and around.func is node:
            last, node = around, around
        else:
            break
    return last
