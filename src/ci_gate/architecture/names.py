"""What the names of files and directories suggest about a file's role."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Final

from ci_gate.architecture.model import Role
from ci_gate.data import dataclass
from ci_gate.regex import regex

_P, _S, _D, _M = Role.PRESENTATION, Role.SERVICE, Role.DATA_ACCESS, Role.MODEL
#: Words that name a layer wherever they stand.
STRONG: Final = {
    "routes": _P, "route": _P, "routers": _P, "router": _P, "controllers": _P, "controller": _P,
    "endpoints": _P, "endpoint": _P, "blueprints": _P, "viewsets": _P,
    "services": _S, "service": _S, "usecases": _S, "usecase": _S, "use_cases": _S, "use-cases": _S,
    "use_case": _S, "use-case": _S, "interactors": _S, "flows": _S,
    "repositories": _D, "repository": _D, "repos": _D, "repo": _D, "dao": _D, "daos": _D,
    "crud": _D, "selectors": _D, "prisma": _D, "dal": _D, "data_access": _D, "data-access": _D,
    "entities": _M, "entity": _M, "models": _M, "model": _M,
}  # fmt: skip
#: Words that name a layer in some projects and something else in others: a file below such a
#: directory has to show by itself what it does.
WEAK: Final = {
    "api": _P, "apis": _P, "rest": _P, "views": _P, "view": _P, "handlers": _P, "handler": _P,
    "resources": _P, "resource": _P, "urls": _P, "web": _P,
    "commands": _S, "command": _S, "application": _S, "logic": _S,
    "queries": _D, "query": _D, "persistence": _D, "stores": _D, "store": _D,
    "database": _D, "db": _D, "impl": _D,
    "tables": _M, "table": _M, "domain": _M, "orm": _M,
}  # fmt: skip
#: Words that say a file is no layer's: it is shared, or wires things.
NEUTRAL: Final = frozenset({
    "schemas", "schema", "dto", "dtos", "types", "type", "typings", "interfaces", "constants",
    "enums", "errors", "error", "exceptions", "exception", "utils", "util", "helpers", "helper",
    "config", "configuration", "settings", "conf", "validators", "validator", "validation",
    "validations", "serializers", "serializer", "forms", "form", "permissions", "mixins", "fields",
    "filters", "filtersets", "mappers", "mapper", "choices", "common", "lib", "shared",
    "presenters",
    "policies", "templates", "signals", "admin", "apps", "logging", "middleware", "middlewares",
})  # fmt: skip
#: Files and directories that wire the layers together.
COMPOSITION: Final = frozenset({
    "app", "main", "server", "container", "containers", "bootstrap", "wsgi", "asgi", "dependencies",
    "dependency", "deps", "di", "injection", "providers", "registry", "factory", "manage",
    "__main__", "run", "entrypoint", "startup", "wiring", "composition", "cli", "composition_root",
})  # fmt: skip
#: Files below ``db/`` or ``database/`` that make sessions for others to use.
_CONNECTION: Final = frozenset({
    "core", "session", "engine", "connection", "database", "base", "events", "init_db", "index",
    "__init__", "client", "pool",
})  # fmt: skip
_WORDS: Final = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Hint:
    """One word of a path that suggests a role.

    ``where`` is ``file`` for a compound file name (``user.service.ts``), ``stem`` where the whole
    name is the word (``services.py``), ``directory`` for a directory, whose path is ``folder``.
    """

    role: Role
    word: str
    where: str
    strong: bool
    folder: str = ""


def hints(path: str) -> list[Hint]:
    """What the names on the path suggest, the file's own name first, then inner directories."""
    folder, name = posixpath.split(path)
    stem = name.split(".")[0] if name.endswith(".py") else re.sub(r"\.[cm]?[jt]sx?$", "", name)
    found: list[Hint] = []
    words = [word.lower() for part in re.split(r"[._\-]", stem) for word in _WORDS.findall(part)]
    if words and stem not in ("__init__", "index"):
        last = words[-1]
        joined = "_".join(words[-2:])
        for word in (joined, last):
            hint = _hint(word, "stem" if len(words) == 1 or word == "_".join(words) else "file")
            if hint is not None:
                found.append(hint)
                break
    while folder:
        above, part = posixpath.split(folder)
        hint = _hint(part.lower(), "directory") or _hint(_last_word(part), "directory", weak=True)
        if hint is not None:
            found.append(replace(hint, folder=folder))
        folder = above
    return found


def _hint(word: str, where: str, weak: bool = False) -> Hint | None:
    if word in STRONG:
        return Hint(STRONG[word], word, where, strong=not weak)
    if word in WEAK:
        return Hint(WEAK[word], word, where, strong=False)
    return None


def _last_word(part: str) -> str:
    """``tagsController`` -> ``controller``."""
    words = _WORDS.findall(part)
    return words[-1].lower() if len(words) > 1 else ""


def is_neutral(path: str) -> bool:
    """Does the file's own name say that it is shared by all layers?"""
    return bool(_own_words(path) & NEUTRAL)


def in_neutral_directory(path: str) -> bool:
    """Does the directory right above the file say so?"""
    parent = posixpath.basename(posixpath.dirname(path)).lower()
    return parent in NEUTRAL


def is_composition_name(path: str) -> bool:
    """Do the names say that the file wires layers together?"""
    folder, name = posixpath.split(path)
    stem = name.split(".")[0].lower()
    parent = posixpath.basename(folder).lower()
    if any(hint.strong and hint.where == "file" for hint in hints(path)):
        return False
    if parent in ("db", "database") and stem in _CONNECTION:
        return True
    return stem in COMPOSITION or parent in COMPOSITION - {"app", "server"}


def _own_words(path: str) -> set[str]:
    stem = posixpath.basename(path).rsplit(".", 1)[0]
    parts = re.split(r"[._\-]", stem)
    words = [word.lower() for word in _WORDS.findall(parts[-1])]
    return {words[-1]} if words else set()
