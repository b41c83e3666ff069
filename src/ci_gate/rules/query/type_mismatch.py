from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import NOTHING, ColumnRef, Val
from ci_gate.codemodel.dataflow.events import Compared, Run
from ci_gate.codemodel.entities import Column
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.values import InstanceValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry
from ci_gate.rules.base import Facts, Rule

_EQUAL: Final = frozenset({"==", "!=", "get"})
_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel", "table"})
#: What a column holds -> the written type of a parameter that does not fit.
_REFUSED: Final = {"integer": "str", "text": "int"}


class TypeMismatch(Rule):
    """A column is compared with a parameter of another type.

    `select(Article).where(Article.author_id == author)`, where `author: str` is the user name of
    the query string and `author_id` is an integer.

    ## Why is this bad?
    asyncpg does not convert: it refuses the value ("'str' object cannot be interpreted as an
    integer"), or PostgreSQL the comparison ("operator does not exist: bigint = character varying").
    Every request with this parameter answers 500; those without it work.

    ## Fix
    Compare with the column that the value belongs to (`Article.author.has(User.username ==
    author)`), or give the parameter the column's type.

    ## Silent on
    Other drivers, which let PostgreSQL read a text as a number; values that are not a parameter of
    the request as it came, by the types that are written all the way; columns whose type is not
    known.

    ## Source
    PostgreSQL, "Operators" (Type Resolution); asyncpg, "Type Conversion".
    """

    id = "query/type-mismatch"
    group = "query"
    follows = True
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        if not facts.stack.has("asyncpg"):
            return
        seen: set[s.Node] = set()
        for run in facts.flows.of_routes():
            for event in run.events:
                if (
                    isinstance(event, Compared)
                    and event.operator in _EQUAL
                    and event.place.node not in seen
                ):
                    found = self._compared(facts, run, event)
                    if found is not None:
                        seen.add(event.place.node)
                        yield found

    def _compared(self, facts: Facts, run: Run, event: Compared) -> Finding | None:
        for one, other, given in (
            (event.left, event.right, _operand(event.place.node, is_right=True)),
            (event.right, event.left, _operand(event.place.node, is_right=False)),
        ):
            ref = one.only()
            if given is None or not isinstance(ref, ColumnRef):
                continue
            entity = ref.table.entity
            column = entity.columns.get(ref.column)
            refused = _REFUSED.get(column.type or "") if column is not None else None
            if column is None or refused is None or entity.kind not in _KINDS:
                continue
            source = _parameter(other, refused)
            scope = facts.model.function_scope(event.place.function)
            if source is not None and _written(facts.model, given, scope) == refused:
                label = f"{entity.name}.{column.name}"
                return self._finding(run, event, column, label, source, refused)
        return None

    def _finding(
        self, run: Run, event: Compared, column: Column, label: str, source: s.Param,
        refused: str,
    ) -> Finding:  # fmt: skip
        holds = "an integer" if column.type == "integer" else "a text"
        return self.finding(
            event.place.path,
            event.place.node,
            message=f"`{label}` holds {holds}, and is compared with the parameter `{source.name}`,"
            f" which is of type {refused}",
            why=f"The database refuses the value: {entry(run)} answers 500 whenever `{source.name}`"
            " is given.",
            fix=f"Compare `{source.name}` with the column that it belongs to, or give it the type"
            f" of `{label}`.",
            subject=f"{label} and {source.name}",
            related=[
                Related(run.entry.module.path, source.line, "the parameter"),
                Related(column.path, column.span[0], "the column"),
            ],
        )


def _operand(node: s.Node, *, is_right: bool) -> s.Expr | None:
    """The name or attribute on the one side of a comparison."""
    found: s.Expr | None = None
    if isinstance(node, s.Binary):
        found = node.right if is_right else node.left
    elif isinstance(node, s.Call) and is_right:
        found = node.argument(1)
    return found if isinstance(found, s.Name | s.Attribute) else None


def _parameter(value: Val, written: str) -> s.Param | None:
    """The one parameter of the request that the value is, where its written type is that."""
    if any(item != NOTHING for item in value.items) or len(value.sources) != 1:
        return None
    source = next(iter(value.sources))
    node = source.node
    if source.part not in ("query", "path") or not isinstance(node, s.Param):
        return None
    return node if _type(node.annotation) == written else None


def _written(model: CodeModel, expr: s.Expr, scope: Scope) -> str | None:
    """The type that is written where a name or attribute is declared."""
    if isinstance(expr, s.Name):
        node = scope.function.node
        found = model.bindings(expr.id, scope)
        params = node.params if isinstance(node, s.Function) else []
        for param in params:
            if param.name == expr.id and len(found) == 1:
                return _type(param.annotation)
        return None
    if not isinstance(expr, s.Attribute):
        return None
    types: set[str | None] = set()
    for value in model.evaluate(expr.value, scope):
        if not isinstance(value, InstanceValue):
            return None
        fields = [
            node
            for node in value.cls.node.body
            if isinstance(node, s.Assign)
            and node.annotation is not None
            and any(isinstance(item, s.Name) and item.id == expr.name for item in node.targets)
        ]
        types |= {_type(node.annotation) for node in fields} or {None}
    return types.pop() if len(types) == 1 else None


def _type(annotation: s.Expr | None) -> str | None:
    """``str`` of ``str``, ``str | None``, ``Optional[str]``, ``Annotated[str, Query()]``."""
    match annotation:
        case s.Name(id=name):
            return name
        case s.Binary(op="|", left=left, right=s.Literal(value=None)):
            return _type(left)
        case s.Binary(op="|", left=s.Literal(value=None), right=right):
            return _type(right)
        case s.Subscript(value=s.Name(id="Annotated"), index=s.Sequence(items=[first, *_])):
            return _type(first)
        case s.Subscript(value=s.Name(id="Optional"), index=inner):
            return _type(inner)
        case s.Subscript(
            value=s.Name(id="Union"), index=s.Sequence(items=[first, s.Literal(value=None)])
        ):
            return _type(first)
    return None
