"""Query builders of Node: operators and methods that the dialect does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Step, chain_of
from ci_gate.codemodel.builders.dialects import Dialect
from ci_gate.codemodel.builders.facts import Library, Statement
from ci_gate.codemodel.values import ExternalValue
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts
from ci_gate.rules.query._operators import asks_for_dialect

_TITLES: Final[dict[Dialect, str]] = {
    "sqlite": "SQLite", "mysql": "MySQL", "postgres": "PostgreSQL",
}  # fmt: skip
_BUILDERS: Final[dict[Library, str]] = {
    "knex": "Knex", "kysely": "Kysely", "drizzle": "Drizzle",
}  # fmt: skip
#: Operators that PostgreSQL alone has.
_OPERATORS: Final = frozenset({
    "ilike", "not ilike", "~", "~*", "!~", "!~*", "@>", "<@", "&&", "?|", "?&", "@@",
})  # fmt: skip
_WHERES: Final = frozenset({"where", "andWhere", "orWhere", "whereNot", "orWhereNot", "having"})
_REFUSED: Final = "The database rejects the statement: every request that takes this way fails."
_THROWS: Final = (
    "{builder} throws when it builds the statement: every request that takes this way fails."
)
#: Functions of Drizzle that write what PostgreSQL alone has.
_DRIZZLE: Final = frozenset({
    "ilike", "notIlike", "arrayContains", "arrayContained", "arrayOverlaps",
})  # fmt: skip


def unsupported(facts: Facts) -> Iterator[Defect]:
    builders = facts.builders
    for statement in builders.statements:
        dialect = builders.dialect_of(statement.library)
        chain = chain_of(statement.call)
        if dialect is None or dialect == "postgres" or chain is None or not statement.sources:
            continue
        for step in chain.steps:
            found = _of_step(facts, statement, step, dialect)
            if found is not None:
                node, message, why, fix = found
                if not asks_for_dialect(
                    facts.entities.sequelize.origins.surroundings, statement.path, node
                ):
                    subject = f"{statement.function.name} {step.name}"
                    yield Defect(statement.path, node, message, why, fix, subject)


def _of_step(
    facts: Facts, statement: Statement, step: Step, dialect: Dialect
) -> tuple[s.Node, str, str, str] | None:
    library, title, name = statement.library, _TITLES[dialect], step.name
    builder = _BUILDERS[library]
    throws = _THROWS.format(builder=builder)
    if library == "drizzle":
        return _drizzle(facts, step, dialect)
    if name in _WHERES:
        operator = step.argument(1)
        written = operator.value if isinstance(operator, s.Literal) else None
        if isinstance(written, str) and written.lower() in _OPERATORS and len(step.call.args) == 3:
            return (step.call.argument(1) or step.call,
                    f"`{written}` is an operator that {title} does not have.",
                    _REFUSED, _instead(written.lower(), title))  # fmt: skip
    if name == "distinctOn":
        return (step.call.func, f"`distinctOn` is PostgreSQL's; {title} does not have it.",
                throws if library == "knex" else _REFUSED,
                "Group by the columns, or take the first row of each in the program.")  # fmt: skip
    json = name in ("whereJsonSupersetOf", "whereJsonSubsetOf")
    if library == "knex" and dialect == "sqlite" and json:
        return (step.call.func, f"`{name}` is not supported by Knex for SQLite.", throws,
                "Compare single values with `whereJsonPath`, or keep them in a table of their "
                "own.")  # fmt: skip
    if name.startswith("returning") and dialect == "mysql" and library == "kysely":
        return (step.call.func, f"`{name}` writes RETURNING, which MySQL does not have.", _REFUSED,
                "Read the row again by `insertId`.")  # fmt: skip
    if name == "returning" and dialect == "mysql" and _takes_rows(facts, statement, step):
        return (step.call.func, "`returning` has no effect on MySQL, and its rows are used here.",
                "Knex gives the new id, or the number of changed rows, instead of rows: each "
                "property that is read of them is undefined.",
                "Read the row again by its id.")  # fmt: skip
    return None


def _takes_rows(facts: Facts, statement: Statement, step: Step) -> bool:
    given = step.argument(0)
    if isinstance(given, s.Literal) and given.value != "*":
        return False  # one column: the id may do
    around = list(facts.builders.surroundings.of(statement.path, statement.call))[:2]
    if len(around) < 2 or not isinstance(around[0].node, s.Await):
        return False
    return isinstance(around[1].node, s.Assign | s.Return)


def _drizzle(facts: Facts, step: Step, dialect: Dialect) -> tuple[s.Node, str, str, str] | None:
    title = _TITLES[dialect]
    type_error = "TypeError each time the line runs: the request answers 500."
    if step.name == "returning" and dialect == "mysql":
        return (step.call.func, "Drizzle has no `returning` for MySQL.", type_error,
                "Use `.$returningId()`, or read the row again.")  # fmt: skip
    if step.name == "selectDistinctOn":
        return (step.call.func, f"Drizzle has no `selectDistinctOn` for {title}.", type_error,
                "Use `selectDistinct`, or group by the columns.")  # fmt: skip
    for argument in step.call.args:
        for node in s.walk(argument.value, into_functions=False):
            if isinstance(node, s.Call) and isinstance(node.func, s.Name):
                values = facts.model.evaluate(node.func) if node.args else ()
                for value in values:
                    path = value.path if isinstance(value, ExternalValue) else ""
                    package, _, name = path.partition(".")
                    if package == "drizzle-orm" and name in _DRIZZLE:
                        message = (
                            f"`{node.func.id}()` writes an operator that {title} does not have."
                        )
                        return node.func, message, _REFUSED, _instead(name.lower(), title)
    return None


def _instead(operator: str, title: str) -> str:
    if "ilike" in operator:
        return (f"Use `like`, which in {title} compares without regard to case, or compare the "
                "lower-case column with the lower-case value.")  # fmt: skip
    return "Keep the values in a table of their own, or compare in the program."
