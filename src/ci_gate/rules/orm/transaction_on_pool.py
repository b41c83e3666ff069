from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_BEGIN: Final = regex(
    r"^\s*(?:BEGIN(?:\s+(?:WORK|TRANSACTION|ISOLATION|READ)\b[^;]*)?|START\s+TRANSACTION\b[^;]*)\s*;?\s*$",
    re.IGNORECASE,
)
_ON_POOL: Final = regex(
    r"^(?:pg\.Pool|@neondatabase/serverless\.Pool|@vercel/postgres\.createPool|mysql2\.Pool"
    r"|mysql\.createPool)\(\)(?:\.promise\(\))?\.(?:query|execute)$"
)
_TAG: Final = "postgres()"
_METHODS: Final = frozenset({"query", "execute", "unsafe"})
_MAX_NESTING: Final = 3


class TransactionOnPool(Rule):
    """A transaction is begun on the pool, so its statements run on different connections.

    `await pool.query('BEGIN')`, then `pool.query('UPDATE …')`, then `pool.query('COMMIT')`.

    ## Why is this bad?
    A pool takes any free connection for each query. As soon as two requests run at a time, BEGIN is
    on one connection and the statements on others, where each commits by itself: a ROLLBACK takes
    nothing back. The connection with the open transaction goes back to the pool, and the next
    request's statements become part of it. One request at a time, as in a test, works.

    ## Fix
    Take one connection, run all statements of the transaction on it, and give it back in `finally`:
    `const client = await pool.connect()`.

    ## Silent on
    Pools of one connection; objects that are not seen to be a pool.

    ## Source
    node-postgres, "Transactions": "You must use the same client instance for all statements within
    a transaction."
    """

    id = "orm/transaction-on-pool"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if _has_single_connection(model):
            return
        tagged = any(edge.package == _TAG.partition("(")[0] for edge in model.import_edges)
        for function in model.functions.values():
            module = function.module
            if module.language == "python" or is_outside(module.path):
                continue
            if not tagged and not any(_BEGIN.match(_text(c)) for c in model.calls_in(function)):
                continue
            scope = model.function_scope(function)
            for node in s.walk(function.node, into_functions=False):
                name = _begins(model, node, scope)
                if name:
                    yield self._finding(function, node, name)

    def _finding(self, function: FunctionInfo, node: s.Node, name: str) -> Finding:
        path = function.module.path
        ends = [
            Related(path, inner.line, "may run on another connection")
            for inner in s.walk(function.node, into_functions=False)
            if inner.line > node.line and _text(inner) in ("COMMIT", "ROLLBACK")
        ]
        return self.finding(
            path,
            node,
            message=f"The transaction is begun on the pool: `{name}` takes any free connection for "
            "each statement.",
            why=(
                "With two requests at a time the statements run on other connections than BEGIN: "
                "each commits by itself, ROLLBACK takes nothing back, and the open transaction "
                "stays on a connection that another request gets."
            ),
            fix="Take one connection for the whole transaction (`const client = await "
            "pool.connect()`), and give it back in `finally`.",
            subject=f"{function.name} begins on the pool",
            related=ends[:4],
        )


def _begins(model: CodeModel, node: s.Node, scope: Scope) -> str:
    """What a statement that begins a transaction is handed to, where that is a pool."""
    match node:
        case s.Call(func=func) if _BEGIN.match(_text(node)):
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            owner = func.value if isinstance(func, s.Attribute) else None
            if not _runs_on_pool(model, func, scope):
                return ""
            if isinstance(owner, s.Name):
                return f"{owner.id}.{name}"
            if isinstance(owner, s.Attribute):
                return f"{owner.name}.{name}"
            return name
        case s.Template(tag=s.Name(id=name) as tag, parts=[s.Literal(value=str(text))]) if (
            _BEGIN.match(text)
        ):
            values = model.evaluate(tag, scope)
            alike = [isinstance(item, ExternalValue) and item.path == _TAG for item in values]
            return name if alike and all(alike) else ""
    return ""


def _text(node: s.Node) -> str:
    """The text of a call that is given a text and nothing else."""
    match node:
        case s.Call(
            args=[
                s.Argument(
                    value=s.Literal(value=str(text))
                    | s.Template(tag=None, parts=[s.Literal(value=str(text))])
                )
            ]
        ):
            return text
    return ""


def _runs_on_pool(model: CodeModel, func: s.Expr, scope: Scope, depth: int = 0) -> bool:
    """Does a call of ``func`` run its first argument on a pool, whatever happens?"""
    values = model.evaluate(func, scope)
    return bool(values) and all(
        (isinstance(value, ExternalValue) and _ON_POOL.match(value.path) is not None)
        or (isinstance(value, FunctionValue) and _hands_on(model, value.function, depth))
        for value in values
    )


def _hands_on(model: CodeModel, function: FunctionInfo, depth: int) -> bool:
    """A function of the program that passes the text on to a pool."""
    node = function.node
    if depth >= _MAX_NESTING or not isinstance(node, s.Function) or not node.params:
        return False
    scope = model.scope_in(function)
    given = [
        call
        for call in model.calls_in(function)
        if call.args
        and isinstance(call.args[0].value, s.Name)
        and call.args[0].value.id == node.params[0].name
        and isinstance(call.func, s.Attribute)
        and call.func.name in _METHODS
    ]
    return len(given) == 1 and _runs_on_pool(model, given[0].func, scope, depth + 1)


def _has_single_connection(model: CodeModel) -> bool:
    """Is a pool made that holds one connection?"""
    return any(
        isinstance(entry.key, s.Literal)
        and entry.key.value in ("max", "connectionLimit")
        and isinstance(entry.value, s.Literal)
        and entry.value.value == 1
        for name in ("Pool", "createPool", "postgres")
        for call, _ in model.calls_named(name)
        for argument in call.args
        if isinstance(argument.value, s.Mapping)
        for entry in argument.value.entries
    )
