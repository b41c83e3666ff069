from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.values import ConstantValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._dialects import DATABASES, FOREIGN, IN_PROGRAM, Foreign
from ci_gate.rules.query._engines import is_chosen, only_dialect
from ci_gate.rules.query._own_functions import OwnFunctions

#: What SQLAlchemy itself writes as each database has it.
_TRANSLATED: Final = frozenset({"now"})
_FUNC: Final = regex(r"^sqlalchemy\.(?:\w+\.)*func\.(\w+)$")
_FN: Final = regex(r"^sequelize(?:\.\w+)*\.fn$")
_TEXT: Final = regex(r"^sqlalchemy\.(?:\w+\.)*text$")
#: A call that is no literal: SQLite wants parentheses around it.
_BARE_CALL: Final = regex(r"^\s*(\w+)\s*\(")


@dataclass(frozen=True, slots=True, eq=False)
class _Used:
    path: str
    node: s.Node
    name: str
    shown: str


class UnsupportedFunction(Rule):
    """A query builder is told to call a function that the project's database does not have.

    SQLAlchemy's `func.date_trunc(...)` or `func.array_agg(...)` on SQLite, `func.strftime(...)` or
    `func.group_concat(...)` on PostgreSQL; Sequelize's `fn("date_trunc", ...)`; a
    `server_default=text("now()")`.

    ## Why is this bad?
    The ORM writes any name into the statement. The database refuses it when it runs ("no such
    function"), or when the table is made: each such request is a 500, or the service does not
    start.

    ## Fix
    Call what the database has, or work it out in the program.

    ## Silent on
    Projects with more than one database, or none that is known; functions that the project defines;
    what runs under a condition on the dialect; `func.now()`, which SQLAlchemy translates.

    ## Source
    SQLAlchemy, "SQL and Generic Functions"; SQLite, "Built-In Scalar SQL Functions"; PostgreSQL,
    "Functions and Operators".
    """

    id = "query/unsupported-function"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        dialect = only_dialect(facts)
        if dialect is not None:
            yield from self._of(facts, dialect)

    def _of(self, facts: Facts, dialect: Dialect) -> Iterator[Finding]:
        foreign = {item.function: item for item in FOREIGN[dialect] if item.function is not None}
        own = facts.once(OwnFunctions)
        for used in _used(facts.model, foreign):
            item = foreign[used.name]
            if own.defines(used.name) or is_chosen(facts.model, used.path, used.node):
                continue
            yield self.finding(
                used.path,
                spot(used.node),
                message=f"`{used.shown}` calls a function that {DATABASES[dialect]} does not have.",
                why=f"{DATABASES[dialect]} refuses the statement each time it runs: there is no "
                f"function `{used.name}`.",
                fix=_fix(item),
                subject=f"{used.name} in {facts.model.scope_of(used.node).function.name}",
            )


def _fix(item: Foreign) -> str:
    return f"{IN_PROGRAM}." if item.instead == IN_PROGRAM else f"Use {item.instead}."


def _used(model: CodeModel, foreign: dict[str, Foreign]) -> Iterator[_Used]:
    for name in foreign:
        for call, scope in model.calls_named(name):
            path = scope.module.path
            if is_outside(path) or name in _TRANSLATED or not isinstance(call.func, s.Attribute):
                continue
            found = model.evaluate(call.func, scope)
            if found and all(
                isinstance(item, ExternalValue) and _FUNC.match(item.path) for item in found
            ):
                yield _Used(path, call.func, name, f"func.{name}()")
    for call, scope in model.calls_named("fn"):
        given = _constant(model, call.argument(0))
        if given is None or given.lower() not in foreign or is_outside(scope.module.path):
            continue
        found = model.evaluate(call.func, scope)
        if found and all(
            isinstance(item, ExternalValue) and _FN.match(item.path) for item in found
        ):
            yield _Used(scope.module.path, call, given.lower(), f"fn('{given}')")
    yield from _defaults(model, foreign)


def _defaults(model: CodeModel, foreign: dict[str, Foreign]) -> Iterator[_Used]:
    """``server_default=text("now()")``"""
    for path, module in model.modules.items():
        if is_outside(path) or "server_default" not in s.gathered(module).words:
            continue
        for call in model.nodes_of(module, s.Call):
            given = call.argument(keyword="server_default")
            if not isinstance(given, s.Call):
                continue
            text = _constant(model, given.argument(0))
            match = _BARE_CALL.match(text) if text is not None else None
            found = model.evaluate(given.func)
            if match is None or match[1].lower() not in foreign or not found:
                continue
            if all(isinstance(item, ExternalValue) and _TEXT.match(item.path) for item in found):
                yield _Used(path, given, match[1].lower(), f"server_default={text}")


def _constant(model: CodeModel, expr: s.Expr | None) -> str | None:
    found = model.evaluate(expr) if expr is not None else frozenset()
    texts = [item.value for item in found if isinstance(item, ConstantValue)]
    return texts[0] if len(texts) == len(found) == 1 and isinstance(texts[0], str) else None
