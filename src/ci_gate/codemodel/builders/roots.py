"""Whose chain it is: the Knex instance, Kysely database or Drizzle database that it begins with."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, Step
from ci_gate.codemodel.builders.facts import Library
from ci_gate.codemodel.builders.knex import METHODS
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

PACKAGES: Final[dict[str, Library]] = {
    "knex": "knex", "kysely": "kysely", "drizzle-orm": "drizzle",
}  # fmt: skip
_KNEX: Final = regex(r"^(?:knex\(\)|fastify\(\)\.knex)$")
_KYSELY: Final = regex(r"^kysely\.(?:Kysely|Transaction|ControlledTransaction)(?:\[\])?\(\)$")
_DRIZZLE: Final = regex(
    r"^drizzle-orm(?:/[\w-]+)*\.(?:drizzle|\w*Database|\w*Transaction)(?:\[\])?\(\)$"
)
#: What a Knex instance goes by where it is not known where it comes from.
_NAMES: Final = frozenset({"knex", "db", "trx", "tx", "database"})
_KNEX_STARTS: Final = frozenset({
    "select", "from", "into", "table", "insert", "with", "withRecursive", "queryBuilder", "first",
    "column", "columns", "distinct", "batchInsert", "count", "update", "del", "delete",
})  # fmt: skip
_KYSELY_STARTS: Final = frozenset({
    "selectFrom", "insertInto", "updateTable", "deleteFrom", "replaceInto", "mergeInto", "with",
    "withRecursive", "selectNoFrom",
})  # fmt: skip
_DRIZZLE_STARTS: Final = frozenset({
    "select", "selectDistinct", "selectDistinctOn", "insert", "update", "delete", "with", "$with",
    "$count", "execute", "query",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rooted:
    """The steps of a chain from the database on. ``base`` is the expression of the database;
    ``query`` names the table of ``db.query.<table>``."""

    library: Library
    base: s.Expr
    steps: tuple[Step, ...]
    query: str | None = None


class Roots:
    def __init__(self, model: CodeModel) -> None:
        self._model = model

    @cached_property
    def libraries(self) -> frozenset[Library]:
        """The builders that the program imports; of Knex it may be a migration that does."""
        return frozenset(
            PACKAGES[edge.package]
            for edge in self._model.import_edges
            if edge.package in PACKAGES and (edge.package == "knex" or not is_outside(edge.source))
        )

    def of(self, chain: Chain) -> Rooted | None:
        for number, step in enumerate(chain.steps):
            rest = chain.steps[number:]
            func = step.call.func
            found = self.database(func)
            if found == "knex":
                return Rooted("knex", func, (Step("", step.call), *rest[1:]))
            if found is not None or not isinstance(func, s.Attribute):
                continue
            base: s.Expr = func.value
            query: str | None = None
            if (
                isinstance(base, s.Attribute)
                and isinstance(base.value, s.Attribute)
                and base.value.name == "query"
                and func.name in ("findMany", "findFirst")
            ):
                query = base.name
                base = base.value.value
            found = self.database(base)
            if found is not None and _starts(found, step.name, query):
                return Rooted(found, base, tuple(rest), query)
        return self._by_name(chain)

    def database(self, expr: s.Expr) -> Library | None:
        """The library of which an expression surely is the database."""
        if not isinstance(expr, s.Name | s.Attribute | s.Call | s.Binary | s.Conditional):
            return None
        values = self._model.evaluate(expr)
        found: set[Library | None] = set()
        for value in values:
            path = value.path if isinstance(value, ExternalValue) else ""
            if _KNEX.match(path):
                found.add("knex")
            elif _KYSELY.match(path):
                found.add("kysely")
            elif _DRIZZLE.match(path):
                found.add("drizzle")
            else:
                found.add(None)
        return found.pop() if len(found) == 1 else None

    def _by_name(self, chain: Chain) -> Rooted | None:
        """``trx("users").where(…)`` where ``trx`` comes from somewhere that is not seen."""
        if "knex" not in self.libraries:
            return None
        for number, step in enumerate(chain.steps[:-1]):
            func = step.call.func
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if (
                name in _NAMES
                and len(step.call.args) == 1
                and isinstance(step.call.args[0].value, s.Literal)
                and isinstance(step.call.args[0].value.value, str)
                and chain.steps[number + 1].name in METHODS
                and not self._model.evaluate(func)
            ):
                rest = chain.steps[number + 1 :]
                return Rooted("knex", func, (Step("", step.call), *rest))
        return None


def _starts(library: Library, name: str, query: str | None) -> bool:
    if library == "knex":
        return name in _KNEX_STARTS
    if library == "kysely":
        return name in _KYSELY_STARTS
    return name in _DRIZZLE_STARTS or query is not None
