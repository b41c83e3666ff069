from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._free_names import for_types, free_names, is_set_for_all
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
        if is_set_for_all(model, name) or (python and name in facts.once(Kinds).of):
            return
        if name in _RUNTIMES and _may_run_on(facts, name.lower()):
            return
        known = _known(model, module, name)
        is_known = known.imported or known.defined or known.param_of
        guessed = module.language == "typescript" or _CONSTANT.match(name) is not None
        if guessed and not python and not is_known and name not in _RUNTIMES:
            return
        first, *others = nodes
        times = f" {len(nodes)} times" if others else ""
        lack = (
            "the module imports it for type checkers only"
            if python and name in for_types(module)
            else "the module neither imports nor defines it"
        )
        where = _where(model, first)
        error = f"NameError: name '{name}'" if python else f"ReferenceError: {name}"
        yield self.finding(
            module.path,
            first,
            message=f"`{name}` is used{times}{where}, and {lack}.",
            why=f"{error} is not defined, each time the line runs.",
            fix=_fix(module, name, known),
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


def _known(model: CodeModel, module: s.Module, name: str) -> _Known:
    found = _Known(param_of=_taken_by(model, module, name))
    for path in sorted(model.modules):
        other = model.modules[path]
        if other is module or (other.language == "python") != (module.language == "python"):
            continue
        if found.defined is None and not is_outside(path):
            node = _defined(other, name)
            found.defined = (path, node) if node is not None else None
        if found.imported is None:
            found.imported = next(
                (
                    (path, item, imported)
                    for item in other.imports
                    for imported in item.names
                    if imported.alias == name and not (item.type_only or imported.type_only)
                ),
                None,
            )
    return found


def _taken_by(model: CodeModel, module: s.Module, name: str) -> FunctionInfo | None:
    """The first function of the module that has a parameter of this name."""
    return next(
        (
            function
            for function in model.functions.values()
            if function.module is module
            and isinstance(function.node, s.Function)
            and function.node.name
            and any(param.name == name for param in function.node.params)
        ),
        None,
    )


def _defined(module: s.Module, name: str) -> s.Node | None:
    """What the module defines under the name for others to import."""
    for statement in module.body:
        match statement:
            case s.FunctionDef(function=s.Function(name=own) as node) if own == name:
                return node
            case s.ClassDef(cls=s.Class(name=own) as node) if own == name:
                return node
            case s.Assign(targets=[s.Name(id=own) as node]) if own == name:
                return node
    return None


def _fix(module: s.Module, name: str, known: _Known) -> str:
    if module.language == "python" and name in for_types(module):
        return "Import it outside of `if TYPE_CHECKING:`, or in the function that uses it."
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
