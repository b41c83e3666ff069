from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._read_names import is_open_to_view, read_names
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._lacking import DataClasses
from ci_gate.rules.orm._members import Members

_SCHEMAS: Final = regex(r"^(?:pydantic|marshmallow|rest_framework\.serializers|sqlmodel)\b")
_REPOSITORY: Final = regex(r"(?:Repository|Repo|Dao|DAO|UnitOfWork|Service)$")
_BUILTINS: Final = frozenset(dir(builtins))


@dataclass(slots=True)
class _Missing:
    cls: ClassInfo
    kind: str
    nodes: list[s.Name]
    for_types: bool


class UndefinedName(Rule):
    """An entity, repository or schema is used in a module that does not import it.

    Also where it is imported for type checkers only (`if TYPE_CHECKING:`) and used at run time, or
    imported inside another function.

    ## Why is this bad?
    Python looks the name up when the line runs and raises NameError: code that no test reaches
    answers 500 on the first request that does.

    ## Fix
    Import the class in the module; where that makes a cycle, inside the function that uses it.

    ## Silent on
    Annotations, strings, star imports, modules that use `globals()` or `exec`, names that are bound
    in any scope around the use, conditional imports, names that two classes of the project share.

    ## Source
    Constraint decay, arXiv 2605.06445: entities that are used without an import.
    """

    id = "orm/undefined-name"
    group = "orm"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        kinds = facts.once(Kinds)
        for path in sorted(facts.model.modules):
            module = facts.model.modules[path]
            if module.language != "python" or is_outside(path):
                continue
            if not _may_lack(kinds, module) or not is_open_to_view(module):
                continue
            for name, missing in sorted(_missing(facts.model, kinds, module).items()):
                yield self._finding(facts, path, name, missing)

    def _finding(self, facts: Facts, path: str, name: str, missing: _Missing) -> Finding:
        first, *others = sorted(missing.nodes, key=lambda node: node.span)
        home = missing.cls.module.path
        times = f" ({len(missing.nodes)} times)" if others else ""
        how = (
            "which the module imports for type checkers only"
            if missing.for_types
            else "which the module neither imports nor defines"
        )
        return self.finding(
            path,
            first,
            message=f"The {missing.kind} `{name}` is used{times}, {how}.",
            why=f"NameError: name '{name}' is not defined, each time the line runs.",
            fix=f"Add `from {_specifier(facts.model, home, name)} import {name}`"
                + (" outside of `if TYPE_CHECKING:`, or in the function." if missing.for_types
                   else "."),
            subject=f"{name} without import",
            related=[
                Related(home, missing.cls.node.line, f"{name} is defined here"),
                *(Related(path, node.line, "and used here") for node in others[:3]),
            ],
        )  # fmt: skip


class Kinds:
    """The classes that the rule speaks of, where just one goes by the name."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        certain = facts.certain
        self._data = DataClasses(facts, certain, Members(facts, certain))
        named: dict[str, list[ClassInfo]] = {}
        for cls in facts.model.classes.values():
            if cls.module.language == "python" and cls.parent is None:
                named.setdefault(cls.name, []).append(cls)
        self.of: dict[str, tuple[ClassInfo, str]] = {}
        """Name -> class, and what it is."""
        for name, found in named.items():
            if len(found) == 1 and not is_outside(found[0].module.path) and name not in _BUILTINS:
                kind = self._kind(found[0])
                if kind is not None:
                    self.of[name] = (found[0], kind)

    def _kind(self, cls: ClassInfo) -> str | None:
        if self._facts.entities.of_class(cls) is not None:
            return "entity"
        for base in self._facts.model.ancestors(cls):
            if isinstance(base, ExternalValue) and _SCHEMAS.match(base.path):
                return "schema"
        if _REPOSITORY.search(cls.name) and self._data.holds(cls):
            return "service" if cls.name.endswith("Service") else "repository"
        return None


def _may_lack(kinds: Kinds, module: s.Module) -> bool:
    """Is one of the classes named in the module that it does not import for all to see?"""
    items = [item for item in module.imports if not item.lazy and not item.guarded]
    for_types = {name.alias for item in module.imports if item.type_only for name in item.names}
    bound = {name.alias for item in items if not item.type_only for name in item.names}
    named = kinds.of.keys() & s.gathered(module).words
    return any(
        name in for_types or (name not in bound and kinds.of[name][0].module is not module)
        for name in named
    )


def _missing(model: CodeModel, kinds: Kinds, module: s.Module) -> dict[str, _Missing]:
    found: dict[str, _Missing] = {}
    for node in read_names(module):
        name = node.id
        candidate = kinds.of.get(name)
        if candidate is None or candidate[0].module is module:
            continue
        try:
            scope = model.scope_of(node)
        except KeyError:
            continue
        bound = _bound(model, module, name, scope)
        if bound is None:
            continue
        item = found.setdefault(name, _Missing(*candidate, [], bound))
        item.nodes.append(node)
    return found


def _bound(model: CodeModel, module: s.Module, name: str, scope: Scope) -> bool | None:
    """None where something binds the name; else whether type checkers see it bound."""
    bindings = model.bindings(name, scope)
    for_types = bool(bindings)
    for binding in bindings:
        if binding.kind != "import" or binding.statement is None:
            return None
        if not binding.statement.type_only:
            return None
    if scope.cls is not None and name in model.member_names(scope.cls):
        return None
    if not for_types and _is_global_somewhere(model, module, name):
        return None
    return for_types


def _is_global_somewhere(model: CodeModel, module: s.Module, name: str) -> bool:
    """Some function says ``global name`` (the syntax tree does not keep such statements)."""
    try:
        text = model.tree.text(module.path)
    except (OSError, UnicodeDecodeError):
        return True
    return re.search(rf"^\s*(?:global|nonlocal)\b.*\b{re.escape(name)}\b", text, re.M) is not None


def _specifier(model: CodeModel, home: str, name: str) -> str:
    """The module as other files of the tree name it."""
    for path in sorted(model.modules):
        for edge in model.imports_of(path):
            specifier = edge.node.specifier
            if edge.target == home and edge.symbol == name and not specifier.startswith("."):
                return specifier
    return home.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
