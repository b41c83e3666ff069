"""What the names of a SQL statement refer to: tables, aliases, sub-queries, columns.

Lenient where databases differ: a name that any of them could resolve counts as resolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final, Literal

from ci_gate.codemodel.sql import HOLE
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass

_MAX_NESTING: Final = 40


@dataclass(slots=True, eq=False)
class Source:
    """One entry of FROM or JOIN, under the name by which columns refer to it.

    ``kind``: ``table`` (a name that the database knows), ``query`` (a CTE or sub-query; ``columns``
    are its results, None when not known), ``opaque`` (functions, holes).
    """

    name: str
    kind: Literal["table", "query", "opaque"]
    node: exp.Expr
    table: str | None = None
    columns: tuple[str, ...] | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """What a part of a statement can see. ``results`` are names of its own select list."""

    sources: list[Source] = field(default_factory=list)
    parent: Scope | None = None
    results: set[str] = field(default_factory=set)
    open: bool = False

    def visible(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Source | None:
        wanted = name.lower()
        for scope in self.visible():
            for source in scope.sources:
                if source.name.lower() == wanted:
                    return source
        return None

    def is_open(self) -> bool:
        return any(scope.open for scope in self.visible())

    def all_sources(self) -> list[Source]:
        return [source for scope in self.visible() for source in scope.sources]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnUse:
    """A column as an expression names it."""

    node: exp.Column
    scope: Scope

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def qualifier(self) -> str:
        return self.node.table


@dataclass(frozen=True, slots=True, eq=False)
class TargetColumn:
    """A column that INSERT or UPDATE writes, by its bare name."""

    node: exp.Expr
    name: str
    table: Source


@dataclass(frozen=True, slots=True, eq=False)
class JoinPair:
    """``left = right`` in a join's ON or in WHERE, both of them columns."""

    node: exp.EQ
    left: ColumnUse
    right: ColumnUse


@dataclass(slots=True, eq=False)
class Analysis:
    """All names of one statement, with what they can refer to."""

    statement: exp.Expr
    uses: list[ColumnUse] = field(default_factory=list)
    targets: list[TargetColumn] = field(default_factory=list)
    tables: list[Source] = field(default_factory=list)
    joins: list[JoinPair] = field(default_factory=list)


def analyse(statement: exp.Expr) -> Analysis | None:
    """The names of a statement that reads or writes rows; None for others."""
    walker = _Walker(Analysis(statement))
    try:
        return walker.analysis if walker.statement(statement) else None
    except RecursionError:
        return None


_Ctes = dict[str, tuple[str, ...] | None]


class _Walker:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._depth = 0

    def statement(self, node: exp.Expr, ctes: _Ctes | None = None) -> bool:
        known: _Ctes = {} if ctes is None else ctes
        if isinstance(node, exp.Query):
            self.query(node, None, known)
        elif isinstance(node, exp.Insert):
            self._insert(node, known)
        elif isinstance(node, exp.Update):
            self._update(node, known)
        elif isinstance(node, exp.Delete):
            self._delete(node, known)
        elif isinstance(node, exp.Create) and isinstance(node.expression, exp.Query):
            self.query(node.expression, None, {})
        else:
            return False
        return True

    # --- queries ---

    def query(self, node: exp.Expr, outer: Scope | None, ctes: _Ctes) -> tuple[str, ...] | None:
        """Walk a query; the names of its result columns, None when not known."""
        if self._depth > _MAX_NESTING:
            raise RecursionError
        self._depth += 1
        try:
            ctes = self._with(node, outer, ctes)
            if isinstance(node, exp.Select):
                return self._select(node, outer, ctes)
            if isinstance(node, exp.SetOperation):
                left = self.query(node.this, outer, ctes)
                self.query(node.expression, outer, ctes)
                return left
            if isinstance(node, exp.Subquery):
                if isinstance(node.this, exp.Query):
                    return self.query(node.this, outer, ctes)
                return None
            return None
        finally:
            self._depth -= 1

    def _with(self, node: exp.Expr, outer: Scope | None, ctes: _Ctes) -> _Ctes:
        clause = node.args.get("with_")
        if not isinstance(clause, exp.With):
            return ctes
        ctes = dict(ctes)
        for cte in clause.expressions:
            name = cte.alias.lower()
            named = tuple(column.name for column in cte.args["alias"].columns) or None
            if clause.recursive:
                ctes[name] = named
            if isinstance(cte.this, exp.Query):
                found = self.query(cte.this, outer, ctes)
                more = clause.args.get("search") or clause.args.get("cycle")  # SEARCH … SET name
                ctes[name] = None if more else named or found
            else:
                self.statement(cte.this, ctes)
                ctes[name] = named
        return ctes

    def _select(self, node: exp.Select, outer: Scope | None, ctes: _Ctes) -> tuple[str, ...] | None:
        scope = Scope(parent=outer)
        from_ = node.args.get("from_")
        if isinstance(from_, exp.From):
            self._source(from_.this, scope, ctes)
        for join in node.args.get("joins") or ():
            self._source(join.this, scope, ctes)
        for lateral in node.args.get("laterals") or ():
            self._source(lateral, scope, ctes)
        for projection in node.expressions:
            if isinstance(projection, exp.Alias):
                scope.results.add(projection.alias.lower())
        self._joins(node.args.get("joins") or (), scope, ctes)
        for key, value in node.args.items():
            if key not in ("from_", "joins", "laterals", "with_"):
                self._expressions(value, scope, ctes)
        where = node.args.get("where")
        if isinstance(where, exp.Where):
            self._pairs(where.this, scope)
        return self._outputs(node, scope)

    def _outputs(self, node: exp.Select, scope: Scope) -> tuple[str, ...] | None:
        found: list[str] = []
        for projection in node.expressions:
            if isinstance(projection, exp.Star) or (
                isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star)
            ):
                wanted = projection.table if isinstance(projection, exp.Column) else ""
                for source in scope.sources:
                    if wanted and source.name.lower() != wanted.lower():
                        continue
                    if source.kind != "query" or source.columns is None:
                        return None
                    found.extend(source.columns)
                continue
            # any other expression has a name that the database makes up
            if not isinstance(projection, exp.Alias | exp.Column):
                return None
            name = projection.alias_or_name
            if HOLE in name:
                return None
            found.append(name)
        return tuple(found)

    # --- sources ---

    def _source(self, node: exp.Expr, scope: Scope, ctes: _Ctes) -> None:
        alias = node.alias
        if isinstance(node, exp.Table):
            self._table(node, alias, scope, ctes)
        elif isinstance(node, exp.Subquery) and _is_group(node.this):
            self._source(node.this, scope, ctes)
            if alias:
                scope.open = True
        elif isinstance(node, exp.Subquery):
            columns = self.query(node, scope.parent, ctes)
            named = _alias_columns(node)
            scope.sources.append(Source(alias, "query", node, columns=named or columns))
        elif isinstance(node, exp.Lateral) and isinstance(node.this, exp.Subquery):
            columns = self.query(node.this, scope, ctes)
            named = _alias_columns(node)
            scope.sources.append(Source(alias, "query", node, columns=named or columns))
        else:
            self._opaque(node, alias, scope, ctes)
        for join in node.args.get("joins") or ():
            self._source(join.this, scope, ctes)
        if node.args.get("joins"):
            self._joins(node.args["joins"], scope, ctes)

    def _table(self, node: exp.Table, alias: str, scope: Scope, ctes: _Ctes) -> None:
        if not isinstance(node.this, exp.Identifier):
            name = alias or (node.this.name if isinstance(node.this, exp.Anonymous) else "")
            self._opaque(node, name, scope, ctes)
            return
        name = node.name
        if HOLE in alias:
            # an unknown part stands where an alias would: the table goes by its own name
            alias = ""
            scope.open = True
        if HOLE in name or HOLE in node.db:
            scope.sources.append(Source(alias or name, "opaque", node))
            scope.open = True
            return
        if not node.db and name.lower() in ctes:
            columns = _alias_columns(node) or ctes[name.lower()]
            scope.sources.append(Source(alias or name, "query", node, columns=columns))
            return
        source = Source(alias or name, "table", node, table=name)
        if node.db:
            source.table = f"{node.db}.{name}"
        if node.args.get("pivots") or _alias_columns(node):
            source.kind = "opaque"
        scope.sources.append(source)
        self.analysis.tables.append(source)

    def _opaque(self, node: exp.Expr, alias: str, scope: Scope, ctes: _Ctes) -> None:
        scope.sources.append(Source(alias, "opaque", node))
        for key, value in node.args.items():
            if key not in ("alias", "joins"):
                self._expressions(value, scope, ctes)

    def _joins(self, joins: Iterable[exp.Expr], scope: Scope, ctes: _Ctes) -> None:
        for join in joins:
            on = join.args.get("on")
            if on is not None:
                self._expressions(on, scope, ctes)
                self._pairs(on, scope)

    def _pairs(self, on: exp.Expr, scope: Scope) -> None:
        for part in _conjuncts(on):
            if (
                isinstance(part, exp.EQ)
                and isinstance(part.this, exp.Column)
                and isinstance(part.expression, exp.Column)
            ):
                left, right = ColumnUse(part.this, scope), ColumnUse(part.expression, scope)
                self.analysis.joins.append(JoinPair(part, left, right))

    # --- expressions ---

    def _expressions(self, value: object, scope: Scope, ctes: _Ctes) -> None:
        stack: list[object] = [value]
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            elif isinstance(item, exp.Query):
                self.query(item, scope, ctes)
            elif isinstance(item, exp.Column):
                if not isinstance(item.this, exp.Star):
                    self.analysis.uses.append(ColumnUse(item, scope))
            elif isinstance(item, exp.Expr):
                stack.extend(reversed(list(item.args.values())))

    # --- statements that write ---

    def _target(self, node: object, scope: Scope) -> Source | None:
        if isinstance(node, exp.Schema):
            node = node.this
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return None
        before = len(scope.sources)
        self._source(node, scope, {})
        return scope.sources[before]

    def _insert(self, node: exp.Insert, ctes: _Ctes) -> None:
        scope = Scope()
        ctes = self._with(node, None, ctes)
        target = self._target(node.this, scope)
        if isinstance(node.expression, exp.Query) and not isinstance(node.expression, exp.Values):
            self.query(node.expression, None, ctes)
        elif node.expression is not None:
            self._expressions(node.expression, Scope(), ctes)
        if target is None:
            return
        if isinstance(node.this, exp.Schema):
            for column in node.this.expressions:
                if isinstance(column, exp.Identifier | exp.Column):
                    self.analysis.targets.append(TargetColumn(column, column.name, target))
        conflict = node.args.get("conflict")
        if isinstance(conflict, exp.OnConflict):
            excluded = Source("excluded", target.kind, target.node, target.table)
            inner = Scope([*scope.sources, excluded, *self._new(target)])
            for assignment in conflict.expressions:
                self._assignment(assignment, target, inner, ctes)
            for key in ("where", "index_predicate"):
                self._expressions(conflict.args.get(key), inner, ctes)
            self._expressions(conflict.args.get("conflict_keys") or [], scope, ctes)
        self._expressions(node.args.get("returning"), scope, ctes)

    def _new(self, target: Source) -> list[Source]:
        """MySQL's name for the row that was to be inserted."""
        return [Source("new", target.kind, target.node, target.table)]

    def _update(self, node: exp.Update, ctes: _Ctes) -> None:
        scope = Scope()
        ctes = self._with(node, None, ctes)
        target = self._target(node.this, scope)
        if target is None:
            return
        from_ = node.args.get("from_")
        if isinstance(from_, exp.From):
            self._source(from_.this, scope, ctes)
        several = len(scope.sources) > 1 and not isinstance(from_, exp.From)
        for assignment in node.expressions:
            self._assignment(assignment, None if several else target, scope, ctes)
        for key in ("where", "returning", "order", "limit"):
            self._expressions(node.args.get(key), scope, ctes)

    def _assignment(self, node: exp.Expr, target: Source | None, scope: Scope, ctes: _Ctes) -> None:
        if not isinstance(node, exp.EQ):
            self._expressions(node, scope, ctes)
            return
        left = node.this
        if isinstance(left, exp.Column) and not left.table and target is not None:
            self.analysis.targets.append(TargetColumn(left, left.name, target))
        elif isinstance(left, exp.Tuple) and target is not None:
            for column in left.expressions:
                if isinstance(column, exp.Column):
                    self.analysis.targets.append(TargetColumn(column, column.name, target))
        elif not isinstance(left, exp.Column):
            self._expressions(left, scope, ctes)
        self._expressions(node.expression, scope, ctes)

    def _delete(self, node: exp.Delete, ctes: _Ctes) -> None:
        scope = Scope()
        ctes = self._with(node, None, ctes)
        if self._target(node.this, scope) is None:
            return
        if node.args.get("tables"):
            scope.open = True
        for source in node.args.get("using") or ():
            self._source(source, scope, ctes)
        for key in ("where", "returning", "order", "limit"):
            self._expressions(node.args.get(key), scope, ctes)


def _is_group(node: exp.Expr) -> bool:
    """Is it what stands in the parentheses of ``(a JOIN b ON …)``?"""
    return isinstance(node, exp.Table) or (
        isinstance(node, exp.Subquery)
        and (bool(node.alias) or bool(node.args.get("joins")) or _is_group(node.this))
    )


def _alias_columns(node: exp.Expr) -> tuple[str, ...] | None:
    alias = node.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.columns:
        return tuple(column.name for column in alias.columns)
    return None


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, exp.And):
            stack.extend((item.expression, item.this))
        elif isinstance(item, exp.Paren):
            stack.append(item.this)
        else:
            yield item
