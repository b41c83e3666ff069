"""Which database engine a service is meant to use."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, Engine, parse
from ci_gate.codemodel.places import is_outside, is_test
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._evidence import Evidence, Kind, evidence
from ci_gate.rules.database._fallback import Reasons
from ci_gate.rules.database._node_expected import made_for_sqlite, node_votes
from ci_gate.rules.database._service import ServiceView
from ci_gate.stack import known
from ci_gate.stack.model import Service

_COMPOSE: Final = regex(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$")
_IMAGE: Final = regex(
    r"""image:\s*["']?(?:[\w./-]*/)?(postgres|postgresql|postgis|timescaledb|mysql|mariadb)\b""",
    re.IGNORECASE,
)
_SETTINGS: Final = regex(
    r"(?:^|/)(?:\.env(?:\.(?:example|sample|template|dist|prod\w*))?|alembic\.ini|example\.env|"
    r"env\.example|env\.sample)$"
)
_SETTINGS_URL: Final = regex(
    r"^[^#;\n]*?=\s*[\"']?([a-z]\w*(?:\+\w+)?://[^\s\"']*)", re.MULTILINE | re.IGNORECASE
)
_MANIFEST: Final = regex(
    r"(?:^|/)(?:requirements(?:/(?:base|common|prod\w*|main|production))?[\w-]*\.(?:txt|in)|"
    r"pyproject\.toml|Pipfile|setup\.(?:py|cfg))$"
)
_NAMES: Final = "|".join(sorted(map(re.escape, known.DRIVERS), key=len, reverse=True))
_DEPENDENCY: Final = regex(
    rf"""(?:^|["'\[,])\s*({_NAMES})(?:\[[^\]\n]*\])?\s*(?:[=<>~!;:^"',@]|$)""", re.MULTILINE
)
_DEVELOPMENT: Final = regex(r"dev|test|lint|docs|ci", re.IGNORECASE)
_README: Final = regex(r"^(?:[^/]+/)?README[^/]*$", re.IGNORECASE)
#: Packages that only work on one engine.
_ONLY_ON: Final[tuple[tuple[str, Engine], ...]] = (
    ("django.contrib.postgres", "postgresql"),
    ("sqlalchemy.dialects.postgresql", "postgresql"),
    ("sqlalchemy.dialects.mysql", "mysql"),
)
_DOCUMENTED: Final = regex(r"\b(?:(postgres(?:ql)?)|(mysql|mariadb))\b", re.IGNORECASE)
_SERVERS: Final = ("postgresql", "mysql")
_MAX_BYTES: Final = 200_000
_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Expected:
    """The engine that a service is meant to use. ``firm``: the configuration, or the base of the
    change, says so; else everything in the tree that speaks of a database agrees."""

    engine: Engine
    evidence: tuple[Evidence, ...]
    firm: bool

    @property
    def reason(self) -> str:
        first = self.evidence[0]
        if first.kind == "configuration":
            return "the configuration names it"
        shown = " and ".join(
            f"{item.path}:{item.line}" for item in self.evidence[:2] if item.path is not None
        )
        return f"{shown} say so"


def expected(facts: Facts, view: ServiceView, service: Service) -> Expected | None:
    """What the configuration names; else what the base of the change agrees on; else what this
    tree agrees on; None where that is not unambiguous."""
    wanted = facts.config.database
    if wanted is not None:
        mark = Evidence("configuration", None, 0, wanted)
        return Expected(ENGINES[wanted], (mark,), firm=True)
    if facts.base is not None:
        base = facts.base
        dialect = base.entities.sequelize.instances.dialect
        if dialect is not None and "python" not in service.languages and dialect in ENGINES:
            return Expected(ENGINES[dialect], (), firm=True)
        before = next((item for item in base.stack.services if item.root == service.root), None)
        if before is not None:
            found = _agreed(base, base.once(ServiceView), before)
            if found is not None:
                return Expected(found.engine, found.evidence, firm=True)
    return _agreed(facts, view, service)


def _agreed(facts: Facts, view: ServiceView, service: Service) -> Expected | None:
    votes: defaultdict[Engine, dict[Kind, Evidence]] = defaultdict(dict)
    for engine, mark in _votes(facts, view, service):
        votes[engine].setdefault(mark.kind, mark)
    if len(votes) != 1:
        return None
    engine, kinds = next(iter(votes.items()))
    if len(kinds) < _ENOUGH and engine in _SERVERS:
        return None
    if not kinds or (engine != "sqlite" and _supports_sqlite(facts, view, service)):
        return None
    order: tuple[Kind, ...] = (
        "dependency", "container", "settings", "connection", "code", "document",
    )  # fmt: skip
    return Expected(engine, tuple(kinds[kind] for kind in order if kind in kinds), firm=False)


def _supports_sqlite(facts: Facts, view: ServiceView, service: Service) -> bool:
    """Does the README, or code other than that which opens the database, speak of SQLite? Then
    the service is made to run on it too."""
    opens = {item.path for item in facts.connections} | {
        hop.scope.module.path
        for item in facts.connections
        for address in item.addresses
        for hop in address.trail
    }
    if "python" not in service.languages and made_for_sqlite(facts, view, service):
        return True
    for path in facts.model.tree.files:
        if view.service_of(path) is not service or path in opens or is_test(path):
            continue
        if path.endswith(".py") or _README.search(path):
            try:
                if "sqlite" in facts.model.tree.text(path).lower():
                    return True
            except OSError:
                continue
    return False


def _votes(facts: Facts, view: ServiceView, service: Service) -> Iterator[tuple[Engine, Evidence]]:
    for path in facts.model.tree.files:
        owner = view.service_of(path)
        if owner is not None and owner.root != service.root and len(facts.stack.services) > 1:
            continue
        if owner is None and len(facts.stack.services) > 1:
            continue
        yield from _in_file(facts, path)
        if path in facts.model.modules and not is_test(path):
            yield from _in_code(facts.model.modules[path])
    if "python" not in service.languages:
        yield from node_votes(facts, view, service)
    reasons = Reasons(facts, view)
    for connection in facts.connections:
        if connection.at_import and is_outside(connection.path):
            continue
        owner = view.service_of(connection.path)
        if owner is None or owner.root != service.root or not view.holds(connection.path):
            continue
        if not connection.orm and connection.library != "databases":
            continue
        for address in connection.addresses:
            if address.fallback is not None and address.place.engine not in _SERVERS:
                continue  # a server is no stopgap for a setting that is missing, a file is
            if address.place.engine is None or view.way_for_development(connection, address.trail):
                continue
            why = reasons.of(connection, address).why
            if why != "plain" and not (why == "default" and address.place.engine in _SERVERS):
                continue
            mark = Evidence("connection", connection.path, connection.node.line, address.text or "")
            yield address.place.engine, mark


def _in_file(facts: Facts, path: str) -> Iterator[tuple[Engine, Evidence]]:
    if is_outside(path) and not _SETTINGS.search(path):
        return
    name = posixpath.basename(path)
    manifest = _MANIFEST.search(path) and not _DEVELOPMENT.search(name)
    compose = _COMPOSE.search(path) and not _DEVELOPMENT.search(name)
    settings = _SETTINGS.search(path)
    document = _README.search(path)
    if not (manifest or compose or settings or document):
        return
    try:
        text = facts.model.tree.text(path)[:_MAX_BYTES]
    except OSError:
        return
    if manifest:
        for match in _DEPENDENCY.finditer(text):
            engine = ENGINES.get(known.DRIVERS[match[1]][1])
            if engine in _SERVERS:
                yield engine, evidence("dependency", path, text, match.start(1))
    if compose:
        for match in _IMAGE.finditer(text):
            engine = "mysql" if match[1].lower() in ("mysql", "mariadb") else "postgresql"
            yield engine, evidence("container", path, text, match.start(1))
    if document:
        for match in _DOCUMENTED.finditer(text):
            engine = "postgresql" if match[1] else "mysql"
            yield engine, evidence("document", path, text, match.start())
    if settings:
        for match in _SETTINGS_URL.finditer(text):
            place = parse(match[1])
            if place.engine is not None:
                yield place.engine, evidence("settings", path, text, match.start(1))


def _in_code(module: s.Module) -> Iterator[tuple[Engine, Evidence]]:
    """Packages of one engine that a module imports or, in Django's settings, installs."""
    named = [(item.specifier, item.line) for item in module.imports]
    for statement in module.body:
        match statement:
            case s.Assign(targets=[s.Name(id="INSTALLED_APPS")], value=s.Sequence(items=items)):
                named += [
                    (item.value, item.line)
                    for item in items
                    if isinstance(item, s.Literal) and isinstance(item.value, str)
                ]
    for name, line in named:
        for package, engine in _ONLY_ON:
            if name == package or name.startswith(package + "."):
                yield engine, Evidence("code", module.path, line, name)
