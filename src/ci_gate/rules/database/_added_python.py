"""Alembic's revisions and Django's migrations, for the columns that they add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import Declared, declare, text
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.migrations.alembic_files import Revision, revision_chains
from ci_gate.codemodel.migrations.django_files import MigrationFile, app_migrations
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.values import ConstantValue, ExternalValue
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._added_columns import Added, History, Step, plain

_OPERATION: Final = regex(r"^alembic\.op\.(\w+)$")
_COLUMN: Final = regex(r"^sqlalchemy\.(?:\w+\.)*Column$")
#: Arguments of a column by which the database fills it.
_FILLING: Final = frozenset({"Identity", "Computed", "Sequence", "FetchedValue", "DefaultClause"})
_EMPTYING: Final = frozenset({"delete", "truncate"})

# --- Alembic ---


def alembic_steps(model: CodeModel, dialect: Dialect) -> Iterator[History]:
    """The history of each chain of revisions."""
    for chain in revision_chains(model):
        needed = {name for revision in chain.revisions for name in revision.needs}
        yield History(
            [_Upgrade(model, revision, dialect).read() for revision in chain.revisions],
            frozenset(item.path for item in chain.revisions if item.id not in needed),
        )


class _Upgrade:
    """What ``upgrade`` of one revision does in any case."""

    def __init__(self, model: CodeModel, revision: Revision, dialect: Dialect) -> None:
        self._model = model
        self._function = revision.upgrade.node
        self._dialect = dialect
        self._step = Step(revision.path)
        self._batches: dict[str, str] = {}
        self._names = {
            item.alias
            for statement in model.modules[revision.path].imports
            if statement.specifier == "alembic"
            for item in statement.names
            if item.name == "op"
        }

    def read(self) -> Step:
        if isinstance(self._function, s.Function):
            for statement in self._function.body:
                for node in s.walk(statement):
                    if isinstance(node, s.Call):
                        self._table(node)
            self._statements(self._function.body)
        return self._step

    def _statements(self, body: Sequence[s.Stmt]) -> None:
        for statement in body:
            match statement:
                case s.With(items=items, body=inner):
                    for item in items:
                        self._batch(item)
                    self._statements(inner)
                case s.ExprStmt(value=s.Call() as call) if self._operation(call) == "execute":
                    self._execute(call, sure=True)
                case s.ExprStmt(value=s.Call() as call):
                    self._statement(call)

    def _batch(self, item: s.WithItem) -> None:
        if isinstance(item.context, s.Call) and isinstance(item.target, s.Name):
            name = self._text(item.context.argument(0, "table_name"))
            if self._operation(item.context) == "batch_alter_table" and name is not None:
                self._batches[item.target.id] = plain(name)

    def _operation(self, call: s.Call) -> str | None:
        """The name of the method of ``op`` that is called."""
        if not isinstance(call.func, s.Attribute):
            return None
        if isinstance(call.func.value, s.Name) and call.func.value.id in self._names:
            return call.func.name
        found = [_OPERATION.match(path) for path in _external(self._model, call.func)]
        return next((match[1] for match in found if match is not None), None)

    def _table(self, call: s.Call) -> None:
        """What any call, sure or not, does to whole tables."""
        operation = self._operation(call)
        if operation is None:
            name = call.func.name if isinstance(call.func, s.Attribute) else ""
            self._step.empties = self._step.empties or name in _EMPTYING
            return
        if operation == "execute":
            self._execute(call, sure=False)
            return
        keyword = "old_table_name" if operation == "rename_table" else "table_name"
        table = self._text(call.argument(0, keyword))
        if table is None:
            return
        if operation == "create_table":
            self._step.created.setdefault(plain(table), call.line)
        elif operation == "drop_table":
            self._step.gone.add(plain(table))
        elif operation == "rename_table":
            new = self._text(call.argument(1, "new_table_name"))
            if new is not None:
                self._step.renamed[plain(table)] = plain(new)

    def _execute(self, call: s.Call, *, sure: bool) -> None:
        """A raw statement; one that is not known may delete rows."""
        given = call.argument(0, "sqltext")
        if isinstance(given, s.Call) and isinstance(given.func, s.Name | s.Attribute):
            given = given.argument(0)
        known = self._text(given)
        if given is None or known is None:
            self._step.empties = True
        else:
            self._step.read_sql(known, given.line, self._dialect, sure=sure)

    def _statement(self, call: s.Call) -> None:
        func = call.func
        if not isinstance(func, s.Attribute) or func.name != "add_column":
            return
        if isinstance(func.value, s.Name) and func.value.id in self._batches:
            table: str | None = self._batches[func.value.id]
            column = call.argument(0, "column")
        elif self._operation(call) == "add_column":
            table = self._text(call.argument(0, "table_name"))
            column = call.argument(1, "column")
        else:
            return
        if table is None:
            return
        name = self._refused(column)
        if name is not None:
            self._step.added.append(
                Added(plain(table), name, self._step.path, call, "a server_default")
            )
        name = self._repeated(column)
        if name is not None:
            self._step.repeated.append(
                Added(plain(table), name, self._step.path, call, "server_default")
            )

    def _repeated(self, column: s.Expr | None) -> str | None:
        """The name of a unique column that has one constant as its value in all rows."""
        if not isinstance(column, s.Call) or any(item.star for item in column.args):
            return None
        if not any(_COLUMN.match(path) for path in _external(self._model, column.func)):
            return None
        given = column.argument(keyword="server_default")
        if not _is(column.argument(keyword="unique"), True) or self._text(given) is None:
            return None
        return self._text(column.argument(0, "name"))

    def _refused(self, column: s.Expr | None) -> str | None:
        """The name of a column that is NOT NULL and that nothing fills."""
        if not isinstance(column, s.Call) or any(item.star for item in column.args):
            return None
        if not any(_COLUMN.match(path) for path in _external(self._model, column.func)):
            return None
        if not _is(column.argument(keyword="nullable"), False):
            return None
        for keyword in ("server_default", "primary_key", "autoincrement"):
            given = column.argument(keyword=keyword)
            if given is not None and not _is(given, None, False):
                return None
        for argument in column.args:
            for node in s.walk(argument.value):
                match node:
                    case s.Call(func=s.Name(id=word) | s.Attribute(name=word)) if word in _FILLING:
                        return None
        return self._text(column.argument(0, "name"))

    def _text(self, expr: s.Expr | None) -> str | None:
        values = self._model.evaluate(expr) if expr is not None else frozenset()
        match tuple(values):
            case (ConstantValue(value=str(found)),):
                return found
        return None


def _external(model: CodeModel, expr: s.Expr) -> Iterator[str]:
    for value in model.evaluate(expr):
        if isinstance(value, ExternalValue):
            yield value.path


def _is(expr: s.Expr | None, *constants: bool | None) -> bool:
    return isinstance(expr, s.Literal) and any(expr.value is item for item in constants)


# --- Django ---

_MIGRATIONS: Final = regex(r"^django\.db\.migrations\.(?:operations\.)?(?:\w+\.)?(\w+)$")
_FIELD: Final = regex(r"^django\.db\.models\.(?:fields\.)?(?:\w+\.)*(\w+)$")
_STORED: Final = frozenset({"column", "foreign-key", "one-to-one"})
#: Fields that have a value or none of their own.
_OTHER_FIELDS: Final = frozenset({
    "AutoField", "BigAutoField", "SmallAutoField", "NullBooleanField", "GeneratedField",
    "OrderWrt", "Field",
})  # fmt: skip


def django_steps(facts: Facts) -> Iterator[History]:
    """The history of each app."""
    model = facts.model
    if not facts.stack.has("django"):
        return
    for app in app_migrations(model, Project(model)):
        last = frozenset({app.files[-1].path}) if app.ordered else frozenset[str]()
        yield History([_migration(model, file) for file in app.files], last)


def _migration(model: CodeModel, file: MigrationFile) -> Step:
    step = Step(file.path, empties=file.operations is None or _is_initial(file))
    for operation in file.operations or ():
        names = [
            match[1]
            for path in (_external(model, operation.func) if isinstance(operation, s.Call) else ())
            if (match := _MIGRATIONS.match(path)) is not None
        ]
        if not isinstance(operation, s.Call) or len(names) != 1:
            step.empties = True
            continue
        _apply(model, step, names[0], operation)
    return step


def _is_initial(file: MigrationFile) -> bool:
    """Django splits what makes an app's first tables into several files where they need others."""
    return any(
        isinstance(statement, s.Assign)
        and any(
            isinstance(target, s.Name) and target.id == "initial" for target in statement.targets
        )
        and _is(statement.value, True)
        for statement in file.node.body
    )


def _apply(model: CodeModel, step: Step, name: str, operation: s.Call) -> None:
    if name in ("RunPython", "RunSQL", "SeparateDatabaseAndState"):
        step.empties = True
        return
    first = text(model, operation.argument(0, "old_name" if name == "RenameModel" else "name"))
    if name == "AddField":
        table = text(model, operation.argument(0, "model_name"))
        field = text(model, operation.argument(1, "name"))
        given = operation.argument(2, "field")
        if table is not None and field is not None and isinstance(given, s.Call):
            declared = declare(model, field, given, step.path, operation)
            if declared is not None and _is_refused(model, declared, given):
                remedy = "a default (with preserve_default=False)"
                step.added.append(Added(plain(table), field, step.path, operation, remedy))
            elif declared is not None and _is_repeated(model, declared, given):
                step.repeated.append(Added(plain(table), field, step.path, operation, "default"))
    elif first is None:
        return
    elif name == "CreateModel":
        step.created[plain(first)] = operation.line
    elif name == "DeleteModel":
        step.gone.add(plain(first))
    elif name == "RenameModel":
        new = text(model, operation.argument(1, "new_name"))
        if new is not None:
            step.renamed[plain(first)] = plain(new)


def _is_refused(model: CodeModel, field: Declared, call: s.Call) -> bool:
    """Is it certain that the field forbids NULL and has no value for rows that are there?"""
    found = [_FIELD.match(path) for path in _external(model, call.func)]
    if len(found) != 1 or found[0] is None or found[0][1] in _OTHER_FIELDS:
        return False
    if field.kind not in _STORED or any(
        field.constant(model, keyword, otherwise=False) is not False
        for keyword in ("null", "blank", "primary_key", "auto_now", "auto_now_add", "parent_link")
    ):
        return False
    return field.has("default", "db_default") is False


def _is_repeated(model: CodeModel, field: Declared, call: s.Call) -> bool:
    """Is the field unique, and does Django give all rows the one value of its default?"""
    found = [_FIELD.match(path) for path in _external(model, call.func)]
    if len(found) != 1 or found[0] is None or found[0][1] in _OTHER_FIELDS:
        return False
    default = field.argument("default")
    if field.kind not in _STORED or default is None or _is(default, None):
        return False
    unique = field.kind == "one-to-one" or field.constant(model, "unique", otherwise=False) is True
    return unique and field.has("db_default") is False
