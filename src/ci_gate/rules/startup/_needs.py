"""What a module needs to be installed: what it imports, and what libraries import in its stead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import HOLE
from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.model import ImportEdge
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules._passlib import default_scheme
from ci_gate.rules.base import Facts
from ci_gate.rules.startup._loaded import Loaded

_ANY_DRIVER: Final = ("psycopg2-binary", "psycopg2", "psycopg", "psycopg-binary", "psycopg2cffi")
#: SQLAlchemy's dialect and driver -> the distributions that provide it.
_DRIVERS: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": _ANY_DRIVER, "postgresql+psycopg2": ("psycopg2-binary", "psycopg2"),
    "postgresql+psycopg": ("psycopg", "psycopg-binary"),
    "postgresql+psycopg_async": ("psycopg", "psycopg-binary"),
    "postgresql+asyncpg": ("asyncpg",), "postgresql+pg8000": ("pg8000",),
    "sqlite+aiosqlite": ("aiosqlite",), "mysql": ("mysqlclient",),
    "mysql+mysqldb": ("mysqlclient",), "mysql+pymysql": ("pymysql",),
    "mysql+aiomysql": ("aiomysql",), "mysql+asyncmy": ("asyncmy",),
    "mariadb+pymysql": ("pymysql",), "mssql+pyodbc": ("pyodbc",),
}  # fmt: skip
_DATABASES: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": ("asyncpg", "aiopg"), "postgres": ("asyncpg", "aiopg"),
    "postgresql+asyncpg": ("asyncpg",), "sqlite": ("aiosqlite",),
    "sqlite+aiosqlite": ("aiosqlite",), "mysql": ("aiomysql", "asyncmy"),
}  # fmt: skip
_DJANGO: Final[dict[str, tuple[str, ...]]] = {
    "django.db.backends.postgresql": _ANY_DRIVER,
    "django.contrib.gis.db.backends.postgis": _ANY_DRIVER,
    "django.db.backends.mysql": ("mysqlclient", "pymysql"),
}
#: What a class or function of a library imports when it is used, with what to write for it.
_IMPLIED: Final = {
    "pydantic.EmailStr": ("email-validator", "pydantic[email]"),
    "pydantic.NameEmail": ("email-validator", "pydantic[email]"),
    "pydantic.networks.EmailStr": ("email-validator", "pydantic[email]"),
    "fastapi.security.OAuth2PasswordRequestForm": ("python-multipart", "python-multipart"),
    "fastapi.security.OAuth2PasswordRequestFormStrict": ("python-multipart", "python-multipart"),
    "fastapi.testclient.TestClient": ("httpx", "httpx"),
    "starlette.testclient.TestClient": ("httpx", "httpx"),
    "fastapi.Form": ("python-multipart", "python-multipart"),
    "fastapi.File": ("python-multipart", "python-multipart"),
    "fastapi.UploadFile": ("python-multipart", "python-multipart"),
    "django.db.models.ImageField": ("pillow", "Pillow"),
    "starlette.middleware.sessions.SessionMiddleware": ("itsdangerous", "itsdangerous"),
    "fastapi.templating.Jinja2Templates": ("jinja2", "jinja2"),
    "starlette.templating.Jinja2Templates": ("jinja2", "jinja2"),
    "fastapi.responses.ORJSONResponse": ("orjson", "orjson"),
    "fastapi.responses.UJSONResponse": ("ujson", "ujson"),
}
#: Only as a parameter of a route's function is the library asked for.
_OF_ROUTES: Final = (
    "fastapi.UploadFile", "fastapi.security.OAuth2PasswordRequestForm",
    "fastapi.security.OAuth2PasswordRequestFormStrict",
)  # fmt: skip
#: What else does for a distribution, in another of the versions that may be installed.
_INSTEAD: Final = {"python-multipart": ("multipart",), "httpx": ("httpx2", "requests")}
#: What passlib hashes with, by scheme, where it is not its own code.
_BACKENDS: Final = {
    "argon2": ("passlib's argon2", "argon2-cffi", "passlib[argon2]"),
    "bcrypt": ("passlib's bcrypt", "bcrypt", "passlib[bcrypt]"),
    "bcrypt_sha256": ("passlib's bcrypt", "bcrypt", "passlib[bcrypt]"),
}
_LAST_WORDS: Final = frozenset(name.rpartition(".")[2] for name in _IMPLIED)
_CALLED: Final = frozenset({"CryptContext", "encode", "decode"})
_SAID: Final = _LAST_WORDS | _CALLED
_LIBRARIES: Final = frozenset({"pydantic", "fastapi", "starlette", "django", "passlib", "jwt"})
_ASYMMETRIC: Final = ("RS", "ES", "PS")


@dataclass(slots=True)
class Need:
    """``distributions`` are those of which one must be installed, the usual one first; ``sure``:
    that they provide what is needed is known, not concluded from a name. ``what`` says who needs
    it, ``fails`` what happens without it, ``write`` what to add to the manifest."""

    distributions: tuple[str, ...]
    path: str
    node: s.Node
    what: str
    fails: str
    write: str
    sure: bool = True
    at_start: bool = True
    module: str | None = None
    related: list[Related] = field(default_factory=list)


def needs(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """All that the services' modules need, in the order of files and lines."""
    yield from imported(facts, loaded)
    yield from implied(facts, loaded)
    yield from asynchronous(facts, loaded)
    yield from drivers(facts, loaded)
    yield from async_views(facts, loaded)
    yield from installed_apps(facts, loaded)


# --- imports ---


def imported(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    seen: set[tuple[str, s.Node]] = set()
    for edge in facts.model.import_edges:
        name = edge.node.specifier
        if (
            edge.package is None
            or edge.type_only
            or edge.node.guarded
            or edge.node.kind == "dynamic"
            or facts.model.modules[edge.source].language != "python"
            or (edge.source, edge.node) in seen
            or known.is_library(name)
            or not loaded.holds(edge.source)
        ):
            continue
        seen.add((edge.source, edge.node))
        need = _of_import(edge, loaded)
        if need is not None:
            yield need


def _of_import(edge: ImportEdge, loaded: Loaded) -> Need | None:
    name = edge.node.specifier
    full = f"{name}.{edge.symbol}" if edge.symbol is not None else name
    distributions, sure = known.providers(full)
    if not distributions:
        return None
    top = name.partition(".")[0]
    when = "the service does not start" if not edge.lazy else "the call that comes here fails"
    return Need(
        distributions,
        edge.source,
        edge.node,
        f"{edge.source} imports {name}",
        f"The import fails with ModuleNotFoundError: No module named '{top}', and {when}",
        distributions[0],
        sure,
        loaded.at_start(edge),
        top,
    )


# --- what libraries import themselves ---


def implied(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """What the use of a library's class or function imports."""
    of_routes = _parameters(facts)
    for path, module in sorted(facts.model.modules.items()):
        if module.language != "python" or not loaded.holds(path):
            continue
        packages = {edge.package for edge in facts.model.imports_of(path)}
        if packages.isdisjoint(_LIBRARIES) or s.gathered(module).words.isdisjoint(_SAID):
            continue
        seen: set[str] = set()
        for node in s.walk(module):
            if isinstance(node, s.Name):
                if node.id not in _LAST_WORDS:
                    continue
            elif isinstance(node, s.Attribute):
                if node.name not in _LAST_WORDS:
                    continue
            elif not isinstance(node, s.Call) or (s.last_name(node.func) or "") not in _CALLED:
                continue
            need = _use(facts, path, node, of_routes)
            if need is not None and need.write not in seen:
                seen.add(need.write)
                need.at_start = path in loaded.modules and need.at_start
                yield need


def _parameters(facts: Facts) -> set[s.Node]:
    """All that stands in the parameters of the routes' functions."""
    return {
        inner
        for handler in {handler for route in facts.model.routes for handler in route.handlers}
        if isinstance(handler.node, s.Function)
        for param in handler.node.params
        for part in (param.annotation, param.default)
        if part is not None
        for inner in s.walk(part)
    }


def _use(facts: Facts, path: str, node: s.Node, of_routes: set[s.Node]) -> Need | None:
    match node:
        case s.Name(id=last) | s.Attribute(name=last) if last in _LAST_WORDS:
            for value in facts.model.evaluate(node):
                if isinstance(value, ExternalValue) and value.path in _IMPLIED:
                    if value.path in _OF_ROUTES and node not in of_routes:
                        return None
                    distribution, write = _IMPLIED[value.path]
                    return _implied(path, node, last, distribution, write)
        case s.Call(func=s.Name(id="CryptContext") | s.Attribute(name="CryptContext")):
            scheme = default_scheme(node) or ""
            if scheme in _BACKENDS:
                return _hashing(path, node, *_BACKENDS[scheme])
        case s.Call(func=s.Attribute(name="encode" | "decode")) if _is_of_jwt(facts, node):
            return _signed(path, node) or _with_pyjwt(path, node)
    return None


def _implied(path: str, node: s.Node, what: str, distribution: str, write: str) -> Need:
    fails = f"{what} asks for {distribution} when the module is loaded and fails without it"
    return Need(
        (distribution, *_INSTEAD.get(distribution, ())),
        path,
        node,
        f"{path} uses {what}",
        fails,
        write,
    )


def _hashing(path: str, node: s.Node, what: str, distribution: str, write: str) -> Need:
    need = _implied(path, node, what, distribution, write)
    need.fails = f"MissingBackendError when the first password is hashed: {what} is {distribution}"
    return need


def _is_of_jwt(facts: Facts, call: s.Call) -> bool:
    """``jwt.encode(…)``: PyJWT has it, the distribution ``jwt`` has not."""
    found = facts.model.evaluate(call.func)
    return any(
        isinstance(v, ExternalValue) and v.path in ("jwt.encode", "jwt.decode") for v in found
    )


def _with_pyjwt(path: str, call: s.Call) -> Need:
    need = _implied(path, call, "the functions encode and decode of jwt", "pyjwt", "pyjwt")
    need.fails = (
        "They are PyJWT's: the module jwt of another distribution has none, and no token is made "
        "or read"
    )
    return need


def _signed(path: str, call: s.Call) -> Need | None:
    """``jwt.encode(…, algorithm="RS256")``."""
    algorithm = call.argument(2, "algorithm") or call.argument(None, "algorithms")
    if algorithm is None or not any(
        isinstance(node, s.Literal)
        and isinstance(node.value, str)
        and node.value.startswith(_ASYMMETRIC)
        and node.value[2:].isdigit()
        for node in s.walk(algorithm)
    ):
        return None
    need = _implied(path, call, "PyJWT's asymmetric algorithm", "cryptography", "pyjwt[crypto]")
    need.fails = "PyJWT raises NotImplementedError for the algorithm, so no token is made or read"
    return need


def asynchronous(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """``sqlalchemy.ext.asyncio``, which imports greenlet."""
    seen: set[str] = set()
    for edge in facts.model.import_edges:
        name = f"{edge.node.specifier}.{edge.symbol or ''}"
        if (
            edge.package != "sqlalchemy"
            or not name.startswith("sqlalchemy.ext.asyncio.")
            or edge.type_only
            or edge.node.guarded
            or edge.source in seen
            or not loaded.holds(edge.source)
        ):
            continue
        seen.add(edge.source)
        yield Need(
            ("greenlet",), edge.source, edge.node,
            f"{edge.source} imports sqlalchemy.ext.asyncio, which runs on greenlet",
            "The import fails with ImportError: The SQLAlchemy asyncio module requires that the "
            "Python 'greenlet' library is installed",
            "sqlalchemy[asyncio]", at_start=loaded.at_start(edge),
        )  # fmt: skip


def async_views(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """``async def`` views of Flask."""
    packages = {edge.package for edge in facts.model.import_edges}
    if "quart" in packages:
        return
    for route in facts.model.routes:
        view = route.handlers[0] if route.handlers else None
        if route.framework != "flask" or view is None or not loaded.holds(view.module.path):
            continue
        if isinstance(view.node, s.Function) and view.node.is_async and view.cls is None:
            yield Need(
                ("asgiref",), view.module.path, _heading(view.node),
                f"{view.name} in {view.module.path} is an async view",
                "Flask raises RuntimeError: Install Flask with the 'async' extra, at each request",
                "flask[async]", at_start=view.module.path in loaded.modules,
            )  # fmt: skip
            return


def _heading(function: s.Function) -> s.Node:
    return s.Node(function.name_span)


# --- what settings name ---


def drivers(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """The drivers that database URLs and Django's settings name."""
    for connection in facts.connections:
        table = {"sqlalchemy": _DRIVERS, "flask_sqlalchemy": _DRIVERS, "databases": _DATABASES,
                 "django": _DJANGO}.get(connection.library)  # fmt: skip
        if table is None or not loaded.holds(connection.path):
            continue
        texts = [item.text for item in connection.addresses if item.text is not None]
        names = {_scheme(text, connection.library) for text in texts}
        if len(names) != 1:
            continue
        name = names.pop()
        if name is None or name not in table:
            continue
        trail = next(item.trail for item in connection.addresses if item.text is not None)
        written = trail[-1] if trail else None
        path = written.scope.module.path if written is not None else connection.path
        node = written.expr if written is not None else connection.node
        distributions = table[name]
        yield Need(
            distributions,
            path,
            node,
            f"{path} names the database driver of {name}",
            f"The driver ({distributions[0]}) is imported when the database is opened, which fails",
            distributions[0],
            at_start=path in loaded.modules,
        )


def _scheme(text: str, library: str) -> str | None:
    """What a URL or a Django backend says of the driver."""
    if library == "django" and "://" not in text:
        return text
    scheme, separator, _ = text.partition("://")
    if not separator or HOLE in scheme:
        return None
    return {"postgres": "postgresql"}.get(scheme, scheme)


def installed_apps(facts: Facts, loaded: Loaded) -> Iterator[Need]:
    """Apps and middleware that Django's settings name."""
    folders = {part for path in facts.model.modules for part in path.split("/")}
    for path, module in sorted(facts.model.modules.items()):
        if not loaded.holds(path) or not _is_settings(path, module):
            continue
        for statement in module.body:
            if not isinstance(statement, s.Assign) or not _lists_apps(statement):
                continue
            for node in s.walk(statement):
                if not isinstance(node, s.Literal) or not isinstance(node.value, str):
                    continue
                name = node.value.partition(".")[0]
                distributions, sure = known.providers(name) if name.isidentifier() else ((), False)
                if not sure or name in folders or f"{name}.py" in folders:
                    continue
                yield Need(
                    distributions,
                    path,
                    node,
                    f"{path} names {node.value}",
                    f"Django fails at start with ModuleNotFoundError: No module named '{name}'",
                    distributions[0],
                    module=name,
                )


def _is_settings(path: str, module: s.Module) -> bool:
    return "settings" in path or any(
        isinstance(target, s.Name) and target.id == "INSTALLED_APPS"
        for statement in module.body
        if isinstance(statement, s.Assign)
        for target in statement.targets
    )


def _lists_apps(statement: s.Assign) -> bool:
    return any(
        isinstance(target, s.Name) and target.id.endswith(("_APPS", "MIDDLEWARE"))
        for target in statement.targets
    )
