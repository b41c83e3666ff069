from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_GENERIC: Final = frozenset({"list", "dict", "set", "tuple", "type", "frozenset"})
#: Files that say which Python runs, and what they say where it puts annotations off.
_TELLING: Final = ("Dockerfile", ".python-version", "runtime.txt", "pyproject.toml", "setup.cfg")
_LAZY: Final = ("3.14", "3.15")
_FUTURE: Final = regex(r"^from __future__ import [^;]{0,200}?\bannotations\b", re.MULTILINE)


class ShadowedBuiltin(Rule):
    """A method or function is called `list`, and an annotation after it means the built-in type.

    In the body of a class the names of its methods come first: after `def list(self)`, the
    annotation `-> list[Order]` of a later method asks the method for an item. The same with `dict`,
    `set`, `tuple` and `type`, and with functions of a module.

    ## Why is this bad?
    Before Python 3.14 the annotation is worked out when the module is imported: `TypeError:
    'function' object is not subscriptable`, and the service does not start.

    ## Fix
    Rename the method, move it below the annotation, or let the module begin with
    `from __future__ import annotations`.

    ## Silent on
    Modules with that import; quoted annotations; annotations above the method and its own; names
    that are bound more than once; projects that ask for Python 3.14.

    ## Source
    Python reference, "Function definitions" and "Resolution of names"; PEP 649.
    """

    id = "startup/shadowed-builtin"
    group = "startup"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        if _puts_off(facts):
            return
        for path in sorted(facts.model.modules):
            module = facts.model.modules[path]
            if module.language != "python" or is_outside(path) or path.endswith(".pyi"):
                continue
            if not _GENERIC & s.gathered(module).words:
                continue
            found = list(_uses(module))
            if not found or _FUTURE.search(facts.model.tree.text(path)):
                continue
            for name, function, use in found:
                yield self.finding(
                    path,
                    use,
                    message=f"`{name}[…]` is not the built-in type here: it is {name}(), "
                    f"which line {function.name_span[0]} defines.",
                    why="TypeError: 'function' object is not subscriptable, when the module is "
                    "imported: the service does not start.",
                    fix=f"Rename {name}(), or begin the module with "
                    "`from __future__ import annotations`.",
                    subject=f"{name} of {function.name_span[0]}",
                    related=[Related(path, function.name_span[0], f"{name}() is defined here")],
                )


def _puts_off(facts: Facts) -> bool:
    """Do the project's files speak of a Python that works annotations out when they are asked
    for?"""
    tree = facts.model.tree
    for path in tree.files:
        if path.rpartition("/")[2] in _TELLING and path.count("/") < 3:
            try:
                text = tree.text(path)
            except (OSError, UnicodeDecodeError):
                continue
            if any(version in text for version in _LAZY):
                return True
    return False


def _uses(module: s.Module) -> Iterator[tuple[str, s.Function, s.Node]]:
    """The first such annotation for each function that has the name of a type."""
    yield from _in_body(module.body, inner=True)
    for statement in module.body:
        if isinstance(statement, s.ClassDef):
            yield from _in_body(statement.cls.body, inner=False)


def _in_body(body: list[s.Stmt], *, inner: bool) -> Iterator[tuple[str, s.Function, s.Node]]:
    """``inner``: what stands in the classes of the body sees the name too."""
    bound: dict[str, list[s.Stmt]] = {}
    for statement in body:
        for name in _names(statement):
            bound.setdefault(name, []).append(statement)
    for name, statements in bound.items():
        first = statements[0]
        if len(statements) > 1 or not isinstance(first, s.FunctionDef):
            continue
        use = _first_use(body[body.index(first) + 1 :], name, inner=inner)
        if use is not None:
            yield name, first.function, use


def _names(statement: s.Stmt) -> Iterator[str]:
    """The names of types that the statement binds, at any depth of blocks."""
    if isinstance(statement, s.FunctionDef):
        if statement.function.name in _GENERIC:
            yield statement.function.name
    elif isinstance(statement, s.ClassDef):
        if statement.cls.name in _GENERIC:
            yield statement.cls.name
    elif isinstance(statement, s.ImportStmt):
        for item in statement.imports:
            yield from (name.alias for name in item.names if name.alias in _GENERIC)
    else:
        for node in s.walk(statement):
            if isinstance(node, s.Assign):
                for target in node.targets:
                    if isinstance(target, s.Name) and target.id in _GENERIC:
                        yield target.id
            elif isinstance(node, s.FunctionDef) and node.function.name in _GENERIC:
                yield node.function.name


def _first_use(body: list[s.Stmt], name: str, *, inner: bool) -> s.Node | None:
    for statement in body:
        for annotation in _annotations(statement):
            for node in s.walk(annotation):
                if (
                    isinstance(node, s.Subscript)
                    and isinstance(node.value, s.Name)
                    and node.value.id == name
                    and node.value.span != node.span  # else it is in quotes
                ):
                    return node
        if inner and isinstance(statement, s.ClassDef):
            own = {item for each in statement.cls.body for item in _names(each)}
            found = None if name in own else _first_use(statement.cls.body, name, inner=False)
            if found is not None:
                return found
    return None


def _annotations(statement: s.Stmt) -> Iterator[s.Expr]:
    """Those that are worked out when the statement runs."""
    if isinstance(statement, s.FunctionDef):
        function = statement.function
        given = [param.annotation for param in function.params] + [function.returns]
        yield from (item for item in given if item is not None)
    elif isinstance(statement, s.Assign) and statement.annotation is not None:
        yield statement.annotation
