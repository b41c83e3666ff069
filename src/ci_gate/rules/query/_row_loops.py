"""JavaScript: queries that run once for each row of another query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.mongoose.queries import WRITES as MONGOOSE_WRITES
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.prisma.client import WRITES as PRISMA_WRITES
from ci_gate.codemodel.sequelize.origins import EACH
from ci_gate.codemodel.sequelize.queries import WRITES
from ci_gate.codemodel.typeorm.queries import WRITES as TYPEORM_WRITES
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.query._builder_rows import WRITES as BUILDER_WRITES
from ci_gate.rules.query._builder_rows import BuilderRows
from ci_gate.rules.query._mongoose_rows import MongooseRows
from ci_gate.rules.query._row_sources import (
    Listing,
    PrismaRows,
    RowSource,
    SequelizeRows,
    TypeormRows,
)
from ci_gate.rules.query._text_rows import TextRows

_MAX_DEPTH: Final = 5
_MAX_WRITES: Final = 2
_CROWDS: Final = ", and `Promise.all` takes all connections of the pool at once"
#: What stores, on a model or on a row.
_STORING: Final = (
    WRITES
    | PRISMA_WRITES
    | BUILDER_WRITES
    | TYPEORM_WRITES
    | MONGOOSE_WRITES
    | {"save", "destroy", "update", "increment", "decrement", "restore"}
)
_EVERY: Final = EACH - {"find", "findIndex", "findLast", "some", "every"}
#: A query that is only asked where something is not there yet is not one for each row.
_ONCE: Final = regex(r"cache|memo|seen|loaded|known|visited|has$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop over rows; ``names`` hold the row in ``body``. ``waits``: it awaits something."""

    node: s.Node
    body: tuple[s.Node, ...]
    names: frozenset[str]
    scope: Scope
    rows: Listing
    source: RowSource
    waits: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """A query for each row: where it stands, and what it is called."""

    path: str
    call: s.Call
    what: str
    batched: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    call: s.Call
    scope: Scope
    read: _Read


class RowLoops:
    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._surroundings = facts.entities.sequelize.origins.surroundings
        sources: tuple[RowSource, ...] = (
            SequelizeRows(facts.entities.sequelize),
            PrismaRows(facts.entities.prisma),
            BuilderRows(facts.builders),
            TypeormRows(facts.entities.typeorm),
            MongooseRows(facts.entities.mongoose),
        )
        texts = TextRows(facts, facts.entities.sequelize.origins)
        sources = (*sources, texts)
        self._at_once = texts.at_once
        self._sources = [source for source in sources if source.present()]
        handlers = [handler for route in facts.model.routes for handler in route.handlers]
        self._served = facts.model.reachable(handlers)
        self._found: dict[FunctionInfo, _Read | None] = {}

    def queries(self) -> Iterator[Defect]:
        if not self._sources:
            return
        for path, module in sorted(self._model.modules.items()):
            if module.language == "python" or is_outside(path):
                continue
            nodes: list[s.Node] = [*self._model.nodes_of(module, s.For)]
            nodes += self._model.nodes_of(module, s.Call)
            for node in sorted(dict.fromkeys(nodes), key=lambda item: item.span[:2]):
                loop = self._loop(path, node)
                hit = self._hit(loop) if loop is not None else None
                if loop is not None and hit is not None:
                    yield self._defect(loop, hit)

    # --- loops ---

    def _is_gathered(self, path: str, call: s.Call) -> bool:
        """``Promise.all(rows.map(…))``."""
        for enclosing in self._surroundings.of(path, call):
            node = enclosing.node
            if isinstance(node, s.Call):
                func = node.func
                return isinstance(func, s.Attribute) and func.name in ("all", "allSettled")
            if not isinstance(node, s.Argument):
                return False
        return False

    def _loop(self, path: str, node: s.Node) -> _Loop | None:
        if isinstance(node, s.For) and not node.is_async:
            waits = _waits(node.body)
            if any(_leaves(item) for item in node.body) or not (waits or self._at_once):
                return None
            return self._over(node, node.iter, tuple(node.body), node.target, waits)
        if isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
            callback = node.argument(0)
            if node.func.name not in _EVERY or not isinstance(callback, s.FunctionExpr):
                return None
            function = callback.function
            waits = function.is_async or self._is_gathered(path, node)
            if not function.params or not (waits or self._at_once):
                return None
            param = function.params[0]
            target: s.Expr = param.pattern or s.Name(param.span, param.name)
            return self._over(node, node.func.value, tuple(function.body), target, waits)
        return None

    def _over(
        self, node: s.Node, over: s.Expr, body: tuple[s.Node, ...], target: s.Expr, waits: bool
    ) -> _Loop | None:
        try:
            scope = self._model.scope_of(node)
        except KeyError:
            return None
        names = {part.id for part in s.walk(target) if isinstance(part, s.Name)}
        for source in self._sources:
            for rows in source.listings(over, scope):
                return _Loop(node, body, _derived(body, names), scope, rows, source, waits)
        return None

    # --- what runs in them ---

    def _writes(self, nodes: tuple[s.Node, ...], depth: int) -> bool:
        """Is something stored for each row too? Then each takes statements of its own anyway."""
        for statement in nodes:
            for node in s.walk(statement):
                if not isinstance(node, s.Call):
                    continue
                if isinstance(node.func, s.Attribute) and node.func.name in _STORING:
                    return True
                asked = [source.asked(node) for source in self._sources]
                if any(item is not None and not item.reads for item in asked):
                    return True
                values = self._model.evaluate(node.func) if depth < _MAX_WRITES else ()
                for value in values:
                    if (
                        isinstance(value, FunctionValue)
                        and isinstance(value.function.node, s.Function)
                        and self._writes(tuple(value.function.node.body), depth + 1)
                    ):
                        return True
        return False

    def _hit(self, loop: _Loop) -> _Hit | None:
        for node in _steady(loop.body, loop.names):
            if not isinstance(node, s.Call) or not _mentions(node, loop.names):
                continue
            read = self._read(node, 0)
            if read is None or not (loop.waits or read.at_once):
                continue
            if not (read.batched and isinstance(loop.node, s.Call)):
                if self._writes(loop.body, 0):
                    return None
                return _Hit(node, self._model.scope_of(node), read)
        return None

    def _read(self, call: s.Call, depth: int) -> _Read | None:
        """The query that a call surely runs, and that writes nothing."""
        for source in self._sources:
            asked = source.asked(call)
            if asked is not None:
                if not asked.reads:
                    return None
                return _Read(asked.path, call, asked.what, asked.batched, asked.at_once)
            scope = self._model.scope_of(call)
            what = source.of_row(call, scope)
            if what is not None:
                return _Read(scope.module.path, call, what)
        values = self._model.evaluate(call.func)
        value = next(iter(values)) if len(values) == 1 else None
        if not isinstance(value, FunctionValue) or depth > _MAX_DEPTH:
            return None
        return self._in(value.function, depth + 1)

    def _in(self, function: FunctionInfo, depth: int) -> _Read | None:
        if function in self._found:
            return self._found[function]
        self._found[function] = None
        node = function.node
        if not isinstance(node, s.Function) or is_outside(function.module.path):
            return None
        found: _Read | None = None
        for part in _steady(tuple(node.body), frozenset()):
            if isinstance(part, s.Call):
                found = self._read(part, depth)
                if found is not None:
                    break
        self._found[function] = found
        return found

    # --- saying it ---

    def _defect(self, loop: _Loop, hit: _Hit) -> Defect:
        path = hit.scope.module.path
        what = hit.read.what
        source = loop.rows
        related = [
            Related(loop.scope.module.path, loop.node.line, "the loop over stored rows"),
            Related(source.path, source.call.line, "the rows come from here"),
        ]
        if hit.call is not hit.read.call:
            related.append(Related(hit.read.path, hit.read.call.line, "the query runs here"))
        name = loop.scope.function.name
        return Defect(
            path,
            spot(hit.call),
            f"{what}() runs once per {source.model} row of the loop in {name}().",
            "There is one query for the list and one more for each of its rows: the request slows "
            f"down with the data{_CROWDS if loop.waits else ''}.",
            loop.source.remedy,
            f"{name}:{what}",
            tuple(related),
            None if loop.scope.function in self._served else Severity.WARNING,
        )


def _steady(body: tuple[s.Node, ...], names: frozenset[str]) -> Iterator[s.Node]:
    """The nodes that run for each row, or for none: not those under a test of the row, or of what
    is there already."""
    stack: list[s.Node] = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, s.Function | s.Class):
            continue
        below = s.children(node)
        if isinstance(node, s.If | s.Conditional):
            if (
                not names
                or _mentions(node.test, names)
                or any(
                    _asks_once(part) or (isinstance(part, s.Name) and _ONCE.search(part.id))
                    for part in s.walk(node.test)
                )
            ):
                below = [node.test]
        elif isinstance(node, s.Binary) and node.op in ("and", "or", "??"):
            below = [node.left]
        elif isinstance(node, s.Try):
            below = list(node.body)
        elif isinstance(node, s.FunctionExpr) or _asks_once(node):
            continue
        stack.extend(reversed(below))


def _asks_once(node: s.Node) -> bool:
    """Is something asked for what it has already?"""
    return isinstance(node, s.Call) and _ONCE.search(getattr(node.func, "name", "")) is not None


def _waits(body: list[s.Stmt]) -> bool:
    return any(isinstance(node, s.Await) for item in body for node in s.walk(item))


def _leaves(node: s.Node) -> bool:
    """May the loop end before its last row?"""
    return any(
        isinstance(part, s.Return) or (isinstance(part, s.Jump) and part.kind == "break")
        for part in s.walk(node, into_functions=False)
    )


def _derived(body: tuple[s.Node, ...], names: set[str]) -> frozenset[str]:
    """The names, and the variables whose values are made of them."""
    found = set(names)
    for statement in body:
        for node in s.walk(statement):
            if (
                isinstance(node, s.Assign)
                and node.value is not None
                and _mentions(node.value, frozenset(found))
            ):
                for target in node.targets:
                    found |= {part.id for part in s.walk(target) if isinstance(part, s.Name)}
    return frozenset(found)


def _mentions(expr: s.Node, names: frozenset[str]) -> bool:
    return any(isinstance(node, s.Name) and node.id in names for node in s.walk(expr))
