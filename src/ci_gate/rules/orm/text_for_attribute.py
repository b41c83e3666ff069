from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.oldest import OldestReleases
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

_LOADERS: Final = frozenset({
    "selectinload", "joinedload", "subqueryload", "lazyload", "immediateload", "noload",
    "raiseload", "contains_eager", "defer", "undefer", "load_only",
})  # fmt: skip
_JOINS: Final = frozenset({"join", "outerjoin"})
_CONDITIONS: Final = frozenset({"where", "filter", "having"})
_SINCE: Final = (2, 0)
_QUERIES: Final = ("sqlalchemy.select()", "sqlalchemy.future.select()", "sqlalchemy.sql.select()")
_ORM: Final = "sqlalchemy.orm."


@dataclass(frozen=True, slots=True)
class _Text:
    """``text`` stands at ``node`` where SQLAlchemy wants something else."""

    node: s.Expr
    text: str
    called: str
    error: str
    fix: str


class TextForAttribute(Rule):
    """SQLAlchemy 2 is given a text where it wants an attribute or an expression.

    `selectinload("tags")`, `select(Order).join("lines")`, `.where("total > 100")`,
    `.order_by("created_at desc")`.

    ## Why is this bad?
    Texts were taken until 1.4. Now the statement raises ArgumentError (or CompileError, for an
    order) each time it is built or run.

    ## Fix
    Write the attribute (`selectinload(Order.tags)`, `Order.created_at.desc()`); for SQL of one's
    own `text("…")`.

    ## Silent on
    Environments that may have SQLAlchemy 1.4; `"*"`; names of columns in an order; statements that
    could not be followed to a `select()`.

    ## Source
    SQLAlchemy, "Migrating to SQLAlchemy 2.0": ORM query, joining and loading on relationships uses
    attributes, not strings.
    """

    id = "orm/text-for-attribute"
    group = "orm"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        releases = OldestReleases(facts.environments, model.tree)
        for found, scope in _texts(model):
            path = scope.module.path
            if is_outside(path):
                continue
            oldest = releases.may_be(path, "sqlalchemy", _SINCE)
            if oldest is None or not oldest.is_at_least(_SINCE):
                continue
            yield self.finding(
                path,
                found.node,
                message=f'`{found.called}("{found.text}")` is given a text.',
                why=f"{found.error}, each time the code runs.",
                fix=found.fix,
                subject=f"{found.called} {found.text}",
            )


def _texts(model: CodeModel) -> Iterator[tuple[_Text, Scope]]:
    for name in sorted(_LOADERS):
        for call, scope in model.calls_named(name):
            if not _is(model, call.func, scope, _ORM):
                continue
            for argument in call.args:
                text = _text(argument.value)
                if argument.keyword is None and text is not None and text != "*":
                    yield _Text(
                        argument.value, text, name,
                        "ArgumentError: Strings are not accepted for attribute names in loader "
                        "options", f"Write the attribute of the class, `….{text}`.",
                    ), scope  # fmt: skip
    for name in sorted({*_JOINS, *_CONDITIONS, "order_by"}):
        for call, scope in model.calls_named(name):
            func, first = call.func, call.argument(0)
            text = _text(first) if first is not None else None
            if text is None or first is None or not isinstance(func, s.Attribute):
                continue
            if name == "order_by" and " " not in text.strip():
                continue
            if not _is_statement(model, func.value, scope):
                continue
            error = "ArgumentError: Textual SQL expression should be explicitly declared as text()"
            fix = f'Write an expression, or `text("{text}")`.'
            if name in _JOINS:
                error = "ArgumentError: Join target is expected, and a text is no such thing"
                fix = f"Write the relationship, `….{text}`."
            elif name == "order_by":
                error = "CompileError: Can't resolve label reference for ORDER BY"
                fix = "Write the attribute with `.desc()` or `.asc()`."
            yield _Text(first, text, name, error, fix), scope


def _text(expr: s.Expr) -> str | None:
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else None


def _is(model: CodeModel, expr: s.Expr, scope: Scope, start: str) -> bool:
    values = model.evaluate(expr, scope)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path.startswith(start) for value in values
    )


def _is_statement(model: CodeModel, expr: s.Expr, scope: Scope) -> bool:
    """Does the chain begin with ``select(…)``?"""
    values = model.evaluate(expr, scope)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path.startswith(_QUERIES) for value in values
    )
