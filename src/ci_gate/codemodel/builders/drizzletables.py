"""The tables and relations that a program declares with Drizzle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, chain_of
from ci_gate.codemodel.builders.texts import text_of
from ci_gate.codemodel.entities.facts import Column, ColumnType, Entity, Relation
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.sequelize.origins import Origin, Origins, nodes_of
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

TABLES: Final = regex(
    r"^drizzle-orm/(?P<dialect>pg|sqlite|mysql)-core\."
    r"(?:\w*Table(?:Creator\(\))?|\w*Schema\(\)\.table)$"
)
_ALIAS: Final = regex(r"^drizzle-orm/(?:pg|sqlite|mysql)-core\.alias(?:edTable)?$|"
                           r"^drizzle-orm\.aliasedTable$")  # fmt: skip
_TYPES: Final[dict[str, ColumnType]] = {
    "serial": "integer", "bigserial": "integer", "smallserial": "integer", "integer": "integer",
    "int": "integer", "bigint": "integer", "smallint": "integer", "tinyint": "integer",
    "mediumint": "integer", "text": "text", "varchar": "text", "char": "text", "uuid": "uuid",
    "boolean": "boolean", "timestamp": "datetime", "datetime": "datetime", "date": "date",
    "time": "time", "json": "json", "jsonb": "json", "numeric": "decimal", "decimal": "decimal",
    "real": "float", "doublePrecision": "float", "double": "float", "float": "float",
    "blob": "binary", "binary": "binary", "varbinary": "binary", "mysqlEnum": "enum",
    "longtext": "text", "mediumtext": "text", "tinytext": "text",
}  # fmt: skip
_FILLED: Final = frozenset({
    "default", "defaultNow", "defaultRandom", "$default", "$defaultFn", "$onUpdate", "$onUpdateFn",
    "generatedAlwaysAs", "generatedAlwaysAsIdentity", "generatedByDefaultAsIdentity",
    "autoincrement", "onUpdateNow",
})  # fmt: skip
_MAX_DEPTH: Final = 6

Dialect = Literal["postgres", "sqlite", "mysql"]
_DIALECTS: Final[dict[str, Dialect]] = {"pg": "postgres", "sqlite": "sqlite", "mysql": "mysql"}


@dataclass(slots=True, eq=False)
class DrizzleTable:
    """``name`` is the variable; ``table`` the name in the database. ``known``: no column is hidden
    from sight. ``related``: no relation is; None of them where nothing calls ``relations``."""

    name: str
    table: str | None
    dialect: Dialect
    path: str
    call: s.Call
    columns: dict[str, Column] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    targets: dict[str, DrizzleTable] = field(default_factory=dict)
    known: bool = True
    related: bool = True

    def entity(self) -> Entity:
        return Entity(
            self.name, "drizzle", self.path, self.call.span, None, self.table, False,
            self.columns, self.relations, self.known,
        )  # fmt: skip


class DrizzleTables:
    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self._origins = origins
        self._tables: dict[s.Node, DrizzleTable] = {}

    @cached_property
    def all(self) -> tuple[DrizzleTable, ...]:
        return tuple(self._by_call.values())

    @cached_property
    def _by_call(self) -> dict[s.Node, DrizzleTable]:
        if not any(edge.package == "drizzle-orm" for edge in self.model.import_edges):
            return {}
        found = self._tables
        pending: list[tuple[DrizzleTable, Scope]] = []
        for function in self.model.functions.values():
            if function.module.language == "python":
                continue
            for call in self.model.calls_in(function):
                dialect = self._dialect(call)
                if dialect is None:
                    continue
                name = self._variable(function.module.path, call)
                plain = _is_plain(self.model, call)
                table = text_of(self.model, call.argument(0)) if plain else None
                item = DrizzleTable(name or table or "?", table, dialect, function.module.path,
                                    call)  # fmt: skip
                found[call] = item
                pending.append((item, self.model.function_scope(function)))
        for item, scope in pending:
            self._columns(item, scope)
        self._relate(found)
        return found

    def _dialect(self, call: s.Call) -> Dialect | None:
        if call.new or len(call.args) < 2:
            return None
        for value in self.model.evaluate(call.func):
            match = TABLES.match(value.path) if isinstance(value, ExternalValue) else None
            if match:
                return _DIALECTS[match["dialect"]]
        return None

    def _variable(self, path: str, call: s.Call) -> str | None:
        for enclosing in self._origins.surroundings.of(path, call):
            match enclosing.node:
                case s.Assign(targets=[s.Name(id=name)]):
                    return name
                case s.Attribute() | s.Call() if enclosing.branch in ("value", "func"):
                    continue  # `.enableRLS()`
            return None
        return None

    # --- asking ---

    def of(self, expr: s.Expr, scope: Scope) -> DrizzleTable | None:
        """The table that an expression is; an alias of a table is that table."""
        if not self._by_call or self._is_given(expr, scope):
            return None
        return self._of(expr, scope, 0)

    def _is_given(self, expr: s.Expr, scope: Scope) -> bool:
        """Is it a parameter, or read from one, so that not all that it may be is known? Callbacks
        are left out: their callers are."""
        name = expr.value if isinstance(expr, s.Attribute) else expr
        return isinstance(name, s.Name) and any(
            binding.kind == "param" and self.model.argument_of(binding.scope.function.node) is None
            for binding in self.model.bindings(name.id, scope)
        )

    def _of(self, expr: s.Expr, scope: Scope, depth: int) -> DrizzleTable | None:
        if depth > _MAX_DEPTH or not isinstance(expr, s.Name | s.Attribute | s.Call):
            return None
        origin = self._origins.one(expr, scope)
        if origin is None:
            return None
        found = origin.expr
        table = self._tables.get(found)
        if table is not None or not isinstance(found, s.Call):
            return table
        for value in self.model.evaluate(found.func, origin.scope):
            if isinstance(value, ExternalValue) and _ALIAS.match(value.path) and found.args:
                return self._of(found.args[0].value, origin.scope, depth + 1)
        func = found.func
        if isinstance(func, s.Attribute) and func.name == "enableRLS":
            return self._of(func.value, origin.scope, depth + 1)
        return None

    def is_alias(self, expr: s.Expr, scope: Scope) -> bool:
        origin = self._origins.one(expr, scope)
        return origin is None or origin.expr not in self._by_call

    def named(self, name: str) -> DrizzleTable | None:
        """The only table that is kept under that name."""
        found = [item for item in self.all if item.name == name]
        return found[0] if len(found) == 1 else None

    # --- columns ---

    def _columns(self, item: DrizzleTable, scope: Scope) -> None:
        given = item.call.argument(1)
        if isinstance(given, s.FunctionExpr):
            body = given.function.body
            given = body[0].value if len(body) == 1 and isinstance(body[0], s.Return) else None
        if given is None:
            item.known = False
            return
        self._entries(item, given, scope, 0)

    def _entries(self, item: DrizzleTable, given: s.Expr, scope: Scope, depth: int) -> None:
        origin: Origin | None
        if isinstance(given, s.Mapping):
            origin = Origin(given, scope)
        else:
            origin = self._origins.one(given, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping) or depth > _MAX_DEPTH:
            item.known = False
            return
        for key, value, inner in self._origins.entries(origin):
            if key is None:
                self._entries(item, value, inner, depth + 1)
            elif isinstance(key, s.Literal) and isinstance(key.value, str):
                item.columns[key.value] = self._column(key, key.value, value, inner)
            else:
                item.known = False

    def _column(self, key: s.Expr, name: str, value: s.Expr, scope: Scope) -> Column:
        chain = chain_of(value)
        path = scope.module.path
        if chain is None or (len(chain.steps) == 1 and self._is_own(chain)):
            origin = self._origins.one(value, scope)
            if origin is not None and origin.expr is not value:
                chain = chain_of(origin.expr) or chain
                scope = origin.scope
        if chain is None:
            return Column(name, name, None, path, key.span, None)
        first, names = chain.steps[0], chain.names()
        written = text_of(self.model, first.argument(0))
        func = first.call.func
        kind = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        primary = "primaryKey" in names
        return Column(
            name,
            written or self._cased(name),
            _TYPES.get(kind),
            path,
            key.span,
            not ("notNull" in names or primary),
            primary,
            "unique" in names,
            bool(names & _FILLED) or kind.endswith("serial"),
            self._reference(chain, scope),
        )

    def _is_own(self, chain: Chain) -> bool:
        """Is the call one of a function of the tree, which makes the column?"""
        values = self.model.evaluate(chain.steps[0].call.func)
        return not any(isinstance(item, ExternalValue) for item in values)

    @cached_property
    def _casing(self) -> str | None:
        for path, module in self.model.modules.items():
            if module.language == "python":
                continue
            for edge in self.model.imports_of(path):
                if edge.package in ("drizzle-orm", "drizzle-kit"):
                    found = _casing_in(module)
                    if found is not None:
                        return found
        return None

    def _cased(self, name: str) -> str:
        if self._casing == "snake_case":
            return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
        return name

    def _reference(self, chain: Chain, scope: Scope) -> str | None:
        step = chain.step("references")
        given = step.argument(0) if step is not None else None
        if not isinstance(given, s.FunctionExpr) or len(given.function.body) != 1:
            return None
        body = given.function.body[0]
        value = body.value if isinstance(body, s.Return) else None
        if not isinstance(value, s.Attribute):
            return None
        table = self._of(value.value, scope, 0)
        if table is None or table.table is None:
            return None
        column = table.columns.get(value.name)
        return f"{table.table}.{column.column if column is not None else value.name}"

    # --- relations ---

    def _relate(self, tables: dict[s.Node, DrizzleTable]) -> None:
        if self.model.calls_named("defineRelations") or self.model.calls_named(
            "defineRelationsPart"
        ):
            for item in tables.values():
                item.related = False
            return
        for call, scope in self.model.calls_named("relations"):
            if scope.module.language == "python" or not self._is_relations(call):
                continue
            first = call.argument(0)
            table = self._of(first, scope, 0) if first is not None else None
            if table is None:
                for item in tables.values():
                    item.related = False
                return
            self._relations(table, call)

    def _is_relations(self, call: s.Call) -> bool:
        return any(
            isinstance(value, ExternalValue) and value.path == "drizzle-orm.relations"
            for value in self.model.evaluate(call.func)
        )

    def _relations(self, table: DrizzleTable, call: s.Call) -> None:
        for key, value in _relation_entries(call):
            if key is None:
                table.related = False
                continue
            func = value.func if isinstance(value, s.Call) else None
            kind = func.id if isinstance(func, s.Name) else getattr(func, "name", "")
            first = value.argument(0) if isinstance(value, s.Call) else None
            scope = self.model.scope_of(value) if isinstance(value, s.Call) else None
            target = self._of(first, scope, 0) if first is not None and scope else None
            many = {"many": True, "one": False}.get(kind)
            name = str(key.value)
            path = table.path if scope is None else scope.module.path
            table.relations[name] = Relation(
                name, target.name if target else None, many, path, key.span, None, "none"
            )
            if target is not None:
                table.targets[name] = target


def _relation_entries(call: s.Call) -> Iterator[tuple[s.Literal | None, s.Expr]]:
    given = call.argument(1)
    body = given.function.body if isinstance(given, s.FunctionExpr) else []
    last = body[-1] if body else None
    mapping = last.value if isinstance(last, s.Return) else None
    if not isinstance(mapping, s.Mapping):
        yield None, call
        return
    for entry in mapping.entries:
        literal = entry.key if isinstance(entry.key, s.Literal) else None
        yield literal, entry.value


def _is_plain(model: CodeModel, call: s.Call) -> bool:
    """Is the first argument the whole name of the table?"""
    return all(
        isinstance(value, ExternalValue) and "Creator()" not in value.path
        for value in model.evaluate(call.func)
    )


def _casing_in(module: s.Module) -> str | None:
    for node in nodes_of(module):
        match node:
            case s.Entry(key=s.Literal(value="casing"), value=s.Literal(value=str(casing))):
                return casing
    return None
