"""Django migrations replayed: the models and fields that each app has when all have run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import Declared, declare, text
from ci_gate.codemodel.entities.django.fieldtypes import FieldType
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.migrations.django_files import AppMigrations, app_migrations, flat
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_OPERATION: Final = regex(r"^django\.db\.migrations\.(?:operations\.)?(?:\w+\.)?(\w+)$")
_HARMLESS: Final = regex(r"^django\.contrib\.(?:postgres|gis)\.")
#: Operations that change neither models nor fields.
_WITHOUT_FIELDS: Final = frozenset({
    "RunPython", "AlterModelManagers", "AlterModelTable", "AlterModelTableComment",
    "AlterUniqueTogether", "AlterIndexTogether", "AlterOrderWithRespectTo", "AddIndex",
    "RemoveIndex", "RenameIndex", "AddConstraint", "RemoveConstraint", "AlterConstraint",
    "AlterModelOptions",
})  # fmt: skip
_PLAIN_BASE: Final = regex(r"^(?:object|django\.db\.models\.(?:base\.)?Model)$")
_MAX_DEPTH: Final = 4


@dataclass(slots=True, eq=False)
class MigratedModel:
    """A model as migrations leave it.

    ``fields`` are by name; a field's ``node`` is where a migration last defines it.
    ``complete``: it has no other fields than these.
    """

    name: str
    path: str
    node: s.Node
    fields: dict[str, Declared] = field(default_factory=dict)
    complete: bool = True


@dataclass(slots=True, eq=False)
class AppHistory:
    """What the migrations of one app make.

    ``models`` are by name in lower case. ``complete`` is false where an operation could not be
    followed. ``sql`` is the text of ``RunSQL`` operations, which may change tables behind Django's
    back; ``unknown_sql``: some of it is not known. ``last`` is the file that runs last.
    """

    label: str
    folder: str
    last: str
    models: dict[str, MigratedModel] = field(default_factory=dict)
    complete: bool = True
    sql: list[str] = field(default_factory=list)
    unknown_sql: bool = False


def django_histories(model: CodeModel, project: Project) -> Mapping[str, AppHistory]:
    """The history of each app with migrations, by label; apps of one label are left out."""
    found: dict[str, AppHistory] = {}
    doubled: set[str] = set()
    for app in app_migrations(model, project):
        if app.label in found:
            doubled.add(app.label)
        found[app.label] = _Replay(model, app).run()
    return {label: history for label, history in found.items() if label not in doubled}


class _Unfollowed(Exception):
    """An operation that cannot be read."""


class _Replay:
    def __init__(self, model: CodeModel, app: AppMigrations) -> None:
        self._model = model
        self._app = app
        self._history = AppHistory(app.label, app.folder, app.files[-1].path)
        self._path = ""
        self._body: Sequence[s.Stmt] = ()

    def run(self) -> AppHistory:
        history = self._history
        history.complete = self._app.ordered
        for file in self._app.files:
            self._path, self._body = file.path, file.node.body
            if file.operations is None:
                history.complete = False
                continue
            for operation in file.operations:
                try:
                    self._apply(operation, 0)
                except _Unfollowed:
                    history.complete = False
        return history

    def _apply(self, operation: s.Expr, depth: int) -> None:
        if not isinstance(operation, s.Call) or depth > _MAX_DEPTH:
            raise _Unfollowed
        name = self._operation_name(operation)
        if name in _WITHOUT_FIELDS:
            return
        if name == "RunSQL":
            self._run_sql(operation, depth)
        elif name == "SeparateDatabaseAndState":
            self._state_operations(operation, depth, position=1)
        elif name == "CreateModel":
            self._create_model(operation)
        elif name == "DeleteModel":
            self._history.models.pop(self._name(operation, 0, "name").lower(), None)
        elif name == "RenameModel":
            self._rename_model(operation)
        elif name in ("AddField", "AlterField"):
            self._set_field(operation)
        elif name == "RemoveField":
            self._changed(operation).fields.pop(self._name(operation, 1, "name"), None)
        elif name == "RenameField":
            self._rename_field(operation)
        else:
            raise _Unfollowed

    def _operation_name(self, operation: s.Call) -> str:
        """The class of Django that the operation is, or derives from without changing it."""
        values = self._model.evaluate(operation.func)
        if len(values) != 1:
            raise _Unfollowed
        [value] = values
        if isinstance(value, ClassValue):
            if self._model.method(value.cls, "state_forwards") is not None:
                raise _Unfollowed
            bases = [b for b in self._model.ancestors(value.cls) if isinstance(b, ExternalValue)]
            known = [name for base in bases if (name := _name_of(base.path)) is not None]
            if len(known) == 1 and known[0] in (*_WITHOUT_FIELDS, "RunSQL"):
                return known[0] if known[0] != "RunSQL" else "RunPython"
        elif isinstance(value, ExternalValue):
            found = _name_of(value.path)
            if found is not None:
                return found
        raise _Unfollowed

    def _run_sql(self, operation: s.Call, depth: int) -> None:
        sql = operation.argument(0, "sql")
        if sql is not None:
            self._history.sql.extend(self._texts(sql))
        self._state_operations(operation, depth, position=2)

    def _texts(self, sql: s.Expr) -> Iterator[str]:
        found = [node.value for node in s.walk(sql) if isinstance(node, s.Literal)]
        known = text(self._model, sql)
        if known is None and not found:
            self._history.unknown_sql = True
        yield from (known,) if known is not None else (str(part) for part in found)

    def _state_operations(self, operation: s.Call, depth: int, position: int) -> None:
        given = operation.argument(position, "state_operations")
        if given is None or (isinstance(given, s.Literal) and given.value is None):
            return
        inner = flat(self._model, self._body, given)
        if inner is None:
            raise _Unfollowed
        for item in inner:
            self._apply(item, depth + 1)

    # --- models and fields ---

    def _create_model(self, operation: s.Call) -> None:
        name = self._name(operation, 0, "name")
        made = MigratedModel(name, self._path, operation)
        self._history.models[name.lower()] = made
        fields = flat(self._model, self._body, operation.argument(1, "fields"))
        if fields is None:
            made.complete = False
        for item in fields or ():
            if not isinstance(item, s.Sequence) or len(item.items) != 2:
                made.complete = False
                continue
            field_name = text(self._model, item.items[0])
            if field_name is None:
                made.complete = False
            else:
                made.fields[field_name] = self._declared(field_name, item.items[1], item)
        bases = operation.argument(3, "bases")
        made.complete = made.complete and (bases is None or self._are_plain(bases))

    def _are_plain(self, bases: s.Expr) -> bool:
        """Do the bases bring no fields?"""
        if not isinstance(bases, s.Sequence):
            return False
        for base in bases.items:
            if isinstance(base, s.Literal) and isinstance(base.value, str):
                continue
            values = self._model.evaluate(base)
            if not values or not all(self._is_plain(value) for value in values):
                return False
        return True

    def _is_plain(self, value: object) -> bool:
        if isinstance(value, ExternalValue):
            return _PLAIN_BASE.match(value.path) is not None
        if isinstance(value, ClassValue):
            return not any(
                isinstance(base, ExternalValue) and "." in base.path
                for base in self._model.ancestors(value.cls)
            )
        return False

    def _rename_model(self, operation: s.Call) -> None:
        old = self._history.models.pop(self._name(operation, 0, "old_name").lower(), None)
        new = self._name(operation, 1, "new_name")
        if old is None:
            raise _Unfollowed
        self._history.models[new.lower()] = MigratedModel(
            new, self._path, operation, old.fields, old.complete
        )

    def _set_field(self, operation: s.Call) -> None:
        model, name = self._changed(operation), self._name(operation, 1, "name")
        given = operation.argument(2, "field")
        if given is None:
            raise _Unfollowed
        model.fields[name] = self._declared(name, given, operation)

    def _rename_field(self, operation: s.Call) -> None:
        model = self._changed(operation)
        old, new = self._name(operation, 1, "old_name"), self._name(operation, 2, "new_name")
        known = model.fields.pop(old, None)
        if known is None:
            model.complete = False
        else:
            model.fields[new] = replace(known, name=new, path=self._path, node=operation)

    def _changed(self, operation: s.Call) -> MigratedModel:
        name = self._name(operation, 0, "model_name")
        found = self._history.models.get(name.lower())
        if found is None:
            raise _Unfollowed
        return found

    def _declared(self, name: str, value: s.Expr, node: s.Node) -> Declared:
        found = declare(self._model, name, value, self._path, node)
        return found or Declared(name, FieldType("", "attribute"), self._path, node)

    def _name(self, operation: s.Call, position: int, keyword: str) -> str:
        name = text(self._model, operation.argument(position, keyword))
        if name is None:
            raise _Unfollowed
        return name


def _name_of(path: str) -> str | None:
    match = _OPERATION.match(path)
    if match is not None:
        return match[1]
    return "RunPython" if _HARMLESS.match(path) else None
