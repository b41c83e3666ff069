"""JavaScript: transactions that a way through the function neither commits nor rolls back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.openpaths import Exit, Paths
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts

_ENDING: Final = frozenset({
    "commit", "rollback", "commitTransaction", "rollbackTransaction", "abortTransaction",
    "endSession", "destroy", "end", "isCompleted",
})  # fmt: skip
#: Those of a transaction's own object; rows and connections have the others.
_OF_TRANSACTION: Final = frozenset({"commit", "rollback"})
_STARTING: Final = frozenset({"beginTransaction", "startTransaction"})
_BEGIN: Final = regex(r"^\s*(?:BEGIN\b(?!\s+\w+\s+END)|START\s+TRANSACTION\b)[^;]*;?\s*$", re.I)
_END: Final = regex(r"^\s*(?:COMMIT|ROLLBACK|END|ABORT)\b", re.I)
_COMMIT: Final = regex(r"^\s*(?:COMMIT|END)\b", re.I)
_COMMITTING: Final = frozenset({"commit", "commitTransaction"})
#: Where an error ends the process, and the transaction with it.
_AT_START: Final = regex(r"^(?:main|run$|start|boot|init|setup|migrat|seed|up$|down$)", re.I)
_RUNNING: Final = frozenset({"query", "execute", "exec", "unsafe", "run", "raw"})
_OPENING: Final = _STARTING | _RUNNING | {"transaction"}
_OWNERS: Final = regex(r"^(?:sequelize\.(?:Sequelize\(\)|Model\.sequelize)|knex\(\))\.transaction$")
#: Methods of builders that take a transaction for their statement.
_TAKING: Final = frozenset({"transacting", "useTransaction", "session"})
#: What of a transaction is read without handing it on.
_READ: Final = frozenset({"finished", "LOCK", "id", "name", "afterCommit", "isCompleted", "parent"})


@dataclass(frozen=True, slots=True)
class _Opened:
    """``call`` opens a transaction that is ended by methods of what ``name`` holds. ``own``: the
    call itself makes it (``const t = await sequelize.transaction()``)."""

    call: s.Call
    name: str
    own: bool


def open_transactions(facts: Facts) -> Iterator[Defect]:
    model = facts.model
    for function in model.functions.values():
        node, path = function.node, function.module.path
        if function.module.language == "python" or is_outside(path):
            continue
        if not isinstance(node, s.Function) or node.is_generator:
            continue
        called = (getattr(call.func, "name", "") for call in model.calls_in(function))
        if _OPENING.isdisjoint(called):
            continue
        opened = list(_opened(model, node))
        if len(opened) == 1:
            found = _left_open(model, function, node, opened[0])
            if found is not None:
                yield found


def _opened(model: CodeModel, node: s.Function) -> Iterator[_Opened]:
    for statement in node.body:
        for part in s.walk(statement, into_functions=False):
            match part:
                case s.Assign(targets=[s.Name(id=name)], value=s.Await(value=s.Call() as call)) if (
                    _makes_transaction(model, call)
                ):
                    yield _Opened(call, name, True)
                case s.Call(func=s.Attribute(value=owner, name=method)) if method in _STARTING or (
                    method in _RUNNING and _BEGIN.match(_text(part))
                ):
                    name = _words(owner)
                    if name and name != "this":
                        yield _Opened(part, name, False)


def _makes_transaction(model: CodeModel, call: s.Call) -> bool:
    if getattr(call.func, "name", "") != "transaction" or any(
        not isinstance(item.value, s.Mapping) for item in call.args
    ):
        return False
    values = model.evaluate(call.func)
    return bool(values) and all(
        isinstance(value, ExternalValue) and _OWNERS.match(value.path) for value in values
    )


def _left_open(
    model: CodeModel, function: FunctionInfo, node: s.Function, opened: _Opened
) -> Defect | None:
    name = opened.name
    ends = [part for part in s.walk(node) if _ends(part, name)]
    own = {id(part) for statement in node.body for part in s.walk(statement, into_functions=False)}
    if any(id(part) not in own for part in ends):
        return None
    if not ends and not (opened.own or _is_taken_here(node, name)):
        return None
    if _is_parameter(node, name) or _is_handed_over(model, node, opened):
        return None
    if not ends and _is_kept_outside(node, name):
        return None
    paths = Paths(
        lambda part: part is opened.call,
        lambda part: _ends(part, name),
        lambda test: any(_words(part) == name for part in s.walk(test)),
    )
    exits = paths.exits(node)
    if not exits and ends and _is_left_by_errors(node, opened, ends):
        return _on_error(function, opened)
    return _defect(function, opened, exits[0] if ends else None, len(exits)) if exits else None


def _is_left_by_errors(node: s.Function, opened: _Opened, ends: list[s.Node]) -> bool:
    """Is it only ever committed, and may what is awaited before that throw?"""
    if not all(_commits(part) for part in ends) or _AT_START.search(node.name or ""):
        return False
    first = min(part.span for part in ends)
    if not any(
        isinstance(item, s.Assign | s.ExprStmt)
        and any(part is opened.call for part in s.walk(item, into_functions=False))
        for item in node.body
    ):
        return False  # it may be another's
    own = [part for statement in node.body for part in s.walk(statement, into_functions=False)]
    if any(isinstance(part, s.Try) for part in own):
        return False
    between = [
        part
        for part in own
        if isinstance(part, s.Await)
        and opened.call.span < part.span < first
        and part.value is not opened.call
        and part.value not in ends
    ]
    return bool(between)


def _commits(part: s.Node) -> bool:
    match part:
        case s.Call(func=s.Attribute(name=method)):
            return method in _COMMITTING or _COMMIT.match(_text(part)) is not None
    return False


def _on_error(function: FunctionInfo, opened: _Opened) -> Defect:
    shown = f"`{opened.name}`" if opened.own else f"the transaction on `{opened.name}`"
    name = "this function" if function.name.startswith("<") else f"{function.name}()"
    return Defect(
        function.module.path,
        opened.call,
        f"{name} commits {shown} and never rolls it back: an error before the commit leaves it "
        "open.",
        "Its connection stays in the transaction, with its locks: each failed request takes one "
        "more of the pool, and when all are there the service hangs.",
        "Put what follows into `try`, and roll it back in `catch`.",
        f"{function.name} leaves {opened.name} open on errors",
    )


def _defect(function: FunctionInfo, opened: _Opened, way: Exit | None, count: int) -> Defect:
    path = function.module.path
    shown = f"`{opened.name}`" if opened.own else f"the transaction on `{opened.name}`"
    name = "this function" if function.name.startswith("<") else f"{function.name}()"
    why = (
        "Its connection stays in the transaction, with its locks: what was written is not stored, "
        "and when all connections of the pool are there the service hangs."
    )
    if way is None or way.how == "end":
        return Defect(
            path,
            opened.call,
            f"{name} opens {shown} and never commits it."
            if way is None
            else f"{name} may end with {shown} neither committed nor rolled back.",
            why,
            "Commit it at the end and roll it back in `catch`.",
            f"{function.name} leaves {opened.name} open",
        )
    leaving = "This `return` leaves" if way.how == "return" else "This `throw` leaves"
    more = f" (and {count - 1} more like it)" if count > 1 else ""
    return Defect(
        path,
        way.node,
        f"{leaving} {shown} neither committed nor rolled back{more}.",
        why,
        "Roll it back (or commit it) before leaving, or do so in `finally`.",
        f"{function.name} leaves {opened.name} open",
        (Related(path, opened.call.line, "it is opened here"),),
    )


def _ends(part: s.Node, name: str) -> bool:
    """``t.commit()``, ``client.query("ROLLBACK")``."""
    match part:
        case s.Call(func=s.Attribute(value=owner, name=method)) if _words(owner) == name:
            return (
                method in _ENDING
                or (method in _RUNNING and _END.match(_text(part)) is not None)
                or (method == "release" and bool(part.args))
            )
    return False


def _is_taken_here(node: s.Function, name: str) -> bool:
    """Is the connection one that the function itself has taken?"""
    return any(
        isinstance(part, s.Assign)
        and isinstance(part.targets[0], s.Name)
        and part.targets[0].id == name
        and isinstance(part.value, s.Await | s.Call)
        for part in s.walk(node, into_functions=False)
    )


def _is_kept_outside(node: s.Function, name: str) -> bool:
    """Does a variable of the function around it, or of the module, hold the connection, so that
    another function may end the transaction (``open``, ``commit`` and ``rollback`` of one unit)?"""
    first = name.partition(".")[0]
    return not any(
        isinstance(part, s.Assign)
        and part.declaration
        and any(_holds(target, first) for target in part.targets)
        for part in s.walk(node, into_functions=False)
    )


def _is_parameter(node: s.Function, name: str) -> bool:
    """Does a caller give the connection, who may end the transaction too?"""
    first = name.partition(".")[0]
    return any(
        param.name == first or (param.pattern is not None and _holds(param.pattern, first))
        for param in node.params
    )


def _is_handed_over(model: CodeModel, node: s.Function, opened: _Opened) -> bool:
    """May something else end it: who gets it, or who is not seen to get it?"""
    name = opened.name.partition(".")[0]
    allowed: set[s.Node] = set()
    for part in s.walk(node):
        match part:
            case s.Return(value=value) if value is not None and _carries(value, name):
                return True
            case s.Call(func=func, args=args):
                given = [item.value for item in args if _holds(item.value, name)]
                if given and not _leaves_open(model, part, opened):
                    return True
                for value in given:
                    allowed.update(s.walk(value))
                if isinstance(func, s.Attribute) or opened.own:
                    allowed.update(s.walk(func))
            case s.Attribute(value=s.Name(id=held), name=read) if held == name:
                if opened.own and read in _READ:
                    allowed.update(s.walk(part))
            case s.If(test=test) | s.Conditional(test=test):
                allowed.update(s.walk(test))
            case s.Assign(targets=[s.Name() as target], value=s.Mapping() as value):
                allowed.update((target, *s.walk(value)))  # const options = { transaction: t }
            case s.Assign(targets=[s.Name() as target]) | s.AssignExpr(target=s.Name() as target):
                allowed.add(target)
    return any(
        isinstance(part, s.Name) and part.id == name and part not in allowed
        for part in s.walk(node)
    )


def _holds(expr: s.Expr, name: str) -> bool:
    return any(isinstance(part, s.Name) and part.id == name for part in s.walk(expr))


def _carries(expr: s.Expr, name: str) -> bool:
    """Is it among what an expression gives, calls and their arguments aside?"""
    match expr:
        case s.Name(id=held):
            return held == name
        case s.Mapping(entries=entries):
            return any(_carries(entry.value, name) for entry in entries)
        case s.Sequence(items=items):
            return any(_carries(item, name) for item in items)
    return False


def _leaves_open(model: CodeModel, call: s.Call, opened: _Opened) -> bool:
    """Does what is called end no transaction, as far as can be seen?"""
    name = opened.name.partition(".")[0]
    ending = _OF_TRANSACTION if opened.own else _ENDING
    values = model.evaluate(call.func)
    if not values:
        bare = any(isinstance(item.value, s.Name) and item.value.id == name for item in call.args)
        # else a query of a model or builder, with the transaction among its options
        return isinstance(call.func, s.Attribute) and (not bare or call.func.name in _TAKING)
    functions = [value.function for value in values if isinstance(value, FunctionValue)]
    return not any(
        isinstance(inner.func, s.Attribute)
        and (inner.func.name in ending or _END.match(_text(inner)))
        for function in model.reachable(functions)
        for inner in model.calls_in(function)
    )


def _text(node: s.Node) -> str:
    """The text that a call is given first."""
    first = node.args[0].value if isinstance(node, s.Call) and node.args else None
    if isinstance(first, s.Template) and first.tag is None and len(first.parts) == 1:
        first = first.parts[0]
    return first.value if isinstance(first, s.Literal) and isinstance(first.value, str) else ""


def _words(expr: s.Node) -> str:
    """``client``, ``this.runner``."""
    parts: list[str] = []
    while isinstance(expr, s.Attribute):
        parts.append(expr.name)
        expr = expr.value
    return ".".join(reversed([*parts, expr.id])) if isinstance(expr, s.Name) else ""
