from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackage
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._node import NodeService

#: What only CommonJS has: name -> what to write in an ES module.
_COMMONJS: Final = {
    "require": "Write `import`, or make one with `createRequire(import.meta.url)`.",
    "module": "Write `export`.",
    "exports": "Write `export`.",
    "__dirname": "Write `import.meta.dirname`, or work it out from `import.meta.url`.",
    "__filename": "Write `import.meta.filename`, or work it out from `import.meta.url`.",
}


class ModuleFormat(Rule):
    """A module is written in the other format than the one Node loads it in.

    `require`, `module.exports` or `__dirname` in an ES module (`"type": "module"`, `.mjs`),
    `import` in a CommonJS one (`"type": "commonjs"`, `.cjs`), a JSON file imported without
    `with { type: 'json' }`.

    ## Why is this bad?
    Node fails when it loads the module or comes to the line: `ReferenceError: require is not
    defined in ES module scope`, `SyntaxError: Cannot use import statement outside a module`,
    `ERR_IMPORT_ATTRIBUTE_MISSING`.

    ## Fix
    Write the module in the format of its package.

    ## Silent on
    TypeScript; packages that are bundled or run through a transpiler or loader; names that the
    module defines itself; tests with `typeof`; modules that nothing is seen to load.

    ## Source
    Node.js, "Modules: Packages: Determining module system" and "Differences between ES modules and
    CommonJS".
    """

    id = "startup/module-format"
    group = "startup"
    languages: ClassVar = ("javascript",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        service = NodeService(facts)
        for path in sorted(service.modules):
            module = facts.model.modules[path]
            package = service.packages.of(path)
            if (
                package is None
                or module.problems
                or not path.endswith((".js", ".mjs", ".cjs"))
                or service.is_transformed(package)
            ):
                continue
            fixed = {".mjs": "module", ".cjs": "commonjs"}.get(path[-4:])
            form = fixed or package.format
            related = [] if fixed else [Related(package.path, package.line_of("type"), "the type")]
            if form == "module":
                yield from self._in_es_module(facts, module, related)
            elif form == "commonjs" or (form is None and _is_mixed(module)):
                yield from self._in_commonjs(module, package, related, known=form is not None)

    def _in_es_module(
        self, facts: Facts, module: s.Module, related: list[Related]
    ) -> Iterator[Finding]:
        bound = _bound(module)
        text = facts.model.tree.text(module.path)
        for name, fix in _COMMONJS.items():
            if name in bound or re.search(rf"\btypeof\s+{name}\b|globalThis\.{name}\b", text):
                continue
            node = next(_uses(module, name), None)
            if node is not None:
                yield self._finding(
                    module.path,
                    node,
                    f"`{name}` is used in an ES module, which has none.",
                    f"Node throws ReferenceError: {name} is not defined in ES module scope.",
                    fix,
                    name,
                    related,
                )
        lines = text.splitlines()
        for item in module.imports:
            if item.kind in ("from", "import") and re.match(r"\..*\.json$", item.specifier):
                written = "\n".join(lines[item.span[0] - 1 : item.span[2]])
                if not re.search(r"\b(?:with|assert)\s*\{", written):
                    yield self._finding(
                        module.path,
                        item,
                        f"{item.specifier} is imported without the attribute `type: 'json'`.",
                        "Node throws ERR_IMPORT_ATTRIBUTE_MISSING, and the service does not start.",
                        "Add `with { type: 'json' }`.",
                        item.specifier,
                        related,
                    )

    def _in_commonjs(
        self, module: s.Module, package: NodePackage, related: list[Related], *, known: bool
    ) -> Iterator[Finding]:
        node = next(
            (item for item in module.imports if item.kind in ("from", "import", "reexport")), None
        )
        if node is None:
            return
        yield self._finding(
            module.path,
            node,
            f"The module is CommonJS for Node ({package.path}), and it uses `import`."
            if known
            else "The module uses `import` and `require` or `module.exports`, which no format has "
            "both.",
            "Node fails to load it (Cannot use import statement outside a module, or require is "
            "not defined), and the service does not start.",
            "Write the whole module in one format: `require` and `module.exports`, or `import` and "
            '`export` with `"type": "module"`.',
            "import in CommonJS",
            related if known else [],
        )

    def _finding(
        self,
        path: str,
        node: s.Node,
        message: str,
        why: str,
        fix: str,
        subject: str,
        related: list[Related],
    ) -> Finding:
        return self.finding(
            path, node, message=message, why=why, fix=fix, subject=subject, related=related
        )


def _bound(module: s.Module) -> frozenset[str]:
    """The names that the module binds anywhere, itself or by imports."""
    found = {name.alias for item in module.imports for name in item.names}
    for node in s.walk(module):
        match node:
            case s.Assign(targets=targets):
                for target in targets:
                    found |= {item.id for item in s.walk(target) if isinstance(item, s.Name)}
            case s.Param(name=name) if name:
                found.add(name)
            case s.Param(pattern=pattern) if pattern is not None:
                found |= {item.id for item in s.walk(pattern) if isinstance(item, s.Name)}
            case s.Function(name=name) | s.Class(name=name) if name:
                found.add(name)
    return frozenset(found - {"module", "exports"}) | ({"module", "exports"} & _declared(module))


def _declared(module: s.Module) -> set[str]:
    """``const module = …``, which ``module.exports = …`` is not."""
    return {
        target.id
        for node in s.walk(module)
        if isinstance(node, s.Assign) and node.declaration
        for target in node.targets
        if isinstance(target, s.Name)
    } | {node.name for node in s.walk(module) if isinstance(node, s.Param)}


def _uses(module: s.Module, name: str) -> Iterator[s.Node]:
    """Where the module uses a name of CommonJS that it does not define."""
    guarded = {
        id(inner)
        for node in s.walk(module)
        if isinstance(node, s.Try)
        for statement in node.body
        for inner in s.walk(statement)
    }
    for node in s.walk(module):
        match node:
            case s.Call(func=s.Name(id="require"), args=[_]) if name == "require":
                pass
            case s.Attribute(value=s.Name(id="module"), name="exports") if name == "module":
                pass
            case s.Attribute(value=s.Name(id="exports")) if name == "exports":
                pass
            case s.Name(id=used) if used == name and name.startswith("__"):
                pass
            case _:
                continue
        if id(node) not in guarded:
            yield node


def _is_mixed(module: s.Module) -> bool:
    """Does the module use both formats at its top?"""
    imports = [item for item in module.imports if item.kind in ("from", "import", "reexport")]
    bound = _bound(module)
    return bool(imports) and any(
        name not in bound and next(_uses(module, name), None) is not None
        for name in ("require", "module", "exports")
    )
