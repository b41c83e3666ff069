"""Node: what the files beside the code say of running it and of making its tables."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.regex import regex
from ci_gate.rules.database._provision import is_test

_FILES: Final = regex(
    r"\.(?:md|mdx|rst|adoc|txt|sh|bash|ps1|bat|ya?ml|toml|json|conf|cfg|ini|env|mk|service|tf)$|"
    r"(?:^|/)(?:Makefile|[Jj]ustfile|Procfile|README[^/]*|[^/]*Dockerfile[^/]*|Containerfile|"
    r"\.env[^/]*|\.husky/[^/]+|bin/[^/.]+|pm2[^/]*|ecosystem[^/]*)$"
)
#: Names of files that say nothing of commands: locks, compilers' settings, descriptions of APIs.
_SILENT: Final = regex(
    r"(?:^|/)(?:package-lock|npm-shrinkwrap|tsconfig[^/]*|jsconfig[^/]*|\.eslintrc[^/]*|"
    r"\.prettierrc[^/]*|pnpm-lock|CHANGELOG|LICENSE|openapi[^/]*|swagger[^/]*|"
    r"[^/]*postman_collection)(?:\.\w+)?$",
    re.IGNORECASE,
)
#: Ways to make tables: tools, commands, words of documents.
_TOLD: Final = regex(
    r"migrat|umzug|sequelize-cli|db:(?:create|push|sync|setup|init|seed|reset|deploy)|\.sql\b|"
    r"initdb|\bpsql\b|pg_restore|\bsqlite3\s+[^\s,]*(?:\.\w*(?:db|sqlite)|\s+[<\"'])|"
    r"\bmysql\s+-|flyway|liquibase|dbmate|atlas\s|"
    r"(?:create|init(?:ialise|ialize)?|set[- ]?up|prepare|provision|bootstrap|sync|load|build)"
    r"[-_: ]?(?:the[- ])?(?:db|database|schema|tables?)\b|"
    r"create\s+table|queryInterface|\.sync\(|schema\s+(?:dump|file)|existing\s+database",
    re.IGNORECASE,
)
#: What happens by itself is no way for somebody to make them.
_BY_ITSELF: Final = regex(
    r"automatic|start[- ]?up|on\s+(?:first\s+)?(?:start|boot|launch|run)|at\s+(?:start|boot)|"
    r"(?:server|service|app\w*)\s+(?:is\s+)?(?:start|boot)|first\s+(?:start|run|boot)",
    re.IGNORECASE,
)
_COMMAND: Final = regex(
    r"\b(?:npm|npx|yarn|pnpm|bunx?|node|tsx|ts-node|psql|docker|make)\s+\S|"
    r"\bsqlite3\s+[^\s,]*(?:\.\w*(?:db|sqlite)|\s+[<\"'])|"
    r"\bmysql\s+-|<\s*\S+\.sql|\bbefore\s+the\b|\binitdb\b",
    re.IGNORECASE,
)
_STARTING: Final = regex(r"\b(?:node|tsx|ts-node|bun)\s|^\s*(?:CMD|ENTRYPOINT)\b")
_COPIES: Final = regex(r"^\s*(?:COPY|ADD|WORKDIR|LABEL|VOLUME)\s", re.IGNORECASE)
_IMAGE: Final = regex(r"(?:^|/)[^/]*(?:Dockerfile|Containerfile)[^/]*$")
_TOOLS: Final = frozenset({
    "node-pg-migrate", "db-migrate", "db-migrate-pg", "dbmate", "postgrator-cli", "postgrator",
    "prisma", "drizzle-kit", "sequelize-cli", "umzug", "postgres-migrations", "pg-migrations",
    "@databases/pg-migrations", "ley", "knex", "kysely-ctl", "typeorm", "mikro-orm", "migrate",
    "graphile-migrate", "marv", "flywaydb-cli", "node-flywaydb", "mysql-migrations", "dbgate",
    "@mikro-orm/migrations", "supabase", "objection-cli", "better-sqlite3-migrations", "schemats",
})  # fmt: skip
_BUILDERS: Final = frozenset({"knex", "typeorm"})
_TO_RUN: Final = regex(
    r"(?:^|/)(?:knexfile|ormconfig|data-?source)\.[\w.]+$|(?:^|/)[\w-]*migrations?/", re.IGNORECASE
)
_MAX_FILE: Final = 200_000


class Told:
    """Answers for one tree; its files are read when first asked about."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of documents, scripts and settings; of ``package.json`` its scripts and ways
        in."""
        return tuple(self._lines())

    @cached_property
    def tools(self) -> frozenset[str]:
        """The packages for migrations that some ``package.json`` names; of query builders, where
        they have something to run."""
        named = frozenset(name for data in self._packages for name in _named(data)) & _TOOLS
        if any(_TO_RUN.search(path) for path in self._model.tree.files):
            return named
        return named - _BUILDERS

    @cached_property
    def makes_tables(self) -> bool:
        """Does a line tell of a way to make the tables, other than that it happens by itself?"""
        return any(
            _TOLD.search(line) and (_COMMAND.search(line) or not _BY_ITSELF.search(line))
            for line in self.lines
        )

    @cached_property
    def starts(self) -> bool:
        """Does the tree say how the service is started?"""
        for data in self._packages:
            scripts = data.get("scripts")
            if isinstance(scripts, dict) and {"start", "dev", "serve"} & {*scripts}:
                return True
        return any(_STARTING.search(line) for line in self.lines)

    def names(self, word: str) -> bool:
        """Does a line hold the word?"""
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", self._text) is not None

    def names_file(self, path: str) -> bool:
        """Does a line name the file, as it is or as the build calls it?"""
        stem = re.sub(r"\.[cm]?[jt]sx?$", "", path)
        folder, name = posixpath.split(stem)
        if name == "index" and self._ends_path(posixpath.basename(folder) or "."):
            return True
        return self._ends_path(name) or (
            re.search(rf"(?<![\w.-]){re.escape(name)}\.[cm]?[jt]s\b", self._text) is not None
        )

    def _ends_path(self, name: str) -> bool:
        return (
            re.search(rf"[\w.]/{re.escape(name)}(?:\.[cm]?[jt]s)?(?![\w/-])", self._text)
            is not None
        )

    @cached_property
    def _text(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def _packages(self) -> tuple[dict[str, object], ...]:
        found: list[dict[str, object]] = []
        for path in self._model.tree.files:
            if posixpath.basename(path) == "package.json" and "node_modules/" not in path:
                try:
                    data = json.loads(self._model.tree.text(path).removeprefix("\ufeff"))
                except (OSError, ValueError, RecursionError):
                    continue
                if isinstance(data, dict):
                    found.append(data)
        return tuple(found)

    def _lines(self) -> Iterator[str]:
        for data in self._packages:
            for key in ("main", "module", "bin", "exports", "scripts", "nodemonConfig", "prisma"):
                yield from _texts(data.get(key))
        for path in self._model.tree.files:
            if not _FILES.search(path) or _SILENT.search(path) or is_test(path):
                continue
            if posixpath.basename(path) == "package.json" or "node_modules/" in path:
                continue
            try:
                text = self._model.tree.text(path)
            except (OSError, UnicodeError):
                continue
            image = _IMAGE.search(path) is not None
            for line in text[:_MAX_FILE].splitlines():
                if not (image and _COPIES.match(line)):
                    yield line


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """The keys and texts of what ``package.json`` holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < 4:
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner, depth + 1)


def _named(data: dict[str, object]) -> Iterator[str]:
    for section in ("dependencies", "devDependencies", "optionalDependencies"):
        found = data.get(section)
        if isinstance(found, dict):
            yield from map(str, found)
