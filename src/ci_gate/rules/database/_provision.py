"""How else a schema may come about, and how the service is started: what is not in its code."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.stack.model import Service

_MAX_BYTES: Final = 200_000
_MIGRATION_FOLDER: Final = regex(
    r"(?:^|/)(?:migrations?|alembic|revisions|versions|yoyo|flyway|liquibase|changelog)/"
)
_MIGRATION_TEXT: Final = regex(
    r"create_table\s*\(|create\s+table|CreateModel|\balembic\b|\bop\.\w+\(|add_column",
    re.IGNORECASE,
)
_DDL: Final = regex(
    r"create\s+(?:unlogged\s+|temp(?:orary)?\s+)?table\s+(?:if\s+not\s+exists\s+)?"
    r"(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_TEXTS: Final = regex(
    r"(?:^|/)(?:README[^/]*|CONTRIBUTING[^/]*|INSTALL[^/]*|Makefile|justfile|Taskfile\.ya?ml|"
    r"Procfile|[^/]*Dockerfile[^/]*|[^/]+\.(?:sh|bash|md|rst|txt|ya?ml|toml|cfg|ini|json))$",
    re.IGNORECASE,
)
#: Words in documents and scripts that tell of a way to make the tables.
_BY_HAND: Final = regex(
    r"create_all|create[_-]tables?|init[_-]?(?:db|database|models|schema|tables)|migrat|alembic|"
    r"schema\.sql|init\.sql|\.sql\b|db upgrade|db_upgrade|dbmate|flyway|liquibase|aerich|"
    r"create[_-](?:db|schema)|setup[_-]?db|prepare[_-]?(?:db|database)|provision",
    re.IGNORECASE,
)
_MIGRATION_PACKAGES: Final = frozenset({
    "alembic", "flask_migrate", "yoyo", "aerich", "piccolo", "flask_alembic", "alembic_utils",
})  # fmt: skip
_OWN_DATABASE: Final = regex(r"\.(?:db|sqlite3?|db3)$")
_DEPLOYMENT: Final = regex(
    r"(?:^|/)(?:[^/]*Dockerfile[^/]*|Procfile|[^/]+\.sh|(?:docker-)?compose[^/]*\.ya?ml|fly\.toml|"
    r"render\.yaml|railway\.(?:json|toml)|[^/]+\.service|app\.yaml)$"
)
_SERVER: Final = regex(
    r"^(?!.*\b(?:pip|uv|poetry|apt|apt-get|apk)\s+(?:install|add)\b)[^#\n]*?"
    r"\b(?:uvicorn|gunicorn|hypercorn|granian|daphne|waitress-serve|flask|fastapi)\b"
    r"[\"',\s][^\n]*?(?:[\w.]+:\w+|\brun\b|\bserve\b)",
    re.MULTILINE,
)


@dataclass(slots=True)
class Provision:
    """What the tree's other files say.

    ``migrations``: a file that shows that the schema is migrated. ``migrates``: a library for that
    is imported, whether or not there is a migration yet. ``tables``: those that DDL text
    creates. ``by_hand``: a document or script tells of a way to make the tables. ``files``: a
    SQLite file is part of the tree. ``servers`` and ``documented``: the lines of deployment files
    and of documents that start the service by a server of its own.
    """

    migrations: str | None = None
    migrates: bool = False
    tables: set[str] = field(default_factory=set)
    by_hand: bool = False
    files: bool = False
    servers: list[tuple[str, int, str]] = field(default_factory=list)
    documented: list[tuple[str, int, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def runs_file(self, path: str) -> bool:
        """Does a document or script start the Python file as a program?"""
        dotted = path.removesuffix(".py").removesuffix("/__main__").replace("/", ".")
        name = re.escape(posixpath.basename(path))
        tail = re.escape(dotted.rpartition(".")[2])
        pattern = re.compile(
            rf"python[\d.]*[\"',\s]+(?:-\w+\s+)*(?:(?:[\w./-]*/)?{name}\b|(?:-m[\"',\s]+)[\w.]*{tail}\b)"
            rf"|(?:\./|\brun\s+){name}\b"
        )
        return any(pattern.search(text) for text in self.texts.values())


def provision(model: CodeModel, service: Service, others: Sequence[str]) -> Provision:
    """Reads what stands beside the service's code, but for what lies in the roots of ``others``."""
    found = Provision()
    apart = tuple(
        root + "/" for root in others if root not in (".", service.root)
        and not service.root.startswith(root + "/")
    )  # fmt: skip
    found.migrates = any(
        edge.package in _MIGRATION_PACKAGES
        and not is_test(edge.source)
        and not edge.source.startswith(apart)
        for edge in model.import_edges
    )
    for path in model.tree.files:
        if not path.startswith(apart):
            _read(model, path, found)
    return found


def tables_of_ddl(model: CodeModel) -> frozenset[str]:
    """The tables that SQL text in the tree creates, tests aside."""
    found: set[str] = set()
    for path in model.tree.files:
        if path.endswith((".py", ".sql")) and not is_test(path):
            try:
                text = model.tree.text(path)[:_MAX_BYTES]
            except OSError:
                continue
            found.update(match[1].lower() for match in _DDL.finditer(text))
    return frozenset(found)


def _read(model: CodeModel, path: str, found: Provision) -> None:
    name = posixpath.basename(path)
    if _OWN_DATABASE.search(name):
        found.files = True
        return
    if name == "alembic.ini" or path.endswith(".prisma"):
        found.migrations = found.migrations or path
    in_folder = _MIGRATION_FOLDER.search(path)
    source = path.endswith((".py", ".sql"))
    document = _TEXTS.search(path)
    if not (source or document):
        return
    if is_test(path):
        return
    try:
        text = model.tree.text(path)[:_MAX_BYTES]
    except OSError:
        return
    if in_folder and source and _MIGRATION_TEXT.search(text):
        found.migrations = found.migrations or path
    if source:
        found.tables.update(match[1].lower() for match in _DDL.finditer(text))
    if not document or name.startswith("requirements"):
        return
    found.texts[path] = text
    if not path.endswith(".json") and _BY_HAND.search(text):
        found.by_hand = True
    for match in _SERVER.finditer(text):
        line = text.count("\n", 0, match.end()) + 1
        place = (path, line, text.split("\n")[line - 1].strip()[:120])
        (found.servers if _DEPLOYMENT.search(path) else found.documented).append(place)


def is_test(path: str) -> bool:
    """Is the file a test, or there for tests?"""
    return (
        re.search(r"(?:^|/)(?:tests?|testing|spec|fixtures)/|(?:^|/)(?:test_|conftest)", path)
        is not None
    )
