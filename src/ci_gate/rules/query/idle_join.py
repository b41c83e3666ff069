from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel.sql import PARAMETER
from ci_gate.codemodel.sqlstatements import ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._sql import at, calls, certain


@dataclass(frozen=True, slots=True)
class _Idle:
    """``joined`` is never looked at, and the condition at ``place`` is on ``asked``."""

    place: Place
    table: str
    joined: str
    asked: str
    column: str


class IdleJoin(Rule):
    """A table is joined under a second name that nothing reads, and the condition is on the first.

    `JOIN users fu ON fu.id = f.user_id WHERE u.username = ?`, where `u` is the article's author and
    `fu` who has favorited it.

    ## Why is this bad?
    The statement runs, and filters by the wrong row: the articles of a user in place of those that
    the user has favorited. A test in which both are the same user passes.

    ## Fix
    Put the condition on the table's second name.

    ## Silent on
    Outer joins, joins to the first one itself (a parent that has to be there), joins that a select
    list, a condition or another join looks at, names that are written without their table, tables
    that are there once, conditions on no value of a caller.

    ## Source
    Constraint decay, arXiv 2605.06445: the filter by who has favorited an article.
    """

    id = "query/idle-join"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[Place] = set()
        for read in calls(facts):
            found = certain(
                read.variants,
                lambda variant: list(_idle(facts, variant)),
                lambda variant, defect: any(
                    table.alias_or_name == defect.joined
                    for statement in variant.parsed.statements
                    for table in statement.find_all(exp.Table)
                ),
            )
            for defect in found:
                if defect.place not in seen:
                    seen.add(defect.place)
                    call = read.call
                    yield self._found(defect, Related(call.path, call.node.line, "it runs here"))

    def _found(self, idle: _Idle, run: Related) -> Finding:
        asked = f"{idle.asked}.{idle.column}"
        return self.finding(
            idle.place.path,
            at(idle.place, len(asked)),
            message=(
                f"`{idle.table}` is joined as `{idle.joined}`, which nothing looks at; the"
                f" condition is on `{asked}`, another row of `{idle.table}`."
            ),
            why="The statement filters by the wrong row, and the join does nothing.",
            fix=f"If `{idle.joined}.{idle.column}` is meant, write that; else drop the join.",
            subject=f"{idle.joined} beside {asked}",
            related=[run],
        )


def _idle(facts: Facts, variant: ReadVariant) -> Iterator[_Idle]:
    if variant.parsed.error is not None or variant.parsed.holes:
        return
    for statement in variant.parsed.statements:
        for select in statement.find_all(exp.Select):
            for join in select.args.get("joins") or ():
                table, on = join.this, join.args.get("on")
                if not isinstance(table, exp.Table) or on is None or join.args.get("side"):
                    continue
                if _is_used(statement, select, table.alias_or_name, on):
                    continue
                found = _condition(select, table)
                if found is None or any(
                    item.table == found.table for item in on.find_all(exp.Column)
                ):
                    continue  # it asks for the first one's own partner
                place = facts.sql.place(variant, variant.parsed.offset_of(found))
                if place is not None:
                    yield _Idle(place, table.name, table.alias_or_name, found.table, found.name)


def _is_used(statement: exp.Expr, select: exp.Select, name: str, on: exp.Expr) -> bool:
    """Does anything but the join's own condition look at the name, or may it?"""
    own = {id(item) for item in on.find_all(exp.Column)}
    for column in statement.find_all(exp.Column):
        if id(column) in own:
            continue
        if column.table == name or (not column.table and column.parent_select is select):
            return True
    return any(isinstance(item, exp.Star) for item in select.expressions)


def _condition(select: exp.Select, table: exp.Table) -> exp.Column | None:
    """A column of the same table under another name that the statement compares with a value."""
    others = {
        item.alias_or_name
        for item in _visible(select)
        if item.name.lower() == table.name.lower() and item.alias_or_name != table.alias_or_name
    }
    where = select.args.get("where")
    if where is None or not others:
        return None
    for node in where.find_all(exp.EQ, exp.Like, exp.ILike):
        column, value = node.this, node.expression
        if (
            isinstance(column, exp.Column)
            and column.table in others
            and node.parent_select is select
            and any(item.name.startswith(PARAMETER) for item in value.find_all(exp.Placeholder))
        ):
            return column
    return None


def _visible(select: exp.Select) -> Iterator[exp.Table]:
    """The tables that the select's conditions may name: its own and those around it."""
    around: exp.Expr | None = select
    while isinstance(around, exp.Select):
        source = around.args.get("from_") or around.args.get("from")
        for item in (source, *(around.args.get("joins") or ())):
            if isinstance(item, exp.Expr) and isinstance(item.this, exp.Table):
                yield item.this
        around = around.parent_select
