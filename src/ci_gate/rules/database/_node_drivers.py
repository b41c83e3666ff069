"""Node: drivers that open the database which Sequelize has open."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.instances import Instance
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts
from ci_gate.rules.database._service import ServiceView

#: What a driver opens -> the driver, and the dialects of Sequelize that it serves.
_DRIVERS: Final = (
    (regex(r"^sqlite3\.(?:verbose\(\)\.)?(?:cached\.)?Database\(\)$"), "sqlite3", "sqlite"),
    (regex(r"^better-sqlite3\(\)$"), "better-sqlite3", "sqlite"),
    (regex(r"^sqlite\.(?:open|DatabaseSync)\(\)$"), "sqlite", "sqlite"),
    (regex(r"^pg\.(?:Pool|Client)\(\)$"), "pg", "postgres"),
    (regex(r"^postgres\(\)$"), "postgres", "postgres"),
    (regex(r"^mysql2?\.(?:Pool|Connection)\(\)$"), "mysql2", "mysql"),
)
_OPENING: Final = frozenset({
    "Database", "DatabaseSync", "open", "Pool", "Client", "postgres", "createPool",
    "createConnection", "sqlite3",
})  # fmt: skip
#: Settings that tell one database from another.
_TELLING: Final = frozenset({
    "storage", "filename", "file", "path", "url", "uri", "connectionString", "database",
})  # fmt: skip
_NOT_TELLING: Final = regex(r"USER|PASS|PORT|HOST|SSL|POOL|SECRET|KEY", re.IGNORECASE)
_WRITTEN: Final = regex(r"^\s*(?:select|insert|update|delete|replace|with)\b", re.IGNORECASE)
_ASKING: Final = frozenset({
    "query", "get", "all", "run", "each", "prepare", "exec", "execute", "unsafe",
})  # fmt: skip
_HEALTH: Final = regex(r"health|ping|ready|readiness|liveness|alive|waitfor", re.IGNORECASE)


def drivers_beside(facts: Facts, view: ServiceView) -> Iterator[Defect]:
    models = facts.entities.sequelize
    if not any(not item.abstract for item in models.all) or not models.instances.all:
        return
    ordinary = _Ordinary(facts.model)
    for call, scope in opened(facts.model):
        if not view.holds(scope.module.path) or view.for_development(scope.module.path, call):
            continue
        if _HEALTH.search(scope.function.name) or not ordinary.holds(scope.module.path):
            continue
        driver = driver_of(facts.model, call)
        for instance in models.instances.all:
            if driver is not None and _same(models, call, scope, instance, driver[1]):
                yield _defect(call, scope, instance, driver[0])
                break


def opened(model: CodeModel) -> Iterator[tuple[s.Call, Scope]]:
    """The calls in JavaScript that may open a database."""
    seen: set[s.Node] = set()
    for name in sorted(_OPENING):
        for call, scope in model.calls_named(name):
            if call not in seen and scope.module.language != "python":
                seen.add(call)
                yield call, scope


def driver_of(model: CodeModel, call: s.Call) -> tuple[str, str] | None:
    """The driver that a call opens a database with, and its dialect."""
    for value in model.evaluate(call):
        if isinstance(value, ExternalValue):
            for pattern, name, dialect in _DRIVERS:
                if pattern.match(value.path):
                    return name, dialect
    return None


def _same(models: Models, call: s.Call, scope: Scope, instance: Instance, dialect: str) -> bool:
    if instance.dialect is not None and instance.dialect.replace("mariadb", "mysql") != dialect:
        return False
    mine = set(_address(models, call, scope))
    return bool(mine) and not mine.isdisjoint(_address(models, instance.call, instance.scope))


def _address(models: Models, call: s.Call, scope: Scope) -> Iterator[object]:
    """What tells the database that a call opens: texts, environment variables, expressions."""
    for argument in call.args:
        for origin in models.origins.of(argument.value, scope).origins:
            if isinstance(origin.expr, s.Mapping):
                for key, value, inner in models.origins.entries(origin):
                    if isinstance(key, s.Literal) and key.value in _TELLING:
                        yield from _atoms(models, value, inner)
            elif argument is call.args[0]:
                yield from _atoms(models, origin.expr, origin.scope)


def _atoms(models: Models, expr: s.Expr, scope: Scope) -> Iterator[object]:
    for origin in models.origins.of(expr, scope).origins:
        match origin.expr:
            case s.Literal(value=str(text)):
                if text not in ("", ":memory:"):
                    yield text
            case s.Literal() | s.Mapping() | s.Sequence():
                pass
            case s.Attribute(value=s.Attribute(value=s.Name(id="process"), name="env"), name=name):
                if not _NOT_TELLING.search(name):
                    yield f"env:{name}"
            case s.Call() | s.Template():
                yield origin.expr


class _Ordinary:
    """Whether plain statements run in a module, or in those that import it."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._asking: dict[str, bool] = {}

    @cached_property
    def _importers(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for edge in self._model.import_edges:
            if edge.target is not None and not edge.type_only:
                found[edge.target].add(edge.source)
        return found

    def holds(self, path: str) -> bool:
        return any(self._asks(item) for item in {path} | self._importers.get(path, set()))

    def _asks(self, path: str) -> bool:
        if path not in self._asking:
            self._asking[path] = any(
                isinstance(node, s.Call)
                and isinstance(node.func, s.Attribute)
                and node.func.name in _ASKING
                and node.args
                and _WRITTEN.match(_text(node.args[0].value)) is not None
                for node in s.walk(self._model.modules[path])
            )
        return self._asking[path]


def _text(expr: s.Expr) -> str:
    if isinstance(expr, s.Template) and expr.parts:
        expr = expr.parts[0]
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else ""


def _defect(call: s.Call, scope: Scope, instance: Instance, driver: str) -> Defect:
    name = scope.function.name
    who = name if name and name != "<module>" else scope.module.path
    where = f"{instance.scope.module.path}:{instance.call.line}"
    return Defect(
        scope.module.path,
        call,
        f"{who} opens the database with {driver}, though Sequelize has it open ({where}).",
        "The driver's connection is outside of Sequelize's transactions, pool and models: it does "
        "not see what a transaction has not committed, SQLite's write lock is fought over, and a "
        "change of a model misses its SQL.",
        "Define a model, or send the text through `sequelize.query(…)`.",
        f"{who} opens {driver}",
        (
            Related(
                instance.scope.module.path, instance.call.line,
                "Sequelize opens the same database here",
            ),
        ),
    )  # fmt: skip
