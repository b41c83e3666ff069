from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._added_columns import Added, Place, is_to_run, repeated
from ci_gate.rules.database._added_python import alembic_steps, django_steps


class UniqueWithOneDefault(Rule):
    """A migration adds a unique column, and gives all rows that are there the same value.

    Django's `AddField` with `unique=True` and a `default` (a function too: Django calls it once for
    the migration, not once for each row); Alembic's `add_column` with `unique=True` and a constant
    `server_default`.

    ## Why is this bad?
    As soon as the table has two rows, the unique constraint fails and with it the migration: the
    deployment stops halfway. On the empty databases of tests and new machines all is well.

    ## Fix
    Add the column as nullable and without `unique`, fill it row by row (`RunPython`, an UPDATE with
    `gen_random_uuid()`), and make it unique after that.

    ## Silent on
    Tables that the same migration creates, and those that no earlier one was seen to create;
    migrations that run Python or SQL of their own; `db_default` and expressions of the database;
    defaults that are None. Migrations that the base has too, and, where there is no base, those
    that others come after: they have run.

    ## Source
    Django, "How to create database migrations: Migrations that add unique fields"
    (docs.djangoproject.com/en/stable/howto/writing-migrations).
    """

    id = "database/unique-with-one-default"
    group = "database"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for history in (*alembic_steps(facts.model, "postgres"), *django_steps(facts)):
            for added, made in repeated(history):
                if is_to_run(facts, history, added, made):
                    yield self._finding(added, made)

    def _finding(self, added: Added, made: Place) -> Finding:
        return self.finding(
            added.path,
            added.node,
            message=(
                f"The migration adds {added.table}.{added.column} as unique, and its "
                f"{added.remedy} is one value for all rows of a table that exists since "
                f"{made.path}."
            ),
            why=(
                f"As soon as {added.table} has two rows, both get that value, the unique "
                "constraint fails and the migration stops; only nearly empty databases get past it."
            ),
            fix=(
                f"Add {added.column} as nullable and not unique, give each row a value of its own, "
                "and make it unique in a later step."
            ),
            subject=f"{added.table}.{added.column} unique with one default",
            related=[Related(made.path, made.line, f"{added.table} is created here")],
            repository_wide=True,
        )
