from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel.schema import Table
from ci_gate.codemodel.sqlcalls import SqlCall
from ci_gate.codemodel.sqlstatements import ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._conflict_targets import conflict_targets
from ci_gate.rules.query._sql import calls, certain
from ci_gate.rules.query._unique_keys import Keys, UniqueKeys


@dataclass(frozen=True, slots=True)
class _Defect:
    table: str
    target: tuple[str, ...]


class ConflictWithoutKey(Rule):
    """An INSERT counts on a conflict that no unique key of the table can raise.

    `INSERT OR IGNORE INTO favorites (user_id, article_id)` where the two columns are neither the
    primary key nor unique together; `ON CONFLICT (name)` where `name` is not unique. With
    SQLAlchemy: `on_conflict_do_nothing(index_elements=…)`.

    ## Why is this bad?
    With a conflict target PostgreSQL and SQLite refuse the statement each time ("no unique or
    exclusion constraint matching the ON CONFLICT specification"). Without one nothing ever
    conflicts: the same row is stored again each time, and every count over the table is wrong.

    ## Fix
    Make the columns the primary key, or unique together.

    ## Silent on
    Tables whose keys cannot all be seen: altered, or with unique indexes of their own; SQL text on
    tables that an ORM or a query builder makes; targets that are expressions, constraints by name
    or partial; inserts that name no columns.

    ## Source
    PostgreSQL, "INSERT: ON CONFLICT Clause"; SQLite, "UPSERT" and "The ON CONFLICT Clause".
    """

    id = "query/conflict-without-key"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in conflict_targets(facts):
            yield defect.finding(self)
        keys = UniqueKeys(facts)
        for read in calls(facts):
            found = certain(read.variants, lambda variant: list(_defects(facts, keys, variant)))
            for missing in found:
                table = facts.schema.table(missing.table)
                if table is not None:
                    yield self._found(read.call, missing, table)

    def _found(self, call: SqlCall, defect: _Defect, table: Table) -> Finding:
        columns = ", ".join(f"`{name}`" for name in defect.target)
        if defect.target:
            message = (
                f"The INSERT into `{table.name}` handles conflicts on {columns}, and no key of"
                " the table is on just that."
            )
            why = "The database refuses the statement each time it runs."
        else:
            message = (
                f"The INSERT passes over rows that `{table.name}` has already, and the table has"
                " no unique key that would tell."
            )
            why = "Nothing conflicts: the same row is stored again each time."
        return self.finding(
            call.path,
            spot(call.node),
            message=message,
            why=why,
            fix="Make the columns the primary key of the table, or UNIQUE together.",
            subject=f"{call.function.name} into {table.name}",
            related=[Related(table.path, table.span[0], f"`{table.name}` is defined here")],
        )


def _defects(facts: Facts, keys: UniqueKeys, variant: ReadVariant) -> Iterator[_Defect]:
    if variant.parsed.error is not None or len(variant.parsed.statements) != 1:
        return
    statement = variant.parsed.statements[0]
    if not isinstance(statement, exp.Insert) or not isinstance(statement.this, exp.Schema):
        return
    target = statement.this.this
    table = facts.schema.table(target.name) if isinstance(target, exp.Table) else None
    conflict = statement.args.get("conflict")
    passes = statement.args.get("ignore") or statement.args.get("alternative") in (
        "IGNORE",
        "REPLACE",
    )
    if table is None or (conflict is None and not passes):
        return
    known = keys.of(table)
    if known is None:
        return
    given = frozenset(item.name.lower() for item in statement.this.expressions)
    wanted = _target(conflict) if conflict is not None else ()
    if wanted is None or not given:
        return
    if wanted:
        if frozenset(wanted) not in known:
            yield _Defect(table.name, wanted)
    elif not _may_conflict(known, given):
        yield _Defect(table.name, ())


def _may_conflict(keys: Keys, given: frozenset[str]) -> bool:
    return any(key & given for key in keys)


def _target(conflict: exp.Expr) -> tuple[str, ...] | None:
    """The columns of the conflict target, none where there is no target; None: not known."""
    if conflict.args.get("constraint") or conflict.args.get("index_predicate"):
        return None
    if conflict.args.get("duplicate"):
        return ()
    found: list[str] = []
    for item in conflict.args.get("conflict_keys") or ():
        column = item.this if isinstance(item, exp.Ordered) else item
        if not isinstance(column, exp.Column | exp.Identifier):
            return None
        found.append(column.name.lower())
    return tuple(found)
