from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside, only_declares
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule


class UsedBeforeDeclared(Rule):
    """A module uses a constant or class of its own before the line that declares it.

    `export const articleQuery = page.extend(…)` above `export const page = z.object(…)`.

    ## Why is this bad?
    `const`, `let` and `class` are nothing until their line has run: "ReferenceError: Cannot access
    'page' before initialization", when the module is loaded. The service does not start, and type
    checks and builds pass.

    ## Fix
    Move the declaration above the line that uses it.

    ## Silent on
    What functions, methods and fields of classes use later on; `var` and functions, which are there
    from the start; types; names that something in between declares anew.

    ## Source
    MDN, "ReferenceError: can't access lexical declaration before initialization".
    """

    id = "startup/used-before-declared"
    group = "startup"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for path, module in model.modules.items():
            if module.language == "python" or is_outside(path) or only_declares(path):
                continue
            declared = _declared(module)
            for index, statement in enumerate(module.body):
                for name in _used(statement) if declared else ():
                    position = declared.get(name.id, -1)
                    if position > index and _is_module_level(model, name, module):
                        yield self._found(path, name, module.body[position])
                        declared.pop(name.id)

    def _found(self, path: str, name: s.Name, declaration: s.Stmt) -> Finding:
        return self.finding(
            path,
            name,
            message=f"`{name.id}` is used while the module loads, before it is declared.",
            why=f"ReferenceError: Cannot access '{name.id}' before initialization. The service does"
            " not start.",
            fix=f"Move the declaration of `{name.id}` above this line.",
            subject=f"{name.id} before its declaration",
            related=[Related(path, declaration.line, f"`{name.id}` is declared here")],
        )


def _declared(module: s.Module) -> dict[str, int]:
    """The names that the module's own `const`, `let` and `class` declare once, and the numbers of
    their statements."""
    found: dict[str, int] = {}
    twice: list[str] = []
    for index, statement in enumerate(module.body):
        match statement:
            case s.Assign(targets=[s.Name(id=name)], value=s.Node(), declaration="const" | "let"):
                twice += [name] if name in found else []
                found[name] = index
            case s.ClassDef(cls=cls) if cls.name and cls.kind == "class":
                twice += [cls.name] if cls.name in found else []
                found[cls.name] = index
    return {name: index for name, index in found.items() if name not in twice}


def _used(statement: s.Stmt) -> Iterator[s.Name]:
    """The names that the statement itself uses when it runs."""
    match statement:
        case s.Assign(value=value) if value is not None:
            parts: list[s.Expr] = [value]
        case s.ExprStmt(value=value):
            parts = [value]
        case s.ClassDef(cls=cls) if cls.kind in ("class", "abstract"):
            parts = [_plain(base.value) for base in cls.bases]
        case _:
            return
    for part in parts:
        types = {
            id(inner)
            for node in s.walk(part, into_functions=False)
            if isinstance(node, s.Call)
            for given in node.type_args
            for inner in s.walk(given)
        }
        for node in s.walk(part, into_functions=False):
            if isinstance(node, s.Name) and id(node) not in types:
                yield node


def _plain(base: s.Expr) -> s.Expr:
    """A base class without the types that it is given."""
    return base.value if isinstance(base, s.Subscript) else base


def _is_module_level(model: CodeModel, name: s.Name, module: s.Module) -> bool:
    found = model.bindings(name.id, model.scope_of(name))
    return len(found) == 1 and found[0].scope.function.node is module
