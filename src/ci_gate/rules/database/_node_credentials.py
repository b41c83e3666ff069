"""Node: passwords of databases that stand in the source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, Engine, Place, parse
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._node_drivers import driver_of, opened
from ci_gate.rules.database._node_reached import is_tests
from ci_gate.rules.database._service import ServiceView, says_development

_CONFIG: Final = regex(r"(?:^|/)config/(?:config|database)\.json$")
_KEYS: Final = {
    "host": ("host", "hostname", "server"), "user": ("user", "username"),
    "password": ("password", "passwd"), "database": ("database", "db"),
}  # fmt: skip
_URLS: Final = ("connectionString", "url", "uri", "connectionUri")
_NESTED: Final = ("connection", "dbCredentials")
_MAX_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Secret:
    """A password as it is written. ``overridden``: a setting may take its place."""

    place: Place
    path: str
    node: s.Node
    opened: tuple[str, int]
    overridden: bool


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    path: str
    node: s.Node
    overridden: bool


def secrets(facts: Facts, view: ServiceView) -> Iterator[Secret]:
    """Every password that a call which opens a database is given, with where it leads."""
    reader = _Reader(facts.entities.sequelize.origins)
    for call, scope, engine in _calls(facts):
        path = scope.module.path
        if is_outside(path) or is_tests(path) or view.for_development(path, call):
            continue
        for place, text in reader.places(call, scope, engine):
            if not view.for_development(text.path, text.node):
                yield Secret(place, text.path, text.node, (path, call.line), text.overridden)
    yield from _files(facts)


def _calls(facts: Facts) -> Iterator[tuple[s.Call, Scope, Engine | None]]:
    for instance in facts.entities.sequelize.instances.all:
        engine = ENGINES.get(instance.dialect) if instance.dialect is not None else None
        yield instance.call, instance.scope, engine
    for call, scope in opened(facts.model):
        driver = driver_of(facts.model, call)
        if driver is not None and driver[1] != "sqlite":
            yield call, scope, ENGINES.get(driver[1])
    for name in ("knex", "Knex", "drizzle"):
        for call, scope in facts.model.calls_named(name):
            if scope.module.language != "python":
                yield call, scope, None


class _Reader:
    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def places(
        self, call: s.Call, scope: Scope, engine: Engine | None
    ) -> Iterator[tuple[Place, _Text]]:
        values = [item.value for item in call.args if not item.star]
        if len(values) >= 3:  # new Sequelize(database, user, password, options)
            given = dict(zip(("database", "user", "password"), values, strict=False))
            host = self._entries(values[3], scope).get("host") if len(values) > 3 else None
            parts = {key: (value, scope) for key, value in given.items()}
            yield from self._place({**parts, **({"host": host} if host else {})}, engine)
            return
        for value in values:
            for text in self._texts(value, scope):
                yield from self._url(text, engine)
            yield from self._options(value, scope, engine, 0)

    def _options(
        self, expr: s.Expr, scope: Scope, engine: Engine | None, depth: int
    ) -> Iterator[tuple[Place, _Text]]:
        entries = self._entries(expr, scope)
        for key in _URLS:
            if key in entries:
                for text in self._texts(*entries[key]):
                    yield from self._url(text, engine)
        for key in _NESTED:
            if key in entries and depth < _MAX_DEPTH:
                for text in self._texts(*entries[key]):
                    yield from self._url(text, engine)
                yield from self._options(*entries[key], engine, depth + 1)
        yield from self._place(
            {
                part: entries[name]
                for part, names in _KEYS.items()
                for name in names
                if name in entries
            },
            engine,
        )

    def _place(
        self, given: dict[str, tuple[s.Expr, Scope]], engine: Engine | None
    ) -> Iterator[tuple[Place, _Text]]:
        known = {part: next(iter(self._texts(*value)), None) for part, value in given.items()}
        host, password = known.get("host"), known.get("password")
        if host is not None and password is not None:
            user, database = known.get("user"), known.get("database")
            yield (
                Place(
                    engine, host.text, database.text if database else None,
                    user.text if user else None, password.text,
                ),
                password,
            )  # fmt: skip

    def _url(self, text: _Text, engine: Engine | None) -> Iterator[tuple[Place, _Text]]:
        if "://" in text.text:
            place = parse(text.text)
            if place.password is not None and (place.engine is not None or engine is not None):
                yield place, text

    def _entries(self, expr: s.Expr, scope: Scope) -> dict[str, tuple[s.Expr, Scope]]:
        origin = self._origins.one(expr, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping):
            return {}
        return {
            key.value: (value, inner)
            for key, value, inner in self._origins.entries(origin)
            if isinstance(key, s.Literal) and isinstance(key.value, str)
        }

    def _texts(self, expr: s.Expr, scope: Scope) -> list[_Text]:
        found = self._origins.of(expr, scope)
        several = len(found.origins) > 1 or not found.complete
        return [
            _Text(item.expr.value, item.scope.module.path, item.expr, several)
            for item in found.origins
            if isinstance(item.expr, s.Literal) and isinstance(item.expr.value, str)
        ]


def _files(facts: Facts) -> Iterator[Secret]:
    """The settings of sequelize-cli for environments other than development and tests."""
    for path in facts.model.tree.files:
        if not _CONFIG.search(path):
            continue
        try:
            text = facts.model.tree.text(path)
            data = json.loads(text.removeprefix("\ufeff"))
        except (OSError, ValueError, RecursionError):
            continue
        for name, entry in data.items() if isinstance(data, dict) else ():
            if not isinstance(entry, dict) or says_development(str(name)):
                continue
            host, password = entry.get("host"), entry.get("password")
            if not isinstance(host, str) or not isinstance(password, str) or not password:
                continue
            line = _line(text, str(name), password)
            dialect, user = entry.get("dialect"), entry.get("username")
            place = Place(
                ENGINES.get(dialect) if isinstance(dialect, str) else None, host, None,
                user if isinstance(user, str) else None, password,
            )  # fmt: skip
            yield Secret(place, path, s.Node((line, 1, line, 1)), (path, line), overridden=False)


def _line(text: str, name: str, password: str) -> int:
    start = max(text.find(json.dumps(name)), 0)
    at = text.find(json.dumps(password), start)
    return text.count("\n", 0, max(at, start)) + 1
