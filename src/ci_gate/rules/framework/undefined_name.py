from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final, TypeAlias, TypeVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._free_names import (
    ambient_names,
    for_types,
    free_names,
    is_set_for_all,
)
from ci_gate.rules.orm._words import nearest
from ci_gate.rules.orm.undefined_name import Kinds
from ci_gate.rules.startup._loaded import Loaded
from ci_gate.rules.startup._node import NodeService

#: What a build step may write in the place of the name.
_CONSTANT: Final = regex(r"^_*[A-Z][A-Z0-9_]*$|^__\w+__$")
_TOLD: Final = regex(r"no-undef|F821|reportUndefinedVariable|/\*\s*globals?\s")
_MAX_SHOWN: Final = 3
#: What other runtimes than Node have.
_RUNTIMES: Final = frozenset({"Bun", "Deno"})
_TELLING: Final = regex(
    r"(?:^|/)(?:package\.json|[^/]*Dockerfile[^/]*|Procfile|Makefile|[^/]*\.(?:sh|ya?ml|toml))$"
)

_Home = TypeVar("_Home")
_Homes: TypeAlias = dict[tuple[bool, str], list[_Home]]


@dataclass(slots=True)
class _Known:
    """Where else in the project the name stands for something."""

    imported: tuple[str, s.Import, s.ImportedName] | None = None
    defined: tuple[str, s.Node] | None = None
    param_of: FunctionInfo | None = None


class UndefinedName(Rule):
    """A name is used that nothing in its module defines or imports.

    Or, in Python, that it imports for type checkers only (`if TYPE_CHECKING:`).

    ## Why is this bad?
    The module loads, and the line fails when it runs: NameError in Python, ReferenceError in Node.
    Code that no test reaches answers 500 on the first request that does.

    ## Fix
    Import or define the name, or take the one that was meant.

    ## Silent on
    Modules with star imports, `exec`, `globals()` or `typeof` of the name; names that a module sets
    on `globalThis`, `global` or `builtins`, or that a `.d.ts` declares; modules that say `no-undef`
    or `F821` of themselves; annotations, and what expects NameError; in TypeScript, names that
    nothing else in the project has; names in capitals, which a build step may fill in; `Bun` and
    `Deno` where scripts or manifests speak of these runtimes. Entities, schemas and repositories of
    Python are `orm/undefined-name`'s.

    ## Source
    Constraint decay, arXiv 2605.06445: 9 of 642 failed runs. Pyflakes "undefined name", ESLint
    `no-undef`.
    """

    id = "any/undefined-name"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for path, module in facts.model.modules.items():
            if is_outside(path) or path.endswith((".jsx", ".tsx")):
                continue
            found = free_names(facts.model, module)
            if found and _is_judged(facts, module):
                for name, nodes in found.items():
                    yield from self._named(facts, module, name, nodes)

    def _named(
        self, facts: Facts, module: s.Module, name: str, nodes: Sequence[s.Name]
    ) -> Iterator[Finding]:
        model, python = facts.model, module.language == "python"
        elsewhere = facts.once(_Elsewhere)
        if is_set_for_all(model, name) or name in elsewhere.ambient:
            return
        if python and name in facts.once(Kinds).of:
            return
        if name in _RUNTIMES and _may_run_on(facts, name.lower()):
            return
        known = elsewhere.known(module, name)
        is_known = known.imported or known.defined or known.param_of
        guessed = module.language == "typescript" or _CONSTANT.match(name) is not None
        if guessed and not python and not is_known and name not in _RUNTIMES:
            return
        first, *others = nodes
        times = f" {len(nodes)} times" if others else ""
        typed = python and name in for_types(module)
        lack = (
            "the module imports it for type checkers only"
            if typed
            else "the module neither imports nor defines it"
        )
        where = _where(model, first)
        error = f"NameError: name '{name}'" if python else f"ReferenceError: {name}"
        yield self.finding(
            module.path,
            first,
            message=f"`{name}` is used{times}{where}, and {lack}.",
            why=f"{error} is not defined, each time the line runs.",
            fix="Import it outside of `if TYPE_CHECKING:`, or in the function that uses it."
            if typed
            else _fix(module, name, known),
            subject=f"undefined {name}",
            severity=Severity.ERROR if _is_served(facts, module) else Severity.WARNING,
            related=[
                *_related(module.path, name, known),
                *(Related(module.path, node.line, "and used here") for node in others[:_MAX_SHOWN]),
            ],
        )


def _is_judged(facts: Facts, module: s.Module) -> bool:
    """Is it code of a service, and nothing says that names come from elsewhere?"""
    if module.language != "python" and module.path not in facts.once(NodeService).modules:
        return False
    try:
        return _TOLD.search(facts.model.tree.text(module.path)) is None
    except OSError:
        return False


def _may_run_on(facts: Facts, runtime: str) -> bool:
    """Does the project speak of the runtime where it says how it is started?"""
    tree = facts.model.tree
    for path in tree.files:
        name = path.rpartition("/")[2]
        if name.startswith((f"{runtime}.", f"{runtime}fig")):
            return True
        if _TELLING.search(path):
            try:
                if runtime in tree.text(path).lower():
                    return True
            except OSError:
                return True
    return False


def _is_served(facts: Facts, module: s.Module) -> bool:
    return module.language != "python" or facts.once(Loaded).holds(module.path)


def _where(model: CodeModel, node: s.Name) -> str:
    function = model.scope_of(node).function
    named = isinstance(function.node, s.Function) and bool(function.node.name)
    return f" in `{function.name}`" if named else ""


class _Elsewhere:
    """What the modules of one tree import and define under each name, those of Python apart."""

    def __init__(self, facts: Facts) -> None:
        self.ambient = ambient_names(facts.model)
        self._imported: _Homes[tuple[str, s.Import, s.ImportedName]] = {}
        self._defined: _Homes[tuple[str, s.Node]] = {}
        self._taken: dict[tuple[str, str], FunctionInfo] = {}
        for function in facts.model.functions.values():
            if isinstance(function.node, s.Function) and function.node.name:
                for param in function.node.params:
                    self._taken.setdefault((function.module.path, param.name), function)
        for path in sorted(facts.model.modules):
            module = facts.model.modules[path]
            python = module.language == "python"
            for item in module.imports:
                for name in item.names:
                    if not (item.type_only or name.type_only):
                        homes = self._imported.setdefault((python, name.alias), [])
                        homes.append((path, item, name))
            for word, node in () if is_outside(path) else _definitions(module):
                self._defined.setdefault((python, word), []).append((path, node))

    def known(self, module: s.Module, name: str) -> _Known:
        key = (module.language == "python", name)
        imported = (each for each in self._imported.get(key, ()) if each[0] != module.path)
        defined = (each for each in self._defined.get(key, ()) if each[0] != module.path)
        return _Known(
            next(imported, None), next(defined, None), self._taken.get((module.path, name))
        )


def _definitions(module: s.Module) -> Iterator[tuple[str, s.Node]]:
    """What the module defines for others to import."""
    for statement in module.body:
        match statement:
            case s.FunctionDef(function=node):
                yield node.name, node
            case s.ClassDef(cls=node):
                yield node.name, node
            case s.Assign(targets=[s.Name(id=name) as node]):
                yield name, node


def _fix(module: s.Module, name: str, known: _Known) -> str:
    if known.imported is not None:
        path, item, imported = known.imported
        if not item.specifier.startswith("."):
            return f"Import it, as {path} does: `{_spelt(module, item, imported)}`."
    if known.defined is not None:
        return f"Import it from {known.defined[0]}."
    if known.param_of is not None:
        return (
            f"`{name}` is a parameter of `{known.param_of.name}`: hand it on, or take the name "
            "that was meant."
        )
    bound = {
        node.id for node in s.gathered(module).nodes if isinstance(node, s.Name) and node.id != name
    }
    near = nearest(name, bound)
    return (
        f"Did you mean `{near}`? Else define `{name}`." if near else f"Define or import `{name}`."
    )


def _spelt(module: s.Module, item: s.Import, imported: s.ImportedName) -> str:
    """The import as the module would write it."""
    name, alias, source = imported.name, imported.alias, item.specifier
    if module.language == "python":
        if item.kind == "import":
            return f"import {source}" + (f" as {alias}" if alias != source else "")
        return f"from {source} import {name}" + (f" as {alias}" if alias != name else "")
    if name in ("*", "default"):
        star = "* as " if name == "*" and item.kind != "require" else ""
        return (
            f"const {alias} = require('{source}')"
            if item.kind == "require"
            else f"import {star}{alias} from '{source}'"
        )
    shown = alias if alias == name else f"{name} as {alias}"
    if item.kind == "require":
        shown = shown.replace(" as ", ": ")
        return f"const {{ {shown} }} = require('{source}')"
    return f"import {{ {shown} }} from '{source}'"


def _related(path: str, name: str, known: _Known) -> Iterator[Related]:
    if known.defined is not None:
        yield Related(known.defined[0], known.defined[1].line, f"`{name}` is defined here")
    elif known.param_of is not None:
        yield Related(path, known.param_of.node.line, f"`{name}` is a parameter here")
