"""What the schema builders of Knex and Kysely do to the schema.

``knex.schema.createTable("users", (t) => { t.increments(); … })`` and
``db.schema.createTable("users").addColumn("id", "serial")``, in migrations and wherever else the
program makes its tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import ddl
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Step, chain_of, outermost
from ci_gate.codemodel.builders.columns import columns_of, kysely_column
from ci_gate.codemodel.builders.texts import text_of, texts_of
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_MAKES: Final = frozenset({"createTable", "createTableIfNotExists"})
_CHANGES: Final = frozenset({"table", "alterTable"})
_OTHERS: Final = frozenset({"renameTable", "createTableLike", "createView", "createViewOrReplace"})
_CALLS: Final = sorted(_MAKES | _CHANGES | _OTHERS)
#: Other tools for migrations, which are run from the command line.
_TOOLS: Final = frozenset({"db-migrate", "db-migrate-pg", "node-pg-migrate", "postgres-migrations"})
_TOOL_CALLS: Final = (
    "createTable", "addColumn", "addColumns", "renameColumn", "renameTable", "changeColumn",
    "removeColumn", "alterColumn",
)  # fmt: skip
_BACK: Final = regex(r"^(?:down|rollback|revert|undo)$", re.IGNORECASE)
_TESTS: Final = regex(
    r"(?:^|/)(?:tests?|__tests__|spec|e2e|fixtures|docs?|examples?|samples?|seeds?)/"
    r"|\.(?:test|spec)\.[cm]?[jt]sx?$"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A change, where it stands, and whether what it drops or renames is gone for good."""

    change: ddl.Change
    path: str
    in_order: bool


def builder_changes(model: CodeModel) -> Iterator[Written]:
    """All changes, by file name and line, as migrations run."""
    found: list[tuple[str, s.Call]] = []
    seen: set[s.Node] = set()
    for name in _CALLS:
        for call, scope in model.calls_named(name):
            path = scope.module.path
            if scope.module.language == "python" or _TESTS.search(path) or call in seen:
                continue
            if isinstance(call.func, s.Attribute) and _is_schema(call):
                seen.add(call)
                found.append((path, call))
    # what the calls of one chain do stands in the order of their names, not of their beginnings
    found.sort(key=lambda item: (item[0], _name_span(item[1])))
    reader = _Reader(model)
    for path, call in found:
        yield from reader.read(path, call)
    yield from _other_tools(model)


def _other_tools(model: CodeModel) -> Iterator[Written]:
    """What db-migrate is told to do (``db.addColumn("users", "email", {…})``): which tables it
    makes and changes, not how."""
    if not any(edge.package in _TOOLS for edge in model.import_edges) and not _declares(model):
        return
    for name in _TOOL_CALLS:
        for call, scope in model.calls_named(name):
            if scope.module.language == "python" or _is_schema(call):
                continue
            table = text_of(model, call.argument(0))
            if name == "createTable" and table is not None:
                yield Written(_open(table, call), scope.module.path, in_order=False)
            else:
                yield Written(ddl.Unread(table), scope.module.path, in_order=False)


def _declares(model: CodeModel) -> bool:
    """Does a manifest name one of the tools?"""
    for path in model.tree.files:
        if path.rpartition("/")[2] == "package.json":
            try:
                text = model.tree.text(path)
            except (OSError, UnicodeError):
                continue
            if any(f'"{name}"' in text for name in _TOOLS):
                return True
    return False


def _name_span(call: s.Call) -> tuple[int, int]:
    func = call.func
    span = func.name_span if isinstance(func, s.Attribute) else call.span
    return span[0], span[1]


def _is_schema(call: s.Call) -> bool:
    """Is it a call of ``….schema``, or one further down such a chain?"""
    chain = chain_of(call)
    if chain is None:
        return False
    first = chain.steps[0].call.func
    base = first.value if isinstance(first, s.Attribute) else None
    return isinstance(base, s.Attribute) and base.name == "schema"


class _Reader:
    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._surroundings = model.surroundings

    def read(self, path: str, call: s.Call) -> Iterator[Written]:
        assert isinstance(call.func, s.Attribute)
        name = call.func.name
        certain = True
        for enclosing in self._surroundings.of(path, call):
            if _goes_back(enclosing.node):
                return
            if isinstance(enclosing.node, s.If | s.Try | s.Conditional | s.Switch | s.For):
                certain = False
        for change in self._changes(path, call, name):
            yield Written(change, path, certain)

    def _changes(self, path: str, call: s.Call, name: str) -> Iterator[ddl.Change]:
        if name == "renameTable":
            old, new = (text_of(self._model, call.argument(place)) for place in (0, 1))
            if old is None or new is None:
                yield ddl.Unread(None)
            else:
                yield ddl.RenameTable(old, new)
            return
        if len(call.args) < 1 or (name in _CHANGES and len(call.args) > 2):
            return
        table = text_of(self._model, call.argument(0))
        alters = name in _CHANGES
        if table is None:
            yield ddl.Unread(None, alters=alters)
        elif name in _OTHERS:
            yield ddl.CreateTable(table, (), complete=False, line=_name_span(call)[0])
        elif len(call.args) == 1:
            yield from self._kysely(path, call, table, alters=alters)
        else:
            yield from self._knex(call, table, alters=alters)

    # --- Knex ---

    def _knex(self, call: s.Call, table: str, *, alters: bool) -> Iterator[ddl.Change]:
        callback = self._callback(call.argument(1))
        found = None if callback is None else columns_of(self._model, callback)
        if found is None:
            yield ddl.Unread(table) if alters else _open(table, call)
            return
        if alters:
            yield ddl.AddColumns(table, tuple(found.columns))
            for old, new in found.renamed:
                yield ddl.RenameColumn(table, old, new, quoted=True)
            for name in found.dropped:
                yield ddl.DropColumn(table, name)
            if not found.complete:
                yield ddl.Unread(table)
        else:
            yield ddl.CreateTable(table, tuple(found.columns), found.complete, _name_span(call)[0])
        for own, target, theirs in found.keys:
            yield ddl.AddForeignKey(table, own, target, theirs)

    def _callback(self, expr: s.Expr | None) -> s.Function | None:
        if isinstance(expr, s.FunctionExpr):
            return expr.function
        values = self._model.evaluate(expr) if expr is not None else ()
        value = next(iter(values)) if len(values) == 1 else None
        if isinstance(value, FunctionValue) and isinstance(value.function.node, s.Function):
            return value.function.node
        return None

    # --- Kysely ---

    def _kysely(self, path: str, call: s.Call, table: str, *, alters: bool) -> Iterator[ddl.Change]:
        chain = chain_of(outermost(self._surroundings, path, call))
        steps = list(chain.steps) if chain is not None else []
        calls = [step.call for step in steps]
        if call not in calls:
            yield ddl.Unread(table) if alters else _open(table, call)
            return
        columns: list[ddl.ColumnSpec] = []
        complete = True
        later: list[ddl.Change] = []
        for step in steps[calls.index(call) + 1 :]:
            if step.name in ("addColumn", "modifyColumn"):
                column = kysely_column(self._model, step)
                if column is None:
                    complete = False
                else:
                    columns.append(column)
            elif step.name in ("$call", "modify", "as"):
                complete = False
            else:
                later.extend(self._later(step, table))
        if steps[-1].name not in ("execute", "compile", "toOperation") and not alters:
            complete = False  # something else may go on with it
        if alters:
            yield ddl.AddColumns(table, tuple(columns))
            if not complete:
                yield ddl.Unread(table)
        else:
            yield ddl.CreateTable(table, tuple(columns), complete, _name_span(call)[0])
        yield from later

    def _later(self, step: Step, table: str) -> Iterator[ddl.Change]:
        first = text_of(self._model, step.argument(0))
        second = step.argument(1)
        match step.name:
            case "renameColumn":
                new = text_of(self._model, second)
                if first is not None and new is not None:
                    yield ddl.RenameColumn(table, first, new, quoted=True)
                else:
                    yield ddl.Unread(table)
            case "dropColumn" if first is not None:
                yield ddl.DropColumn(table, first)
            case "renameTo" if first is not None:
                yield ddl.RenameTable(table, first)
            case "addForeignKeyConstraint":
                own = texts_of(self._model, second)
                target = text_of(self._model, step.argument(2))
                theirs = texts_of(self._model, step.argument(3))
                if own and target is not None and theirs:
                    yield ddl.AddForeignKey(table, tuple(own), target, tuple(theirs))


def _open(table: str, call: s.Call) -> ddl.Change:
    return ddl.CreateTable(table, (), complete=False, line=_name_span(call)[0])


def _goes_back(node: s.Node) -> bool:
    """Is it the part of a migration that takes it back?"""
    match node:
        case s.Function(name=name):
            return _BACK.match(name) is not None
        case s.Entry(key=s.Literal(value=str(name))):
            return _BACK.match(name) is not None
        case s.Assign(targets=[s.Attribute(name=name) | s.Name(id=name), *_]):
            return _BACK.match(name) is not None
    return False
