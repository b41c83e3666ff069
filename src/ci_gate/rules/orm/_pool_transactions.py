"""node-postgres and mysql2: writes on the pool while a client of it has a transaction open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect

_POOL: Final = regex(r"^(?:pg\.Pool|mysql2\.Pool)\(\)\.(?:query|execute)$")
_WRITE: Final = regex(r"^\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_BEGIN: Final = regex(r"^\s*(?:BEGIN|START\s+TRANSACTION)\b[^;]*;?\s*$", re.IGNORECASE)
_COMMIT: Final = regex(r"^\s*(?:COMMIT|END)\b", re.IGNORECASE)
_RUNNING: Final = frozenset({"query", "execute"})
_MAX_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class _Open:
    """``parts`` run while the transaction that ``begin`` opens on ``client`` is open."""

    function: FunctionInfo
    client: str
    begin: s.Node
    begun_in: str
    parts: Sequence[s.Node]


def writes_beside(model: CodeModel) -> Iterator[Defect]:
    """The writes of a transaction that run on another connection than it does."""
    seen: set[s.Node] = set()
    for function in model.functions.values():
        if function.module.language == "python" or is_outside(function.module.path):
            continue
        begin = next((c for c in model.calls_in(function) if _BEGIN.match(_text(c))), None)
        client = _owner(begin) if begin is not None else ""
        if begin is None or not client or _on_pool(model, function, begin):
            continue
        for region in _regions(model, function, client, begin):
            for defect in _beside(model, region):
                if defect.node not in seen:
                    seen.add(defect.node)
                    yield defect


def _regions(
    model: CodeModel, function: FunctionInfo, client: str, begin: s.Call
) -> Iterator[_Open]:
    """The rest of the function up to COMMIT, and the functions that are handed to it to be called
    with the client."""
    path = function.module.path
    ends = [c.line for c in model.calls_in(function) if _COMMIT.match(_text(c))]
    if len(ends) != 1:
        return
    own = [c for c in _calls(function.node) if begin.line < c.line < ends[0]]
    yield _Open(function, client, begin, path, own)
    if not isinstance(function.node, s.Function):
        return
    names = [param.name for param in function.node.params]
    for call in own:
        taken = call.func.id if isinstance(call.func, s.Name) else ""
        if taken not in names or not _is_given(call, client):
            continue
        position = names.index(taken)
        for edge in model.callers(function):
            given = edge.node.args if isinstance(edge.node, s.Call) else []
            work = given[position].value if position < len(given) else None
            if not isinstance(work, s.FunctionExpr) or is_outside(edge.caller.module.path):
                continue
            params = work.function.params
            inner = params[0].name if params else ""
            yield _Open(edge.caller, inner, begin, path, list(_calls(work.function)))


def _beside(model: CodeModel, region: _Open) -> Iterator[Defect]:
    for call in region.parts:
        assert isinstance(call, s.Call)
        if region.client and (_is_given(call, region.client) or _owner(call) == region.client):
            continue
        if _writes_on_pool(model, region.function, call):
            yield _defect(region, call, call, region.function)
            continue
        for callee in _called(model, call):
            found = _write_in(model, callee, call, 1)
            if found is not None:
                yield _defect(region, call, *found)
                break


def _write_in(
    model: CodeModel, function: FunctionInfo, via: s.Call, depth: int
) -> tuple[s.Call, FunctionInfo] | None:
    """A write on the pool in a function that is called so: directly, on a parameter that is the
    pool where nothing is given for it, or further down."""
    node = function.node
    if not isinstance(node, s.Function) or is_outside(function.module.path):
        return None
    defaults = {
        param.name: param.default
        for index, param in enumerate(node.params)
        if param.default is not None and index >= len(via.args)
    }
    for call in _calls(node):
        if _writes_on_pool(model, function, call):
            return call, function
        owner = call.func.value if isinstance(call.func, s.Attribute) else None
        if (
            isinstance(owner, s.Name)
            and owner.id in defaults
            and is_written_write(call)
            and _is_pool(model, defaults[owner.id])
        ):
            return call, function
        if depth < _MAX_DEPTH:
            for callee in _called(model, call):
                if callee is not function and not _hands_on(node, call):
                    found = _write_in(model, callee, call, depth + 1)
                    if found is not None:
                        return found
    return None


def _hands_on(node: s.Function, call: s.Call) -> bool:
    """Is one of the function's own parameters given that may be a connection?"""
    return any(_is_given(call, param.name) for param in node.params if param.default is not None)


def _called(model: CodeModel, call: s.Call) -> Iterator[FunctionInfo]:
    """The one function of the program that is called."""
    values = model.evaluate(call.func)
    if len(values) == 1:
        value = next(iter(values))
        if isinstance(value, FunctionValue) and value.function.module.language != "python":
            yield value.function


def is_written_write(call: s.Call) -> bool:
    """Does the call hand a text on that begins as a statement that writes?"""
    return _method(call) in _RUNNING and _WRITE.match(_text(call)) is not None


def _writes_on_pool(model: CodeModel, function: FunctionInfo, call: s.Call) -> bool:
    return is_written_write(call) and _on_pool(model, function, call)


def _on_pool(model: CodeModel, function: FunctionInfo, call: s.Call) -> bool:
    owner = call.func.value if isinstance(call.func, s.Attribute) else None
    node = function.node
    params = node.params if isinstance(node, s.Function) else ()
    if isinstance(owner, s.Name) and owner.id in {param.name for param in params}:
        return False
    values = model.evaluate(call.func)
    return bool(values) and all(
        isinstance(value, ExternalValue) and _POOL.match(value.path) is not None for value in values
    )


def _is_pool(model: CodeModel, expr: s.Expr) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and _POOL.match(f"{value.path}.query") is not None
        for value in values
    )


def _calls(node: s.Node) -> Iterator[s.Call]:
    """The calls of a function itself, but for those of what handles errors."""
    body = node.body if isinstance(node, s.Function) else [node]
    handled = {
        inner
        for statement in body
        for part in s.walk(statement, into_functions=False)
        if isinstance(part, s.Handler)
        for inner in s.walk(part)
    }
    for statement in body:
        for part in s.walk(statement, into_functions=False):
            if isinstance(part, s.Call) and part not in handled:
                yield part


def _is_given(call: s.Call, name: str) -> bool:
    """Does an argument of the call name it?"""
    return any(
        isinstance(inner, s.Name) and inner.id == name
        for argument in call.args
        for inner in s.walk(argument.value)
    )


def _method(call: s.Call) -> str:
    return call.func.name if isinstance(call.func, s.Attribute) else ""


def _owner(call: s.Call) -> str:
    owner = call.func.value if isinstance(call.func, s.Attribute) else None
    return owner.id if isinstance(owner, s.Name) else ""


def _text(call: s.Call) -> str:
    """The text that the call begins with."""
    first = call.args[0].value if call.args else None
    if isinstance(first, s.Template) and first.parts and first.tag is None:
        first = first.parts[0]
    if isinstance(first, s.Literal) and isinstance(first.value, str):
        return first.value
    return ""


def _defect(region: _Open, call: s.Call, write: s.Call, where: FunctionInfo) -> Defect:
    client = f"`{region.client}`" if region.client else "the client that the transaction runs on"
    related = [Related(region.begun_in, region.begin.line, "the transaction is opened here")]
    if write is not call:
        related.append(Related(where.module.path, write.line, "the write"))
        message = (
            f"This call, inside of a transaction, leads to a write on the pool in {where.name}."
        )
        fix = f"Hand {client} on to the function that writes."
    else:
        message = "The write runs on the pool while a transaction is open on a client of it."
        fix = f"Run it on {client}."
    return Defect(
        region.function.module.path,
        call,
        message,
        "The write goes to another connection: it does not see what the transaction has written, "
        "waits for rows that the transaction holds, and a rollback leaves it in place.",
        fix,
        f"write on the pool in {region.function.name}",
        tuple(related),
    )
