from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ci_gate.findings import Finding, Severity
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._creation import Missing, Schemas
from ci_gate.rules.database._node_ddl import tables_not_made
from ci_gate.rules.database._node_schema import never_created
from ci_gate.rules.database._service import ServiceView
from ci_gate.rules.database._typeorm_schema import never_made

_SHOWN: Final = 4


class SchemaNotCreated(Rule):
    """The table of an entity is never created.

    `create_all()` runs on another metadata than the entity's, before the entity's module is
    imported, without it, only where the file is run as a program though a server imports it, or not
    at all; and no migration or DDL makes the table either. Sequelize: nothing that the service
    runs calls `sync()`, or only under a condition that the start script's environment makes false,
    or it runs before the associations that bring a table's keys. Drivers of Node: the SQL text or
    files that make the tables stand in a function that nothing calls, in a text that nothing runs,
    or in a script that no command or document names; or the change takes away what made them at
    the start.

    ## Why is this bad?
    The service starts and the first statement on the table fails with "no such table". Tests often
    make the tables themselves and pass.

    ## Fix
    Put the entity on the metadata that is created, import its module before `create_all()`, and
    call that where the service starts. Or create the table by a migration.

    ## Silent on
    Projects with migrations (Alembic, Flask-Migrate, aerich, yoyo) and tables that DDL text
    creates; automap and reflection; modules loaded by names that the program works out
    (`pkgutil.walk_packages`); several databases; where a document or script tells of another way to
    make the tables. What nothing uses, and a server's database that may exist already, are
    warnings. On Node also: tools for migrations among the packages, files of SQL that no code
    reads, names that anything which may run speaks.

    ## Source
    SQLAlchemy, "Working with Database Metadata": `create_all()` creates the tables that are
    registered on that `MetaData` at that moment.
    """

    id = "database/schema-not-created"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in (
            *never_created(facts), *tables_not_made(facts), *never_made(facts)
        ):  # fmt: skip
            yield defect.finding(self)
        view = facts.once(ServiceView)
        for service in facts.stack.services:
            if "python" in service.languages:
                for missing in Schemas(facts, view, service).missing():
                    yield self._finding(missing)

    def _finding(self, missing: Missing) -> Finding:
        first = missing.entities[0]
        node, path = missing.node, missing.path
        names = _listed([entity.name for entity in missing.entities])
        tables = _listed([f"`{entity.table or entity.name}`" for entity in missing.entities])
        mapped = f" ({names})" if any(item.cls is not None for item in missing.entities) else ""
        noun = "table" if len(missing.entities) == 1 else "tables"
        return self.finding(
            path,
            node,
            message=f"The {noun} {tables}{mapped} {missing.what}",
            why=(
                f"The first statement on {first.name} fails: the table does not "
                f"exist{missing.consequence}."
            ),
            fix=missing.fix,
            subject=f"{names} not created",
            severity=Severity.ERROR if missing.certain else Severity.WARNING,
            related=missing.related,
            repository_wide=missing.everything,
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
