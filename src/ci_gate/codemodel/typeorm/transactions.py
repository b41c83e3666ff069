"""What runs while a transaction of TypeORM is open, on a repository that is not the transaction's.

From ``dataSource.transaction(async (manager) => …)`` and ``queryRunner.startTransaction()`` on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.transactions import Outside, Transactions, Visit
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

#: Packages that put the transaction where every repository finds it.
_CONTEXTS: Final = frozenset({
    "typeorm-transactional", "typeorm-transactional-cls-hooked", "@nestjs-cls/transactional",
    "nestjs-cls",
})  # fmt: skip
_MAX_DEPTH: Final = 6


@dataclass(slots=True)
class TypeormTransactions(Transactions):
    """As for Sequelize: from where a transaction is opened through all that is called inside."""

    typeorm: Typeorm = field(kw_only=True)

    def outside(self) -> Iterator[Outside]:
        model = self.models.model
        if not self.typeorm.queries.all or any(
            edge.package in _CONTEXTS for edge in model.import_edges
        ):
            return
        for call, scope in model.calls_named("transaction"):
            if self._opens(call, scope):
                for visit in self._starts(call, scope):
                    yield from self._visit(visit)
        for call, scope in model.calls_named("startTransaction"):
            if self._opens(call, scope):
                yield from self._by_runner(call, scope)

    def _opens(self, call: s.Call, scope: Scope) -> bool:
        if scope.module.language == "python" or is_outside(scope.module.path):
            return False
        return isinstance(call.func, s.Attribute) and self._is_typeorm(call.func.value, scope)

    def _is_typeorm(self, expr: s.Expr, scope: Scope) -> bool:
        values = self.models.model.evaluate(expr, scope)
        return bool(values) and all(
            isinstance(item, ExternalValue) and item.path.startswith("typeorm.") for item in values
        )

    def _by_runner(self, call: s.Call, scope: Scope) -> Iterator[Outside]:
        """Between ``startTransaction()`` and the last ``commitTransaction()`` of a variable."""
        func = call.func
        if not isinstance(func, s.Attribute) or not isinstance(func.value, s.Name):
            return
        name = func.value.id
        ends = [
            item.line
            for item in s.walk(scope.function.node)
            if isinstance(item, s.Call)
            and isinstance(item.func, s.Attribute)
            and item.func.name == "commitTransaction"
            and isinstance(item.func.value, s.Name)
            and item.func.value.id == name
        ]
        if ends and isinstance(scope.function.node, s.Function):
            yield from self._visit(
                Visit(scope.function, frozenset({name}), 0, (call, scope), None, call.line,
                       max(ends))
            )  # fmt: skip

    # --- what writes, and on what ---

    def _write(self, call: s.Call, scope: Scope) -> tuple[str, bool, bool] | None:
        del scope
        query = self.typeorm.queries.of_call.get(call)
        if query is not None:
            if not query.writes:
                return "", False, False
            return query.label, self._is_outer(query.base, query.scope, 0), False
        built = self.typeorm.builders.of_call.get(call)
        if built is None:
            return None
        func = built.call.func
        writes = {"update", "insert", "delete", "softDelete", "restore"}.intersection(built.steps)
        if not writes or not isinstance(func, s.Attribute):
            return "", False, False
        return built.label, self._is_outer(func.value, built.scope, 0), False

    def _is_outer(self, expr: s.Expr, scope: Scope, depth: int) -> bool:
        """Is it surely a repository or manager of the data source itself?"""
        if depth > _MAX_DEPTH or not self._is_library(expr, scope):
            return False
        match expr:
            case s.Call(func=s.Attribute(value=base, name=name), args=args):
                return (
                    name in ("getRepository", "getTreeRepository", "getCustomRepository")
                    and len(args) == 1
                    and self._is_outer(base, scope, depth + 1)
                )
            case s.Call(func=s.Name(id=name), args=[_]):
                return name in ("getRepository", "getTreeRepository")
            case s.Call(func=s.Name(id=name)):
                return name in ("getManager", "getConnection")
            case s.Attribute(value=s.Name(id="this"), name=name):
                return not self._is_worked_out(name, scope)
            case s.Attribute(value=base, name="manager"):
                return self._is_outer(base, scope, depth + 1)
            case s.Name(id=name):
                bindings = self.models.model.bindings(name, scope)
                if not bindings:
                    return False
                if all(
                    item.kind == "import" or isinstance(item.scope.function.node, s.Module)
                    for item in bindings
                ):
                    return True
                if len(bindings) == 1 and bindings[0].kind == "value" and not bindings[0].path:
                    node, inner = bindings[0].node, bindings[0].scope
                    if not isinstance(node, s.Assign):
                        return self._is_outer(node, inner, depth + 1)  # type: ignore[arg-type]
        return False

    def _is_library(self, expr: s.Expr, scope: Scope) -> bool:
        """Is it TypeORM's own object, or an entity that asks for its rows itself?"""
        return self._is_typeorm(expr, scope) or (
            isinstance(expr, s.Name) and self.typeorm.repositories.of(expr, scope) is not None
            and not self._is_class_of_repository(expr, scope)
        )  # fmt: skip

    def _is_class_of_repository(self, expr: s.Expr, scope: Scope) -> bool:
        """An instance of a repository class of the project may hold the transaction itself."""
        values = self.models.model.evaluate(expr, scope)
        return any(not isinstance(item, ExternalValue) for item in values) and not any(
            self.typeorm.entities.of_class(getattr(item, "cls", None)) is not None
            for item in values
        )

    def _is_worked_out(self, name: str, scope: Scope) -> bool:
        """Is the attribute of ``this`` what a getter gives, or set by more than the constructor?"""
        cls = _class_around(scope.function)
        if cls is None or self.models.model.method(cls, name) is not None:
            return True
        return any(
            isinstance(item.scope.function.node, s.Function)
            and item.scope.function.node.kind != "constructor"
            for item in self.models.model.fields(cls, name)
        )


def _class_around(function: FunctionInfo | None) -> ClassInfo | None:
    while function is not None and function.cls is None:
        function = function.parent
    return function.cls if function is not None else None
