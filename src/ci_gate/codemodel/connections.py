"""Every place where the program opens a database, and what its address can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.addresses import Fallback, Hop, Text, Texts
from ci_gate.codemodel.databases import ENGINES, Engine, Place, parse
from ci_gate.codemodel.libraries import PARTIALS, PROVIDERS
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

Opener: TypeAlias = tuple[str, int, tuple[str, ...]]
"""Library, position and names of the address."""

#: Calls that open a database.
_OPENERS: Final[dict[str, Opener]] = {
    "sqlalchemy.create_engine": ("sqlalchemy", 0, ("url",)),
    "sqlalchemy.ext.asyncio.create_async_engine": ("sqlalchemy", 0, ("url",)),
    "databases.Database": ("databases", 0, ("url",)),
    "sqlite3.connect": ("sqlite3", 0, ("database",)),
    "sqlite3.dbapi2.connect": ("sqlite3", 0, ("database",)),
    "aiosqlite.connect": ("aiosqlite", 0, ("database",)),
    "psycopg.connect": ("psycopg", 0, ("conninfo",)),
    "psycopg.Connection.connect": ("psycopg", 0, ("conninfo",)),
    "psycopg.AsyncConnection.connect": ("psycopg", 0, ("conninfo",)),
    "psycopg_pool.ConnectionPool": ("psycopg", 0, ("conninfo",)),
    "psycopg_pool.AsyncConnectionPool": ("psycopg", 0, ("conninfo",)),
    "psycopg2.connect": ("psycopg2", 0, ("dsn",)),
    "psycopg2.pool.SimpleConnectionPool": ("psycopg2", 2, ("dsn",)),
    "psycopg2.pool.ThreadedConnectionPool": ("psycopg2", 2, ("dsn",)),
    "asyncpg.connect": ("asyncpg", 0, ("dsn",)),
    "asyncpg.create_pool": ("asyncpg", 0, ("dsn",)),
    "asyncpg.pool.create_pool": ("asyncpg", 0, ("dsn",)),
    "aiopg.connect": ("aiopg", 0, ("dsn",)),
    "aiopg.create_pool": ("aiopg", 0, ("dsn",)),
    "pymysql.connect": ("pymysql", 0, ()),
    "MySQLdb.connect": ("MySQLdb", 0, ()),
    "aiomysql.connect": ("aiomysql", 0, ()),
    "aiomysql.create_pool": ("aiomysql", 0, ()),
    "mysql.connector.connect": ("mysql", 0, ()),
    "tortoise.Tortoise.init": ("tortoise", 1, ("db_url",)),
    "tortoise.contrib.fastapi.register_tortoise": ("tortoise", 2, ("db_url",)),
    "tortoise.contrib.fastapi.RegisterTortoise": ("tortoise", 2, ("db_url",)),
    "tortoise.contrib.aiohttp.register_tortoise": ("tortoise", 2, ("db_url",)),
    "aerich.Command": ("tortoise", 9, ()),
}  # fmt: skip
_NAMES: Final = frozenset(path.rpartition(".")[2] for path in (*_OPENERS, *PROVIDERS, *PARTIALS))
_ORMS: Final = frozenset({"sqlalchemy", "flask_sqlalchemy", "django", "tortoise"})
_KEYWORDS: Final = {
    "host": ("host", "hostaddr"),
    "database": ("dbname", "database", "db"),
    "user": ("user", "username"),
    "password": ("password", "passwd"),
}
_HOST_FIRST: Final = frozenset({"pymysql", "MySQLdb"})
#: Steps from a setting to the mapping that it is.
_MAX_HOPS: Final = 6
_FLASK_URL: Final = "SQLALCHEMY_DATABASE_URI"
_FLASK_SQLALCHEMY: Final = regex(r"^flask_sqlalchemy\w*$")


@dataclass(frozen=True, slots=True)
class Address:
    """One thing that a connection's address can be.

    ``sources`` name the settings that it is taken from (``env:DATABASE_URL``); ``trail`` is the way
    from the call to the text, outermost first. ``secret`` is where the password is written.
    """

    place: Place
    text: str | None
    sources: frozenset[str]
    trail: tuple[Hop, ...]
    secret: Text | None = None

    @property
    def fallback(self) -> Hop | None:
        """The first place where the engine is taken for want of another."""
        return next((hop for hop in self.trail if hop.fallback is not None and not hop.late), None)


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """One place that opens a database, or says which one a library opens.

    ``library`` is the driver, or ``sqlalchemy``, ``flask_sqlalchemy``, ``django``, ``tortoise``,
    ``databases``. ``function`` is the module's own where it runs at import time.
    """

    library: str
    node: s.Node
    path: str
    function: FunctionInfo
    addresses: tuple[Address, ...]
    alias: str | None = None

    @property
    def orm(self) -> bool:
        return self.library in _ORMS

    @property
    def at_import(self) -> bool:
        return isinstance(self.function.node, s.Module)

    @property
    def primary(self) -> Sequence[Address]:
        """The addresses that are no fallback."""
        return [item for item in self.addresses if item.fallback is None]

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(source for item in self.addresses for source in item.sources)


class Connections:
    """All connections of one program, in the order of files and lines."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self.texts = Texts(model)
        found = [*self._calls(), *self._settings()]
        self._all = sorted(found, key=lambda item: (item.path, item.node.span))

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    # --- calls ---

    def _calls(self) -> Iterator[Connection]:
        spellings = self._model.given_names | _NAMES
        for function in self._model.functions.values():
            if function.module.language != "python":
                continue
            for call in self._model.calls_in(function):
                if s.last_name(call.func) not in spellings:
                    continue
                scope = self._model.scope_of(call)
                path = self._known(call.func, scope)
                if path in _OPENERS:
                    yield self._opened(call, call, scope, _OPENERS[path])
                elif call.args and (path in PROVIDERS or path in PARTIALS):
                    inner = self._known(call.args[0].value, scope)
                    if inner in _OPENERS:  # called later, with what is given here
                        later = s.Call(call.span, call.args[0].value, call.args[1:])
                        yield self._opened(call, later, scope, _OPENERS[inner])

    def _known(self, expr: s.Expr, scope: Scope) -> str:
        """The library path that matters here of what ``expr`` is; empty when there is none."""
        for value in self._model.evaluate(expr, scope):
            if isinstance(value, ExternalValue) and (
                value.path in _OPENERS or value.path in PROVIDERS or value.path in PARTIALS
            ):
                return value.path
        return ""

    def _opened(self, node: s.Call, call: s.Call, scope: Scope, opener: Opener) -> Connection:
        library, position, names = opener
        engine = ENGINES.get(library)
        address = self._address(call, scope, position, names)
        if library in _HOST_FIRST or (address is None and library != "tortoise"):
            found = self._keywords(call, scope, engine, library)
        elif address is not None:
            found = tuple(_address(text, engine) for text in self.texts.of(*address))
        else:
            found = tuple(self._tortoise(call, scope))
        return Connection(library, node, scope.module.path, scope.function, found)

    def _address(
        self, call: s.Call, scope: Scope, position: int, names: tuple[str, ...]
    ) -> tuple[s.Expr, Scope] | None:
        for name in names:
            found = call.argument(None, name)
            if found is not None:
                return found, scope
        found = call.argument(position)
        if found is not None:
            return found, scope
        for argument in call.args:
            if argument.star == "**":
                for mapping, inner in self._mappings(argument.value, scope):
                    for name in names:
                        given = mapping.get(name)
                        if given is not None:
                            return given, inner
        return None

    def _mappings(self, expr: s.Expr, scope: Scope) -> Iterator[tuple[s.Mapping, Scope]]:
        own = _mapping(expr)
        if own is not None:
            yield own, scope
            return
        for item in self._model.provenance(expr, scope):
            found = _mapping(item.expr)
            if found is not None:
                yield found, item.scope

    def _keywords(
        self, call: s.Call, scope: Scope, engine: Engine | None, library: str
    ) -> tuple[Address, ...]:
        """``connect(host=…, user=…, password=…)``."""
        given: dict[str, tuple[s.Expr, Scope]] = {}
        for field, names in _KEYWORDS.items():
            for name in names:
                value = call.argument(None, name)
                if value is not None:
                    given[field] = (value, scope)
        if library in _HOST_FIRST:
            for position, field in enumerate(("host", "user", "password", "database")):
                value = call.argument(position)
                if value is not None:
                    given.setdefault(field, (value, scope))
        for argument in call.args:
            if argument.star == "**":
                for mapping, inner in self._mappings(argument.value, scope):
                    for field, names in _KEYWORDS.items():
                        for name in names:
                            value = mapping.get(name)
                            if value is not None:
                                given.setdefault(field, (value, inner))
        return (self.place(given, engine),)

    def _tortoise(self, call: s.Call, scope: Scope) -> Iterator[Address]:
        """``config={"connections": {"default": URL or {"engine": …, "credentials": …}}}``."""
        config = call.argument(None, "config") or call.argument(0, "tortoise_config")
        for outer, inner in self._mappings(config, scope) if config is not None else ():
            connections = outer.get("connections")
            for mapping, place in self._mappings(connections, inner) if connections else ():
                for entry in mapping.entries:
                    yield from self._tortoise_entry(entry.value, place)

    def _tortoise_entry(self, value: s.Expr, scope: Scope) -> Iterator[Address]:
        detailed = False
        for mapping, inner in self._mappings(value, scope):
            detailed = True
            engine, credentials = mapping.get("engine"), mapping.get("credentials")
            if engine is None:
                continue
            given: dict[str, tuple[s.Expr, Scope]] = {}
            for parts, place in self._mappings(credentials, inner) if credentials else ():
                for field, names in _KEYWORDS.items():
                    for name in (*names, "file_path") if field == "database" else names:
                        part = parts.get(name)
                        if part is not None:
                            given[field] = (part, place)
            rest = self.place(given, None)
            for text in self.texts.of(engine, inner):
                found = replace(rest.place, engine=_backend(text.text))
                sources = text.sources | rest.sources
                yield Address(found, text.text, sources, text.trail, rest.secret)
        if not detailed:
            for text in self.texts.of(value, scope):
                yield _address(text, None)

    def place(self, given: dict[str, tuple[s.Expr, Scope]], engine: Engine | None) -> Address:
        """An address whose parts are given one by one."""
        known: dict[str, str] = {}
        sources: frozenset[str] = frozenset()
        trail: tuple[Hop, ...] = ()
        secret: Text | None = None
        for field in ("database", "host", "user", "password"):
            if field not in given:
                continue
            texts = self.texts.of(*given[field])
            sources = sources.union(*(text.sources for text in texts))
            first = next((text for text in texts if text.text is not None), None)
            if first is not None and first.text is not None:
                known[field] = first.text
            if field in ("database", "host") and texts and not trail:
                trail = texts[0].trail
            if field == "password":
                secret = first
        return Address(Place(engine, **known), None, sources, trail, secret)

    # --- settings ---

    def _settings(self) -> Iterator[Connection]:
        flask = any(
            edge.package is not None and _FLASK_SQLALCHEMY.match(edge.package)
            for edge in self._model.import_edges
        )
        django = any(edge.package == "django" for edge in self._model.import_edges)
        if not flask and not django:
            return
        for path, module in sorted(self._model.modules.items()):
            if module.language == "python":
                yield from self._assigned(path, module, flask=flask, django=django)

    def _assigned(
        self, path: str, module: s.Module, *, flask: bool, django: bool
    ) -> Iterator[Connection]:
        nodes = s.walk(module) if flask else self._model.nodes_of(module, s.Assign)
        for node in nodes:
            match node:
                case s.Assign(targets=[target], value=value, op=None) if value is not None:
                    if flask and _names(target, _FLASK_URL):
                        yield self._flask(path, node, value)
                    elif django and isinstance(value, s.Mapping) and _names(target, "DATABASES"):
                        yield from self._django(path, value)
                    elif django and _sets_engine(target):
                        yield self._django_engine(path, target, value)
                    elif django and _names_entry(target, "DATABASES"):
                        yield from self._django_alias(path, _key_of(target), value)
                case s.Call(
                    func=s.Attribute(name="setdefault"),
                    args=[s.Argument(value=s.Literal(value=key)), s.Argument(value=value)],
                ) if flask and key == _FLASK_URL:
                    yield self._flask(path, node, value, "default")
                case s.Call(args=args) if flask:
                    for argument in args:
                        if argument.keyword == _FLASK_URL:
                            yield self._flask(path, argument, argument.value)
                case s.Entry(key=s.Literal(value=key), value=value) if flask and key == _FLASK_URL:
                    yield self._flask(path, node, value)

    def _flask(
        self, path: str, node: s.Node, value: s.Expr, fallback: Fallback | None = None
    ) -> Connection:
        scope = self._model.scope_of(value)
        start = (Hop(value, scope, fallback),) if fallback is not None else ()
        found = tuple(
            replace(
                item,
                sources=item.sources | {f"setting:{_FLASK_URL}"},
                trail=(*start, *item.trail),
            )
            for item in (_address(text, None) for text in self.texts.of(value, scope))
        )
        return Connection("flask_sqlalchemy", node, path, scope.function, found)

    def _django(self, path: str, databases: s.Mapping) -> Iterator[Connection]:
        for entry in databases.entries:
            if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                yield from self._django_alias(path, entry.key.value, entry.value)

    def _django_engine(self, path: str, target: s.Expr, value: s.Expr) -> Connection:
        """``DATABASES["default"]["ENGINE"] = …``."""
        assert isinstance(target, s.Subscript)
        alias = _key_of(target.value)
        scope = self._model.scope_of(value)
        found = tuple(
            Address(Place(_backend(text.text)), text.text, text.sources, text.trail)
            for text in self.texts.of(value, scope)
        )
        return Connection("django", value, path, scope.function, found, alias)

    def _django_alias(self, path: str, alias: str, value: s.Expr) -> Iterator[Connection]:
        scope = self._model.scope_of(value)
        found: list[Address] = []
        written: list[s.Expr] = []
        for mapping, inner, trail in self._settings_of(value, scope, ()):
            engine = mapping.get("ENGINE")
            if engine is None:
                continue
            written.append(engine)
            found += self._django_addresses(mapping, engine, inner, trail)
        if all(item.place.engine is None for item in found):
            texts = [_address(text, None) for text in self.texts.of(value, scope)]
            if not found or any(item.place.engine is not None for item in texts):
                found, written = texts, []
        mine = frozenset({f"django:{alias}"})
        addresses = tuple(replace(item, sources=item.sources | mine) for item in found)
        node = written[0] if len(written) == 1 else value
        yield Connection("django", node, path, scope.function, addresses, alias)

    def _django_addresses(
        self, mapping: s.Mapping, engine: s.Expr, scope: Scope, trail: tuple[Hop, ...]
    ) -> Iterator[Address]:
        parts = {"database": "NAME", "host": "HOST", "user": "USER", "password": "PASSWORD"}
        given = {
            field: (expr, scope)
            for field, key in parts.items()
            if (expr := mapping.get(key)) is not None
        }
        rest = self.place(given, None)
        for text in self.texts.of(engine, scope):
            place = replace(rest.place, engine=_backend(text.text))
            sources = text.sources | rest.sources
            yield Address(place, text.text, sources, (*trail, *text.trail), rest.secret)

    def _settings_of(
        self, expr: s.Expr, scope: Scope, trail: tuple[Hop, ...]
    ) -> Iterator[tuple[s.Mapping, Scope, tuple[Hop, ...]]]:
        """The mappings that ``expr`` can be, each with the way there."""
        if len(trail) >= _MAX_HOPS or any(hop.expr is expr for hop in trail):
            return
        hop = Hop(expr, scope)
        own = _mapping(expr)
        if own is not None:
            yield own, scope, (*trail, hop) if trail else ()
        elif isinstance(expr, s.Conditional):
            yield from self._settings_of(expr.body, scope, (*trail, hop))
            yield from self._settings_of(expr.orelse, scope, (*trail, hop))
        else:
            for item in self._model.provenance(expr, scope):
                yield from self._settings_of(item.expr, item.scope, (*trail, hop))


def _address(text: Text, engine: Engine | None) -> Address:
    place = Place(engine)
    if text.text is not None:
        if engine == "sqlite":
            name = text.text.removeprefix("file:") if text.text != "file::memory:" else ":memory:"
            place = Place(engine, database=name)
        else:
            said = parse(text.text)
            place = replace(said, engine=said.engine or engine)
    return Address(place, text.text, text.sources, text.trail, text)


def _mapping(expr: s.Expr) -> s.Mapping | None:
    """``{…}`` and ``dict(…)``."""
    match expr:
        case s.Mapping():
            return expr
        case s.Call(func=s.Name(id="dict"), args=args):
            return s.Mapping(
                expr.span,
                [
                    s.Entry(arg.span, s.Literal(arg.span, arg.keyword, "string"), arg.value)
                    for arg in args
                    if arg.keyword is not None
                ],
            )
    return None


def _backend(text: str | None) -> Engine | None:
    return None if text is None else ENGINES.get(text.rpartition(".")[2])


def _names(target: s.Expr, name: str) -> bool:
    """``NAME``, ``x.NAME``, ``x["NAME"]``."""
    match target:
        case s.Name(id=found) | s.Attribute(name=found):
            return found == name
        case s.Subscript(index=s.Literal(value=found)):
            return found == name
    return False


def _names_entry(target: s.Expr, name: str) -> bool:
    """``NAME["default"]``."""
    return (
        isinstance(target, s.Subscript)
        and isinstance(target.index, s.Literal)
        and isinstance(target.index.value, str)
        and _names(target.value, name)
    )


def _sets_engine(target: s.Expr) -> bool:
    """``DATABASES["default"]["ENGINE"]``."""
    match target:
        case s.Subscript(value=inner, index=s.Literal(value="ENGINE")):
            return _names_entry(inner, "DATABASES")
    return False


def _key_of(target: s.Expr) -> str:
    assert isinstance(target, s.Subscript)
    assert isinstance(target.index, s.Literal)
    return str(target.index.value)
