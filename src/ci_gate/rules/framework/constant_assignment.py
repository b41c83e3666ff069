from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_STEPS: Final = frozenset({"++", "--"})


class ConstantAssignment(Rule):
    """A variable that is declared with `const` is set again.

    ## Why is this bad?
    Node throws TypeError: Assignment to constant variable, each time the line runs. The module
    loads, and tests that do not come to the line pass.

    ## Fix
    Declare the variable with `let`, or keep the new value under another name.

    ## Silent on
    Names that are declared more than once in the function, as a parameter or by a loop; assignments
    outside of the block of the declaration.

    ## Source
    Constraint decay, arXiv 2605.06445: a feed that fails with "Assignment to constant variable".
    ESLint `no-const-assign`.
    """

    id = "any/constant-assignment"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for path, module in facts.model.modules.items():
            if module.language != "python" and not is_outside(path):
                constants = _constants(facts.model, module)
                for name, node in _written(facts.model, module, constants.keys()):
                    declared = _declaration(facts.model, constants[name], name, node)
                    if declared is not None:
                        yield self._found(path, name, node, declared)

    def _found(self, path: str, name: str, node: s.Node, declared: s.Assign) -> Finding:
        return self.finding(
            path,
            node,
            message=f"`{name}` is set again, and it is declared with `const`.",
            why="TypeError: Assignment to constant variable, each time the line runs; the request "
            "ends in a 500.",
            fix=f"Declare `{name}` with `let`, or keep the new value under another name.",
            subject=f"const {name}",
            related=[Related(path, declared.line, f"`{name}` is declared here")],
        )


def _constants(model: CodeModel, module: s.Module) -> dict[str, list[s.Assign]]:
    found: dict[str, list[s.Assign]] = {}
    for node in model.nodes_of(module, s.Assign):
        if node.declaration == "const":
            for name in _names(node.targets):
                found.setdefault(name.id, []).append(node)
    return found


def _written(
    model: CodeModel, module: s.Module, names: Iterable[str]
) -> Iterator[tuple[str, s.Node]]:
    """Where one of the names is set, and not by a declaration."""
    if not names:
        return
    for node in model.nodes_of(module, s.Assign):
        if not node.declaration:
            for target in _names(node.targets):
                if target.id in names:
                    yield target.id, node
    for step in model.nodes_of(module, s.Unary):
        if step.op in _STEPS and isinstance(step.value, s.Name) and step.value.id in names:
            yield step.value.id, step


def _declaration(
    model: CodeModel, constants: list[s.Assign], name: str, node: s.Node
) -> s.Assign | None:
    """The declaration that the assignment is about, where it is surely one of ``const``."""
    scope = model.scope_of(node)
    if scope.cls is not None and model.class_scope(scope.cls) is scope:
        return None  # a field
    function: FunctionInfo | None = scope.function
    while function is not None:
        declared = list(_declared(model, function, name))
        if declared:
            only = next((each for each in constants if declared == [each]), None)
            return only if only and _is_around(function.node, only, node) else None
        function = _outside(model, function)
    return None


def _outside(model: CodeModel, function: FunctionInfo) -> FunctionInfo | None:
    if isinstance(function.node, s.Module):
        return None
    return function.parent or model.function_of(function.module)


def _declared(model: CodeModel, function: FunctionInfo, name: str) -> Iterator[s.Node]:
    """What declares the name in the function, in whichever of its blocks."""
    node = function.node
    if isinstance(node, s.Function):
        if node.name == name:
            yield node
        for param in node.params:
            if param.name == name or (
                param.pattern is not None
                and any(each.id == name for each in s.bound_names(param.pattern))
            ):
                yield param
    for inner in model.own_nodes(function):
        match inner:
            case s.Assign(declaration=word, targets=targets) if word:
                if any(each.id == name for each in _names(targets)):
                    yield inner
            case s.For(target=target):
                if any(each.id == name for each in s.bound_names(target)):
                    yield inner
            case s.Handler(name=caught) if caught is not None:
                if any(each.id == name for each in s.bound_names(caught)):
                    yield inner
            case s.Function(name=own) | s.Class(name=own) if own == name:
                yield inner
            case s.ImportedName(alias=alias) if alias == name:
                yield inner


def _is_around(whole: s.Node, declared: s.Assign, node: s.Node) -> bool:
    """Does the block of the declaration hold the assignment?"""
    around = [
        outer
        for outer in s.walk(whole)
        if outer.span != declared.span
        and not isinstance(outer, s.Expr)
        and outer.span[:2] <= declared.span[:2]
        and declared.span[2:] <= outer.span[2:]
    ]
    innermost = max(around, key=lambda outer: (outer.span[:2], -outer.span[2], -outer.span[3]))
    return innermost.span[:2] <= node.span[:2] and node.span[2:] <= innermost.span[2:]


def _names(targets: Iterable[s.Expr]) -> Iterator[s.Name]:
    for target in targets:
        yield from s.bound_names(target)
