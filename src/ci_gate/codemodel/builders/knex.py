"""The statements that chains of Knex make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Step
from ci_gate.codemodel.builders.facts import Pair, Source, Statement, Use
from ci_gate.codemodel.builders.knexnames import column_name, star_of, table_name
from ci_gate.codemodel.builders.literals import Literals
from ci_gate.codemodel.model import Scope

#: Methods whose first argument is a column, or an object of columns with values.
WHERES: Final = frozenset({
    "where", "andWhere", "orWhere", "whereNot", "andWhereNot", "orWhereNot", "whereIn", "orWhereIn",
    "andWhereIn", "whereNotIn", "orWhereNotIn", "whereNull", "orWhereNull", "whereNotNull",
    "orWhereNotNull", "whereBetween", "orWhereBetween", "andWhereBetween", "whereNotBetween",
    "andWhereNotBetween", "orWhereNotBetween", "whereLike", "andWhereLike", "orWhereLike",
    "whereILike", "andWhereILike", "orWhereILike", "whereJsonObject", "whereJsonPath",
    "whereJsonSupersetOf", "whereJsonSubsetOf",
})  # fmt: skip
HAVINGS: Final = frozenset({
    "having", "andHaving", "orHaving", "havingIn", "havingNotIn", "havingNull", "havingNotNull",
    "havingBetween", "havingNotBetween",
})  # fmt: skip
SELECTS: Final = frozenset({"select", "columns", "column", "distinct", "first", "pluck"})
COUNTS: Final = frozenset({
    "count", "countDistinct", "min", "max", "sum", "sumDistinct", "avg", "avgDistinct",
})  # fmt: skip
JOINS: Final = frozenset({
    "join", "innerJoin", "leftJoin", "leftOuterJoin", "rightJoin", "rightOuterJoin", "outerJoin",
    "fullOuterJoin", "crossJoin",
})  # fmt: skip
_ONS: Final = frozenset({"on", "andOn", "orOn"})
_ON_VALUES: Final = frozenset({
    "onIn", "andOnIn", "orOnIn", "onNotIn", "andOnNotIn", "orOnNotIn", "onNull", "andOnNull",
    "orOnNull", "onNotNull", "andOnNotNull", "orOnNotNull", "onVal", "andOnVal", "orOnVal",
    "onBetween", "andOnBetween", "onNotBetween",
})  # fmt: skip
_WRITES: Final = {
    "insert": "insert", "update": "update", "del": "delete", "delete": "delete",
    "increment": "update", "decrement": "update", "truncate": "delete", "upsert": "insert",
    "batchInsert": "insert",
}  # fmt: skip
_SORTS: Final = frozenset({"orderBy", "groupBy"})
#: Methods after which there may be tables that are not seen.
_OPENING: Final = frozenset({
    "modify", "joinRaw", "fromRaw", "with", "withRecursive", "withMaterialized",
    "withNotMaterialized", "withSchema", "using", "withWrapped",
})  # fmt: skip
#: Methods that leave tables and columns alone.
NEUTRAL: Final = frozenset({
    "limit", "offset", "returning", "onConflict", "ignore", "merge", "transacting", "forUpdate",
    "forShare", "skipLocked", "noWait", "timeout", "debug", "options", "clone", "as", "whereExists",
    "orWhereExists", "whereNotExists", "orWhereNotExists", "union", "unionAll", "intersect",
    "except", "whereRaw", "andWhereRaw", "orWhereRaw", "havingRaw", "orderByRaw", "groupByRaw",
    "from", "into", "table", "withRefs", "clearSelect", "clearWhere", "clearOrder", "clearGroup",
    "clear", "queryContext", "hintComment", "comment", "distinctOn", "rowNumber", "rank",
    "denseRank", "partitionBy", "jsonExtract", "jsonSet", "jsonInsert", "jsonRemove", "connection",
})  # fmt: skip
METHODS: Final = (
    WHERES | HAVINGS | SELECTS | COUNTS | JOINS | _SORTS | _OPENING | NEUTRAL | frozenset(_WRITES)
)
_EQUAL: Final = "="


class KnexReader:
    """Reads the steps of one chain into a statement."""

    def __init__(self, literals: Literals, statement: Statement, scope: Scope) -> None:
        self._literals = literals
        self._statement = statement
        self._scope = scope
        self._path = scope.module.path

    def steps(self, steps: Sequence[Step]) -> None:
        for number, step in enumerate(steps):
            self._statement.steps.append(step.name)
            if step.name == "":
                if number == 0:
                    self._table(step.argument(0))
                else:
                    self._statement.open = True
            else:
                self._step(step)

    def _step(self, step: Step) -> None:
        statement, name = self._statement, step.name
        if name in WHERES:
            self._where(step)
        elif name in SELECTS:
            statement.one = statement.one or name == "first"
            self._select(step)
        elif name in JOINS:
            self._join(step)
        elif name in ("from", "into", "table"):
            self._table(step.argument(0))
        elif name in _WRITES:
            self._write(step, _WRITES[name])
        elif name in _SORTS:
            for argument in step.call.args:
                self._sort(argument.value)
                if name == "orderBy":
                    break
        elif name in HAVINGS:
            self._column(step.argument(0), sorts=True)
        elif name in COUNTS:
            self._count(step)
        elif name == "distinctOn":
            for argument in step.call.args:
                self._column(argument.value)
        elif name == "returning" or name in ("onConflict", "merge"):
            self._names(step)
        elif name in _OPENING:
            statement.open = statement.hidden = True
        elif name == "as":
            pass
        elif name not in NEUTRAL:
            statement.open = statement.open or name not in _DONE
            statement.hidden = True

    # --- tables ---

    def _table(self, expr: s.Expr | None) -> None:
        statement = self._statement
        if isinstance(expr, s.Mapping) and len(expr.entries) == 1:
            entry = expr.entries[0]
            alias = entry.key.value if isinstance(entry.key, s.Literal) else None
            text = self._literals.text(entry.value)
            found = table_name(text) if text is not None else None
            if isinstance(alias, str):
                statement.sources.append(Source(alias, found[0] if found else None, entry.value))
                return
        text = self._literals.text(expr)
        found = table_name(text) if text is not None else None
        if expr is None or found is None:
            statement.open = True
            return
        statement.sources.append(Source(found[1], found[0], expr))

    def _join(self, step: Step) -> None:
        before = len(self._statement.sources)
        self._table(step.argument(0))
        if len(self._statement.sources) == before:
            return
        args = [item.value for item in step.call.args[1:]]
        if any(item.star for item in step.call.args):
            return
        match args:
            case [s.FunctionExpr(function=function)]:
                self._conditions(function)
            case _:
                self._condition(args)

    def _condition(self, args: list[s.Expr]) -> None:
        """What ON compares: columns as an object, two of them, or two with an operator."""
        match args:
            case [s.Mapping(entries=entries)]:
                for entry in entries:
                    if entry.key is not None:
                        self._pair(entry.key, entry.value, entry.key)
            case [left, right]:
                self._pair(left, right, left)
            case [left, operator, right]:
                self._compare(left, operator, right)

    def _conditions(self, function: s.Function) -> None:
        """``function () { this.on("a.id", "=", "b.a_id").andOn(…) }``."""
        for node in s.walk(function):
            if not isinstance(node, s.Call) or not isinstance(node.func, s.Attribute):
                continue
            args = [item.value for item in node.args]
            if node.func.name in _ON_VALUES:
                self._column(args[0] if args else None)
            elif node.func.name in _ONS:
                self._condition(args)

    def _compare(self, left: s.Expr, operator: s.Expr, right: s.Expr) -> None:
        if isinstance(operator, s.Literal) and operator.value == _EQUAL:
            self._pair(left, right, left)
        else:
            self._column(left)
            self._column(right)

    def _pair(self, left: s.Expr, right: s.Expr, node: s.Expr) -> None:
        uses = [self._column(item) for item in (left, right)]
        if uses[0] is not None and uses[1] is not None:
            self._statement.pairs.append(Pair(uses[0], uses[1], node))

    # --- columns ---

    def _column(
        self, expr: s.Expr | None, *, sorts: bool = False, writes: bool = False
    ) -> Use | None:
        text = self._literals.text(expr)
        found = column_name(text) if text is not None else None
        if expr is None or found is None:
            return None
        use = Use(found[1], found[0], expr, self._path, sorts, writes)
        self._statement.uses.append(use)
        return use

    def _where(self, step: Step) -> None:
        first = step.argument(0)
        match first:
            case s.Mapping(entries=entries):
                for entry in entries:
                    self._column(entry.key)
            case s.FunctionExpr(function=function):
                self._nested(function)
            case s.Sequence(items=items):
                for item in items:
                    self._column(item)
            case _:
                self._column(first)

    def _nested(self, function: s.Function) -> None:
        """Conditions in parentheses: ``where((q) => q.where(…).orWhere(…))``."""
        base = function.params[0].name if function.params else "this"
        for node in s.walk(function):
            if (
                isinstance(node, s.Call)
                and isinstance(node.func, s.Attribute)
                and node.func.name in WHERES
                and _starts_from(node, base)
            ):
                self._where(Step(node.func.name, node))

    def _select(self, step: Step) -> None:
        if not step.call.args:
            self._statement.hidden = self._statement.hidden or step.name != "first"
        for argument in step.call.args:
            if argument.star:
                items = self._literals.items(argument.value, self._scope)
                if items is None:
                    self._statement.hidden = True
                for item in items or ():
                    self._result(*item)
            else:
                self._result(argument.value, self._scope)

    def _result(self, expr: s.Expr, scope: Scope) -> None:
        statement = self._statement
        match expr:
            case s.Sequence(items=items):
                for item in items:
                    if isinstance(item, s.Starred):
                        statement.hidden = True
                    else:
                        self._result(item, scope)
                return
            case s.Mapping(entries=entries):
                for entry in entries:
                    if isinstance(entry.key, s.Literal):
                        statement.results.add(str(entry.key.value))
                        self._column(entry.value)
                    else:
                        statement.hidden = True
                return
            case s.Name() | s.Attribute():
                listed = self._literals.items(expr, scope)
                if listed is not None:
                    for found_item in listed:
                        self._result(*found_item)
                    return
        text = self._literals.text(expr)
        if text is None:
            statement.hidden = True
            return
        if star_of(text) is not None:
            return
        found = column_name(text)
        if found is None:
            statement.hidden = True
            return
        statement.results.add(found[2])
        statement.uses.append(Use(found[1], found[0], expr, scope.module.path))

    def _count(self, step: Step) -> None:
        if not step.call.args:
            self._statement.results.update(("count", step.name))
        for argument in step.call.args:
            value = argument.value
            text = self._literals.text(value)
            if text is None or not isinstance(value, s.Literal):
                self._statement.hidden = True
                continue
            found = column_name(text)
            if found is not None:
                self._statement.uses.append(Use(found[1], found[0], value, self._path))
                self._statement.results.add(found[2])
            elif " as " in text:
                self._statement.results.add(text.rpartition(" as ")[2].strip())
        self._statement.results.add(step.name)

    def _sort(self, expr: s.Expr | None) -> None:
        match expr:
            case s.Sequence(items=items):
                for item in items:
                    self._sort(item)
            case s.Mapping():
                self._column(expr.get("column"), sorts=True)
            case _:
                self._column(expr, sorts=True)

    def _names(self, step: Step) -> None:
        """Names in a list or an object, as ``returning`` and ``merge`` take them."""
        for argument in step.call.args:
            match argument.value:
                case s.Sequence(items=items):
                    for item in items:
                        self._column(item)
                case s.Mapping(entries=entries) if step.name == "merge":
                    for entry in entries:
                        self._column(entry.key, writes=True)
                case s.Literal() as value if value.value != "*":
                    self._column(value)

    # --- what is written ---

    def _write(self, step: Step, kind: str) -> None:
        statement = self._statement
        statement.kind = kind  # type: ignore[assignment]
        if step.name == "batchInsert":
            self._table(step.argument(0))
            self._row(step.argument(1))
        elif step.name in ("increment", "decrement"):
            first = step.argument(0)
            if isinstance(first, s.Mapping):
                self._row(first)
            else:
                self._column(first, writes=True)
        elif step.name == "update" and isinstance(step.argument(0), s.Literal):
            self._column(step.argument(0), writes=True)
        elif kind in ("insert", "update"):
            self._row(step.argument(0))

    def _row(self, expr: s.Expr | None) -> None:
        for row in self._literals.rows(expr, self._scope):
            for entry in row.entries:
                if isinstance(entry.key, s.Literal):
                    self._column(entry.key, writes=True)


def _starts_from(call: s.Call, name: str) -> bool:
    expr: s.Expr = call
    while isinstance(expr, s.Call | s.Attribute):
        expr = expr.func if isinstance(expr, s.Call) else expr.value
    return isinstance(expr, s.Name) and expr.id in (name, "this")


#: What is done with a chain when it is complete.
_DONE: Final = frozenset({
    "then", "catch", "finally", "stream", "pipe", "on", "toSQL", "toString", "asCallback",
    "toQuery", "toNative",
})  # fmt: skip
