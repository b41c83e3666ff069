"""FastAPI: sessions of one request that a dependency keeps for all, in a global name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

_SESSIONS: Final = ("sqlalchemy.orm.", "sqlalchemy.ext.asyncio.", "sqlmodel.")


@dataclass(frozen=True, slots=True, eq=False)
class KeptSession:
    """``function`` keeps what it makes of its parameter ``param`` in the global ``name``."""

    function: FunctionInfo
    param: str
    name: str
    node: s.Assign


def kept_sessions(model: CodeModel) -> Iterator[KeptSession]:
    handlers = [item for route in model.routes for item in route.handlers]
    for function in sorted(model.reachable(handlers), key=lambda item: item.qualname):
        node, path = function.node, function.module.path
        if function.module.language != "python" or not isinstance(node, s.Function):
            continue
        if is_outside(path) or not any(_is_global(model, item, path) for item in _stores(node)):
            continue
        sessions = [param.name for param in node.params if _is_session(model, function, param)]
        for statement in _stores(node):
            target = statement.targets[0]
            given = _named(statement.value)
            kept = next((name for name in sessions if name in given), None)
            if kept is None or not isinstance(target, s.Name):
                continue
            if _is_global(model, statement, path):
                yield KeptSession(function, kept, target.id, statement)


def _stores(node: s.Function) -> Iterator[s.Assign]:
    for item in s.walk(node, into_functions=False):
        if isinstance(item, s.Assign) and len(item.targets) == 1:
            yield item


def _named(expr: s.Expr | None) -> set[str]:
    nodes = s.walk(expr) if expr is not None else ()
    return {item.id for item in nodes if isinstance(item, s.Name)}


def _is_global(model: CodeModel, statement: s.Assign, path: str) -> bool:
    target = statement.targets[0]
    return isinstance(target, s.Name) and any(
        value is statement.value for value, _ in model.set_by_functions(target.id, path)
    )


def _is_session(model: CodeModel, function: FunctionInfo, param: s.Param) -> bool:
    """Is it annotated as a session of SQLAlchemy that a dependency gives?"""
    scope = model.scope_in(function)
    if param.annotation is None or not _is_given(model, function, param):
        return False
    values = model.annotated(param.annotation, scope)
    return bool(values) and all(
        isinstance(value, ExternalValue)
        and value.path.startswith(_SESSIONS)
        and value.path.removesuffix("()").endswith("Session")
        for value in values
    )


def _is_given(model: CodeModel, function: FunctionInfo, param: s.Param) -> bool:
    """``Annotated[Session, Depends(…)]`` or ``session: Session = Depends(…)``."""
    marks: list[s.Call] = []
    if param.annotation is not None:
        scope = model.scope_in(function)
        marks = [call for call, _ in model.metadata(param.annotation, scope)]
    if isinstance(param.default, s.Call):
        marks.append(param.default)
    return any(s.last_name(mark.func) == "Depends" for mark in marks)
