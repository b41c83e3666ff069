from __future__ import annotations

from collections.abc import Iterable

from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._alembic_drift import alembic_drift
from ci_gate.rules.database._django_drift import django_drift
from ci_gate.rules.database._prisma_drift import prisma_drift
from ci_gate.rules.database._sequelize_drift import sequelize_drift


class MigrationDrift(Rule):
    """A model and its migrations disagree: the database will not have what the code asks for.

    A field or model of a Django app that none of the app's migrations adds; a field that they make
    otherwise than the model says, or still have though the model lost it. For SQLAlchemy, a column
    of a mapped class that no Alembic migration of its table adds, and a mapped class or `Table` of
    the same metadata that no migration creates, where migrations create the others. A model or
    field of `schema.prisma` that no migration beside it makes. For Sequelize, an attribute that no
    `createTable` or `addColumn` of its table has, and a model whose table none creates.

    ## Why is this bad?
    Tests that build their tables from the models pass. The deployed database is built by the
    migrations: there every query of the model names a column that does not exist.

    ## Fix
    Let the tool write the missing migration (`python manage.py makemigrations`, `alembic revision
    --autogenerate`, `prisma migrate dev`) and commit it with the change of the model.

    ## Silent on
    Apps and databases without migrations; projects that make migrations where they start, or
    keep them out of version control; abstract, proxy and unmanaged models and swappable ones
    that are not chosen; histories with operations that cannot be followed; fields that raw SQL
    in a migration names; fields that a condition or a library's own class defines; tables that
    other SQL of the tree creates, and an `env.py` that leaves tables out. A nullable
    column that only migrations still have is a warning, and so is a column that Alembic lacks
    where the service also calls `create_all`. Prisma: databases that `db push` makes, or that were
    there before their migrations. Sequelize: migrations that load other modules, names that files
    which could not be followed mention, `sync({ alter: true })`.

    ## Source
    Django: "Migrations are Django's way of propagating changes you make to your models into your
    database schema" (docs.djangoproject.com/en/stable/topics/migrations); Alembic, "Auto Generating
    Migrations" (alembic.sqlalchemy.org/en/latest/autogenerate.html); Prisma Migrate, "About
    migration histories".
    """

    id = "database/migration-drift"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for drift in (
            *django_drift(facts), *alembic_drift(facts), *prisma_drift(facts),
            *sequelize_drift(facts),
        ):  # fmt: skip
            yield self.finding(
                drift.path,
                drift.node,
                message=drift.message,
                why=drift.why,
                fix=drift.fix,
                subject=drift.subject,
                related=drift.related,
                severity=drift.severity,
            )
