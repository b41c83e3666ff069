from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.codemodel.sequelize.version import Versions
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

#: Method of a model -> the major version that has it no more, and what took its place.
_REMOVED: Final = {
    "findById": (5, "findByPk"), "findByPrimary": (5, "findByPk"), "find": (5, "findOne"),
    "findAndCount": (5, "findAndCountAll"), "findOrInitialize": (5, "findOrBuild"),
    "insertOrUpdate": (5, "upsert"), "all": (5, "findAll"), "hook": (5, "addHook"),
}  # fmt: skip
_OF_ROWS: Final = {"updateAttributes": (5, "update")}
_OPERATORS: Final = frozenset({
    "eq", "ne", "gte", "gt", "lte", "lt", "not", "in", "notIn", "is", "like", "notLike", "iLike",
    "notILike", "startsWith", "endsWith", "substring", "regexp", "notRegexp", "iRegexp",
    "notIRegexp", "between", "notBetween", "overlap", "contains", "contained", "adjacent", "and",
    "or", "any", "all", "values", "col",
})  # fmt: skip
#: Without a sign: what nobody names a key of a JSON value.
_BARE: Final = frozenset({
    "ne", "gte", "gt", "lte", "lt", "notIn", "like", "notLike", "iLike", "notILike", "between",
    "notBetween",
})  # fmt: skip
_NOT_PLAIN: Final = frozenset({"json", "array", None})
_SINCE_SYMBOLS: Final = 5
_SINCE_NO_IMPORT: Final = 6
_MAX_PARTS: Final = 100  # of one condition


class LegacyOperator(Rule):
    """An operator or method that the declared version of Sequelize has no more.

    Operators as text (`{ age: { $gt: 18 } }`), which version 5 took away in favour of `Op`; methods
    that were renamed (`findById`, `find`, `all`, `updateAttributes`); `sequelize.import`, which
    version 6 has no more; an `order` that is one text.

    ## Why is this bad?
    A method that is not there is a TypeError. An operator as text is taken for a value: Sequelize
    throws "Invalid value { '$gt': 18 }", or compares with a JSON path and finds nothing.

    ## Fix
    Write `[Op.gt]`, with `const { Op } = require('sequelize')`, and the method's new name.

    ## Silent on
    Packages whose version of Sequelize is not declared or may be an older one, programs that set
    `operatorsAliases`, attributes of JSON type, methods that the project adds to its models.

    ## Source
    Sequelize, "Upgrade to v5" and "Upgrade to v6" (sequelize.org/docs/v6/other-topics/upgrade).
    """

    id = "orm/legacy-operator"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        if not models.all:
            return
        versions = Versions(models.model)
        yield from self._methods(models, versions)
        yield from self._imports(models, versions)
        aliased = any(item.options.has("operatorsAliases") for item in models.instances.all)
        for query in (*models.queries.all, *(item.query for item in models.scopes.all)):
            major = versions.major(query.path)
            if major is None or major < _SINCE_SYMBOLS:
                continue
            if not aliased:
                yield from self._operators(models, query, major)
            yield from self._order(models, query, major)

    # --- methods ---

    def _methods(self, models: Models, versions: Versions) -> Iterator[Finding]:
        for func, scope, major, better in _called(models, versions, _REMOVED):
            model = models.of(func.value, scope)
            if model is not None and self._is_ours(models, model, func.name):
                yield self._removed(func, scope, model.name, major, better, model)
        for func, scope, major, better in _called(models, versions, _OF_ROWS):
            for rows, _ in models.rows.of(func.value, scope):
                model = rows.query.model
                if rows.what == "rows" and func.name not in model.accessors:
                    yield self._removed(func, scope, f"a {model.name}", major, better, model)
                    break

    def _is_ours(self, models: Models, model: SequelizeModel, name: str) -> bool:
        """Neither the class nor one that it derives from has a method of that name."""
        if name in model.accessors:
            return False
        if model.cls is None:
            return True
        return models.model.method(model.cls, name) is None

    def _removed(
        self, func: s.Attribute, scope: Scope, what: str, major: int, better: str,
        model: SequelizeModel,
    ) -> Finding:  # fmt: skip
        return self.finding(
            scope.module.path,
            func,
            message=(
                f"`{func.name}()` is called on {what}, and Sequelize {major} has no such method."
            ),
            why=f"TypeError: {func.name} is not a function, each time the line runs.",
            fix=f"Call `{better}()`.",
            subject=f"{model.name}.{func.name}",
            related=[Related(model.path, model.span[0], f"{model.name} is defined here")],
        )

    def _imports(self, models: Models, versions: Versions) -> Iterator[Finding]:
        """``sequelize.import(path)``."""
        for call, scope in models.model.calls_named("import"):
            func = call.func
            if not isinstance(func, s.Attribute) or is_outside(scope.module.path):
                continue
            major = versions.major(scope.module.path)
            if major is None or major < _SINCE_NO_IMPORT:
                continue
            values = models.model.evaluate(func.value, scope)
            if not values or not all(
                isinstance(item, ExternalValue) and item.path == "sequelize.Sequelize()"
                for item in values
            ):
                continue
            yield self.finding(
                scope.module.path,
                func,
                message=f"`sequelize.import()` is called, which Sequelize {major} does not have.",
                why="TypeError when the module is loaded: the service does not start.",
                fix="Write `require(file)(sequelize, DataTypes)`.",
                subject="sequelize.import",
            )

    # --- operators ---

    def _operators(self, models: Models, query: Query, major: int) -> Iterator[Finding]:
        seen: set[s.Node] = set()
        for value, scope in models.queries.option(query, "where"):
            for key, inner in _legacy(models, query.model, value, scope, set()):
                if key not in seen:
                    seen.add(key)
                    yield self._operator(query, key, inner, major)
        for include in models.queries.includes(query):
            target = include.association.target if include.association else include.target
            if include.options is None or target is None:
                continue
            for value, scope in models.queries.entry(include.options, "where"):
                for key, inner in _legacy(models, target, value, scope, set()):
                    if key not in seen:
                        seen.add(key)
                        yield self._operator(query, key, inner, major)

    def _operator(self, query: Query, key: s.Literal, scope: Scope, major: int) -> Finding:
        name = str(key.value)
        return self.finding(
            scope.module.path,
            key,
            message=(
                f"{query.title} compares with `{name}`, and Sequelize {major} knows operators as "
                "`Op` only."
            ),
            why=(
                'The operator is taken for a value: Sequelize throws "Invalid value", or asks '
                "for a JSON path and finds nothing."
            ),
            fix=f"Write `[Op.{name.removeprefix('$')}]`, with `const {{ Op }} = "
            "require('sequelize')`.",
            subject=f"{query.model.name} {name}",
            related=[Related(query.path, query.call.line, "the query")]
            if (query.path, query.call.line) != (scope.module.path, key.line)
            else [],
        )

    def _order(self, models: Models, query: Query, major: int) -> Iterator[Finding]:
        for value, scope in models.queries.option(query, "order"):
            origin = models.origins.one(value, scope)
            if origin is None or not isinstance(origin.expr, s.Literal | s.Template):
                continue
            if isinstance(origin.expr, s.Literal) and not isinstance(origin.expr.value, str):
                continue
            yield self.finding(
                origin.scope.module.path,
                origin.expr,
                message=f"`order` of {query.model.name}.{query.method}() is a text.",
                why=(
                    f'Sequelize {major} throws "Order must be type of array or instance of a '
                    'valid sequelize method" when the query runs.'
                ),
                fix="Write `order: [['column', 'DESC']]`, or `sequelize.literal(…)`.",
                subject=f"{query.model.name} order as text",
            )


def _called(
    models: Models, versions: Versions, removed: Mapping[str, tuple[int, str]]
) -> Iterator[tuple[s.Attribute, Scope, int, str]]:
    """Calls of methods that the declared version no longer has, the version, and what to call."""
    for name, (since, better) in removed.items():
        for call, scope in models.model.calls_named(name):
            if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                continue
            major = versions.major(scope.module.path)
            if major is not None and major >= since and not models.model.stores(name):
                yield call.func, scope, major, better


def _legacy(
    models: Models, model: SequelizeModel, expr: s.Expr, scope: Scope, seen: set[s.Node],
    attribute: str | None = None,
) -> Iterator[tuple[s.Literal, Scope]]:  # fmt: skip
    """The keys of a condition that stand for operators."""
    for origin in models.origins.of(expr, scope).origins:
        if origin.element or origin.expr in seen or len(seen) > _MAX_PARTS:
            continue
        seen.add(origin.expr)  # an object may be spread into itself
        if isinstance(origin.expr, s.Sequence):
            for item, inner in models.origins.items(origin):
                if not isinstance(item, s.Starred):
                    yield from _legacy(models, model, item, inner, seen, attribute)
        if not isinstance(origin.expr, s.Mapping):
            continue
        for key, value, inner in models.origins.entries(origin):
            below = attribute
            if isinstance(key, s.Literal) and isinstance(key.value, str):
                name = key.value
                if _is_operator(model, attribute, name):
                    yield key, inner
                elif attribute is None:
                    below = name
                else:
                    continue  # a path in a value
            if not isinstance(value, s.Literal):
                yield from _legacy(models, model, value, inner, seen, below)


def _is_operator(model: SequelizeModel, attribute: str | None, name: str) -> bool:
    held = model.attributes.get(attribute) if attribute is not None else None
    if name.startswith("$") and name[1:] in _OPERATORS:
        return held is None or held.type not in ("json", "array")
    return name in _BARE and held is not None and held.type not in _NOT_PLAIN
