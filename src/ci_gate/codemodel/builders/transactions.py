"""What query builders write while a transaction is open, and outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import chain_of
from ci_gate.codemodel.builders.facts import Library, Statement
from ci_gate.codemodel.builders.statements import Builders
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.transactions import Outside, Transactions
from ci_gate.data import dataclass

#: Drivers of Drizzle whose one connection runs everything inside the transaction.
_ONE_CONNECTION: Final = frozenset({
    "better-sqlite3", "bun-sqlite", "expo-sqlite", "op-sqlite", "sql-js", "durable-sqlite", "d1",
    "sqlite-proxy", "pglite",
})  # fmt: skip


@dataclass(slots=True)
class BuilderTransactions(Transactions):
    """As for Sequelize: from where a transaction is opened through all that is called inside."""

    builders: Builders = field(kw_only=True)
    library: Library = field(kw_only=True)

    def outside(self) -> Iterator[Outside]:
        if self.library == "drizzle" and self._is_one_connection():
            return
        model = self.models.model
        for call, scope in model.calls_named("transaction"):
            if scope.module.language == "python" or is_outside(scope.module.path):
                continue
            func = call.func
            if isinstance(func, s.Attribute) and self._is_database(func.value):
                for visit in self._starts(self._opening(call, scope), scope):
                    yield from self._visit(visit)

    def _is_database(self, expr: s.Expr) -> bool:
        return self.builders.database(expr) == self.library

    def _is_one_connection(self) -> bool:
        return any(
            edge.package == "drizzle-orm"
            and edge.node.specifier.removeprefix("drizzle-orm/") in _ONE_CONNECTION
            for edge in self.models.model.import_edges
        )

    def _opening(self, call: s.Call, scope: Scope) -> s.Call:
        """The call that is given the callback: Kysely's stands at the end of a chain."""
        if self.library != "kysely":
            return call
        last = call
        for enclosing in self.builders.surroundings.of(scope.module.path, call):
            if isinstance(enclosing.node, s.Call) and enclosing.branch == "func":
                last = enclosing.node
            elif not isinstance(enclosing.node, s.Attribute):
                break
        return last

    def _write(self, call: s.Call, scope: Scope) -> tuple[str, bool, bool] | None:
        statement = self.builders.of_call(call)
        if statement is None or statement.library != self.library:
            return None
        if "transacting" in statement.steps or not self._counts(statement):
            return "", False, False
        root = statement.root
        if isinstance(root, s.Attribute):
            chain = chain_of(call)
            plain = chain is not None and isinstance(chain.root, s.Name)
            return statement.label(), plain and not self._is_parameter_of(root, scope), False
        if not isinstance(root, s.Name):
            return "", False, False
        given = self._is_parameter(root, scope)
        return statement.label(), not given, given

    def _is_parameter_of(self, root: s.Attribute, scope: Scope) -> bool:
        """Is the database taken out of a parameter (``ctx.db``)?"""
        base: s.Expr = root
        while isinstance(base, s.Attribute):
            base = base.value
        return not (isinstance(base, s.Name) and base.id == "this") and self._is_parameter(
            base, scope
        )

    def _counts(self, statement: Statement) -> bool:
        """Does it change what is stored, or wait for the one connection there is?"""
        return statement.kind != "select" or self.waits

    @property
    def waits(self) -> bool:
        """The pool holds one connection, and the open transaction has it."""
        return self.library != "drizzle" and self.builders.dialect_of(self.library) == "sqlite"
