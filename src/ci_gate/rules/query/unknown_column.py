from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.schema import Schema, SchemaColumn, Table
from ci_gate.codemodel.sql import HOLE
from ci_gate.codemodel.sqlscope import ColumnUse, Source, TargetColumn
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Hole, Place
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._builder_names import BuilderNames
from ci_gate.rules.query._drizzle_sources import unread_tables
from ci_gate.rules.query._fragments import lost_columns
from ci_gate.rules.query._joined_columns import outside_of_subquery
from ci_gate.rules.query._named_columns import unnamed_columns
from ci_gate.rules.query._names import SYSTEM_COLUMNS, WORDS
from ci_gate.rules.query._sql import Certain, asks_for_columns, at, calls, certain, near
from ci_gate.rules.query._typeorm_builder import unknown_properties

_MAX_NAMES: Final = 8


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A name in a text that means nothing there; ``about`` is what is said not to have it.

    ``none_of``: how to say so of several names.
    """

    place: Place
    about: str
    none_of: str
    name: str
    written: str
    message: str
    fix: str
    related: tuple[Related, ...] = ()


class UnknownColumn(Rule):
    """SQL or a query builder names a column or alias that neither its tables nor the schema has.

    The schema is what entities, DDL and migrations of the project say of the tables. Read are SQL
    texts, conditions with a query of their own (`EXISTS (SELECT …)`) and the chains of Knex, Kysely
    and Drizzle. TypeORM: `alias.property` in the texts of a query builder. Sequelize: names in
    `order`, `attributes` and `group` that the model lacks, `$alias.column$` of what the query does
    not include, and columns of an include that `limit` puts outside of the subquery.

    ## Why is this bad?
    The database rejects the statement each time it runs ("no such column", "column does not
    exist"): every request that comes this way ends in a server error. Text in quotes is checked by
    no compiler, and a branch that no test takes keeps the error until a user takes it.

    ## Fix
    Use the column's name as the table has it, or join the table that has it.

    ## Silent on
    Tables of which not every column is known, parts of the text that only the running program
    knows, functions that first ask the database which columns it has, functions in FROM, names
    that a database resolves by itself (`rowid`, `ctid`, `excluded`), aliases of the select list,
    text in tests, migrations and scripts that are run by hand. Chains of a builder that are handed
    on to be gone on with, and names in them that only the running program knows. Sequelize: models
    and options that are not all seen, queries through scopes, `sequelize.literal`.

    ## Source
    SQLite "no such column", PostgreSQL error 42703 (undefined_column) and 42P01 (missing
    FROM-clause entry). Sequelize, "Eager Loading": complex where clauses at the top level, and
    `subQuery`.
    """

    id = "query/unknown-column"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        builders = BuilderNames(facts)
        for defect in (
            *outside_of_subquery(models),
            *unnamed_columns(models),
            *builders.unknown_columns(),
            *unread_tables(facts),
            *unknown_properties(facts.entities.typeorm),
        ):
            yield defect.finding(self)
        in_text = list(self._in_text(facts))
        yield from in_text
        yield from self._in_conditions(facts, {(item.path, item.start.line) for item in in_text})

    def _in_conditions(self, facts: Facts, seen: set[tuple[str, int]]) -> Iterator[Finding]:
        """Conditions with a query of their own, away from the statement."""
        for lost in lost_columns(facts.model, facts.schema, facts.dialect):
            table, written = lost.table, f"{lost.qualifier}.{lost.name}"
            if lost.name.lower() in SYSTEM_COLUMNS or (lost.path, lost.line) in seen:
                continue
            seen.add((lost.path, lost.line))
            names = ", ".join(f"`{item}`" for item in list(table.columns)[:_MAX_NAMES])
            yield self.finding(
                lost.path,
                s.Node((lost.line, 1, lost.line, 1)),
                message=f"`{table.name}` (`{lost.qualifier}`) has no column `{lost.name}`.",
                why="The database rejects the statement each time the condition is part of it.",
                fix=f"Use one of its columns ({names}).",
                subject=f"condition {written}",
                related=[Related(table.path, table.span[0], f"`{table.name}` is defined here")],
            )

    def _in_text(self, facts: Facts) -> Iterator[Finding]:
        seen: set[tuple[Place, str]] = set()
        for read in calls(facts):
            if asks_for_columns(facts, read.call.function):
                continue
            new: dict[str, list[tuple[_Unknown, Certain]]] = {}
            found = certain(
                read.variants,
                lambda variant, read=read: list(_unknown(facts, read, variant)),  # type: ignore[misc]
                lambda variant, defect: _stands_in(facts, variant, defect.place),
            )
            for defect, sure in found.items():
                if (defect.place, defect.written) not in seen:
                    seen.add((defect.place, defect.written))
                    new.setdefault(defect.about, []).append((defect, sure))
            for together in new.values():
                yield self._finding(read, [defect for defect, _ in together], together[0][1])

    def _finding(self, read: ReadCall, defects: list[_Unknown], sure: Certain) -> Finding:
        """One finding for all that a statement wants of the same table."""
        condition = f" ({sure.condition})" if sure.condition else ""
        defect = defects[0]
        names = list(dict.fromkeys(item.name for item in defects))
        message, fix = defect.message, defect.fix
        if len(names) > 1:
            shown = ", ".join(f"`{name}`" for name in names[:_MAX_NAMES])
            message = f"{defect.none_of} {shown}{', …' if len(names) > _MAX_NAMES else ''}"
            fix = " ".join(dict.fromkeys(item.fix for item in defects[:3]))
        related = list(defect.related)
        call = read.call
        if (defect.place.path, defect.place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        return self.finding(
            defect.place.path,
            at(defect.place, len(defect.written)),
            message=f"{message}{condition}.",
            why="The database rejects the statement each time it runs.",
            fix=fix,
            subject=f"{call.function.name} {defect.written}",
            related=related,
        )


def _stands_in(facts: Facts, variant: ReadVariant, place: Place) -> bool:
    """Does the text of the variant hold what is written at ``place``?"""
    for start, piece in variant.parsed.rendered.spans:
        if isinstance(piece, Hole) or piece.origin is None or piece.origin.path != place.path:
            continue
        first = facts.sql.place(variant, start)
        last = facts.sql.place(variant, start + max(len(piece.text) - 1, 0))
        if first is None or last is None:
            continue
        if (first.line, first.column) <= (place.line, place.column) <= (last.line, last.column):
            return True
    return False


def _unknown(facts: Facts, read: ReadCall, variant: ReadVariant) -> Iterator[_Unknown]:
    finder = _Finder(facts, read, variant)
    for analysis in variant.analyses:
        for use in analysis.uses:
            yield from finder.use(use)
        for target in analysis.targets:
            yield from finder.target(target)


class _Finder:
    def __init__(self, facts: Facts, read: ReadCall, variant: ReadVariant) -> None:
        self._facts = facts
        self._schema: Schema = facts.schema
        self._dialect = read.call.dialect
        self._variant = variant

    def use(self, use: ColumnUse) -> Iterator[_Unknown]:
        if HOLE in use.name or HOLE in use.qualifier or use.node.args.get("db") is not None:
            return
        if use.qualifier:
            source = use.scope.find(use.qualifier)
            if source is None:
                yield from self._no_alias(use)
            else:
                yield from self._missing(use.node, use.name, source, use)
        else:
            yield from self._bare(use)

    def target(self, target: TargetColumn) -> Iterator[_Unknown]:
        if HOLE not in target.name:
            yield from self._missing(target.node, target.name, target.table, None)

    def _place(self, node: exp.Expr) -> Place | None:
        return self._facts.sql.place(self._variant, self._variant.parsed.offset_of(node))

    # --- alias.column, the alias is none ---

    def _no_alias(self, use: ColumnUse) -> Iterator[_Unknown]:
        if self._variant.parsed.holes or use.scope.is_open():
            return
        place = self._place(use.node)
        sources = [source for source in use.scope.all_sources() if source.name]
        if place is None or not sources:
            return
        written = f"{use.qualifier}.{use.name}"
        table = self._schema.table(use.qualifier)
        renamed = [
            source
            for source in sources
            if source.table is not None and source.table.lower() == use.qualifier.lower()
        ]
        if renamed:
            alias = renamed[0].name
            message = f"`{written}`: `{use.qualifier}` goes by its alias `{alias}` here"
            fix = f"Write `{alias}.{use.name}`."
        else:
            names = ", ".join(f"`{_named(source)}`" for source in sources[:6])
            message = (
                f"`{written}`: nothing in this statement is called `{use.qualifier}`; "
                f"it reads {names}"
            )
            fix = self._fix_alias(use, sources, table)
        none_of = f"Nothing in this statement is called `{use.qualifier}`, but it uses"
        yield _Unknown(place, f"alias {use.qualifier}", none_of, written, written, message, fix)

    def _fix_alias(self, use: ColumnUse, sources: list[Source], table: Table | None) -> str:
        having = [source.name for source in sources if self._column(source, use.name) is not None]
        if table is not None:
            return f"Join `{table.name}`."
        meant = [
            item.name
            for item in self._schema.tables.values()
            if item.column(use.name) is not None and _abbreviates(use.qualifier, item.name)
        ]
        if len(meant) == 1:
            return f"Join `{meant[0]}` as `{use.qualifier}`."
        if len(having) == 1:
            return f"Write `{having[0]}.{use.name}`, or join what `{use.qualifier}` stands for."
        return f"Join the table that `{use.qualifier}` stands for."

    # --- alias.column, the table has no such column ---

    def _missing(
        self, node: exp.Expr, name: str, source: Source, use: ColumnUse | None
    ) -> Iterator[_Unknown]:
        qualifier = use.qualifier if use is not None else None
        columns = self._columns(source)
        if columns is None or name.lower() in SYSTEM_COLUMNS:
            return
        place = self._place(node)
        if place is None:
            return
        if name.lower() in columns:
            yield from self._other_case(node, name, source, place)
            return
        table = self._table(source)
        written = f"{qualifier}.{name}" if qualifier else name
        what = _described(source, qualifier)
        elsewhere = self._elsewhere(use, source) if use is not None else None
        alike = near(name, columns.values())
        message = f"{what} has no column `{name}`"
        if alike is not None:
            message += f"; it has `{alike}`"
            meant = f"{qualifier}.{alike}" if qualifier else alike
            fix = f"If `{alike}` is meant, write `{meant}`."
        elif elsewhere is not None:
            message += f"; {elsewhere[0]} has it"
            fix = elsewhere[1]
        else:
            names = ", ".join(f"`{item}`" for item in list(columns.values())[:_MAX_NAMES])
            fix = f"Use one of its columns ({names})."
        related: tuple[Related, ...] = ()
        if table is not None:
            defined = f"`{table.name}` is defined here"
            related = (Related(table.path, table.span[0], defined),)
        about = source.table or source.name
        none_of = f"{what} has none of the columns"
        yield _Unknown(place, about, none_of, name, written, message, fix, related)

    def _other_case(
        self, node: exp.Expr, name: str, source: Source, place: Place
    ) -> Iterator[_Unknown]:
        """PostgreSQL reads a name without quotes in lower case, and one in quotes as it stands."""
        column = self._column(source, name)
        if column is None or self._dialect != "postgres":
            return
        stored = column.name if column.exact else column.name.lower()
        identifier = node.this if isinstance(node, exp.Column) else node
        read = name if identifier.args.get("quoted") else name.lower()
        if read == stored:
            return
        shown = f'"{stored}"' if stored != stored.lower() else stored
        what = f"Table `{source.table}`"
        message = f"{what} has a column `{stored}`; PostgreSQL reads `{read}` here"
        about = source.table or source.name
        none_of = f"{what} has other upper and lower case than"
        yield _Unknown(place, about, none_of, name, name, message, f"Write `{shown}`.")

    def _elsewhere(self, use: ColumnUse, source: Source) -> tuple[str, str] | None:
        """Another table that has the column: one that the statement reads there, else any."""
        name = use.name
        for other in use.scope.all_sources():
            if other is not source and self._column(other, name) is not None:
                return f"`{_named(other)}`", f"Write `{other.name}.{name}`."
        for table in self._schema.tables.values():
            if table.column(name) is not None and table.complete:
                return f"`{table.name}`", f"Join `{table.name}` and take the column from there."
        return None

    # --- a column without an alias ---

    def _bare(self, use: ColumnUse) -> Iterator[_Unknown]:
        name = use.name.lower()
        quoted = bool(use.node.this.args.get("quoted"))
        if (
            self._variant.parsed.holes
            or use.scope.is_open()
            or name in WORDS
            or name in SYSTEM_COLUMNS
            or (quoted and self._dialect != "postgres")
        ):
            return
        sources = use.scope.all_sources()
        if not use.scope.sources:
            return
        known: list[str] = []
        for source in sources:
            columns = self._columns(source)
            if columns is None or name in columns or source.name.lower() == name:
                return
            known.extend(columns.values())
        if any(name in scope.results for scope in use.scope.visible()):
            return
        place = self._place(use.node)
        if place is None:
            return
        read = dict.fromkeys(source.table or source.name for source in sources)
        names = ", ".join(f"`{name}`" for name in list(read)[:_MAX_NAMES])
        alike = near(use.name, known)
        message = f"Nothing that this statement reads ({names}) has a column `{use.name}`"
        if quoted:
            message += "; in PostgreSQL double quotes hold a name, not text"
            fix = f"Write text in single quotes: `'{use.name}'`."
        elif alike is not None:
            message += f"; there is `{alike}`"
            fix = f"If `{alike}` is meant, write that."
        else:
            fix = "Use a column that one of the tables has, or join the table that has it."
        none_of = f"Nothing that this statement reads ({names}) has the columns"
        defined = self._defined(sources)
        yield _Unknown(place, names, none_of, use.name, use.name, message, fix, defined)

    def _defined(self, sources: list[Source]) -> tuple[Related, ...]:
        found: list[Related] = []
        for source in sources[:3]:
            table = self._table(source)
            if table is not None:
                text = f"`{table.name}` is defined here"
                found.append(Related(table.path, table.span[0], text))
        return tuple(found)

    # --- what a source has ---

    def _table(self, source: Source) -> Table | None:
        if source.kind != "table" or source.table is None:
            return None
        return self._schema.table(source.table)

    def _columns(self, source: Source) -> dict[str, str] | None:
        """The columns of a source, by lower-case name; None when not all are known."""
        if source.kind == "query" and source.columns is not None:
            return {name.lower(): name for name in source.columns}
        table = self._table(source)
        if table is None or not table.complete:
            return None
        return {column.name.lower(): column.name for column in table.columns.values()}

    def _column(self, source: Source, name: str) -> SchemaColumn | None:
        table = self._table(source)
        return table.column(name) if table is not None else None


def _abbreviates(alias: str, table: str) -> bool:
    """Is the alias made of the table's initials or its beginning?"""
    initials = "".join(part[0] for part in table.lower().split("_") if part)
    return alias.lower() == initials or table.lower().startswith(alias.lower())


def _named(source: Source) -> str:
    if source.table is not None and source.table.lower() != source.name.lower():
        return f"{source.table} {source.name}"
    return source.name


def _described(source: Source, qualifier: str | None) -> str:
    if source.kind == "query":
        return f"The sub-query `{source.name}`"
    renamed = source.table is not None and source.table.lower() != (qualifier or "").lower()
    if qualifier is not None and renamed:
        return f"`{source.table}` is read as `{qualifier}` and"
    return f"Table `{source.table}`"
