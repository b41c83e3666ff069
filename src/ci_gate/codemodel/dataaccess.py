"""Which calls touch the database, and how.

Judged by what the receiver stands for: a call on something unknown is no access.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.handedtexts import handed_texts
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

Kind = Literal["query", "write", "transaction", "session", "schema", "build"]


@dataclass(frozen=True, slots=True)
class Access:
    """One call that reaches the database, or builds what will.

    ``kind``: ``query`` and ``write`` run statements; ``build`` makes a statement without running
    it; ``transaction`` commits, rolls back, flushes or begins; ``session`` opens or closes a
    session or connection; ``schema`` creates or drops tables. ``what`` is the library path that was
    called. ``health``: it only asks whether the database answers (``SELECT 1``).
    """

    kind: Kind
    library: str
    what: str
    node: s.Call
    function: FunctionInfo
    health: bool = False

    @property
    def runs(self) -> bool:
        """Does it run a statement on stored data?"""
        return self.kind in ("query", "write") and not self.health


_ANY: Final = r"\w+"
_SESSION: Final = r"^sqlalchemy\.(?:orm\.Session|ext\.asyncio\.AsyncSession)\(\)"
_CONNECTION: Final = r"^sqlalchemy\.(?:Connection|ext\.asyncio\.AsyncConnection)\(\)"
_ENGINE: Final = r"^sqlalchemy\.(?:Engine|ext\.asyncio\.AsyncEngine)\(\)"
_DJANGO: Final = (
    r"^(?:django\.(?:contrib\.\w+\.)*(?:gis\.)?(?:db\.)?(?:\w+\.)*models\.(?:\w+\.)*\w+"
    r"|mptt\.models\.MPTTModel)"
)
_QUERYSET: Final = (
    "all|filter|exclude|get|first|last|latest|earliest|count|exists|aggregate|annotate|values|"
    "values_list|order_by|distinct|select_related|prefetch_related|only|defer|using|raw|iterator|"
    "in_bulk|none|reverse|dates|datetimes|aget|afirst|alast|acount|aexists|aaggregate|aiterator|"
    "select_for_update|extra|alias|union|contains"
)
_QUERYSET_WRITES: Final = (
    "create|bulk_create|update|bulk_update|delete|get_or_create|update_or_create|acreate|adelete|"
    "aupdate|aget_or_create|aupdate_or_create|abulk_create"
)
_DJANGO_TRANSACTION: Final = (
    "atomic|commit|rollback|on_commit|savepoint\\w*|clean_savepoints|mark_for_rollback_on_error|"
    "non_atomic_requests|get_\\w+|set_\\w+"
)
_SEQUELIZE_MODEL: Final = (
    r"^(?:sequelize\.Sequelize\(\)\.define\(\)|sequelize(?:-typescript)?\.Model)"
)
_SEQUELIZE_READS: Final = (
    "findAll|findOne|findByPk|findAndCountAll|findAndCount|count|max|min|sum|aggregate|scope|"
    "unscoped|findByPrimary"
)
_SEQUELIZE_WRITES: Final = (
    "create|bulkCreate|update|destroy|upsert|findOrCreate|findOrBuild|findCreateFind|increment|"
    "decrement|restore|truncate"
)
_MONGOOSE: Final = r"^mongoose\.(?:model\(\)|Model(?:\(\))?)"
_PRISMA: Final = r"^@prisma/client\.PrismaClient\(\)"
_KNEX: Final = r"^knex\(\)"
_DRIZZLE: Final = r"^drizzle-orm\.drizzle\(\)"
_TYPEORM: Final = (
    r"^typeorm\.(?:DataSource\(\)\.(?:getRepository|getTreeRepository)\(\)|Repository\(\)"
    r"|EntityManager\(\)|DataSource\(\)\.manager|getRepository\(\)|BaseEntity(?:\(\))?)"
)
_DRIVERS: Final = (
    r"^(?:sqlite3|aiosqlite|psycopg|psycopg2|asyncpg|pymysql|aiopg|aiomysql|oracledb)\."
    r"(?:Async)?(?:Connection|Cursor|Pool)\(\)"
)
_NODE_DRIVERS: Final = (
    r"^(?:pg\.(?:Pool|Client)\(\)|mysql2?\.(?:Pool|Connection)\(\)|postgres\(\)|"
    r"@libsql/client\.createClient\(\)|sqlite3\.(?:verbose\(\)\.)?Database\(\)|"
    r"better-sqlite3\(\)|sqlite\.DatabaseSync\(\)|sqlite\.open\(\))"
)


@dataclass(frozen=True, slots=True)
class _Row:
    """Calls of one kind: ``names`` of a ``receiver``."""

    pattern: re.Pattern[str]
    names: str
    library: str
    kind: Kind


def _rule(receiver: str, names: str, library: str, kind: Kind) -> _Row:
    return _Row(regex(rf"{receiver}\.(?:{names})$"), names, library, kind)


_TABLE: Final = (
    _rule(_SESSION, r"execute|scalars?|get|get_one|query|exec|stream\w*|refresh",
          "sqlalchemy", "query"),
    _rule(_SESSION, r"add|add_all|delete|merge|bulk_\w+", "sqlalchemy", "write"),
    _rule(_SESSION, r"commit|rollback|flush|begin|begin_nested|expire\w*|expunge\w*",
          "sqlalchemy", "transaction"),
    _rule(_SESSION, r"close|remove", "sqlalchemy", "session"),
    _rule(_CONNECTION, r"execute|scalars?|exec_driver_sql|stream\w*", "sqlalchemy",
          "query"),
    _rule(_CONNECTION, r"commit|rollback|begin\w*", "sqlalchemy", "transaction"),
    _rule(_ENGINE, r"execute|raw_connection", "sqlalchemy", "query"),
    _rule(_ENGINE, r"connect|begin", "sqlalchemy", "session"),
    _rule(r"^sqlalchemy", r"select|insert|update|delete|text|union\w*", "sqlalchemy", "build"),
    _rule(r"^sqlalchemy\.dialects\.\w+", "insert", "sqlalchemy", "build"),
    _rule(r"^flask_sqlalchemy\w*\.SQLAlchemy\(\)\.Model(?:\(\))?\.query", _ANY, "sqlalchemy",
          "query"),
    _rule(r"^flask_sqlalchemy\w*\.SQLAlchemy\(\)", r"paginate|get_or_404|first_or_404|one_or_404",
          "sqlalchemy", "query"),
    _rule(r"\.(?:metadata|SQLAlchemy\(\))", "create_all|drop_all",
          "sqlalchemy", "schema"),
    _rule(_DJANGO + r"(?:\.(?:objects|_default_manager|_base_manager)|\(\))", _QUERYSET,
          "django-orm", "query"),
    _rule(_DJANGO + r"(?:\.(?:objects|_default_manager)|\(\))", _QUERYSET_WRITES,
          "django-orm", "write"),
    _rule(_DJANGO + r"\(\)", "save|delete|asave|adelete", "django-orm", "write"),
    _rule(_DJANGO + r"\(\)", "refresh_from_db|arefresh_from_db", "django-orm", "query"),
    _rule(r"^django\.shortcuts", "a?get_(?:object|list)_or_404", "django-orm", "query"),
    _rule(r"^django\.db\.connections?(?:\[\])?\.cursor\(\)", r"execute\w*", "django-orm", "query"),
    _rule(r"^django\.db\.transaction", _DJANGO_TRANSACTION, "django-orm", "transaction"),
    _rule(r"^tortoise\.(?:models\.)?Model", "filter|all|get|get_or_none|exclude|first|raw|exists|"
          "in_bulk|annotate", "tortoise", "query"),
    _rule(r"^tortoise\.(?:models\.)?Model\(\)", "save|delete", "tortoise", "write"),
    _rule(r"^tortoise\.(?:models\.)?Model", r"create|bulk_\w+|get_or_create|update_or_create",
          "tortoise", "write"),
    _rule(_SEQUELIZE_MODEL, _SEQUELIZE_READS, "sequelize", "query"),
    _rule(_SEQUELIZE_MODEL, _SEQUELIZE_WRITES, "sequelize", "write"),
    _rule(_SEQUELIZE_MODEL + r"\(\)", "save|destroy|update|reload|restore|increment|decrement",
          "sequelize", "write"),
    _rule(r"^sequelize\.Sequelize\(\)", "query", "sequelize", "query"),
    _rule(r"^sequelize\.Sequelize\(\)", "transaction", "sequelize", "transaction"),
    _rule(r"^sequelize\.Sequelize\(\)", "sync", "sequelize", "schema"),
    _rule(_PRISMA + r"\.\w+", r"find\w+|count|aggregate|groupBy", "prisma", "query"),
    _rule(_PRISMA, r"\$queryRaw\w*", "prisma", "query"),
    _rule(_PRISMA, r"\w+\.(?:create\w*|update\w*|delete\w*|upsert)|\$executeRaw\w*",
          "prisma", "write"),
    _rule(_PRISMA, r"\$transaction", "prisma", "transaction"),
    _Row(regex(_KNEX + "$"), _ANY, "knex", "query"),
    _rule(_KNEX, "select|from|table|with|count|first|where|join|raw|distinct", "knex", "query"),
    _rule(_KNEX, "insert|into|batchInsert|update|delete|del", "knex", "write"),
    _rule(_KNEX, "transaction", "knex", "transaction"),
    _rule(_KNEX + r"\.schema", _ANY, "knex", "schema"),
    _rule(_DRIZZLE, r"select\w*|\$count|execute|with|query\.\w+\.find\w+|all|get|run",
          "drizzle", "query"),
    _rule(_DRIZZLE, "insert|update|delete", "drizzle", "write"),
    _rule(_DRIZZLE, "transaction", "drizzle", "transaction"),
    _rule(_TYPEORM, r"find\w*|count\w*|query|createQueryBuilder|exists?\w*|sum|average",
          "typeorm", "query"),
    _rule(_TYPEORM, r"save|insert|update|delete|remove|upsert|soft\w+|restore|increment|"
          "decrement|clear", "typeorm", "write"),
    _rule(_MONGOOSE, r"find\w*|count\w*|aggregate|exists|distinct|estimated\w+", "mongoose",
          "query"),
    _rule(_MONGOOSE + r"(?:\(\))?", r"create|insertMany|update\w*|delete\w*|replaceOne|bulkWrite|"
          "save|remove", "mongoose", "write"),
    _rule(_DRIVERS, r"execute\w*|fetch\w*|copy\w*|prepare", "driver", "query"),
    _rule(_DRIVERS, "commit|rollback|transaction", "driver", "transaction"),
    _rule(_NODE_DRIVERS, "query|execute|prepare|exec|run|all|get|each|batch|unsafe",
          "driver", "query"),
)  # fmt: skip
#: What is called in Python, by its last name.
_PYTHON_NAMES: Final = regex(
    "|".join(
        row.names
        for row in _TABLE
        if row.library in ("sqlalchemy", "django-orm", "tortoise", "driver") and row.names != _ANY
    )
)
#: Libraries whose calls run a text.
_TEXTS: Final = frozenset({"driver", "sqlalchemy", "django-orm", "sequelize"})
_HEALTH: Final = regex(r"\s*select\s+(?:1|now\(\)|version\(\))\s*;?\s*", re.IGNORECASE)
_HEALTH_CALLS: Final = ("authenticate", "ping")


class DataAccess:
    """Answers for one program; remembers what it was asked."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._known: dict[FunctionInfo, tuple[Access, ...]] = {}
        self._by_module: dict[str, list[Access]] | None = None
        self._names: dict[str, bool] = {}

    def accesses_in(self, function: FunctionInfo) -> Sequence[Access]:
        """The accesses in the function's own code; of a chain of calls, only the first."""
        found = self._known.get(function)
        if found is None:
            accesses = {
                access.node: access
                for call in self._model.calls_in(function)
                if (access := self._access(function, call)) is not None
            }
            found = tuple(a for a in accesses.values() if _receiver(a.node) not in accesses)
            self._known[function] = found
        return found

    def by_module(self) -> dict[str, list[Access]]:
        """All accesses of the tree, by file."""
        if self._by_module is None:
            self._by_module = {}
            for function in self._model.functions.values():
                found = self.accesses_in(function)
                if found:
                    self._by_module.setdefault(function.module.path, []).extend(found)
        return self._by_module

    @cached_property
    def handed(self) -> Sequence[tuple[FunctionInfo, Access]]:
        """The calls that hand SQL text to a function of the tree that runs it, each after that
        function. The call of the driver itself is among :meth:`by_module`."""
        running = {
            access.node: access
            for accesses in self.by_module().values()
            for access in accesses
            if access.runs and access.kind == "query" and access.library in _TEXTS
        }
        found: dict[s.Call, tuple[FunctionInfo, Access]] = {}
        pairs = ((access.function, node) for node, access in running.items())
        for item in handed_texts(self._model, pairs):
            if item.node not in running and not _is_health(item.node):
                kind: Kind = "write" if item.writes else "query"
                access = Access(kind, "driver", item.wrapper.name, item.node, item.caller)
                found.setdefault(item.node, (item.wrapper, access))
        return tuple(found.values())

    def _access(self, function: FunctionInfo, call: s.Call) -> Access | None:
        if not isinstance(call.func, s.Attribute | s.Name | s.Call):
            return None
        name = s.last_name(call.func) if function.module.language == "python" else None
        if name is not None and not self._is_called(name):
            return None
        for value in self._model.evaluate(call.func, self._model.scope_of(call)):
            if not isinstance(value, ExternalValue):
                continue
            known = _row(value.path)
            if known is not None:
                library, kind = known
                return Access(kind, library, value.path, call, function, _is_health(call))
        return None

    def _is_called(self, name: str) -> bool:
        """May a call of this name in Python code be an access?"""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = (
                _PYTHON_NAMES.fullmatch(name) is not None
                or name in self._model.given_names
                or self._has_queries_of_models
            )
        return found

    @cached_property
    def _has_queries_of_models(self) -> bool:
        """Has Flask-SQLAlchemy put ``query`` on the models, whose every method is an access?"""
        return any(
            item.specifier.startswith("flask_sqlalchemy")
            for module in self._model.modules.values()
            for item in module.imports
        )


@lru_cache(maxsize=4096)
def _row(path: str) -> tuple[str, Kind] | None:
    """What calling something of a library is."""
    for row in _TABLE:
        if row.pattern.search(path):
            return row.library, row.kind
    return None


def _receiver(call: s.Call) -> s.Node | None:
    """The call whose result ``call`` goes on with."""
    node: s.Node = call.func
    while isinstance(node, s.Attribute | s.Await):
        node = node.value
    return node if isinstance(node, s.Call) else None


def _is_health(call: s.Call) -> bool:
    if isinstance(call.func, s.Attribute) and call.func.name in _HEALTH_CALLS:
        return True
    argument = call.argument(0)
    if isinstance(argument, s.Call):
        argument = argument.argument(0)
    if isinstance(argument, s.Template) and len(argument.parts) == 1:
        argument = argument.parts[0]
    return (
        isinstance(argument, s.Literal)
        and isinstance(argument.value, str)
        and _HEALTH.fullmatch(argument.value) is not None
    )
