from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import TITLES, Engine
from ci_gate.codemodel.dataflow.events import Attribute
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._builder_lookups import unsupported
from ci_gate.rules.query._engines import only_engine
from ci_gate.rules.query._operators import unsupported_operators
from ci_gate.rules.query._prisma_lookups import unsupported_filters

#: Django's lookups that some databases refuse: by the column's type (None: any), for the engines
#: that have them.
_DJANGO: Final[dict[str, tuple[frozenset[str | None], frozenset[Engine]]]] = {
    "contains": (frozenset({"json", "array"}), frozenset({"postgresql", "mysql"})),
    "contained_by": (frozenset({"json", "array"}), frozenset({"postgresql", "mysql"})),
    "overlap": (frozenset({"array"}), frozenset({"postgresql"})),
    "search": (frozenset({"text"}), frozenset({"postgresql"})),
    "trigram_similar": (frozenset({"text"}), frozenset({"postgresql"})),
    "trigram_word_similar": (frozenset({"text"}), frozenset({"postgresql"})),
    "unaccent": (frozenset({"text"}), frozenset({"postgresql"})),
}
_QUERYSET: Final = regex(r"^django\.(?:\w+\.)*models\..*\.distinct$")
_TYPE: Final = regex(
    r"^sqlalchemy\.(?:(?P<pg>dialects\.postgresql\.(?:\w+\.)*)|(?:types\.|sql\.sqltypes\.)?)"
    r"(?P<name>ARRAY|JSON|JSONB)(?:\(\))?$"
)
#: What the general types of SQLAlchemy lack, and what happens then.
_LACKING: Final[dict[tuple[str, str], str]] = {
    ("ARRAY", "contains"): "NotImplementedError: ARRAY.contains() not implemented for the base "
                           "ARRAY type",
    **{("ARRAY", name): "AttributeError" for name in ("contained_by", "overlap")},
    **{("JSON", name): "AttributeError"
       for name in ("has_key", "has_all", "has_any", "contained_by", "astext")},
}  # fmt: skip
#: What only the INSERT of a dialect has: the general one, and that of another dialect, lack it.
_UPSERTS: Final[dict[str, tuple[str, ...]]] = {
    "on_conflict_do_nothing": ("postgresql", "sqlite"),
    "on_conflict_do_update": ("postgresql", "sqlite"),
    "on_duplicate_key_update": ("mysql", "mariadb"),
}
_INSERT: Final = regex(
    r"^(?:sqlalchemy|sqlmodel)\.(?:(?:sql|orm)\.)?(?:expression\.|dml\.)?"
    r"(?:dialects\.(?P<dialect>\w+)\.)?(?:dml\.)?insert\(\)(?:\.\w+\(\))*\.(?P<name>on_\w+)$"
)


class UnsupportedLookup(Rule):
    """A query uses a lookup that the project's database, or the column's type, does not have.

    Django: `contains` and `contained_by` on a `JSONField`, `distinct("field")`, `search` and
    trigrams on SQLite; lookups of an `ArrayField` off PostgreSQL. SQLAlchemy: `contains()` and
    `overlap()` on the general `ARRAY`, `has_key()` or `.astext` on the general `JSON`;
    `on_conflict_do_nothing()` and its kin on an `insert()` that is not of their dialect. Sequelize:
    `Op.iLike`, `Op.regexp`, `Op.contains`, `Op.overlap` and their kin on databases without them.
    Prisma: `mode`, `skipDuplicates`, JSON filters and `createManyAndReturn` where the data source
    has none, filters for texts or lists on fields that are neither, `findUnique` by what is not
    unique. Knex, Kysely and Drizzle: `ilike`, `@>` and other operators of PostgreSQL, `distinctOn`,
    `returning` on MySQL, JSON containment on SQLite.

    ## Why is this bad?
    `NotSupportedError` or `NotImplementedError` when the query runs: the endpoint is a 500, and
    only with that filter.

    ## Fix
    On SQLite keep such values in a table of their own and join it, or filter in the program; on
    PostgreSQL use the types of `sqlalchemy.dialects.postgresql`.

    ## Silent on
    Projects with more than one database, or none that is known; columns whose type is not known,
    that have a variant for another database, or are of a type of the project's own; registered
    lookups of the project; operators under a condition on the dialect; Prisma clients with
    extensions that see the arguments of queries; builders whose dialect is set when the program
    starts.

    ## Source
    Django, "Querying JSONField" (docs.djangoproject.com/en/stable/topics/db/queries/); SQLAlchemy,
    "ARRAY" (docs.sqlalchemy.org/en/20/core/type_basics.html); Prisma, "Prisma Client API reference"
    and "Case sensitivity" (prisma.io/docs/orm/reference/prisma-client-reference); constraint decay,
    arXiv 2605.06445: 27 of 642 failed runs.
    """

    id = "query/unsupported-lookup"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in unsupported_operators(facts.entities.sequelize):
            yield defect.finding(self)
        for defect in (*unsupported_filters(facts.entities.prisma), *unsupported(facts)):
            yield defect.finding(self)
        engine = only_engine(facts)
        if engine is not None:
            yield from self._django(facts, engine)
        yield from self._sqlalchemy(facts)
        yield from self._upserts(facts.model)

    # --- Django ---

    def _django(self, facts: Facts, engine: Engine) -> Iterator[Finding]:
        if not any(edge.package == "django" for edge in facts.model.import_edges):
            return
        seen: set[tuple[s.Node, str]] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Attribute) or event.how != "lookup" or event.found is False:
                continue
            entity, lookup = event.entity, event.path.rpartition("__")[2]
            if lookup not in _DJANGO or not isinstance(entity, Entity):
                continue
            column = entity.columns.get(event.name)
            if column is None or not event.path.endswith(f"__{lookup}"):
                continue
            types, engines = _DJANGO[lookup]
            if column.type not in types or engine in _engines_of(column, engines):
                continue
            if (event.place.node, event.path) not in seen:
                seen.add((event.place.node, event.path))
                yield self._refused(event.place.path, spot(event.place.node), column, entity,
                                    event.path, engine)  # fmt: skip
        if engine != "postgresql":
            yield from self._distinct(facts.model, engine)

    def _refused(
        self, path: str, node: s.Node, column: Column, entity: Entity, lookup: str, engine: Engine
    ) -> Finding:
        return self.finding(
            path,
            node,
            message=(
                f"`{lookup}` asks {TITLES[engine]} for a lookup that it does not have on "
                f"{entity.name}.{column.name}."
            ),
            why=(
                "Django raises NotSupportedError, or the database refuses the statement, when the "
                "query runs: the request that takes this way ends in a 500."
            ),
            fix=(
                f"Keep what {column.name} holds in a table of its own and filter by the relation, "
                "or compare in the program."
                if column.type in ("json", "array")
                else "Use `icontains`."
            ),
            subject=f"{entity.name} {lookup}",
            related=[Related(column.path, column.span[0], f"{column.name} is defined here")],
        )

    def _distinct(self, model: CodeModel, engine: Engine) -> Iterator[Finding]:
        for call, scope in model.calls_named("distinct"):
            named = [item for item in call.args if item.keyword is None and not item.star]
            if not named or is_outside(scope.module.path):
                continue
            values = model.evaluate(call.func)
            if not values or not all(
                isinstance(item, ExternalValue) and _QUERYSET.match(item.path) for item in values
            ):
                continue
            yield self.finding(
                scope.module.path,
                spot(call),
                message=f"`distinct()` is given fields, which {TITLES[engine]} does not have.",
                why=(
                    "Django raises NotSupportedError (DISTINCT ON fields is not supported by this "
                    "database backend) when the query runs."
                ),
                fix="Use `.values(…).distinct()` without fields, or an aggregate per group.",
                subject=f"distinct with fields in {scope.function.name}",
            )

    # --- SQLAlchemy ---

    def _sqlalchemy(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        for method in sorted({name for _, name in _LACKING}):
            for read, scope in _reads(model, method):
                if is_outside(scope.module.path):
                    continue
                held = _column(facts, read.value, scope)
                if held is None:
                    continue
                entity, column = held
                kind = _general_type(model, column)
                error = _LACKING.get((kind or "", method))
                if error is not None and kind is not None:
                    yield self._lacking(scope.module.path, read, entity, column, kind, error)

    def _lacking(
        self,
        path: str,
        read: s.Attribute,
        entity: Entity,
        column: Column,
        kind: str,
        error: str,
    ) -> Finding:
        better = "ARRAY" if kind == "ARRAY" else "JSONB"
        return self.finding(
            path,
            spot(read),
            message=(
                f"{entity.name}.{column.name} is of SQLAlchemy's general {kind} type, which has "
                f"no `{read.name}`."
            ),
            why=f"{error} when the query is built: the request ends in a 500.",
            fix=f"Use `sqlalchemy.dialects.postgresql.{better}`, or a table of its own.",
            subject=f"{entity.name}.{column.name}.{read.name}",
            related=[Related(column.path, column.span[0], f"{column.name} is defined here")],
        )

    def _upserts(self, model: CodeModel) -> Iterator[Finding]:
        for name, dialects in _UPSERTS.items():
            for call, scope in model.calls_named(name):
                if is_outside(scope.module.path) or not isinstance(call.func, s.Attribute):
                    continue
                values = model.evaluate(call.func, scope)
                found = [
                    _INSERT.match(item.path) if isinstance(item, ExternalValue) else None
                    for item in values
                ]
                if not found or not all(
                    one is not None and one["dialect"] not in dialects for one in found
                ):
                    continue
                own = {one["dialect"] for one in found if one is not None}
                kind = "of another dialect" if all(own) else "SQLAlchemy's general one"
                yield self.finding(
                    scope.module.path,
                    spot(call.func),
                    message=f"The `insert()` is {kind}, which has no `{name}`.",
                    why="AttributeError when the statement is built: the request ends in a 500.",
                    fix=f"Import `insert` from `sqlalchemy.dialects.{dialects[0]}`, or from that "
                    "of the project's database.",
                    subject=f"{name} in {scope.function.name}",
                )


def _engines_of(column: Column, engines: frozenset[Engine]) -> frozenset[Engine]:
    """Arrays are PostgreSQL's alone."""
    return frozenset({"postgresql"}) if column.type == "array" else engines


def _reads(model: CodeModel, name: str) -> Iterator[tuple[s.Attribute, Scope]]:
    if name != "astext":
        for call, scope in model.calls_named(name):
            if isinstance(call.func, s.Attribute):
                yield call.func, scope
        return
    for path, module in model.modules.items():
        if module.language != "python" or is_outside(path):
            continue
        for node in s.walk(module):
            if isinstance(node, s.Attribute) and node.name == name:
                yield node, model.scope_of(node)


def _column(facts: Facts, expr: s.Expr, scope: Scope) -> tuple[Entity, Column] | None:
    """The column that ``Entity.column`` or ``Entity.column["key"]`` is."""
    if isinstance(expr, s.Subscript):
        expr = expr.value
    if not isinstance(expr, s.Attribute):
        return None
    values = facts.model.evaluate(expr.value, scope)
    if len(values) != 1:
        return None
    value = next(iter(values))
    entity = facts.entities.of_class(value.cls) if isinstance(value, ClassValue) else None
    column = entity.columns.get(expr.name) if entity is not None else None
    return (entity, column) if entity is not None and column is not None else None


def _general_type(model: CodeModel, column: Column) -> str | None:
    """``ARRAY`` or ``JSON``, where the column is surely of SQLAlchemy's own type of that name."""
    module = model.modules.get(column.path)
    if module is None:
        return None
    found: set[tuple[str, bool]] = set()
    wrapped = False
    for node in s.walk(module):
        if not (column.span[0] <= node.line <= column.span[2]):
            continue
        if isinstance(node, s.Attribute) and node.name in ("with_variant", "comparator_factory"):
            return None
        wrapped = wrapped or (isinstance(node, s.Attribute) and node.name == "as_mutable")
        if isinstance(node, s.Name | s.Attribute):
            for value in model.evaluate(node):
                match = _TYPE.match(value.path) if isinstance(value, ExternalValue) else None
                if match:
                    found.add((match["name"], match["pg"] is not None))
    if len(found) != 1 or (column.type not in ("array", "json") and not wrapped):
        return None
    name, postgres = found.pop()
    return None if postgres or name == "JSONB" else name
