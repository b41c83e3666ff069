"""JavaScript: queries in an async callback that ``forEach`` does not wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot

_GROWING: Final = frozenset({"push", "unshift", "set", "add"})


def not_waited_for(
    function: FunctionInfo, call: s.Call, around: Surroundings,
    queries: Callable[[s.Call], bool],
) -> Defect | None:  # fmt: skip
    """``rows.forEach(async …)`` whose result is used before it is there, whose transaction ends
    before it has run, or whose writes nobody waits for."""
    func = call.func
    if not isinstance(func, s.Attribute) or func.name != "forEach" or len(call.args) != 1:
        return None
    callback = call.args[0].value
    if not isinstance(callback, s.FunctionExpr) or not callback.function.is_async:
        return None
    inner = callback.function
    first = _first_query(inner, queries)
    if first is None:
        return None
    transaction = _transaction(function, inner, around)
    if transaction is not None:
        return _defect(
            function, call, first,
            f"the transaction `{transaction}` ends before the queries in it have run",
            "The transaction is committed while the callback still waits: its queries fail (commit "
            "has been called on this transaction), or are not part of it.",
        )  # fmt: skip
    for name in sorted(_changed(inner, first, func.value)):
        read = _read_after(function, call, name)
        if read is not None:
            return _defect(
                function, call, first,
                f"`{name}` is read before the queries in it have answered",
                f"forEach() returns at the first `await` of each callback: `{name}` does not hold "
                "yet what the callback puts there.",
                Related(function.module.path, read.line, f"`{name}` is read here"),
            )  # fmt: skip
    lost = _lost_write(inner, queries)
    if lost is not None and isinstance(function.node, s.Function):
        return _defect(
            function, call, lost,
            "the caller goes on before the rows are written",
            "What reads the rows right after does not find them.",
        )  # fmt: skip
    return None


def _lost_write(inner: s.Function, queries: Callable[[s.Call], bool]) -> s.Await | None:
    """A query of the callback whose answer nobody takes, and whose failure nobody catches."""
    for statement in inner.body:
        if isinstance(statement, s.Try):
            continue
        for node in s.walk(statement, into_functions=False):
            match node:
                case s.Try():
                    return None
                case s.ExprStmt(value=s.Await(value=s.Call() as called) as awaited):
                    if queries(called):
                        return awaited
    return None


def _first_query(inner: s.Function, queries: Callable[[s.Call], bool]) -> s.Await | None:
    """The first query that the callback itself waits for."""
    found = [
        node
        for statement in inner.body
        for node in s.walk(statement, into_functions=False)
        if isinstance(node, s.Await) and isinstance(node.value, s.Call) and queries(node.value)
    ]
    return min(found, key=lambda node: node.span, default=None)


def _changed(inner: s.Function, first: s.Await, looped: s.Expr) -> set[str]:
    """The outer variables that the callback changes after its first query."""
    own = {item.name for item in inner.params}
    found: set[str] = set()
    for statement in inner.body:
        for node in s.walk(statement, into_functions=False):
            if isinstance(node, s.Assign) and node.declaration:
                own.update(t.id for t in node.targets if isinstance(t, s.Name))
            if (node.span[2], node.span[3]) < (first.span[2], first.span[3]):
                continue
            match node:
                case s.Assign(targets=[s.Name(id=name)], declaration=""):
                    found.add(name)
                case s.Assign(targets=[s.Attribute() | s.Subscript() as target], declaration=""):
                    found.add(_root(target))
                case s.Call(func=s.Attribute(value=s.Name(id=name), name=method)):
                    if method in _GROWING:
                        found.add(name)
    element = inner.params[0].name if inner.params else ""
    if element in found and isinstance(looped, s.Name):
        found.add(looped.id)
    return found - own - {"", "this"}


def _root(node: s.Expr) -> str:
    while isinstance(node, s.Attribute | s.Subscript):
        node = node.value
    return node.id if isinstance(node, s.Name) else ""


def _read_after(function: FunctionInfo, call: s.Call, name: str) -> s.Name | None:
    """The first use of a variable behind the loop, in the same function."""
    end = call.span[2], call.span[3]
    found = [
        node
        for statement in function.node.body
        for node in s.walk(statement, into_functions=False)
        if isinstance(node, s.Name) and node.id == name and (node.span[0], node.span[1]) >= end
    ]
    return min(found, key=lambda node: node.span, default=None)


def _transaction(function: FunctionInfo, inner: s.Function, around: Surroundings) -> str | None:
    """The transaction that the callback uses and the function around it is given."""
    handed = _handed_transaction(inner)
    if handed is not None:
        return handed
    node = function.node
    if not isinstance(node, s.Function) or not node.params or not node.params[0].name:
        return None
    name = node.params[0].name
    outer = [item.node for item in around.of(function.module.path, node)][:3]
    opened = any(
        isinstance(item, s.Call) and getattr(item.func, "name", "") == "transaction"
        for item in outer
    )
    used = any(isinstance(item, s.Name) and item.id == name for item in s.walk(inner))
    return name if opened and used else None


def _handed_transaction(inner: s.Function) -> str | None:
    """What queries of the callback are given as ``transaction`` and the callback has not opened
    itself."""
    own = {item.name for item in inner.params}
    for node in s.walk(inner):
        if isinstance(node, s.Assign) and node.declaration:
            own.update(item.id for item in node.targets if isinstance(item, s.Name))
    for node in s.walk(inner):
        match node:
            case s.Entry(key=s.Literal(value="transaction"), value=s.Name(id=name)):
                if name not in own:
                    return name
    return None


def _defect(
    function: FunctionInfo, call: s.Call, first: s.Await, what: str, why: str,
    related: Related | None = None,
) -> Defect:  # fmt: skip
    path = function.module.path
    return Defect(
        path,
        spot(call),
        f"`forEach()` does not wait for its async callback: {what}.",
        why + " A query that fails there is a rejection that nobody handles.",
        "Write `for (const item of items)` with `await`, or await `Promise.all(items.map(…))`.",
        f"forEach in {function.name}",
        tuple(
            item
            for item in (Related(path, first.line, "the query that is waited for"), related)
            if item is not None
        ),
    )
