"""Drizzle: columns of tables that a statement does not read."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.facts import Statement, Use
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts


def unread_tables(facts: Facts) -> Iterator[Defect]:
    seen: set[s.Node] = set()
    for statement in facts.builders.statements:
        if statement.library != "drizzle" or statement.open or not statement.sources:
            continue
        if statement.kind == "insert":
            continue
        names: set[str] = set()
        for use in statement.uses:
            if statement.named(use.qualifier) is None and use.qualifier not in names:
                names.add(use.qualifier)
                if use.node not in seen:
                    seen.add(use.node)
                    yield _defect(facts, statement, use)


def _defect(facts: Facts, statement: Statement, use: Use) -> Defect:
    read = ", ".join(f"`{item.name}`" for item in statement.sources)
    table = facts.entities.drizzle.named(use.qualifier)
    related: tuple[Related, ...] = ()
    if table is not None:
        defined = f"`{table.name}` is defined here"
        related = (Related(table.path, table.call.line, defined),)
    verb = "reads" if statement.kind == "select" else f"{statement.kind}s"
    return Defect(
        use.path,
        spot(use.node),
        f"The statement uses `{use.written}` and {verb} {read} only.",
        "The database rejects it each time it runs: no such column, or a missing FROM-clause "
        "entry for the table.",
        f"Join `{use.qualifier}`, or compare a column of {read}.",
        f"{statement.function.name} {use.written}",
        related,
    )
