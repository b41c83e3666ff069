from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._handed_rows import handed_on
from ci_gate.rules.orm._loaded_names import (
    FINDS,
    Loaded,
    RowsRead,
    has_method,
    loaded,
    rows_of,
)
from ci_gate.rules.orm._words import listed

#: Methods of instances, which plain rows do not have.
_OF_INSTANCES: Final = frozenset({
    "update", "save", "destroy", "reload", "increment", "decrement", "restore", "toJSON",
    "getDataValue", "setDataValue", "changed",
})  # fmt: skip
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class _Read:
    """``name`` is read of ``row`` at ``node``."""

    node: s.Node
    row: s.Expr
    name: str


class AttributeNotLoaded(Rule):
    """An attribute of a row is read that the row's query did not load.

    Sequelize: the query's `attributes`, or those of the model's default scope, leave it out; or
    they name the column (`created_at`) and the code reads the attribute (`createdAt`). With
    `raw: true` the rows are plain objects: they have no methods, and what is included is not nested
    (`row['author.name']` without `nest: true`). Rows of `bulkCreate` with `ignoreDuplicates` have
    no key.

    ## Why is this bad?
    The attribute is `undefined`, without an error: a wrong answer, a comparison that never holds, a
    hash that matches nothing. What is read of an included row raises TypeError, and so does a
    method of a plain row.

    ## Fix
    Name the attribute in `attributes`, use a scope that has it, or drop `raw`.

    ## Silent on
    Lists of attributes that could not be read, rows that may come from another query, attributes
    with a getter or set by the code, rows that are reloaded.

    ## Source
    Sequelize, "Model Querying - Basics" and "Scopes" (sequelize.org/docs/v6).
    """

    id = "orm/attribute-not-loaded"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        if not models.all:
            return
        names = _at_risk(models)
        found = list(self._local(models, names))
        yield from found
        told = {(item.path, item.start.line) for item in found}
        for item in self._handed_on(facts):
            if (item.path, item.start.line) not in told:
                yield item

    def _handed_on(self, facts: Facts) -> Iterator[Finding]:
        """Reads in another function than the one that has the query."""
        for lack in handed_on(facts):
            place = lack.place
            yield self._missing(place.path, place.node, place.function, lack.name, lack.asked)

    def _local(self, models: Models, names: Set[str]) -> Iterator[Finding]:
        for function in models.model.functions.values() if names else ():
            if function.module.language == "python" or is_outside(function.module.path):
                continue
            seen: set[str] = set()
            for read in _reads(function, names):
                if read.name in seen:
                    continue
                found = self._read(models, function, read)
                if found is not None:
                    seen.add(read.name)
                    yield found

    def _read(self, models: Models, function: FunctionInfo, read: _Read) -> Finding | None:
        scope = models.model.scope_of(read.node)
        rows = rows_of(models, read.row, scope)
        if rows is None:
            query = _ignoring(models, read, scope)
            return self._key(function, read, query) if query is not None else None
        queries, name = rows.queries, read.name
        model = queries[0].model
        if name in model.attributes:
            return self._attribute(models, function, read, rows)
        if rows.only and all(_is_raw(models, query) for query in queries):
            if name in _OF_INSTANCES:
                return self._method(models, function, read, queries[0])
            if model.alias(name) is not None:
                return self._included(models, function, read, queries)
        return None

    def _attribute(
        self, models: Models, function: FunctionInfo, read: _Read, rows: RowsRead
    ) -> Finding | None:
        queries = rows.queries
        model, name = queries[0].model, read.name
        attribute = model.attributes[name]
        if (
            attribute.virtual
            or has_method(models, model, name)
            or _is_set(models, function, read, queries)
        ):
            return None
        asked = [loaded(models, query) for query in queries]
        without = [item for item in asked if item is not None and name not in item.names]
        if not rows.only or len(without) < len(asked):
            # a reader that other queries share: the list that leaves the attribute out is written
            without = [item for item in without if isinstance(item.node, s.Sequence)]
        if not without:
            return None
        return self._missing(function.module.path, read.node, function, name, without[0])

    def _missing(
        self, path: str, node: s.Node, function: FunctionInfo, name: str, asked: Loaded
    ) -> Finding:
        model = asked.model
        column = next((n for n in asked.names if _is_column_of(model, name, n)), None)
        return self.finding(
            path,
            spot(node),
            message=f"`{name}` is read of a {model.name} that was loaded without it: "
            f"{_said(asked)}.",
            why=f"`{name}` is undefined on that row, without an error, each time the line runs.",
            fix=f"Write `{name}` instead of `{column}` in `attributes`." if column
            else f"Load `{name}` with the row"
            + (" (another scope, or `unscoped()`)." if asked.by_default else "."),
            subject=f"{function.name} reads {model.name}.{name}",
            related=[
                Related(asked.path, asked.node.span[0], "what is loaded"),
                Related(asked.query.path, asked.query.call.line, "the query"),
            ],
        )  # fmt: skip

    def _key(self, function: FunctionInfo, read: _Read, query: Query) -> Finding:
        model = query.model.name
        return self.finding(
            function.module.path,
            spot(read.node),
            message=f"`{read.name}` is read of the rows that {model}.bulkCreate() gives with "
            "`ignoreDuplicates: true`.",
            why="The database gives no keys back for such an insert: the key is null for rows that "
            "were there, and what refers to it is not stored or refers to nothing.",
            fix=f"Read the rows again by their unique column: `{model}.findAll({{ where: … }})`.",
            subject=f"{function.name} reads keys of {model}.bulkCreate",
            related=[Related(query.path, query.call.line, "the insert")],
        )

    def _method(
        self, models: Models, function: FunctionInfo, read: _Read, query: Query
    ) -> Finding | None:
        around = next(models.origins.surroundings.of(function.module.path, read.node), None)
        if (
            around is None
            or not isinstance(around.node, s.Call)
            or around.node.func is not read.node
        ):
            return None
        return self.finding(
            function.module.path,
            spot(read.node),
            message=f"`{read.name}()` is called on a row that the query gives as a plain object "
            "(`raw: true`).",
            why=f"TypeError: {read.name} is not a function, each time the line runs.",
            fix=f"Drop `raw: true`, or call {query.model.name}.{read.name}() with a condition.",
            subject=f"{function.name} calls {read.name} of a raw {query.model.name}",
            related=[Related(query.path, query.call.line, "the query")],
        )

    def _included(
        self, models: Models, function: FunctionInfo, read: _Read, queries: list[Query]
    ) -> Finding | None:
        query = queries[0]
        if not all(models.queries.lacks(item, "nest") for item in queries):
            return None
        if _is_set(models, function, read):
            return None
        around = next(models.origins.surroundings.of(function.module.path, read.node), None)
        if around is None or not isinstance(around.node, s.Attribute):
            return None
        inner = around.node.name
        return self.finding(
            function.module.path,
            spot(read.node),
            message=f"`{read.name}.{inner}` is read of a row of {query.model.name} that is loaded "
            "with `raw: true` and without `nest: true`.",
            why=f"The included columns are flat (`row['{read.name}.{inner}']`): `{read.name}` is "
            "undefined, and TypeError is raised for each row.",
            fix="Add `nest: true` to the query.",
            subject=f"{function.name} reads {read.name} of a raw {query.model.name}",
            related=[Related(query.path, query.call.line, "the query")],
        )


def _at_risk(models: Models) -> frozenset[str]:
    """The names that the rows of some query of the program lack."""
    found: set[str] = set()
    for query in models.queries.all:
        if query.method in FINDS:
            asked = loaded(models, query)
            if asked is not None:
                found |= query.model.attributes.keys() - asked.names
            if _is_raw(models, query):
                found |= _OF_INSTANCES
                found.update(item.name for item in query.model.associations)
        elif query.method == "bulkCreate":
            found.add(query.model.primary_key() or "")
    return frozenset(found)


def _reads(function: FunctionInfo, names: Set[str]) -> Iterator[_Read]:
    for statement in function.node.body:
        for node in s.walk(statement, into_functions=False):
            match node:
                case s.Attribute(value=row, name=name) if name in names:
                    yield _Read(node, row, name)
                case s.Assign(targets=[s.Mapping(entries=entries)], value=s.Name() as row):
                    for entry in entries:
                        match entry.key:
                            case s.Literal(value=str(name)) if name in names:
                                yield _Read(entry, row, name)


def _ignoring(models: Models, read: _Read, scope: Scope) -> Query | None:
    """The insert that leaves out duplicates, where the key of one of its rows is read."""
    for origin in models.origins.of(read.row, scope).origins:
        rows = models.rows.at(origin)
        if rows is None or rows.many or rows.what != "rows" or rows.query.method != "bulkCreate":
            return None
        given = models.queries.option(rows.query, "ignoreDuplicates")
        if len(given) != 1 or not isinstance(given[0][0], s.Literal) or not given[0][0].value:
            return None
        if rows.query.model.primary_key() == read.name:
            return rows.query
    return None


def _is_raw(models: Models, query: Query) -> bool:
    given = models.queries.option(query, "raw")
    return len(given) == 1 and isinstance(given[0][0], s.Literal) and given[0][0].value is True


def _is_set(
    models: Models, function: FunctionInfo, read: _Read, queries: Iterable[Query] = ()
) -> bool:
    """Does code beside the read, or beside the query, give the row the attribute or load it
    again?"""
    row, path = read.row, function.module.path
    makers = {query.scope.function for query in queries}
    if any(
        scope.function in makers
        for call, scope in models.model.calls_named("reload")
        if isinstance(call.func, s.Attribute)
    ):
        return True
    if any(store.binding.scope.function in makers for store in models.model.stores(read.name)):
        return True
    if not isinstance(row, s.Name):
        return False
    reloaded = any(
        scope.module.path == path
        and isinstance(call.func, s.Attribute)
        and isinstance(call.func.value, s.Name)
        and call.func.value.id == row.id
        and scope.function is function
        for call, scope in models.model.calls_named("reload")
    )
    return reloaded or any(
        store.binding.scope.module.path == path
        and isinstance(store.base, s.Name)
        and store.base.id == row.id
        for store in models.model.stores(read.name)
    )


def _is_column_of(model: SequelizeModel, name: str, written: str) -> bool:
    field = model.attributes[name].field
    return written == field or written.replace("_", "").lower() == name.lower()


def _said(item: Loaded) -> str:
    if item.by_default:
        return f"the default scope of {item.model.name} leaves it out"
    shown = listed(item.names, _SHOWN)
    return f"the query asks for {shown}" if item.names else "the query asks for no attribute"
