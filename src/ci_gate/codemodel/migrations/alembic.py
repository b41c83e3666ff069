"""Alembic migrations replayed: the tables and columns that there are when all have run."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import islice
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.migrations.alembic_files import Chain, revision_chains
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ConstantValue, ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_OPERATION: Final = regex(r"^alembic\.op\.(?:batch_alter_table\(\)\.)?(\w+)$")
_EXECUTE: Final = frozenset({"execute", "exec_driver_sql", "scalar", "scalars"})
_COLUMN: Final = regex(r"^sqlalchemy\.(?:\w+\.)*Column$")
_NO_COLUMN: Final = regex(
    r"^sqlalchemy\.(?:\w+\.)*(?:\w*Constraint|Index|Identity|Computed|FetchedValue)$"
)
_WITHOUT_COLUMNS: Final = frozenset({
    "create_index", "drop_index", "create_foreign_key", "create_unique_constraint",
    "create_check_constraint", "create_primary_key", "create_exclude_constraint",
    "drop_constraint", "f", "get_bind", "get_context", "bulk_insert", "inline_literal",
    "create_table_comment", "drop_table_comment", "create_entity", "drop_entity",
    "replace_entity", "batch_alter_table", "create_sequence", "drop_sequence",
})  # fmt: skip
#: Objects of their own that ``create()`` and ``drop()`` on them make.
_NO_TABLE: Final = regex(r"(?:Enum|ENUM|Sequence|Index|DOMAIN)\(\)\.(?:create|drop)$")
_BUILTINS: Final = frozenset(dir(builtins))
_MAX_DEPTH: Final = 5
_MAX_NAMES: Final = 64
_MAX_CALLS: Final = 200_000
_MAX_TEXTS: Final = 200


@dataclass(frozen=True, slots=True)
class MigratedColumn:
    """A column as a migration adds it."""

    name: str
    path: str
    line: int


@dataclass(slots=True, eq=False)
class MigratedTable:
    """A table as migrations leave it; ``complete``: it has no other columns than these."""

    name: str
    path: str
    line: int
    columns: dict[str, MigratedColumn] = field(default_factory=dict)
    complete: bool = True


@dataclass(slots=True, eq=False)
class AlembicHistory:
    """What one chain of revisions makes.

    ``complete`` is false where a step could not be followed. ``sql`` is the text of raw statements;
    ``unknown_sql``: some of it is not known. ``last`` is the file that runs last.
    """

    last: str
    tables: dict[str, MigratedTable] = field(default_factory=dict)
    complete: bool = True
    sql: list[str] = field(default_factory=list)
    unknown_sql: bool = False


def alembic_histories(model: CodeModel) -> Sequence[AlembicHistory]:
    """The history of each chain of revisions."""
    return [_Replay(model, chain).run() for chain in revision_chains(model) if chain.revisions]


class _Replay:
    def __init__(self, model: CodeModel, chain: Chain) -> None:
        self._model = model
        self._chain = chain
        self._history = AlembicHistory(chain.revisions[-1].path, complete=chain.complete)
        self._path = ""
        self._batches: dict[str, list[str]] = {}
        self._calls = 0

    def run(self) -> AlembicHistory:
        for revision in self._chain.revisions:
            self._path, self._batches = revision.path, {}
            self._function(revision.upgrade, 0)
        return self._history

    def _function(self, function: FunctionInfo, depth: int) -> None:
        if isinstance(function.node, s.Function) and depth <= _MAX_DEPTH:
            self._statements(function.node.body, depth, sure=True)
        else:
            self._history.complete = False

    def _statements(self, body: Sequence[s.Stmt], depth: int, *, sure: bool) -> None:
        """``sure``: these statements run in any case."""
        if depth > 40:
            self._history.complete = False
            return
        for statement in body:
            match statement:
                case s.ExprStmt(value=value) | s.Assign(value=s.Call() as value):
                    self._expression(value, depth, sure)
                case s.With(items=items, body=inner):
                    for item in items:
                        self._batch(item)
                    self._statements(inner, depth + 1, sure=sure)
                case s.If(body=inner, orelse=other):
                    self._statements(inner, depth + 1, sure=False)
                    self._statements(other, depth + 1, sure=False)
                case s.For(iter=iterated, body=inner):
                    self._expression(iterated, depth, sure)
                    self._statements(inner, depth + 1, sure=sure)
                case s.Try(body=inner, handlers=handlers, orelse=other, final=final):
                    self._statements(inner, depth + 1, sure=sure)
                    for handler in handlers:
                        self._statements(handler.body, depth + 1, sure=False)
                    self._statements([*other, *final], depth + 1, sure=sure)
                case s.While(body=inner) | s.Block(body=inner):
                    self._statements(inner, depth + 1, sure=False)
                case s.Broken():
                    self._history.complete = False

    def _batch(self, item: s.WithItem) -> None:
        """``with op.batch_alter_table("name") as batch_op``."""
        call = item.context
        if isinstance(call, s.Call) and self._operation(call) == "batch_alter_table":
            names = self._texts(call.argument(0, "table_name"))
            if names is None:
                self._history.complete = False
            elif isinstance(item.target, s.Name):
                self._batches[item.target.id] = names

    def _expression(self, expr: s.Expr, depth: int, sure: bool) -> None:
        """Every call in the expression, the inner ones first."""
        calls = [node for node in s.walk(expr, into_functions=False) if isinstance(node, s.Call)]
        for call in reversed(calls):
            self._call(call, depth, sure)

    def _call(self, call: s.Call, depth: int, sure: bool) -> None:
        self._calls += 1
        if self._calls > _MAX_CALLS:
            self._history.complete = False
            return
        operation = self._operation(call)
        if operation is not None:
            self._apply(operation, call, sure)
            return
        name = call.func.name if isinstance(call.func, s.Attribute) else ""
        if name in _EXECUTE:
            self._raw(call)
        elif name == "create_all" or (name == "create" and not self._makes_no_table(call)):
            self._history.complete = False
        else:
            self._helper(call, depth)

    def _helper(self, call: s.Call, depth: int) -> None:
        """A function of the tree that a revision calls may use ``op`` itself."""
        values = self._model.evaluate(call.func)
        if not values and isinstance(call.func, s.Name) and call.func.id not in _BUILTINS:
            self._history.complete = False
        before = self._path
        for value in values:
            if isinstance(value, FunctionValue):
                self._path = value.function.module.path
                if self._path == before or any(self._op_names()):
                    self._function(value.function, depth + 1)
                self._path = before

    def _makes_no_table(self, call: s.Call) -> bool:
        values = self._model.evaluate(call.func)
        return bool(values) and all(
            isinstance(value, ExternalValue) and _NO_TABLE.search(value.path) for value in values
        )

    def _operation(self, call: s.Call) -> str | None:
        """The name of the method of ``op`` or of a batch that is called."""
        if not isinstance(call.func, s.Attribute):
            return None
        if isinstance(call.func.value, s.Name) and call.func.value.id in (
            *self._batches,
            *self._op_names(),
        ):
            return call.func.name
        for value in self._model.evaluate(call.func):
            match = _OPERATION.match(value.path) if isinstance(value, ExternalValue) else None
            if match is not None:
                return match[1]
        return None

    def _op_names(self) -> Iterator[str]:
        """What the file calls ``alembic.op``: a folder ``alembic`` of the tree, which as a rule
        holds these very files, does not hide the library."""
        for statement in self._model.modules[self._path].imports:
            if statement.specifier == "alembic":
                yield from (item.alias for item in statement.names if item.name == "op")

    def _apply(self, operation: str, call: s.Call, sure: bool) -> None:
        tables = self._history.tables
        func = call.func
        batch = None
        if isinstance(func, s.Attribute) and isinstance(func.value, s.Name):
            batch = self._batches.get(func.value.id)
        first = 0 if batch is not None else 1
        if operation == "execute":
            self._raw(call)
        elif operation == "create_table":
            self._create_table(call)
        elif operation == "drop_table":
            for name in self._named(call, 0, "table_name"):
                if sure:
                    tables.pop(name, None)
                else:
                    self._table(name, call).complete = False
        elif operation == "rename_table":
            self._rename_table(call, sure)
        elif operation in ("add_column", "drop_column", "alter_column"):
            names = batch if batch is not None else self._named(call, 0, "table_name")
            for name in names:
                self._column(operation, self._table(name, call), call, first, sure)
        elif operation not in _WITHOUT_COLUMNS:
            self._history.complete = False

    def _named(self, call: s.Call, position: int, keyword: str) -> list[str]:
        found = self._texts(call.argument(position, keyword))
        if found is None:
            self._history.complete = False
        return found or []

    def _texts(self, expr: s.Expr | None) -> list[str] | None:
        """The constants that ``expr`` may stand for; None where one is not known."""
        values = self._model.evaluate(expr) if expr is not None else frozenset()
        texts = [
            value.value
            for value in values
            if isinstance(value, ConstantValue) and isinstance(value.value, str)
        ]
        return sorted(texts) if texts and len(texts) == len(values) <= _MAX_NAMES else None

    def _table(self, name: str, call: s.Call) -> MigratedTable:
        """The table; one that no revision was seen to create may have any columns."""
        if name not in self._history.tables:
            self._history.tables[name] = MigratedTable(name, self._path, call.line, complete=False)
        return self._history.tables[name]

    def _create_table(self, call: s.Call) -> None:
        for name in self._named(call, 0, "table_name"):
            table = MigratedTable(name, self._path, call.line)
            known = self._history.tables.get(name)
            if known is not None:
                table.columns.update(known.columns)
            self._history.tables[name] = table
            positional = [argument for argument in call.args if argument.keyword is None]
            for argument in positional[1:]:
                self._add(table, None if argument.star else argument.value)
            if any(argument.star == "**" for argument in call.args):
                table.complete = False

    def _add(self, table: MigratedTable, expr: s.Expr | None) -> None:
        """Adds what stands for a column in ``create_table`` or ``add_column``."""
        name: str | None = None
        if isinstance(expr, s.Call):
            for value in self._model.evaluate(expr.func):
                if isinstance(value, ExternalValue) and _NO_COLUMN.match(value.path):
                    return
                if isinstance(value, ExternalValue) and _COLUMN.match(value.path):
                    names = self._texts(expr.argument(0, "name"))
                    name = names[0] if names is not None and len(names) == 1 else None
                    for other in names or ():
                        table.columns[other] = MigratedColumn(other, self._path, expr.line)
                    if names:
                        return
        if name is None:
            table.complete = False

    def _column(
        self, operation: str, table: MigratedTable, call: s.Call, first: int, sure: bool
    ) -> None:
        if operation == "add_column":
            self._add(table, call.argument(first, "column"))
            return
        names = self._texts(call.argument(first, "column_name"))
        if names is None:
            table.complete = False
            return
        if operation == "drop_column":
            for name in names:
                if sure:
                    table.columns.pop(name, None)
            return
        given = call.argument(keyword="new_column_name")
        if given is None or (isinstance(given, s.Literal) and given.value is None):
            return
        renamed = self._texts(given)
        if renamed is None or len(renamed) != 1 or len(names) != 1:
            table.complete = False
            return
        if sure:
            table.columns.pop(names[0], None)
        table.columns[renamed[0]] = MigratedColumn(renamed[0], self._path, call.line)

    def _rename_table(self, call: s.Call, sure: bool) -> None:
        old, new = self._named(call, 0, "old_table_name"), self._named(call, 1, "new_table_name")
        if len(old) != 1 or len(new) != 1 or not sure:
            self._history.complete = False
            return
        table = self._table(old[0], call)
        del self._history.tables[old[0]]
        table.name = new[0]
        self._history.tables[new[0]] = table

    def _raw(self, call: s.Call) -> None:
        """A raw statement: its text, as far as it is known, is kept."""
        statement = call.argument(0, "sqltext") or call.argument(0, "statement")
        if statement is None:
            return
        found = list(islice(self._literals(statement), _MAX_TEXTS))
        self._history.sql.extend(found)
        if not found and not isinstance(statement, s.Call):
            self._history.unknown_sql = True

    def _literals(self, expr: s.Expr, depth: int = 0) -> Iterator[str]:
        """The constant parts of an SQL text, through names."""
        whole = self._texts(expr)
        if whole is not None:
            yield from whole
            return
        for node in s.walk(expr):
            if isinstance(node, s.Literal) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, s.Name) and depth < _MAX_DEPTH:
                bound = self._model.binding(node.id, self._model.scope_of(node))
                if bound is not None and bound[0] is not expr:
                    yield from self._literals(bound[0], depth + 1)
