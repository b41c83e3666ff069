from __future__ import annotations

import difflib
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.model import ImportEdge
from ci_gate.codemodel.syntax import Import
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._django_settings import named_modules
from ci_gate.rules.startup._loaded import Loaded
from ci_gate.rules.startup._module_attributes import MissingAttribute, missing_attributes
from ci_gate.rules.startup._node_imports import MissingImport, NodeImports, group
from ci_gate.rules.startup._provided import Provided

_SHOWN: Final = 4
_HISTORY: Final = "Historical"


@dataclass(frozen=True, slots=True)
class _Missing:
    """What an import asks for that is not there. ``place`` is the package or module that lacks it,
    ``name`` what it lacks; ``module``: a module is missing, not a name in one."""

    edge: ImportEdge
    place: str
    name: str
    module: bool
    shadowed: bool = False


class UnresolvedImport(Rule):
    """A module imports a module or a name of the project that does not exist.

    In Node also a path inside a package that the package does not export, because it is a package
    of its own (`hono/node-server` for `@hono/node-server`), and in ES modules that Node runs as
    they are (or that only the TypeScript compiler builds) a relative import without its extension.

    In Python also an attribute of an imported module that the module does not define
    (`views.show_feed`).

    In Django also what is named by a text: middleware, applications and URL configurations of the
    settings, `include("…")`, and `DJANGO_SETTINGS_MODULE`.

    ## Why is this bad?
    The import fails with `ModuleNotFoundError` or `ImportError: cannot import name` when the file
    is loaded (`ERR_MODULE_NOT_FOUND` and `SyntaxError` in Node), and the service does not start.
    Inside a function the call fails that comes to it.

    ## Fix
    Import the name that exists, from where it is; or add what is missing.

    ## Silent on
    Imports in a `try` with an `except ImportError`, under `if` and for type checking; modules that
    are generated, compiled, ignored by git or too large to be read; modules that get names in other
    ways (star imports of libraries, `__getattr__`, `globals()`, `setattr`, `sys.modules`,
    `__path__`, the models of django-simple-history); names that a module binds anywhere, under a
    condition too; packages that share their name with an installed one; for Node, files of
    bundlers, built folders, packages that are transpiled, and imports of which TypeScript keeps
    only types. In a module that nothing is seen to load the finding is a warning.

    ## Source
    Constraint decay, arXiv 2605.06445: 18 of 642 failed runs.
    """

    id = "startup/unresolved-import"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._of_python(facts)
        for several in group(list(NodeImports(facts).missing())):
            yield self._of_node(several)
        yield from self._of_settings(facts)

    def _of_settings(self, facts: Facts) -> Iterator[Finding]:
        """What Django imports by a text: its module is there, and the class is not; or the package
        is there, and the module is not."""
        search = _Search(facts)
        provided = search.provided
        for path, node, value, has_name in named_modules(facts.model):
            module, _, name = value.rpartition(".") if has_name else (value, "", "")
            missing = search.lacking(path, node, module)
            if missing is not None:
                yield self.finding(
                    path,
                    node,
                    message=f"{path} names {value}, and {missing.place or 'the project'} has no "
                    f"module {missing.name}.",
                    why="Django imports it when the service starts, or when its first request "
                    "comes, and fails with ModuleNotFoundError.",
                    fix=search.better_module(missing),
                    subject=f"names {value}",
                )
                continue
            if not has_name:
                continue
            place = _only_module(facts, path, module)
            if place is None or provided.has(place, name) is not False:
                continue
            near = _near(name, provided.names(place))
            hint = f"Did you mean `{near}`? " if near is not None else ""
            yield self.finding(
                path,
                node,
                message=f"{path} names {value}, and {place} defines no {name}.",
                why="Django imports it when the service starts, and fails with ImportError: Module "
                f'"{module}" does not define a "{name}" attribute/class.',
                fix=f"{hint}Define {name} in {place}, or name what it defines.",
                subject=f"settings name {value}",
                related=[Related(place, 1, f"defines no {name}")],
            )

    def _of_node(self, several: Sequence[MissingImport]) -> Finding:
        first = several[0]
        edge = first.edge
        specifier = edge.node.specifier
        names = list(dict.fromkeys(item.name for item in several))
        shown = " and ".join(names[:_SHOWN])
        related: list[Related] = []
        if first.call is not None:
            message = f"{edge.source} calls {shown} of {specifier}, and {first.place} exports none."
            error = f"The call throws TypeError: {shown} is not a function"
            fix = f"Did you mean `{first.near}`? " if first.near else ""
            fix += f"Export {shown} from {first.place}, or call what it exports."
            related = [Related(first.place, 1, f"exports no {shown}")]
        elif first.kind == "name":
            message = (
                f"{edge.source} imports {shown} from {specifier}, and {first.place} exports no "
            )
            message += "such name." if len(names) == 1 else "such names."
            error = (
                f"{names[0]} is undefined there, and its first use throws a TypeError"
                if edge.node.kind == "require"
                else f"The import fails with SyntaxError: no export named '{names[0]}'"
            )
            fix = f"Did you mean `{first.near}`? " if first.near else ""
            fix += f"Export {names[0]} from {first.place}, or import what it exports."
            related = [Related(first.place, 1, f"exports no {names[0]}")]
        elif first.kind == "type":
            message = (
                f"{edge.source} imports {shown} from {specifier} as a value; {first.place} exports "
                "it as a type alone, and the project's tsconfig keeps such imports "
                "(verbatimModuleSyntax)."
            )
            error = f"The import fails with SyntaxError: no export named '{names[0]}'"
            fix = f"Write `import type {{ {', '.join(names)} }} from '{specifier}'`."
            related = [Related(first.place, 1, f"exports {names[0]} as a type")]
        elif first.kind == "extension":
            message = (
                f"{edge.source} imports {specifier}, and Node finds ES modules only by their full "
                f"file name."
            )
            error = "The import fails with ERR_MODULE_NOT_FOUND"
            fix = f"Write the path with its file name and extension ({first.near})."
            related = [
                Related(item.edge.source, item.edge.node.line, "and here")
                for item in several[1 : _SHOWN + 1]
                if item.edge.node is not edge.node
            ]
        elif first.kind == "subpath":
            message = (
                f"{edge.source} imports {specifier}, and {first.place} exports no such path: it is "
                f"the package {first.near}."
            )
            error = "The import fails with ERR_PACKAGE_PATH_NOT_EXPORTED or Cannot find module"
            fix = f"Import from {first.near}, and declare it in package.json."
        else:
            message = f"{edge.source} imports {specifier}, and there is no such file."
            if specifier.startswith("#"):
                message = (
                    f"{edge.source} imports {specifier}, which package.json maps to {first.place}, "
                    "and there is no such file."
                )
            error = f"The import fails with Cannot find module '{specifier}'"
            fix = f"Add {first.place}, or import from where its content is."
            if first.near:
                fix = f"Did you mean {first.near}? Otherwise add {first.place}."
                related = [Related(first.near, 1, "a module of that name")]
        if first.kind == "name" and (edge.node.kind == "require" or first.call is not None):
            end = ""
        else:
            end = ", and the service does not start" if first.at_start else ""
        return self.finding(
            edge.source,
            first.call or edge.node,
            message=message,
            why=f"{error}{end}.",
            fix=fix,
            subject=f"imports {specifier} {shown}".rstrip(),
            related=related,
            severity=None if first.at_start else Severity.WARNING,
        )

    def _of_python(self, facts: Facts) -> Iterator[Finding]:
        loaded, search = facts.once(Loaded), _Search(facts)
        by_import: defaultdict[Import, list[_Missing]] = defaultdict(list)
        for edge in facts.model.import_edges:
            if (
                edge.type_only
                or edge.node.guarded
                or edge.node.kind not in ("import", "from")
                or facts.model.modules[edge.source].language != "python"
                or not loaded.holds(edge.source)
            ):
                continue
            found = search.missing(edge)
            if found is not None:
                by_import[edge.node].append(found)
        for several in by_import.values():
            yield self._finding(loaded, search, several)
        for path, module in facts.model.modules.items():
            if module.language == "python" and loaded.holds(path):
                for missing in search.attributes(path):
                    yield self._of_module(loaded, search, missing)

    def _of_module(self, loaded: Loaded, search: _Search, missing: MissingAttribute) -> Finding:
        name, shown = missing.node.name, s.dotted(missing.node)
        near = _near(name, search.provided.names(missing.place))
        hint = f"Did you mean `{near}`? " if near is not None else ""
        return self.finding(
            missing.path,
            missing.node,
            message=f"{missing.path} uses `{shown}`, and {missing.place} defines no {name}.",
            why=f"AttributeError: the module has no attribute '{name}', each time the line runs. "
            "At the top of a module the service does not start.",
            fix=f"{hint}Define {name} in {missing.place}, or use what it defines.",
            subject=f"uses {shown}",
            related=[Related(missing.place, 1, f"defines no {name}")],
            severity=None if missing.path in loaded.modules else Severity.WARNING,
        )

    def _finding(self, loaded: Loaded, search: _Search, several: Sequence[_Missing]) -> Finding:
        first = several[0]
        edge = first.edge
        names = list(dict.fromkeys(item.name for item in several if item.module == first.module))
        shown = " and ".join(names[:_SHOWN])
        specifier = edge.node.specifier
        if first.shadowed:
            message = (
                f"{edge.source} imports {specifier}, and {first.place}.py hides the folder "
                f"{first.place}, which has no __init__.py."
            )
            fix = f"Add {first.place}/__init__.py, or rename {first.place}.py."
            error = f"ModuleNotFoundError: '{posixpath.basename(first.place)}' is not a package"
        elif first.module:
            message = (
                f"{edge.source} imports {specifier}, and "
                f"{first.place or 'the project'} has no module {shown}."
            )
            fix = search.better_module(first)
            error = "ModuleNotFoundError"
        else:
            message = (
                f"{edge.source} imports {shown} from {specifier}, and {first.place} defines no "
                f"{'such name' if len(names) == 1 else 'such names'}."
            )
            fix = search.better_name(first)
            error = f"ImportError: cannot import name '{names[0]}'"
        end = "the call that comes here fails" if edge.lazy else "the service does not start"
        return self.finding(
            edge.source,
            edge.node,
            message=message,
            why=f"The import fails with {error}, and {end}.",
            fix=fix,
            subject=f"imports {specifier} {shown}",
            related=list(search.related(first)),
            severity=None if edge.source in loaded.modules else Severity.WARNING,
        )


def _only_module(facts: Facts, settings: str, dotted: str) -> str | None:
    """The one module of the tree that has the name, under a root that holds the settings too."""
    place = dotted.replace(".", "/")
    if not place:
        return None
    found = [
        path
        for path in facts.model.modules
        if f"/{path}".endswith((f"/{place}.py", f"/{place}/__init__.py"))
    ]
    if len(found) != 1:
        return None
    root = found[0].removesuffix(".py").removesuffix("/__init__").removesuffix(place)
    return found[0] if settings.startswith(root) else None


class _Search:
    """Looks for what imports name."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self.provided = Provided(facts.model, facts.base.model.tree if facts.base else None)
        self._environments = facts.environments

    def missing(self, edge: ImportEdge) -> _Missing | None:
        """What the import asks for and the tree surely lacks."""
        specifier = edge.node.specifier
        name = specifier.lstrip(".")
        parts = name.split(".") if name else []
        folder = posixpath.dirname(edge.source)
        if specifier.startswith("."):
            for _ in range(len(specifier) - len(name) - 1):
                if not folder:
                    return None
                folder = posixpath.dirname(folder)
            return self._below(edge, folder, parts)
        found: _Missing | None = None
        for root in self._roots(folder, parts[0]):
            found = self._below(edge, root, parts)
            if found is None:
                return None
        installed = found is not None and self._is_installed(edge.source, parts[0])
        return None if installed else found

    def attributes(self, path: str) -> Sequence[MissingAttribute]:
        """What the module takes out of other modules that they lack."""
        return missing_attributes(
            self._model, self.provided, path, lambda first: self._is_installed(path, first)
        )

    def _roots(self, folder: str, first: str) -> Iterator[str]:
        """The folders above the importing file that are no packages and hold the first part."""
        while True:
            package = folder and self.provided.module(folder) == f"{folder}/__init__.py"
            for root in () if package else (folder, posixpath.join(folder, "src")):
                place = posixpath.join(root, first)
                if self.provided.module(place) or self.provided.is_folder(place):
                    yield root
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def _is_installed(self, path: str, first: str) -> bool:
        """May the first part be a module of Python or of a distribution?"""
        if known.is_library(first):
            return True
        distributions, _ = known.providers(first)
        environment = self._environments.of(path)
        if environment is None or not environment.read:
            return any(known.is_known(item) for item in distributions)
        installed = environment.installed - environment.own
        return bool(installed.intersection(distributions))

    def _below(self, edge: ImportEdge, root: str, parts: Sequence[str]) -> _Missing | None:
        provided = self.provided
        place = root
        for part in parts:
            inside, place = place, posixpath.join(place, part)
            source = provided.module(inside) if inside else None
            if source is not None and not source.endswith("/__init__.py"):
                if inside == root or provided.is_open(inside):
                    return None
                shadowed = provided.is_folder(inside)
                lacking = inside if shadowed else source
                return _Missing(edge, lacking, part, True, shadowed)
            if provided.module(place) or provided.is_folder(place):
                continue
            if provided.may_exist(place) or (inside and provided.is_open(inside)):
                return None
            if source is not None and provided.has(source, part) is not False:
                return None
            return _Missing(edge, inside, part, True)
        return self._name(edge, place)

    def _is_history(self, source: str, name: str) -> bool:
        """django-simple-history puts ``HistoricalLoan`` into the module of ``Loan``."""
        return (
            name.startswith(_HISTORY)
            and self.provided.has(source, name.removeprefix(_HISTORY)) is not False
            and any(edge.package == "simple_history" for edge in self._model.import_edges)
        )

    def _name(self, edge: ImportEdge, place: str) -> _Missing | None:
        if edge.symbol is None or not place:
            return None
        source = self.provided.module(place)
        if source is None:
            inner = posixpath.join(place, edge.symbol)
            exists = self.provided.module(inner) or self.provided.is_folder(inner)
            if exists or self.provided.may_exist(inner) or not self._has_python(place):
                return None
            return _Missing(edge, place, edge.symbol, True)
        if self.provided.has(source, edge.symbol) is False:
            history = self._is_history(source, edge.symbol)
            return None if history else _Missing(edge, source, edge.symbol, False)
        return None

    def _has_python(self, folder: str) -> bool:
        return next(iter(self.provided.children(folder)), None) is not None

    def lacking(self, path: str, node: s.Node, dotted: str) -> _Missing | None:
        """The part of a module's name, as a text gives it, that the tree surely lacks."""
        parts = dotted.split(".")
        if not dotted.isascii() or not all(part.isidentifier() for part in parts):
            return None
        statement = Import(node.span, "import", dotted)
        edge = ImportEdge(path, None, None, None, statement, node.span)
        found: _Missing | None = None
        for root in self._roots(posixpath.dirname(path), parts[0]):
            if self.provided.module(posixpath.join(root, parts[0])) is None:
                return None
            found = self._below(edge, root, parts)
            if found is None:
                return None
        installed = found is not None and self._is_installed(path, parts[0])
        return None if installed else found

    # --- what was meant ---

    def better_module(self, missing: _Missing) -> str:
        near = _near(missing.name, self.provided.children(missing.place))
        if near is not None:
            return f"Did you mean `{near}`? Otherwise add the module {missing.name}."
        return f"Add the module {missing.name}, or import from where its content is."

    def better_name(self, missing: _Missing) -> str:
        home = self._home(missing)
        if home is not None:
            return f"Import `{missing.name}` from {home}, which defines it."
        near = _near(missing.name, self.provided.names(missing.place))
        if near is not None:
            return f"Did you mean `{near}`? Otherwise define {missing.name} in {missing.place}."
        return f"Define {missing.name} in {missing.place}, or import it from where it is."

    def _home(self, missing: _Missing) -> str | None:
        """The one other module of the tree that defines the name at its top."""
        homes = {
            info.module.path
            for table in (self._model.functions, self._model.classes)
            for info in table.values()
            if info.name == missing.name and info.qualname.endswith(f"::{missing.name}")
        }
        return homes.pop() if len(homes) == 1 else None

    def related(self, missing: _Missing) -> Iterator[Related]:
        if not missing.module:
            yield Related(missing.place, 1, f"defines no {missing.name}")
        home = self._home(missing)
        if home is not None:
            line = next(
                info.node.span[0]
                for table in (self._model.functions, self._model.classes)
                for info in table.values()
                if info.qualname == f"{home}::{missing.name}"
            )
            yield Related(home, line, f"defines {missing.name}")


def _near(name: str, names: Iterable[str]) -> str | None:
    found = difflib.get_close_matches(name, set(names), n=1, cutoff=0.7)
    return found[0] if found else None
