from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel.schema import key_of
from ci_gate.codemodel.sqlscope import Source
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._builder_names import BuilderNames
from ci_gate.rules.query._names import SYSTEM_TABLES
from ci_gate.rules.query._sql import at, calls, certain, near

#: Fewer tables of the schema per missing one, and the texts are for a database made elsewhere.
_KNOWN_PER_MISSING: Final = 3


@dataclass(frozen=True, slots=True)
class _Missing:
    place: Place
    name: str


class UnknownTable(Rule):
    """SQL or a query builder names a table that no entity, DDL or migration of the project creates.

    ## Why is this bad?
    The database rejects the statement each time it runs ("no such table", "relation does not
    exist"). On the author's machine the table may be left from an earlier state of the code; on a
    fresh database it is missing.

    ## Fix
    Use the table's name as it is created, or create the table with the others.

    ## Silent on
    Projects whose tables cannot all be seen: reflection, SQL files or migrations that cannot be
    read, frameworks that bring tables of their own (there only a name that is nearly one of the
    project's tables counts), most tables made elsewhere. Tables of the database itself and of
    migration tools, CTEs, temporary tables, other schemas.

    ## Source
    SQLite "no such table", PostgreSQL error 42P01 (undefined_table).
    """

    id = "query/unknown-table"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for built in BuilderNames(facts).unknown_tables():
            yield built.finding(self)
        own = list(calls(facts))
        if not facts.schema.complete:
            return
        whole, files = _usage(facts, own)
        if not whole.mostly_known():
            return
        only_near = facts.stack.has("django", "django-orm")
        seen: set[Place] = set()
        for read in own:
            if not files[read.call.path].known:
                continue  # the texts of this file are for another database
            found = certain(
                read.variants,
                lambda variant: list(_missing(facts, variant)),
                lambda variant, defect: any(
                    source.table == defect.name
                    for analysis in variant.analyses
                    for source in analysis.tables
                ),
            )
            for defect, sure in found.items():
                alike = _alike(facts, defect.name)
                if defect.place in seen or (only_near and alike is None):
                    continue
                seen.add(defect.place)
                yield self._finding(facts, read, defect, alike, sure.condition)

    def _finding(
        self,
        facts: Facts,
        read: ReadCall,
        defect: _Missing,
        alike: str | None,
        condition: str | None,
    ) -> Finding:
        message = f"No entity, DDL or migration of the project creates a table `{defect.name}`"
        related: list[Related] = []
        if alike is not None:
            table = facts.schema.tables[alike]
            message += f"; there is `{table.name}`"
            related.append(Related(table.path, table.span[0], f"`{table.name}` is defined here"))
            fix = f"If `{table.name}` is meant, write that; else create `{defect.name}`."
        else:
            fix = f"Create `{defect.name}` where the project creates its tables."
        if condition is not None:
            message += f" ({condition})"
        call = read.call
        if (defect.place.path, defect.place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        return self.finding(
            defect.place.path,
            at(defect.place, len(defect.name)),
            message=f"{message}.",
            why="The database rejects the statement each time it runs.",
            fix=fix,
            subject=f"{call.function.name} {defect.name}",
            related=related,
        )


def _missing(facts: Facts, variant: ReadVariant) -> Iterator[_Missing]:
    for analysis in variant.analyses:
        for source in analysis.tables:
            if _is_missing(facts, source):
                place = facts.sql.place(variant, variant.parsed.offset_of(source.node.this))
                if place is not None and source.table is not None:
                    yield _Missing(place, source.table)


def _is_missing(facts: Facts, source: Source) -> bool:
    name = source.table
    if name is None or SYSTEM_TABLES.match(name) or facts.schema.table(name) is not None:
        return False
    return "." not in key_of(name)


@dataclass(slots=True)
class _Usage:
    """The tables that texts name, by whether the schema has them (or nearly)."""

    known: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def mostly_known(self) -> bool:
        return len(self.known) >= len(self.missing) * _KNOWN_PER_MISSING


def _usage(facts: Facts, reads: list[ReadCall]) -> tuple[_Usage, dict[str, _Usage]]:
    """The tables of all texts, and of those in each file."""
    whole = _Usage()
    files: dict[str, _Usage] = {}
    for read in reads:
        own = files.setdefault(read.call.path, _Usage())
        for variant in read.variants:
            for analysis in variant.analyses:
                for source in analysis.tables:
                    name = key_of(source.table or "")
                    gone = _is_missing(facts, source) and _alike(facts, name) is None
                    for usage in (whole, own):
                        (usage.missing if gone else usage.known).add(name)
    return whole, files


def _alike(facts: Facts, name: str) -> str | None:
    """The table that was meant: a plural, a missing prefix, a slip of the pen."""
    wanted = key_of(name)
    found = near(wanted, facts.schema.tables, cutoff=0.82)
    if found is not None:
        return found
    squeezed = {key.replace("_", ""): key for key in facts.schema.tables}
    return squeezed.get(wanted.replace("_", ""))
