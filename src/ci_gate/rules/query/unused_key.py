from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import is_plainly_decorated
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.schema import Table
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_REMOVES: Final = frozenset({
    "delete", "destroy", "del", "deleteMany", "delete_many", "deleteOne", "delete_one", "adelete",
    "deleteFrom",
})  # fmt: skip
_HUMP: Final = regex(r"(?<=[a-z0-9])(?=[A-Z])")
#: Names by which a function has all its parameters.
_ALL: Final = frozenset({"locals", "arguments", "vars"})

_SEVERAL: Final = frozenset({
    "Array", "ReadonlyArray", "Set", "Map", "Record", "list", "List", "dict", "Dict", "set",
    "tuple", "Tuple", "Sequence", "Iterable", "Collection", "Mapping", "frozenset",
})  # fmt: skip


class UnusedKey(Rule):
    """A function is told which row to remove by several keys, and removes by some of them only.

    `unfavorite(user_id, article_id)` with a DELETE that looks at `user_id` alone: the other
    parameter is a column of the table as well, and nothing reads it.

    ## Why is this bad?
    The statement removes every row that the remaining key has: a user who takes back one favorite
    loses all. A test with a single row passes.

    ## Fix
    Add the condition on the parameter that is not read, or drop the parameter.

    ## Silent on
    Parameters that are no columns of one table together, or are annotated as lists or mappings,
    keys beside one that is the table's primary key alone, parameters that begin with `_`, functions
    that take them for an interface's sake (they are overridden or override another), functions
    behind decorators that are not known.

    ## Source
    PostgreSQL, "DELETE": without a further condition all rows that satisfy it are deleted.
    """

    id = "query/unused-key"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        functions = {
            access.function: access
            for accesses in facts.access.by_module().values()
            for access in accesses
        }
        for function in functions:
            node = function.node
            if is_outside(function.module.path) or not isinstance(node, s.Function):
                continue
            removal = _removal(node)
            if removal is None or not is_plainly_decorated(function):
                continue
            unread = list(_unread(node))
            if not unread or _is_shared(facts, function):
                continue
            for name, table in _lost(facts, node, unread):
                yield self._found(function, removal, name, table)
                break

    def _found(self, function: FunctionInfo, removal: s.Call, name: str, table: Table) -> Finding:
        return self.finding(
            function.module.path,
            removal,
            message=(
                f"{function.name} gets `{name}`, a column of `{table.name}`, and removes rows"
                " without looking at it."
            ),
            why="Every row with the other key is removed, whatever its own is.",
            fix=f"Add the condition on `{name}`, or drop the parameter.",
            subject=f"{function.name} without {name}",
            related=[Related(table.path, table.span[0], f"`{table.name}` is defined here")],
        )


def _removal(node: s.Function) -> s.Call | None:
    """The only call of the function that removes rows."""
    found = [
        item
        for item in s.walk(node)
        if isinstance(item, s.Call) and s.last_name(item.func) in _REMOVES
    ]
    return found[0] if len(found) == 1 else None


def _unread(node: s.Function) -> Iterator[str]:
    """The parameters that nothing in the function reads."""
    read = {
        item.id for statement in node.body for item in s.walk(statement) if isinstance(item, s.Name)
    }
    if not read.isdisjoint(_ALL):
        return
    for param in node.params:
        if param.kind in ("*", "**") or param.pattern is not None or param.name.startswith("_"):
            continue
        if _is_of_several(param.annotation):
            continue
        if param.name not in read:
            yield param.name


def _is_of_several(annotation: s.Expr | None) -> bool:
    """A list or mapping is no key (``lines: Line[]``, ``counts: dict[str, int]``)."""
    return isinstance(annotation, s.Subscript) and s.last_name(annotation.value) in _SEVERAL


def _is_shared(facts: Facts, function: FunctionInfo) -> bool:
    """May another class decide the function's parameters?"""
    cls = function.cls
    if cls is None:
        return False
    related = [
        *(getattr(value, "cls", None) for value in facts.model.ancestors(cls)),
        *facts.model.subclasses(cls),
    ]
    return any(
        other is not None and facts.model.method(other, function.name) not in (None, function)
        for other in related
    )


def _lost(facts: Facts, node: s.Function, unread: list[str]) -> Iterator[tuple[str, Table]]:
    """The unread parameters that are columns of a table, beside one that is read."""
    read = {_plain(p.name) for p in node.params if p.name and p.name not in unread}
    for table in facts.schema.tables.values():
        columns: Mapping[str, str] = {_plain(name): name for name in table.columns}
        given = {columns[name] for name in read if name in columns}
        keys = {item.name for item in table.columns.values() if item.primary_key}
        if not given or (len(keys) == 1 and keys <= given):
            continue
        for name in unread:
            if _plain(name) in columns and columns[_plain(name)] not in given:
                yield name, table


def _plain(name: str) -> str:
    return _HUMP.sub("_", name).lower()
