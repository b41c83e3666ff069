"""Queries of Django's ORM in the code of async functions, seen without following a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

#: Steps that give a query set and ask nothing of the database.
_LAZY: Final = (
    r"(?:\.(?:all|filter|exclude|order_by|annotate|select_related|prefetch_related|values|"
    r"values_list|distinct|only|defer|using|reverse|select_for_update|alias)\(\))"
)
_MODEL: Final = r"^django\.[\w.]*\bmodels\.[\w.]*\w"
_ASKING: Final = regex(
    rf"{_MODEL}\.(?:objects|_default_manager){_LAZY}*\.(?:get|create|get_or_create|"
    r"update_or_create|bulk_create|bulk_update|count|exists|first|last|earliest|latest|aggregate|"
    r"in_bulk|contains|update|delete)$"
    rf"|{_MODEL}\(\)\.(?:save|delete|refresh_from_db)$"
    r"|^django\.shortcuts\.get_(?:object|list)_or_404$"
)
_SET: Final = regex(rf"{_MODEL}\.(?:objects|_default_manager){_LAZY}+$")
#: What takes all rows of a query set.
_TAKING: Final = frozenset({"list", "tuple", "set", "sorted", "len", "dict", "frozenset"})
_NAMES: Final = frozenset({
    "get", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "count",
    "exists", "first", "last", "earliest", "latest", "aggregate", "in_bulk", "contains", "update",
    "delete", "save", "refresh_from_db", "get_object_or_404", "get_list_or_404",
})  # fmt: skip


def sync_queries(model: CodeModel, function: FunctionInfo) -> Iterator[s.Expr]:
    """The expressions of an async function that ask the database there and then."""
    for node in model.own_nodes(function):
        if isinstance(node, s.Call):
            name = s.last_name(node.func)
            if name in _NAMES:
                if _is(model, node.func, _ASKING):
                    yield node
            elif (
                isinstance(node.func, s.Name)
                and name in _TAKING
                and len(node.args) == 1
                and _is(model, node.args[0].value, _SET)
            ):
                yield node
        elif (
            isinstance(node, s.For | s.Generator)
            and not node.is_async
            and _is(model, node.iter, _SET)
        ):
            yield node.iter


def _is(model: CodeModel, expr: s.Expr, pattern: re.Pattern[str]) -> bool:
    """Is all that ``expr`` may be of this kind? A name of several bindings may be anything."""
    root: s.Node = expr
    while isinstance(root, s.Attribute | s.Call):
        root = root.value if isinstance(root, s.Attribute) else root.func
    if isinstance(root, s.Name) and len(model.bindings(root.id, model.scope_of(root))) > 1:
        return False
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and pattern.search(value.path) for value in values
    )
