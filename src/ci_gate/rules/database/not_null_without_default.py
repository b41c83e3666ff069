from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._added_columns import Added, History, Place, is_to_run, refused
from ci_gate.rules.database._added_node import node_histories
from ci_gate.rules.database._added_python import alembic_steps, django_steps
from ci_gate.rules.database._added_sql import sql_histories

#: Databases that refuse such a column; MySQL fills in a value of its own.
_STRICT = frozenset({"postgresql", "sqlite"})


class NotNullWithoutDefault(Rule):
    """A migration adds a NOT NULL column without a default to a table that exists.

    Seen in files of SQL (numbered ones, Prisma's, Drizzle's, Flyway's), Alembic's `add_column`,
    Django's `AddField`, Sequelize's `addColumn`, Knex's table builder and raw SQL that these run.

    ## Why is this bad?
    PostgreSQL and SQLite refuse the column as soon as the table has one row: the rows that are
    there would hold NULL. On the empty databases of tests and new machines all is well; the
    deployment fails halfway. A default in the ORM does not help, ALTER TABLE does not know it.

    ## Fix
    Give the column a default in the database, or add it as nullable, fill it, and forbid NULL after
    that.

    ## Silent on
    Tables that the same migration creates, and those that no earlier one was seen to create;
    migrations that delete rows; columns that a sequence or an expression fills; statements under
    a condition; MySQL. Migrations that the base has too, and, where there is no base, those that
    others come after: they have run.

    ## Source
    PostgreSQL, ALTER TABLE (postgresql.org/docs/current/sql-altertable.html); SQLite, ALTER TABLE
    ADD COLUMN (sqlite.org/lang_altertable.html); constraint decay, arXiv 2605.06445: servers that
    do not start because their schema cannot be set up.
    """

    id = "database/not-null-without-default"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        dialect = _dialect(facts)
        if dialect is None:
            return
        for history in _histories(facts, dialect):
            for added, made in refused(history):
                if is_to_run(facts, history, added, made):
                    yield self._finding(added, made)

    def _finding(self, added: Added, made: Place) -> Finding:
        return self.finding(
            added.path,
            added.node,
            message=(
                f"The migration adds {added.table}.{added.column} as NOT NULL without a default to "
                f"a table that exists since {made.path}."
            ),
            why=(
                f"As soon as {added.table} has a row, the database refuses the column and the "
                "migration fails; only empty databases get past it."
            ),
            fix=(
                f"Give {added.column} {added.remedy} for the rows that are there, or add it as "
                "nullable, fill it, and forbid NULL after that."
            ),
            subject=f"{added.table}.{added.column} without default",
            related=[Related(made.path, made.line, f"{added.table} is created here")],
            repository_wide=True,
        )


def _dialect(facts: Facts) -> Dialect | None:
    """The dialect of the services' databases; None where one of them may take the column."""
    named = {name for service in facts.stack.services for name in service.databases}
    if facts.config.database is not None:
        named = {facts.config.database}
    if not named or not named <= _STRICT:
        return None
    return "postgres" if "postgresql" in named else "sqlite"


def _histories(facts: Facts, dialect: Dialect) -> Iterator[History]:
    yield from sql_histories(facts.model.tree, dialect)
    yield from alembic_steps(facts.model, dialect)
    yield from django_steps(facts)
    yield from node_histories(facts.model, dialect)
