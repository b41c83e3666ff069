"""What releases of Python libraries took away, as data, and where a module uses it."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.requirement import Release
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

Kind = Literal["name", "argument", "call", "setting"]
_INSTANCE: Final = regex(r"(\b[A-Z]\w*)\(\)")


@dataclass(frozen=True, slots=True)
class Removed:
    """``path`` as in :class:`ExternalValue`; ``keyword`` of an argument. ``better``: what to write
    instead, where there is something."""

    distribution: str
    since: Release
    path: str
    kind: Kind
    keyword: str
    better: str

    @property
    def last(self) -> str:
        return self.path.removesuffix("()").rpartition(".")[2]

    @property
    def shown(self) -> str:
        plain = _INSTANCE.sub(r"\1", self.path).replace("*", "")
        return f"{plain}({self.keyword}=)" if self.keyword else plain


@dataclass(frozen=True, slots=True)
class Use:
    """Where something that is gone is used. ``at_import``: in an import statement."""

    what: Removed
    node: s.Node
    at_import: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """By path for what is looked up whole, by last name for what stands behind a prefix."""

    by_path: Mapping[str, Sequence[Removed]]
    prefixed: Mapping[str, Sequence[Removed]]
    words: frozenset[str]


@cache
def table() -> Table:
    text = resources.files(__package__).joinpath("removed_python.toml").read_text("utf-8")
    by_path: defaultdict[str, list[Removed]] = defaultdict(list)
    prefixed: defaultdict[str, list[Removed]] = defaultdict(list)
    words: set[str] = set()
    for distribution, releases in tomllib.loads(text).items():
        for release, entries in releases.items():
            since = tuple(map(int, release.split(".")))
            for written, better in entries.items():
                item = _entry(distribution, since, written, better)
                (prefixed if "*" in item.path else by_path)[
                    item.last if "*" in item.path else item.path
                ].append(item)
                words.add(item.keyword or item.last)
    return Table(by_path, prefixed, frozenset(words))


def _entry(distribution: str, since: Release, written: str, better: str) -> Removed:
    kind: Kind = "name"
    keyword = ""
    path = written
    match = re.fullmatch(r"(.*)\((\w+)=\)", written)
    if match is not None:
        kind, path, keyword = "argument", match[1], match[2]
    elif written.endswith(" ="):
        kind, path = "setting", written.removesuffix(" =")
    elif written.endswith("()"):
        kind, path = "call", written.removesuffix("()")
    return Removed(distribution, since, path, kind, keyword, better)


def uses(model: CodeModel, module: s.Module) -> Iterator[Use]:
    """Every use in a module of something that some release took away."""
    found = table()
    if s.gathered(module).words.isdisjoint(found.words):
        return
    yield from _imported(module, found)
    stores: set[s.Node] = set()
    for node in s.walk(module):
        match node:
            case s.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, s.Attribute):
                        stores.add(target)
                        yield from _set(model, target, found)
            case s.Attribute() if node not in stores and node.name in found.words:
                for what in (*_whole(model, node, found), *_behind(model, node, found)):
                    if what.kind == "name":
                        yield Use(what, node)
            case s.Call():
                yield from _called(model, node, found)


def _imported(module: s.Module, found: Table) -> Iterator[Use]:
    for item in module.imports:
        if item.guarded or item.type_only or item.specifier.startswith("."):
            continue
        names = [(f"{item.specifier}.{name.name}", name) for name in item.names]
        if item.kind in ("import", "dynamic"):
            names = []
        modules = [(item.specifier, item)]
        for path, node in (*names, *modules):
            for what in found.by_path.get(path, ()):
                if what.kind == "name" and "()" not in path:
                    yield Use(what, node, at_import=True)


def _set(model: CodeModel, target: s.Attribute, found: Table) -> Iterator[Use]:
    values = _values(model, target.value)
    for what in found.by_path.get(f"{values[0]}.{target.name}", ()) if len(values) == 1 else ():
        if what.kind == "setting":
            yield Use(what, target)


def _whole(model: CodeModel, node: s.Expr, found: Table) -> Sequence[Removed]:
    """What an expression surely is, of what was taken away."""
    values = _values(model, node)
    if len(values) != 1:
        return ()
    return found.by_path.get(values[0], ())


def _behind(model: CodeModel, node: s.Attribute, found: Table) -> Iterator[Removed]:
    for what in found.prefixed.get(node.name, ()):
        prefix, _, last = what.path.partition("*")
        for path in _values(model, node):
            if path.startswith(prefix) and path.endswith(last):
                yield what


def _called(model: CodeModel, call: s.Call, found: Table) -> Iterator[Use]:
    given = {argument.keyword for argument in call.args if argument.keyword}
    name = call.func.id if isinstance(call.func, s.Name) else getattr(call.func, "name", "")
    if found.words.isdisjoint(given) and name not in found.words:
        return
    for path in _values(model, call.func)[:1]:
        for what in found.by_path.get(path, ()):
            if what.kind == "call":
                yield Use(what, call)
            elif what.kind == "argument" and what.keyword in given:
                value = next(item for item in call.args if item.keyword == what.keyword)
                yield Use(what, value)


def _values(model: CodeModel, expr: s.Expr) -> Sequence[str]:
    """The paths that an expression can stand for; empty where one of them is none of a library."""
    values = model.evaluate(expr)
    if not values or not all(isinstance(item, ExternalValue) for item in values):
        return ()
    return sorted(item.path for item in values if isinstance(item, ExternalValue))
