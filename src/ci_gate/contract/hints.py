"""What the code says of how its service is started and told where its database is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.addresses import is_settings
from ci_gate.codemodel.connections import Connections
from ci_gate.codemodel.databases import ENGINES
from ci_gate.codemodel.environment import lookup
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.config_contract import DatabaseEngine
from ci_gate.contract.service.plan import Hints, SettingKind
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.stack.model import Service, Stack

#: A variable of the database by its name, and what its last word says of what it holds.
_DATABASE: Final = regex(
    r"(?:^|_)(?:DATABASE|DB|SQL|SQLALCHEMY|SQLITE|POSTGRES|POSTGRESQL|PG|PSQL|MYSQL|MARIADB|TYPEORM)"
    r"(?:_|$)|^PG(?:HOST|PORT|USER|PASSWORD|DATABASE)$"
)
_KINDS: Final[tuple[tuple[re.Pattern[str], SettingKind], ...]] = (
    (regex(r"(?:^|_)(?:URL|URI|DSN)$"), "url"),
    (regex(r"(?:^|_|PG)(?:HOST|HOSTNAME|SERVER)$"), "host"),
    (regex(r"(?:^|_|PG)PORT$"), "port"),
    (regex(r"(?:^|_|PG)(?:USER|USERNAME|LOGIN)$"), "user"),
    (regex(r"(?:^|_|PG)(?:PASS|PASSWD|PASSWORD|PWD|PW)$"), "password"),
    (regex(r"(?:^|_)(?:PATH|FILE|FILENAME|STORAGE)$"), "path"),
    (regex(r"(?:^|_|PG)(?:NAME|DB|DATABASE|DBNAME)$"), "name"),
)
_PORT: Final = regex(
    r"^(?:(?:APP|API|BACKEND|SERVER|SERVICE|HTTP|WEB|LISTEN|BIND|UVICORN|FLASK_RUN)_)?PORT$"
)
_URL: Final = regex(r"^(?P<scheme>[A-Za-z][\w.+-]*):(?://|\S)")
_ENGINES: Final[tuple[DatabaseEngine, ...]] = ("postgresql", "sqlite", "mysql")
_SQLITE_FILE: Final = regex(r"\.(?:db|sqlite3?|db3)$")
_PRISMA: Final = regex(r"\burl\s*=\s*env\(\s*[\"'](\w+)[\"']\s*\)")
_APPLICATIONS: Final = frozenset(
    {"fastapi.FastAPI()", "starlette.applications.Starlette()", "flask.Flask()"}
)
_FACTORIES: Final = frozenset({"create_app", "make_app", "build_app", "get_app", "get_application"})
_RUNS: Final = frozenset({"run", "run_app", "serve"})
#: What a URL has to begin with so that SQLAlchemy takes this driver: without one it takes
#: another.
_SCHEMES: Final = {
    "asyncpg": "postgresql+asyncpg",
    "psycopg": "postgresql+psycopg",
    "pg8000": "postgresql+pg8000",
    "aiosqlite": "sqlite+aiosqlite",
}
_DEFAULT_DRIVER: Final = frozenset({"psycopg2", "sqlite3"})
_ALCHEMY: Final = frozenset({"sqlalchemy", "flask_sqlalchemy"})


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable that the service reads, and the text that is taken where it is not set. ``field``
    is the field of a settings class that it fills; ``sure``: it is the address of a database."""

    name: str
    default: str | None = None
    field: str = ""
    sure: bool = False


def hints(model: CodeModel, stack: Stack) -> Hints:
    """Of the only service in the tree, or of the first."""
    service = stack.services[0] if stack.services else Service(".")
    read = list(_variables(model, service))
    connections = Connections(model)
    named = {
        source.removeprefix("env:")
        for connection in connections
        if _is_within(connection.path, service)
        for source in connection.sources
        if source.startswith("env:")
    }
    found: dict[str, SettingKind] = {}
    for variable in sorted(read, key=lambda item: item.default is None):
        sure = variable.sure or variable.name in named or variable.field in named
        if sure or _DATABASE.search(variable.name):
            kind = _kind(variable, sure=sure)
            if kind is not None:
                found.setdefault(variable.name, kind)
    defaults = [
        variable.default for variable in read if variable.name in found and variable.default
    ]
    engine, scheme = _address(defaults)
    application, factory = _application(model, service)
    ports = sorted({item.name for item in read if _PORT.match(item.name)} - found.keys())
    libraries = {connection.library for connection in connections}
    packages = {edge.package for edge in model.import_edges if edge.package is not None}
    return Hints(
        frameworks=tuple(service.frameworks),
        databases=tuple(service.databases),
        drivers=tuple(service.drivers),
        variables=found,
        engine=engine,
        scheme=scheme or _scheme(service, packages, libraries, engine),
        root=service.root,
        application=application,
        factory=factory,
        port_variables=tuple(ports),
        ports=tuple(dict.fromkeys(_written_ports(model, service))),
    )


def _is_within(path: str, service: Service) -> bool:
    return service.holds(path) and not is_outside(path)


# --- variables ---


def _variables(model: CodeModel, service: Service) -> Iterator[_Variable]:
    for path, module in model.modules.items():
        if not _is_within(path, service):
            continue
        for node in s.walk(module):
            if module.language == "python":
                yield from _looked_up(model, node)
            else:
                yield from _of_process(node)
    for cls in model.classes.values():
        inside = _is_within(cls.module.path, service) and cls.module.language == "python"
        if inside and is_settings(model, cls):
            yield from _fields(cls.node)
    for path in model.tree.files:
        if path.endswith(".prisma") and _is_within(path, service):
            for name in _PRISMA.findall(model.tree.text(path)):
                address = "file:./data.db" if _is_sqlite(model.tree.text(path)) else None
                yield _Variable(name, address, sure=True)


def _is_sqlite(schema: str) -> bool:
    return re.search(r"\bprovider\s*=\s*[\"']sqlite[\"']", schema) is not None


def _looked_up(model: CodeModel, node: s.Node) -> Iterator[_Variable]:
    if not isinstance(node, s.Call | s.Subscript):
        return
    found = lookup(model, node, model.scope_of(node))
    if found is None:
        return
    match found.name:
        case s.Literal(value=str(name)):
            default = found.default
            text = default.value if isinstance(default, s.Literal) else None
            yield _Variable(name, text if isinstance(text, str) else None)


def _of_process(node: s.Node) -> Iterator[_Variable]:
    """``process.env.NAME``, with what ``||`` and ``??`` put in its place."""
    match node:
        case s.Binary(op="||" | "??" | "or", left=left, right=s.Literal(value=str(text))):
            yield from (_Variable(item.name, text) for item in _of_process(left))
        case s.Attribute(value=s.Attribute(value=s.Name(id="process"), name="env"), name=name):
            yield _Variable(name)
        case s.Subscript(
            value=s.Attribute(value=s.Name(id="process"), name="env"),
            index=s.Literal(value=str(name)),
        ):
            yield _Variable(name)
        case s.Assign(
            targets=[s.Mapping(entries=entries)],
            value=s.Attribute(value=s.Name(id="process"), name="env"),
        ):
            for entry in entries:
                if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                    yield _Variable(entry.key.value)


def _fields(cls: s.Class) -> Iterator[_Variable]:
    """The fields of a settings class; each is read from the variable of its name."""
    prefix = next(
        (
            node.value.value
            for node in s.walk(cls)
            if isinstance(node, s.Argument)
            and node.keyword == "env_prefix"
            and isinstance(node.value, s.Literal)
            and isinstance(node.value.value, str)
        ),
        "",
    )
    for item in cls.body:
        match item:
            case s.Assign(targets=[s.Name(id=name)], value=value, annotation=annotation) if (
                annotation is not None
            ):
                text, alias = _field(value)
                yield _Variable((alias or prefix + name).upper(), text, name.upper())


def _field(value: s.Expr | None) -> tuple[str | None, str | None]:
    """The default and the other name that a field is given."""
    if isinstance(value, s.Call):
        alias = value.argument(None, "validation_alias") or value.argument(None, "alias")
        default = value.argument(0, "default")
        return _text(default), _text(alias)
    return _text(value), None


def _text(expr: s.Expr | None) -> str | None:
    match expr:
        case s.Literal(value=str(text)):
            return text
    return None


def _kind(variable: _Variable, *, sure: bool) -> SettingKind | None:
    """What the variable holds. ``sure``: it is known to be of a database's address."""
    default = variable.default or ""
    address = _URL.match(default)
    if address is not None and address["scheme"].split("+")[0].lower() in ENGINES:
        return "url"
    for pattern, kind in _KINDS:
        if pattern.search(variable.name):
            if kind in ("name", "url") and _SQLITE_FILE.search(default) and address is None:
                return "path"
            return kind
    if sure:
        return "path" if _SQLITE_FILE.search(default) else "url"
    return None


def _address(defaults: list[str]) -> tuple[DatabaseEngine | None, str | None]:
    """Engine and scheme of the address that is written as a default."""
    for text in defaults:
        found = _URL.match(text)
        engine = ENGINES.get(found["scheme"].split("+")[0].lower()) if found else None
        if found is not None and engine in _ENGINES:
            return engine, found["scheme"]
    if any(_SQLITE_FILE.search(text) for text in defaults):
        return "sqlite", None
    return None, None


def _scheme(
    service: Service, packages: set[str], libraries: set[str], engine: DatabaseEngine | None
) -> str | None:
    """The scheme that SQLAlchemy needs for the only driver that is there."""
    drivers = packages.union(service.drivers)
    if not _ALCHEMY.intersection(libraries) or _DEFAULT_DRIVER.intersection(drivers):
        return None
    schemes = [scheme for driver, scheme in _SCHEMES.items() if driver in drivers]
    wanted = engine or next((each for each in _ENGINES if each in service.databases), None)
    return next((scheme for scheme in schemes if scheme.startswith(wanted or "")), None)


# --- the application ---


def _application(model: CodeModel, service: Service) -> tuple[str | None, bool]:
    """``module:name`` of the application, or of the function that makes it."""
    objects: list[tuple[int, str]] = []
    factories: list[tuple[int, str]] = []
    for path, module in model.modules.items():
        if module.language != "python" or not _is_within(path, service):
            continue
        name = _dotted(path, service.root)
        for item in module.body:
            match item:
                case s.Assign(targets=[s.Name(id=target)], value=value) if value is not None:
                    if _is_application(model, value):
                        objects.append((path.count("/"), f"{name}:{target}"))
                case s.FunctionDef(function=function) if function.name in _FACTORIES:
                    if all(param.default is not None for param in function.params):
                        factories.append((path.count("/"), f"{name}:{function.name}"))
    if objects:
        return min(objects)[1], False
    return (min(factories)[1], True) if factories else (None, False)


def _is_application(model: CodeModel, value: s.Expr) -> bool:
    return any(
        isinstance(found, ExternalValue) and found.path in _APPLICATIONS
        for found in model.evaluate(value, model.scope_of(value))
    )


def _dotted(path: str, root: str) -> str:
    inner = path if root == "." else path[len(root) + 1 :]
    return inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _written_ports(model: CodeModel, service: Service) -> Iterator[int]:
    """``app.listen(3000)``, ``uvicorn.run(app, port=8000)``."""
    for function in model.functions.values():
        if not _is_within(function.module.path, service):
            continue
        for call in model.calls_in(function):
            name = call.func.name if isinstance(call.func, s.Attribute) else ""
            given = None
            if function.module.language == "python":
                given = call.argument(None, "port") if name in _RUNS else None
            elif name == "listen":
                given = call.argument(0)
            match given:
                case s.Literal(value=int(port)) if 0 < port < 65536:
                    yield port
