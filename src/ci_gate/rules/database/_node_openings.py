"""Node: the places where a service opens a database, and what each means by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, Engine
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.instances import Instance
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._node_drivers import driver_of, opened
from ci_gate.rules.database._node_reached import is_tests, reached_of
from ci_gate.rules.database._service import SIDE_STORE, says_development, words

#: ``default``: taken where a setting is missing; ``failure``: where another could not be opened;
#: ``chosen``: another condition picks it.
Why = Literal["plain", "default", "failure", "chosen"]

_URL: Final = regex(r"^(postgres|sqlite|mysql|mariadb)(?:ql)?:")
_ELSEWHERE: Final = regex(r"dev|test|mock|stub|seed|script|migrat|import|export", re.IGNORECASE)
_ADDRESS: Final = regex(
    r"url|uri|dsn|conn|host|(?:^|_)(?:db|pg|database|postgres|mysql)", re.IGNORECASE
)
#: Settings that name an engine: a service that has one is made for several.
_CHOICE: Final = regex(
    r"dialect|engine|client|driver|type|kind|backend|(?:^|_)use|enable|storage", re.IGNORECASE
)
_FOR_TESTS: Final = regex(r"test|mock|dev", re.IGNORECASE)
#: A folder's own module; no index of anything.
_INDEX: Final = regex(r"index\.[cm]?[jt]s$")
_CAMEL: Final = regex(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """One call that opens a database. ``setting`` is the name of the one that is missing where
    ``why`` is ``default``, ``default_in`` the module that has the default; ``file`` is SQLite's,
    ``:memory:`` included."""

    path: str
    node: s.Expr
    scope: Scope
    engine: Engine
    library: str
    orm: bool
    why: Why
    file: str | None = None
    setting: str | None = None
    default_in: str = ""

    @property
    def in_memory(self) -> bool:
        return self.engine == "sqlite" and self.file is not None and (
            self.file in ("", ":memory:") or "mode=memory" in self.file
        )  # fmt: skip

    @property
    def by_choice(self) -> bool:
        """Does the setting pick between engines?"""
        return self.setting is not None and _CHOICE.search(self.setting) is not None


@lru_cache(maxsize=4)
def openings_of(facts: Facts) -> Openings:
    """The places of one program, for all rules that ask."""
    return Openings(facts)


class Openings:
    """Answers for one program."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._models: Models = facts.entities.sequelize
        self._surroundings = facts.model.surroundings
        self._reached = reached_of(facts.model)

    @cached_property
    def all(self) -> Sequence[Opening]:
        """Those of the service itself: not of tests, scripts, or code for development."""
        found = (*self._instances(), *self._drivers())
        return [item for item in found if not self._is_elsewhere(item)]

    def is_side_store(self, opening: Opening) -> bool:
        """Does any name around it speak of a store that stands beside the service's database?"""
        path = _INDEX.sub("", opening.path)
        names = [path, opening.scope.function.name, opening.file or ""]
        for item in self._surroundings.of(opening.path, opening.node):
            if isinstance(item.node, s.Assign):
                names.extend(word for target in item.node.targets for word in words(target))
            elif isinstance(item.node, s.Class | s.Function):
                names.append(item.node.name)
            elif isinstance(item.node, s.Entry) and item.node.key is not None:
                names.extend(words(item.node.key))
        return any(SIDE_STORE.search(_CAMEL.sub("_", name).lower()) for name in names)

    def _is_elsewhere(self, opening: Opening) -> bool:
        path = opening.path
        return (
            is_outside(path)
            or is_tests(path)
            or _ELSEWHERE.search(path) is not None
            or self._is_for_development(path, opening.node)
            or (not opening.orm and not self._reached.loads(path))
        )

    def _is_for_development(self, path: str, node: s.Node) -> bool:
        """By the file, the function or class around it, a condition, or the variable's name."""
        inner: s.Node = node
        for item in self._surroundings.of(path, node):
            names: Iterator[str] | tuple[str, ...] = ()
            match item.node:
                case s.Function(name=name) | s.Class(name=name):
                    names = (name,)
                case s.If(test=test) | s.Conditional(test=test) if item.branch != "test":
                    names = words(test)
                case s.Entry(key=key) if key is not None and key is not inner:
                    names = words(key)
                case s.Assign(targets=targets):
                    said = (word for target in targets for word in words(target))
                    names = (word for word in said if _FOR_TESTS.search(word))
            if any(says_development(name) for name in names):
                return True
            inner = item.node
        return False

    # --- Sequelize ---

    def _instances(self) -> Iterator[Opening]:
        for item in self._models.instances.all:
            path, call = item.scope.module.path, item.call
            file = item.options.text("storage", self._models.origins)
            if item.dialect is not None:
                engine = ENGINES.get(item.dialect)
                if engine is not None:
                    why, setting = self._why(path, call)
                    file = file or self._file_of_url(item)
                    yield Opening(path, call, item.scope, engine, "sequelize", True, why, file,
                                  setting)  # fmt: skip
                continue
            found = self._default(item)
            if found is not None:
                engine, text, setting, default_in = found
                memory = text.partition(":")[2].lstrip("/") if _URL.match(text) else file
                yield Opening(path, call, item.scope, engine, "sequelize", True, "default", memory,
                              setting, default_in)  # fmt: skip

    def _file_of_url(self, item: Instance) -> str | None:
        if not item.call.args:
            return None
        origin = self._models.origins.one(item.call.args[0].value, item.scope)
        text = getattr(origin.expr, "value", None) if origin is not None else None
        return text[7:].lstrip("/") if isinstance(text, str) and text[:7] == "sqlite:" else None

    def _default(self, item: Instance) -> tuple[Engine, str, str, str] | None:
        """``dialect: process.env.DIALECT || 'sqlite'``, or an address of that kind."""
        written = item.options.get("dialect")
        if written is not None:
            found = self.fallback(*written)
            engine = ENGINES.get(found[0]) if found is not None else None
            return (engine, *found) if engine is not None and found is not None else None
        if not item.call.args:
            return None
        found = self.fallback(item.call.args[0].value, item.scope)
        match = _URL.match(found[0]) if found is not None else None
        if match is None or found is None:
            return None
        return ENGINES[match[1]], *found

    def fallback(self, expr: s.Expr, scope: Scope) -> tuple[str, str, str] | None:
        """The constant that stands in for a setting that is missing, with the setting's name
        and the file that says so."""
        origins = self._models.origins.of(expr, scope).origins
        texts = [
            (item.expr.value, item.scope.module.path) for item in origins
            if isinstance(item.expr, s.Literal) and isinstance(item.expr.value, str)
        ]  # fmt: skip
        others = [item.expr for item in origins if not isinstance(item.expr, s.Literal)]
        if len(texts) == 1 and len(others) == 1 and (name := _setting(others[0])) is not None:
            return texts[0][0], name, texts[0][1]
        match expr:  # a setting that is followed no further
            case s.Binary(op="or" | "??", left=left, right=s.Literal(value=str(text))):
                name = _setting(left)
                return (text, name, scope.module.path) if name is not None else None
        name = _setting(expr)
        return self._of_schema(name) if name is not None else None

    def _of_schema(self, name: str) -> tuple[str, str, str] | None:
        """``z.object({ NAME: z.string().default("…") })``, by which settings are read."""
        found: list[tuple[str, str, str]] = []
        for call, scope in self._facts.model.calls_named("default"):
            given, path = call.argument(0), scope.module.path
            if not isinstance(given, s.Literal) or not isinstance(given.value, str):
                continue
            for item in self._surroundings.of(path, call):
                match item.node:
                    case s.Entry(key=s.Literal(value=key)):
                        if key == name:
                            found.append((given.value, name, path))
                        break
                    case s.Function():
                        break
        return found[0] if len(found) == 1 else None

    # --- drivers ---

    def _drivers(self) -> Iterator[Opening]:
        for call, scope in opened(self._facts.model):
            driver = driver_of(self._facts.model, call)
            engine = ENGINES.get(driver[1]) if driver is not None else None
            if driver is None or engine is None:
                continue
            path = scope.module.path
            why, setting = self._why(path, call)
            file = self._file(call, scope) if engine == "sqlite" else None
            yield Opening(path, call, scope, engine, driver[0], False, why, file, setting)

    def _file(self, call: s.Call, scope: Scope) -> str | None:
        if not call.args:
            return ":memory:"
        origin = self._models.origins.one(call.args[0].value, scope)
        if origin is not None and isinstance(origin.expr, s.Mapping):
            written = origin.expr.get("filename")
            origin = self._models.origins.one(written, origin.scope) if written else None
        value = getattr(origin.expr, "value", None) if origin is not None else None
        return value if isinstance(value, str) else None

    # --- conditions ---

    def _why(self, path: str, node: s.Node) -> tuple[Why, str | None]:
        inner: s.Node = node
        for item in self._surroundings.of(path, node):
            match item.node:
                case s.Handler(body=body):
                    if not any(isinstance(inner, s.Raise) for inner in _own(body)):
                        return "failure", None
                case s.If(test=test) | s.Conditional(test=test) if item.branch != "test":
                    return _under(test, there=item.branch == "body")
                case s.Switch():
                    return "chosen", None
                case s.Function(body=body) | s.Module(body=body):
                    found = _after_return(body, inner)
                    if found is not None:
                        return found
            inner = item.node
        return "plain", None


def _own(body: Sequence[s.Stmt]) -> Iterator[s.Node]:
    for statement in body:
        yield from s.walk(statement, into_functions=False)


def _under(test: s.Expr, *, there: bool) -> tuple[Why, str | None]:
    """What it means to stand under a condition, or in its other branch."""
    if any(says_development(word) for word in words(test)):
        return "chosen", None
    asked = _asked(test)
    if asked is None or _CHOICE.search(asked[0]):
        return "chosen", None
    name, present = asked
    return ("plain", None) if present is there else ("default", name)


def _after_return(body: Sequence[s.Stmt], inner: s.Node) -> tuple[Why, str | None] | None:
    """What is known after an ``if`` that returns."""
    for statement in body:
        if statement is inner:
            return None
        match statement:
            case s.If(test=test, body=[*_, s.Return()], orelse=[]):
                found = _under(test, there=False)
                if found[0] != "plain":
                    return found
    return None


def _asked(test: s.Expr) -> tuple[str, bool] | None:
    """The setting of an address whose presence (True) or absence a condition asks."""
    match test:
        case s.Unary(op="not", value=value):
            found = _asked(value)
            return (found[0], not found[1]) if found is not None else None
        case s.Binary(op="==" | "!=" as op, left=left, right=s.Literal(kind="none" | "undefined")):
            name = _setting(left)
            return (name, op == "!=") if name is not None else None
    name = _setting(test)
    return (name, True) if name is not None and _ADDRESS.search(name) else None


def _setting(expr: s.Expr) -> str | None:
    """The name of a setting that an expression reads, such as ``process.env.DATABASE_URL`` or
    ``config.databaseUrl``."""
    match expr:
        case s.Attribute(value=s.Attribute(value=s.Name(id="process"), name="env"), name=name):
            return name
        case s.Attribute(value=s.Attribute(name="env"), name=name):
            return name
        case s.Attribute(value=s.Name(id=base), name=name):
            if re.search(r"env|conf|setting|option", base, re.IGNORECASE):
                return name
    return None
