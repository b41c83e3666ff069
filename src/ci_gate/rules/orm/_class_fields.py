"""Does a class field of a file become a property of each instance?"""

from __future__ import annotations

import posixpath
import re
from typing import Any, Final

from ci_gate.codemodel.javascript.resolve import loads, nearest_tsconfig
from ci_gate.regex import regex
from ci_gate.repository import Tree

#: ECMAScript's version from which class fields are part of the language, as ``target`` names it.
_SINCE: Final = 2022
_TARGET: Final = regex(r"es(?:(next)|(\d{4})|(\d))", re.IGNORECASE)
_NODE_BASE: Final = regex(r"@tsconfig/node(\d{1,9})(?:/|$)")
_NODE_WITH_FIELDS: Final = 18  # @tsconfig/node18 is the first whose target is ES2022
_MAX_EXTENDS: Final = 6


def makes_fields(tree: Tree, path: str) -> bool:
    """True where a field without ``declare`` is surely defined on instances when the class is
    constructed: always in JavaScript, in TypeScript by ``useDefineForClassFields`` or the target
    of the nearest tsconfig."""
    if not path.endswith((".ts", ".mts", ".cts", ".tsx")):
        return True
    files = frozenset(tree.files)
    config = nearest_tsconfig(files, posixpath.dirname(path))
    return config is not None and _says(tree, files, config)


def _says(tree: Tree, files: frozenset[str], config: str) -> bool:
    target = ""
    for _ in range(_MAX_EXTENDS):
        data: dict[str, Any] = loads(tree, config)
        options = data.get("compilerOptions")
        if isinstance(options, dict):
            defined = options.get("useDefineForClassFields")
            if isinstance(defined, bool):
                return defined
            target = target or str(options.get("target", ""))
        parent = data.get("extends")
        if not isinstance(parent, str):
            break
        base = _NODE_BASE.match(parent)
        if base is not None:
            target = target or ("ES2022" if int(base[1]) >= _NODE_WITH_FIELDS else "ES2021")
            break
        config = posixpath.normpath(posixpath.join(posixpath.dirname(config), parent))
        config = config if config.endswith(".json") else f"{config}.json"
        if config not in files:
            return False
    match = _TARGET.fullmatch(target)
    return match is not None and (bool(match[1]) or int(match[2] or 0) >= _SINCE)
