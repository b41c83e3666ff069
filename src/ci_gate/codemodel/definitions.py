"""Where the thing that a name stands for is written down.

``CodeModel.evaluate`` says what *kind* of thing an expression is. Some facts need the one place
that makes it: which ``Table(...)`` call, which ``Annotated[...]`` alias.
"""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.evaluate import Evaluator
from ci_gate.codemodel.program import Scope
from ci_gate.codemodel.values import ClassValue, InstanceValue, ModuleValue

_MAX_HOPS = 12


def definition(evaluator: Evaluator, expr: s.Expr, scope: Scope) -> tuple[s.Expr, Scope] | None:
    """The expression that ``expr`` was bound to, followed through names, imports and attributes.

    An expression that is neither a name nor an attribute is its own definition. None where a name
    has no binding or more than one.
    """
    for _ in range(_MAX_HOPS):
        if isinstance(expr, s.Name):
            found = named(evaluator, expr.id, scope)
        elif isinstance(expr, s.Attribute):
            found = _attribute(evaluator, expr, scope)
        else:
            return expr, scope
        if found is None:
            return None
        expr, scope = found
    return None


def named(evaluator: Evaluator, name: str, scope: Scope) -> tuple[s.Expr, Scope] | None:
    """The one expression that ``name`` is bound to, here or in the module it comes from."""
    found = evaluator.find(name, scope)
    if found is None:
        return _from(evaluator, scope.module.path, name)
    bindings = found[1]
    if len(bindings) != 1:
        return None
    binding = bindings[0]
    if binding.kind == "import" and binding.statement is not None:
        assert isinstance(binding.node, s.ImportedName)
        target = evaluator.imports.target(scope.module.path, binding.statement.specifier)
        if target.path is None or binding.statement.kind == "import":
            return None
        return _from(evaluator, target.path, binding.node.name)
    if binding.kind in ("value", "alias") and not binding.path and _is_expression(binding.node):
        return binding.node, binding.scope  # type: ignore[return-value]
    return None


def _from(evaluator: Evaluator, path: str, name: str) -> tuple[s.Expr, Scope] | None:
    """What the module at ``path`` binds ``name`` to."""
    origin = evaluator.imports.origin(path, name)
    if origin is None or origin.path not in evaluator.index.modules:
        return None
    if origin.path != path and _is_module(evaluator, path, name):
        return None
    module = evaluator.index.modules[origin.path]
    bindings = evaluator.index.frames[module].names.get(name, [])
    if len(bindings) != 1 or bindings[0].path or not _is_expression(bindings[0].node):
        return None
    return bindings[0].node, bindings[0].scope  # type: ignore[return-value]


def _is_module(evaluator: Evaluator, path: str, name: str) -> bool:
    """A module of a package, which may define something of its own name."""
    given = evaluator.members.member(path, name)
    return any(isinstance(value, ModuleValue) for value in given)


def _attribute(
    evaluator: Evaluator, expr: s.Attribute, scope: Scope
) -> tuple[s.Expr, Scope] | None:
    values = evaluator.of(expr.value, scope)
    if len(values) != 1:
        return None
    value = values[0]
    if isinstance(value, ModuleValue):
        return _from(evaluator, value.path, expr.name)
    if isinstance(value, ClassValue | InstanceValue):
        for cls in evaluator.classes.lineage(value.cls):
            bindings = evaluator.index.class_attributes.get(cls, {}).get(expr.name, [])
            if len(bindings) == 1 and _is_expression(bindings[0].node):
                return bindings[0].node, bindings[0].scope  # type: ignore[return-value]
            if bindings:
                return None
    return None


def _is_expression(node: s.Node) -> bool:
    return not isinstance(node, s.Assign | s.Param | s.Function | s.Class | s.ImportedName)
