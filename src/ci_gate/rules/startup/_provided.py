"""What Python modules of the tree provide: names, submodules, and what may be there unseen."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.gitignore import is_pattern, matcher
from ci_gate.regex import regex
from ci_gate.repository import Tree

#: Ways to give a module names that its source does not spell out.
_DYNAMIC: Final = regex(
    r"\bglobals\s*\(|\bvars\s*\(\s*\)\s*[\[.]|\blocals\s*\(\s*\)\s*[\[.]|\bsys\.modules\b|"
    r"\bexec\s*\(|\bsetattr\s*\(\s*(?:sys|mod|module|this|importlib|__import__)\b"
    r"|\b__path__\b|\bextend_path\b|\bimport_module\s*\(|\blazy_loader\b"
)
#: Sources that are compiled or generated into modules.
_COMPILED: Final = (".pyx", ".pxd", ".so", ".pyd", ".c", ".cpp", ".rs", ".proto", ".thrift", ".pyi")
#: Modules that tools write when they build, deploy or run.
_GENERATED: Final = regex(
    r"(?:^|[._])(?:version|_version|local_?\w*|\w+_local|secrets?|secret_\w+|private\w*|"
    r"generated|\w*_pb2(?:_grpc)?|\w+_generated|_build\w*|build_?info|credentials)$"
)


#: What modules are written from: ``models.py.template``, ``settings.py.j2``.
_TEMPLATE: Final = regex(r"\.py[.-](?:template|tmpl|tpl|j2|jinja2?|mako|in|dist|example|sample)$")


class Provided:
    """Asked whether a module has a name; None wherever it may have it unseen. What ``base`` has,
    git keeps, whatever is ignored now."""

    def __init__(self, model: CodeModel, base: Tree | None = None) -> None:
        self._model = model
        self._base = base
        self._tree = model.tree
        self._texts: dict[str, str | None] = {}
        self._making: dict[str, bool] = {}

    # --- modules ---

    def module(self, path: str) -> str | None:
        """The source of the module or package at a dotted place (``app/routes/users``)."""
        for candidate in (f"{path}/__init__.py", f"{path}.py"):
            if candidate in self._model.modules:
                return candidate
        return None

    def is_folder(self, path: str) -> bool:
        return path in self._folders

    def may_exist(self, path: str) -> bool:
        """Can a module be at the place though the tree does not show it: skipped, compiled,
        generated, ignored by git?"""
        if path in self._stems or _GENERATED.search(posixpath.basename(path)):
            return True
        return any(self.is_ignored(f"{path}{end}") for end in (".py", "/__init__.py"))

    @cached_property
    def _folders(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._tree.files:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    @cached_property
    def _stems(self) -> frozenset[str]:
        """Places of files that are modules once built, or that were not read."""
        skipped = [item.path for item in (*self._tree.skipped, *self._model.skipped)]
        built = [path for path in self._tree.files if path.endswith(_COMPILED)]
        written = [path for path in self._tree.files if _TEMPLATE.search(path)]
        places = {path.partition(".")[0] for path in (*skipped, *built, *written)}
        return frozenset(places | {place.removesuffix("/__init__") for place in places})

    def is_ignored(self, path: str) -> bool:
        """Does git ignore the path?"""
        if self._base is not None and self._base.exists(path):
            return False
        return any(
            (not folder or path.startswith(folder + "/"))
            and matches(path[len(folder) + 1 :] if folder else path)
            for folder, matches in self._ignores
        )

    @cached_property
    def _ignores(self) -> Sequence[tuple[str, Callable[[str], bool]]]:
        found: list[tuple[str, Callable[[str], bool]]] = []
        for path in self._tree.files:
            if posixpath.basename(path) != ".gitignore":
                continue
            try:
                lines = self._tree.text(path).splitlines()
            except OSError:
                continue
            patterns = [line for line in lines if is_pattern(line)]
            found.append((posixpath.dirname(path), matcher(patterns)))
        return found

    def is_open(self, path: str) -> bool:
        """May the package at a place find submodules elsewhere?"""
        source = self.module(path)
        return source is not None and self._makes_names(source)

    def _makes_names(self, path: str) -> bool:
        """Has the source a way to make names that it does not spell out?"""
        found = self._making.get(path)
        if found is None:
            text = self._text(path)
            found = self._making[path] = text is None or _DYNAMIC.search(text) is not None
        return found

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            try:
                self._texts[path] = self._tree.text(path)
            except OSError:
                self._texts[path] = None
        return self._texts[path]

    # --- names ---

    def has(self, path: str, name: str) -> bool | None:
        """Has the module the name once it is loaded?"""
        return self._has(path, name, set())

    def _has(self, path: str, name: str, seen: set[str]) -> bool | None:
        module = self._model.modules.get(path)
        if module is None or module.problems or path in seen or path.endswith(".pyi"):
            return None
        seen.add(path)
        if name.startswith("__") or self._model.stores(name):
            return None
        bindings = self._model.bindings(name, self._top(path))
        if bindings:
            typed = all(
                item.statement is not None and item.statement.type_only for item in bindings
            )
            if not typed:
                return True
        folder = posixpath.dirname(path)
        if path.endswith("/__init__.py") or path == "__init__.py":
            place = posixpath.join(folder, name)
            if self.module(place) or self.is_folder(place) or self.may_exist(place):
                return True
        if self._is_dynamic(module, name):
            return None
        answers = [self._from_star(path, item, name, seen) for item in module.imports if item.star]
        if True in answers:
            return True
        return None if None in answers else False

    def _top(self, path: str) -> Scope:
        return self._model.function_scope(self._model.functions[f"{path}::<module>"])

    def _is_dynamic(self, module: s.Module, name: str) -> bool:
        if self._model.bindings("__getattr__", self._top(module.path)):
            return True
        text = self._text(module.path)
        if text is None or self._makes_names(module.path):
            return True
        if name not in text:
            return False
        start = text.find(name)
        while start >= 0:
            if _is_word(text, start, start + len(name)) and _binds(text, start):
                return True
            start = text.find(name, start + 1)
        return False

    def _from_star(self, path: str, statement: s.Import, name: str, seen: set[str]) -> bool | None:
        for edge in self._model.imports_of(path):
            if edge.node is statement:
                return self._has(edge.target, name, seen) if edge.target is not None else None
        return None

    def names(self, path: str) -> Iterator[str]:
        """The names and submodules that the module has in its source."""
        module = self._model.modules[path]
        for node in module.body:
            match node:
                case s.FunctionDef(function=function):
                    yield function.name
                case s.ClassDef(cls=cls):
                    yield cls.name
                case s.Assign(targets=targets):
                    yield from (item.id for item in targets if isinstance(item, s.Name))
                case s.ImportStmt(imports=imports):
                    yield from (name.alias for item in imports for name in item.names)
        if path.endswith("__init__.py"):
            yield from self.children(posixpath.dirname(path))

    def children(self, folder: str) -> Iterator[str]:
        """The modules and packages directly in a folder."""
        prefix = f"{folder}/" if folder else ""
        found: dict[str, None] = {}
        for path in self._model.modules:
            if path.startswith(prefix) and path.endswith(".py"):
                found[path[len(prefix) :].partition("/")[0].removesuffix(".py")] = None
        yield from (name for name in found if name != "__init__")


def _is_word(text: str, start: int, end: int) -> bool:
    """Does a word begin and end there?"""
    around = text[start - 1 : start] + text[end : end + 1]
    return not any(character.isalnum() or character == "_" for character in around)


def _binds(text: str, start: int) -> bool:
    """May the name that stands at ``start`` be bound there: does it begin a line, follow ``as`` or
    stand in a ``global`` statement?"""
    line = text.rfind("\n", 0, start) + 1
    if line == start or re.match(r"\s*global\b", text[line:start]):
        return True
    before = start
    while before and text[before - 1].isspace():
        before -= 1
    return before < start and re.search(r"\bas$", text[max(0, before - 3) : before]) is not None
