"""From manifests, imports, routes and settings to the services of a repository."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from ci_gate.codemodel.dependencies.environment import Environments
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import folders_above, is_outside
from ci_gate.codemodel.syntax import Language, Module
from ci_gate.data import dataclass
from ci_gate.repository import Tree
from ci_gate.stack import known
from ci_gate.stack.model import Evidence, Service, Stack
from ci_gate.stack.versions import major

_SETTINGS_FILES: Final = (
    ".py", ".js", ".ts", ".mjs", ".cjs", ".env.example", ".env.sample", ".env.template", ".env",
    ".yml", ".yaml", ".toml", ".ini", ".cfg", ".prisma", ".example", ".json",
)  # fmt: skip
_SETTINGS_NAMES: Final = (
    "settings", "config", "database", "db", ".env", "env", "knexfile", "docker-compose", "compose",
    "schema.prisma", "alembic", "drizzle", "sequelize", "datasource", "data-source", "core",
    "app", "main", "extensions", "base", "init", "__init__", "server", "index", "container",
    "connection", "session", "engine", "storage", "dal", "orm", "models", "setup", "__main__",
    "wsgi", "asgi", "manage", "run", "schema", "prisma",
)  # fmt: skip
_MAX_SETTINGS_BYTES: Final = 200_000
#: The newest major version of packages whose rules depend on it.
_NEWEST: Final = {"sqlalchemy": 2}
_PYTHON_FRAMEWORKS: Final = ("flask", "fastapi", "starlette", "django", "drf", "aiohttp")


def detect(tree: Tree, model: CodeModel) -> Stack:
    """The services of a tree. A framework counts where the service itself imports it at run time
    and something declares a route with it; where nothing declares a route, an application does."""

    def libraries(path: str) -> Iterator[_Import]:
        for edge in model.imports_of(path):
            if edge.package is not None and not edge.type_only:
                specifier = edge.node.specifier
                yield _Import(path, edge.span[0], edge.package, specifier, (edge.symbol,))

    roots = _roots(tree, (route.module for route in model.routes))
    if not roots:  # they may come in a way that is not read: a loader, a description
        made = (router.made for router in model.route_table.routers if router.is_app)
        roots = _roots(tree, (call.module for call in made if call is not None))
    return _stack(tree, model.modules, roots, libraries)


def expected(tree: Tree, modules: Mapping[str, Module]) -> Stack:
    """The services that the imports let expect, before it is known what they lead to and what
    declares a route. Almost always they are those that :func:`detect` finds."""

    def libraries(path: str) -> Iterator[_Import]:
        for item in modules[path].imports:
            if not item.type_only and not item.specifier.startswith("."):
                symbols = tuple(name.name for name in item.names if not name.type_only)
                package = _package(item.specifier, modules[path].language)
                yield _Import(path, item.line, package, item.specifier, symbols)

    serving = (
        path
        for path in modules
        if any(item.package in known.FRAMEWORKS and _serves(item) for item in libraries(path))
    )
    return _stack(tree, modules, _roots(tree, serving), libraries)


def _stack(
    tree: Tree,
    modules: Mapping[str, Module],
    roots: set[str],
    libraries: Callable[[str], Iterable[_Import]],
) -> Stack:
    services = {root: Service(root) for root in roots}
    seen: defaultdict[str, set[str]] = defaultdict(set)
    ordered = sorted(roots, key=len, reverse=True)
    for path in sorted(modules):
        root = _owner(path, ordered)
        if root is None or is_outside(_below(root, path)):
            continue
        service = services[root]
        _add(service.languages, modules[path].language)
        for item in libraries(path):
            _imported(tree, service, item, seen[root])
    environments = Environments(tree, modules)
    for root, service in services.items():
        _settings(tree, service, ordered, seen[root])
        _settle(service)
        _versions(service, environments)
        service.databases = list(dict.fromkeys(service.databases))
    return Stack([services[root] for root in sorted(services) if services[root].frameworks])


# --- roots ---


def _roots(tree: Tree, declaring: Iterable[str]) -> set[str]:
    """The folders of services: the nearest manifest above a file that declares routes; where none
    does, those that Django is started from."""
    manifests = {
        posixpath.dirname(path) for path in tree.files
        if posixpath.basename(path) in known.MANIFESTS
        or posixpath.basename(path).startswith("requirements")
    }  # fmt: skip
    found: set[str] = set()
    for path in declaring:
        if is_outside(path):
            continue
        found.add(
            next(f for f in folders_above(posixpath.dirname(path)) if not f or f in manifests)
            or "."
        )
    found |= set() if found else _of_django(tree)
    nested = {
        root for root in found
        if any(other != root and (other == "." or root.startswith(other + "/")) for other in found)
        and not _stands_alone(tree, root)
    }  # fmt: skip
    return found - nested


def _of_django(tree: Tree) -> set[str]:
    """The folders of Django's own start script: its URLs may be what cannot be imported."""
    scripts = (
        path for path in tree.files
        if posixpath.basename(path) == "manage.py" and not is_outside(path)
    )  # fmt: skip
    return {
        posixpath.dirname(path) or "."
        for path in scripts
        if "DJANGO_SETTINGS_MODULE" in tree.text(path)[:_MAX_SETTINGS_BYTES]
    }


def _stands_alone(tree: Tree, root: str) -> bool:
    """Has a nested folder a manifest of its own that makes it a service by itself?"""
    return any(tree.exists(f"{root}/{name}") for name in ("package.json", "pyproject.toml",
                                                          "manage.py", "Dockerfile"))  # fmt: skip


def _owner(path: str, roots: list[str]) -> str | None:
    return next((r for r in roots if r == "." or path.startswith(r + "/")), None)


def _below(root: str, path: str) -> str:
    return path if root == "." else path[len(root) + 1 :]


# --- imports ---


@dataclass(frozen=True, slots=True)
class _Import:
    """A library that a file imports, and what of it."""

    source: str
    line: int
    package: str
    specifier: str
    symbols: tuple[str | None, ...]


def _package(specifier: str, language: Language) -> str:
    if language == "python":
        return specifier.partition(".")[0]
    from ci_gate.codemodel.javascript.resolve import package_name  # noqa: PLC0415  of Node only

    return package_name(specifier)


def _imported(tree: Tree, service: Service, item: _Import, seen: set[str]) -> None:
    package, specifier = item.package, item.specifier
    if package in known.FRAMEWORKS and _serves(item):
        _conclude(
            tree, service.frameworks, "framework", known.FRAMEWORKS[package], service, item, seen
        )
    if package in known.ORMS:
        _conclude(tree, service.orms, "orm", known.ORMS[package], service, item, seen)
        if package in {"sqlalchemy", "sqlmodel"}:
            mode = "async" if ".asyncio" in specifier else "sync"
            _conclude(tree, service.orm_modes, "orm mode", mode, service, item, seen)
        if package == "drizzle-orm":
            for word, name in known.DRIZZLE.items():
                if specifier.startswith(f"drizzle-orm/{word}"):
                    _conclude(tree, service.databases, "database", name, service, item, seen)
    if specifier.startswith("django.db"):
        _conclude(tree, service.orms, "orm", "django-orm", service, item, seen)
    if package in known.DRIVERS:
        driver, database = known.DRIVERS[package]
        _conclude(tree, service.drivers, "driver", driver, service, item, seen)
        fact = f"database {database}"
        if fact not in seen:
            _conclude(tree, service.databases, "database", database, service, item, seen)


def _serves(item: _Import) -> bool:
    """aiohttp is a client more often than a server."""
    if item.package != "aiohttp":
        return True
    return item.specifier.startswith("aiohttp.web") or "web" in item.symbols


def _conclude(
    tree: Tree, target: list[str], kind: str, name: str, service: Service, item: _Import,
    seen: set[str],
) -> None:  # fmt: skip
    _add(target, name)
    fact = f"{kind} {name}"
    if fact not in seen:
        seen.add(fact)
        shown = _line(tree, item.source, item.line)
        service.evidence.append(Evidence(fact, item.source, item.line, shown))


# --- settings ---


def _settings(tree: Tree, service: Service, roots: list[str], seen: set[str]) -> None:
    """Connection URLs, engines and dialects in the service's settings, and drivers it installs."""
    configured: list[str] = []
    for path in tree.files:
        if not _is_settings(path) or _owner(path, roots) not in (service.root, None):
            continue
        if is_outside(_below(service.root, path)) and not path.endswith(".prisma"):
            continue
        for fact, line, text in _named(tree, path):
            name = fact.partition(" ")[2]
            target = configured if fact.startswith("database") else service.drivers
            _add(target, name)
            if fact not in seen:
                seen.add(fact)
                service.evidence.append(Evidence(fact, path, line, text))
    service.databases = [*configured, *service.databases]


def _is_settings(path: str) -> bool:
    name = posixpath.basename(path)
    if name in known.MANIFESTS or name.startswith("requirements"):
        return True
    stem = name.partition(".")[0] or name
    return path.endswith(_SETTINGS_FILES) and (
        name.startswith(".env") or stem.lower().startswith(_SETTINGS_NAMES)
        or posixpath.basename(posixpath.dirname(path)) in ("settings", "config", "core", "db")
    )  # fmt: skip


def _named(tree: Tree, path: str) -> Iterator[tuple[str, int, str]]:
    """The databases and drivers that a settings file or manifest names: fact, line, text."""
    try:
        text = tree.text(path)
    except OSError:
        return
    if len(text) > _MAX_SETTINGS_BYTES:
        return
    name = posixpath.basename(path)
    manifest = name in known.MANIFESTS or name.startswith("requirements")
    if manifest:
        for match in known.DEPENDENCY.finditer(text):
            driver, database = known.DRIVERS[match[1]]
            line = text.count("\n", 0, match.start(1)) + 1
            shown = _line_of(text, line)
            yield f"driver {driver}", line, shown
            yield f"database {database}", line, shown
        return
    for match in known.SETTINGS.finditer(text):
        word = next(group for group in match.groups() if group).lower()
        found = known.ENGINES.get(word.removesuffix("dsn"))
        if found is None:
            continue
        line = text.count("\n", 0, match.start()) + 1
        shown = _line_of(text, line)
        if not shown.lstrip().startswith(("#", "//", "*")):
            yield f"database {found}", line, shown


# --- results ---


def _settle(service: Service) -> None:
    """Leave out what only comes along with something else."""
    if "fastapi" in service.frameworks and "starlette" in service.frameworks:
        service.frameworks.remove("starlette")
    if "async" in service.orm_modes and "sync" in service.orm_modes:
        service.orm_modes.remove("sync")
    if "django" not in service.frameworks and "django-orm" in service.orms:
        service.orms.remove("django-orm")
    order = {name: place for place, name in enumerate(_PYTHON_FRAMEWORKS)}
    service.frameworks.sort(key=lambda name: order.get(name, 99))


def _versions(service: Service, environments: Environments) -> None:
    for item in service.evidence:
        kind, _, name = item.fact.partition(" ")
        if kind == "orm" and name in _NEWEST:
            found = major(environments.of(item.path), name, _NEWEST[name])
            if found is not None:
                service.versions[name] = found


def _add(target: list[str], name: str) -> None:
    if name not in target:
        target.append(name)


def _line(tree: Tree, path: str, line: int) -> str:
    try:
        return _line_of(tree.text(path), line)
    except OSError:
        return ""


def _line_of(text: str, line: int) -> str:
    lines = text.split("\n", line)
    return lines[line - 1].strip()[:160] if line <= len(lines) else ""
