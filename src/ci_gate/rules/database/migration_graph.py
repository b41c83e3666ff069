from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._forks import alembic_flaws, django_flaws


class MigrationGraph(Rule):
    """Migrations do not form one line: two come last, or one follows a migration that is missing.

    Two heads of an Alembic history, two leaves of a Django app, a `down_revision` or dependency
    that no file of the tree is, two Alembic files with one revision identifier.

    ## Why is this bad?
    It comes about when two branches each add a migration, and no test sees it that makes its
    tables from the models. `alembic upgrade head` and `manage.py migrate` refuse to run, so that
    the deployment fails and the service does not start.

    ## Fix
    Let the newer migration follow the other one, or join them with a merge migration (`alembic
    merge heads`, `python manage.py makemigrations --merge`).

    ## Silent on
    Branches with labels and projects that upgrade to `heads`; histories in folders of their own;
    folders with a migration that cannot be read; `version_locations` (for missing revisions) and
    `MIGRATION_MODULES`; migrations of apps outside the tree; those that a squashed one replaces;
    tests, examples and templates of projects.

    ## Source
    Alembic, "Working with Branches" (alembic.sqlalchemy.org/en/latest/branches.html); Django,
    "Migrations: Version control" (docs.djangoproject.com/en/stable/topics/migrations).
    """

    id = "database/migration-graph"
    group = "database"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        for flaw in (*alembic_flaws(facts), *django_flaws(facts)):
            yield self.finding(
                flaw.path,
                flaw.node,
                message=flaw.message,
                why=flaw.why,
                fix=flaw.fix,
                subject=flaw.subject,
                related=flaw.related,
                repository_wide=True,
            )
