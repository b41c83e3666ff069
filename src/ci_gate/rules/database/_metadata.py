"""Which metadata each SQLAlchemy entity belongs to, and which metadata the program creates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue, ObjectValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Calls that make a metadata, a declarative base or a registry.
_MAKERS: Final = regex(
    r"^(?:sqlalchemy\.(?:schema\.)?MetaData|sqlalchemy\.(?:\w+\.)*(?:declarative_base|automap_base|"
    r"registry)|sqlalchemy\.orm\.registry\(\)\.generate_base|flask_sqlalchemy\w*\.SQLAlchemy"
    r"|sqlalchemy\.ext\.automap\.automap_base)$"
)
_GLOBAL: Final = regex(r"^sqlmodel\.(?:main\.)?SQLModel(?:\.metadata)?$")
_DECLARATIVE: Final = regex(r"^sqlalchemy\.(?:\w+\.)*DeclarativeBase(?:NoMeta)?$")
_MAX_STEPS: Final = 12

#: The SQLModel metadata that all its entities share.
SHARED: Final = "SQLModel.metadata"


@dataclass(frozen=True, slots=True)
class Metadata:
    """One collection of tables: told apart by the node that makes it (a class or call)."""

    made_by: s.Node | str
    path: str | None = field(compare=False)
    line: int = field(compare=False)
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Creation:
    """A call that creates tables. ``metadata`` is None where it is not known which ones.

    ``tables``: the classes and ``Table`` calls that it is restricted to; None: all of it.
    """

    metadata: tuple[Metadata, ...] | None
    node: s.Node
    function: FunctionInfo
    tables: frozenset[s.Node] | None = None

    @property
    def path(self) -> str:
        return self.function.module.path


class MetadataFinder:
    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._calls: dict[str, dict[s.Span, s.Call]] = {}

    # --- entities ---

    def of_entity(self, entity: Entity) -> Metadata | None:
        """The metadata that holds the entity's table; None when that is not known."""
        if entity.cls is not None:
            return self._of_class(entity.cls)
        call = self.node_of(entity)
        given = call.argument(1, "metadata") if isinstance(call, s.Call) else None
        return None if given is None else self._of_expr(given, self._model.scope_of(given), 0)

    def node_of(self, entity: Entity) -> s.Node | None:
        """The class, or the ``Table(…)`` call."""
        if entity.cls is not None:
            return entity.cls.node
        calls = self._calls.get(entity.path)
        if calls is None:
            calls = self._calls[entity.path] = {
                node.span: node
                for node in s.walk(self._model.modules[entity.path])
                if isinstance(node, s.Call)
            }
        return calls.get(entity.span)

    def _of_class(self, cls: ClassInfo) -> Metadata | None:
        lineage = [cls]
        external: list[str] = []
        for value in self._model.ancestors(cls):
            if isinstance(value, ClassValue):
                lineage.append(value.cls)
            elif isinstance(value, ExternalValue):
                external.append(value.path)
        for item in lineage:
            own = _own_metadata(item)
            if own is not None:
                body = self._model.scope_of(own)
                outside = Scope(body.module, body.function)  # the own name is not bound yet
                made = self._of_expr(own, outside, 0)
                if made is not None and made.made_by is own:
                    return Metadata(own, item.module.path, item.node.line, item.name)
                return made
            if any(_names(st, ("__bind_key__", "registry", "__table__")) for st in item.node.body):
                return None
        if any(_GLOBAL.match(path) for path in external):
            return Metadata(SHARED, None, 0, SHARED)
        for item in lineage:
            for value in self._model.bases(item):
                if isinstance(value, ExternalValue) and _DECLARATIVE.match(value.path):
                    return Metadata(item.node, item.module.path, item.node.line, item.name)
        for item in lineage:
            for base in item.node.bases:
                if base.keyword is None:
                    found = self._of_expr(base.value, self._model.scope_of(base.value), 0)
                    if found is not None:
                        return found
        return None

    # --- expressions ---

    def of(self, expr: s.Expr, scope: Scope) -> tuple[Metadata, ...] | None:
        """All metadata that ``expr`` can be; None where any is not known."""
        if isinstance(expr, s.Name):
            items = [item for item in self._model.provenance(expr, scope) if item.how == "element"]
            if items:
                found = [self._of_expr(item.expr, item.scope, 1) for item in items]
                return None if None in found else tuple(item for item in found if item is not None)
        if isinstance(expr, s.Attribute) and expr.name == "metadata":
            inner = self.of(expr.value, scope)
            if inner is not None:
                return inner
        single = self._of_expr(expr, scope, 0)
        return None if single is None else (single,)

    def _of_expr(self, expr: s.Expr, scope: Scope, depth: int) -> Metadata | None:
        if depth > _MAX_STEPS:
            return None
        match expr:
            case s.Attribute(value=base, name="metadata" | "Model" | "Table"):
                found = self._of_expr(base, scope, depth + 1)
                if found is not None:
                    return found
            case s.Call(func=func):
                return self._made(expr, func, scope, depth)
        for value in self._model.evaluate(expr, scope):
            if isinstance(value, ClassValue | InstanceValue):
                return self._of_class(value.cls)
            if isinstance(value, ExternalValue) and _GLOBAL.match(value.path):
                return Metadata(SHARED, None, 0, SHARED)
            if isinstance(value, ObjectValue):
                return None
        found_ = {
            found
            for item in self._model.provenance(expr, scope)
            if (found := self._of_expr(item.expr, item.scope, depth + 1)) is not None
        }
        return found_.pop() if len(found_) == 1 else None

    def _made(self, call: s.Call, func: s.Expr, scope: Scope, depth: int) -> Metadata | None:
        for value in self._model.evaluate(func, scope):
            if not isinstance(value, ExternalValue) or not _MAKERS.match(value.path):
                continue
            if value.path.endswith("generate_base") and isinstance(func, s.Attribute):
                return self._of_expr(func.value, scope, depth + 1)
            given = call.argument(None, "metadata")
            if given is not None:
                return self._of_expr(given, scope, depth + 1)
            inner = call.argument(None, "model_class") or call.argument(None, "cls")
            if inner is not None and value.path.startswith("flask_sqlalchemy"):
                return Metadata(call, scope.module.path, call.line, "db")
            path = scope.module.path
            return Metadata(call, path, call.line, _name_of(value.path))
        for item in self._model.provenance(call, scope):
            return self._of_expr(item.expr, item.scope, depth + 1)
        return None

    # --- creation ---

    def creations(self) -> Iterator[Creation]:
        """Every call that creates tables, in a call or handed to ``run_sync``."""
        for function in self._model.functions.values():
            module = function.module
            if module.language == "python" and "create_all" in s.gathered(module).words:
                for call in self._model.calls_in(function):
                    yield from self._creation(call, function)

    def _creation(self, call: s.Call, function: FunctionInfo) -> Iterator[Creation]:
        for called in (call.func, *(argument.value for argument in call.args)):
            if not _is_create_all(called):
                continue
            assert isinstance(called, s.Attribute)
            scope = self._model.scope_of(call)
            metadata = self.of(called.value, scope)
            only = call.argument(None, "tables")
            tables = None if only is None else self._tables(only, scope)
            if only is not None and tables is None:
                metadata = None
            yield Creation(metadata, call, function, tables)

    def _tables(self, expr: s.Expr, scope: Scope) -> frozenset[s.Node] | None:
        """The classes and ``Table`` calls in a list; None where one is not known."""
        if isinstance(expr, s.Name):
            given = self._model.provenance(expr, scope)
            if len(given) == 1:
                expr, scope = given[0].expr, given[0].scope
        if not isinstance(expr, s.Sequence):
            return None
        found: set[s.Node] = set()
        for item in expr.items:
            node = self._table(item, scope)
            if node is None:
                return None
            found.add(node)
        return frozenset(found)

    def _table(self, expr: s.Expr, scope: Scope) -> s.Node | None:
        if isinstance(expr, s.Attribute) and expr.name == "__table__":
            for value in self._model.evaluate(expr.value, scope):
                return value.cls.node if isinstance(value, ClassValue) else None
            return None
        for _ in range(_MAX_STEPS):
            if isinstance(expr, s.Call):
                return expr
            given = self._model.provenance(expr, scope)
            if len(given) != 1:
                return None
            expr, scope = given[0].expr, given[0].scope
        return None


def _is_create_all(expr: s.Expr) -> bool:
    return isinstance(expr, s.Attribute) and expr.name == "create_all"


def _own_metadata(cls: ClassInfo) -> s.Expr | None:
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id="metadata")], value=value) if value is not None:
                return value
    return None


def _names(statement: s.Stmt, names: tuple[str, ...]) -> bool:
    match statement:
        case s.Assign(targets=[s.Name(id=name)]):
            return name in names
    return False


def _name_of(path: str) -> str:
    return path.rpartition(".")[2]
