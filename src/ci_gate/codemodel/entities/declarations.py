"""What a class body declares: ``name: annotation = value``."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """One declared attribute. ``scope`` is where its expressions are read."""

    name: str
    annotation: s.Expr | None
    value: s.Expr | None
    node: s.Node
    scope: Scope


def declarations(cls: ClassInfo, model: CodeModel) -> Iterator[Declaration]:
    """The attributes of the class body itself, methods under ``@declared_attr`` included."""
    scope = model.class_scope(cls)
    for statement in _flat(cls.node.body):
        if isinstance(statement, s.Assign):
            for target in statement.targets:
                if isinstance(target, s.Name):
                    yield Declaration(
                        target.id, statement.annotation, statement.value, statement, scope
                    )
        elif isinstance(statement, s.FunctionDef) and _is_declared(statement.function):
            function = statement.function
            for inner in function.body:
                if isinstance(inner, s.Return) and inner.value is not None:
                    yield Declaration(
                        function.name, function.returns, inner.value, statement,
                        model.scope_of(inner.value),
                    )  # fmt: skip


def is_field(item: Declaration) -> bool:
    """The attribute is a field of a dataclass or pydantic model: annotated, not of the class."""
    form = item.annotation.value if isinstance(item.annotation, s.Subscript) else item.annotation
    name = form.name if isinstance(form, s.Attribute) else getattr(form, "id", "")
    return form is not None and name != "ClassVar" and item.name != "model_config"


def _flat(body: list[s.Stmt]) -> Iterator[s.Stmt]:
    """The statements of a class body, those under ``if TYPE_CHECKING:`` left out."""
    for statement in body:
        if isinstance(statement, s.If):
            if "TYPE_CHECKING" not in _test(statement.test):
                yield from _flat(statement.body)
            yield from _flat(statement.orelse)
        else:
            yield statement


def _test(expr: s.Expr) -> str:
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")


def _is_declared(function: s.Function) -> bool:
    for decorator in function.decorators:
        node = decorator
        while isinstance(node, s.Call):
            node = node.func
        while isinstance(node, s.Attribute):
            if node.name == "declared_attr":
                return True
            node = node.value
        if isinstance(node, s.Name) and node.id == "declared_attr":
            return True
    return False
