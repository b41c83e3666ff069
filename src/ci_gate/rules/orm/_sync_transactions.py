"""better-sqlite3: asynchronous functions as the work of a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts

_TRANSACTION = "better-sqlite3().transaction"


def async_work(facts: Facts) -> Iterator[Defect]:
    """Where a transaction of better-sqlite3 gets an async function, itself or through a function of
    the tree that hands its parameter on."""
    model = facts.model
    for call, scope in model.calls_named("transaction"):
        path = scope.module.path
        values = model.evaluate(call.func, scope)
        if is_outside(path) or not call.args or not values:
            continue
        if not all(
            isinstance(item, ExternalValue) and item.path == _TRANSACTION for item in values
        ):
            continue
        work = call.args[0].value
        place = _parameter(scope.function, work)
        if place is None:
            if _is_async(model, work, scope):
                yield _defect(path, call, scope.function, ())
            continue
        for edge in model.callers(scope.function):
            handed = edge.node
            home = edge.caller.module.path
            if edge.reason != "call" or not isinstance(handed, s.Call) or is_outside(home):
                continue
            given = handed.argument(place)
            if given is not None and _is_async(model, given, model.scope_of(given)):
                related = Related(path, call.line, "the transaction")
                yield _defect(home, handed, edge.caller, (related,))


def _is_async(model: CodeModel, work: s.Expr, scope: Scope) -> bool:
    values = model.evaluate(work, scope)
    return bool(values) and all(
        isinstance(item, FunctionValue)
        and isinstance(item.function.node, s.Function)
        and item.function.node.is_async
        for item in values
    )


def _parameter(function: FunctionInfo, work: s.Expr) -> int | None:
    """The position of the function's parameter that is handed on."""
    node = function.node
    if not isinstance(node, s.Function) or not isinstance(work, s.Name):
        return None
    for place, param in enumerate(node.params):
        if param.name == work.id and param.kind == "positional":
            return place
    return None


def _defect(
    path: str, call: s.Call, function: FunctionInfo, related: tuple[Related, ...]
) -> Defect:
    return Defect(
        path,
        spot(call),
        "The transaction of better-sqlite3 gets an async function as its work.",
        "It throws `Transaction function cannot return a promise`, and what runs after the first "
        "`await` is outside the transaction.",
        "Make the work a plain function; all calls of better-sqlite3 give their result at once.",
        f"async transaction in {function.name}",
        related,
    )
