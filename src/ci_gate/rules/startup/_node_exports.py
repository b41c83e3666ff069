"""What JavaScript and TypeScript modules of the tree export."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.regex import regex

#: Ways to export names that the source does not spell out.
_DYNAMIC: Final = regex(
    r"\bexports\s*\[|module\[|Object\.(?:assign|define\w+|keys|entries)\([^)]*exports|"
    r"__exportStar|=\s*(?:module\.)?exports\b|\bexport\s*=|forEach\([^)]*=>[^;]*exports|"
    r"\(\s*(?:module\.)?exports\s*[,)]"
)


class Exports:
    """Asked whether a module exports a name; None wherever it may do so unseen."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._names: dict[str, frozenset[str] | None] = {}

    def has(self, path: str, name: str, *, required: bool) -> bool | None:
        """Does the module export the name? ``required``: it is asked for by ``require``."""
        module = self._model.modules.get(path)
        if module is None or module.language == "python" or name in ("*", "__esModule"):
            return None
        commonjs = _is_commonjs(module)
        if not commonjs and not any(True for _ in module.exports):
            return None
        if commonjs and not required:
            return None
        if commonjs and name == "default":
            return None
        names = self._of(path, set())
        if names is None or name in names:
            return None if names is None else True
        if commonjs and self._model.stores(name):
            return None
        return False

    def is_type(self, path: str, name: str) -> bool:
        """Does the module itself export the name as an interface or a type alone?"""
        module = self._model.modules.get(path)
        if module is None or module.language != "typescript" or path.endswith(".d.ts"):
            return False
        try:
            text = self._model.tree.text(path)
        except (OSError, UnicodeError):
            return False
        kinds = re.findall(
            r"^\s*(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
            rf"(const\s+enum|const|let|var|function\s*\*?|class|interface|type|enum|namespace|import)"
            rf"\s+{re.escape(name)}\b",
            text,
            re.MULTILINE,
        )
        exported = re.search(rf"\bexport\s+(?:interface|type)\s+{re.escape(name)}\b", text)
        return exported is not None and set(kinds) <= {"interface", "type"}

    def names(self, path: str) -> list[str]:
        return sorted(self._of(path, set()) or ())

    def _of(self, path: str, seen: set[str]) -> frozenset[str] | None:
        if path in self._names:
            return self._names[path]
        if path in seen:
            return frozenset()
        seen.add(path)
        found = self._collected(path, seen)
        self._names[path] = found
        return found

    def _collected(self, path: str, seen: set[str]) -> frozenset[str] | None:
        module = self._model.modules.get(path)
        if module is None or module.problems or path.endswith(".d.ts"):
            return None
        try:
            text = self._model.tree.text(path)
        except (OSError, UnicodeError):
            return None
        if _is_commonjs(module):
            return None if _DYNAMIC.search(text) else _by_assignment(module)
        if re.search(
            r"\bexport\s*=|\bdeclare\s+module\b|\bexport\s+import\b|\bmodule\.exports\b", text
        ):
            return None
        names = {export.name for export in module.exports if export.name != "*"}
        names |= _declared(text)
        for export in module.exports:
            if export.name != "*":
                continue
            targets = {
                edge.via[0].path if edge.via else edge.target
                for edge in self._model.imports_of(path)
                if edge.node.kind == "reexport" and edge.node.specifier == export.specifier
            }
            for target in targets or {None}:
                inner = self._of(target, seen) if target is not None else None
                if inner is None:
                    return None
                names |= inner - {"default"}
        return frozenset(names)


def _is_commonjs(module: s.Module) -> bool:
    """Are the exports made by assignment?"""
    return any(
        export.name == "module.exports" or (export.value is not None and export.name != "default")
        for export in module.exports
    )


def _by_assignment(module: s.Module) -> frozenset[str] | None:
    """The names of ``module.exports = {…}`` and ``exports.x = …``."""
    names: set[str] = set()
    for export in module.exports:
        if export.name == "module.exports":
            if not isinstance(export.value, s.Mapping):
                return None
            if any(not isinstance(entry.key, s.Literal) for entry in export.value.entries):
                return None
        elif export.name == "*":
            return None
        else:
            names.add(export.name)
    return frozenset(names)


def _declared(text: str) -> set[str]:
    """The names of ``export const { a, b } = …`` and of types."""
    found = set(
        re.findall(
            r"\bexport\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?"
            r"(?:const\s+enum|const|let|var|function\s*\*?|class|interface|type|enum|namespace)"
            r"\s*([A-Za-z_$][\w$]*)",
            text,
        )
    )
    for pattern in re.findall(r"\bexport\s+(?:const|let|var)\s*([{\[][^=]*[}\]])\s*(?::|=)", text):
        found.update(re.findall(r"[A-Za-z_$][\w$]*", pattern))
    return found
