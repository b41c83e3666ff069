"""Names of modules that are nothing until a function sets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.data import dataclass

_NOTHING: Final = frozenset({"undefined", "null"})


@dataclass(frozen=True, slots=True)
class LateName:
    """``function`` sets the name ``name`` of ``path`` at ``set_at``; until then it is
    ``nothing``."""

    path: str
    name: str
    nothing: str
    declared: s.Node
    set_at: s.Node
    function: FunctionInfo

    @property
    def is_python(self) -> bool:
        return self.function.module.language == "python"


def in_python(model: CodeModel, path: str, name: str) -> LateName | None:
    """``name = None`` at the top, and a function that declares it ``global``."""
    scope = _top(model, path)
    if scope is None:
        return None
    bindings = model.bindings(name, scope)
    if not bindings or any(
        item.kind != "value" or item.path or not _is_none(item.node) for item in bindings
    ):
        return None
    for value, inside in model.set_by_functions(name, path):
        if not _is_none(value) and inside.function is not None:
            return LateName(path, name, "None", bindings[0].node, value, inside.function)
    return None


def in_script(model: CodeModel, path: str, exported: str) -> LateName | None:
    """``let name;`` at the top, which the module gives away as it is then, and a function sets."""
    module, scope = model.modules[path], _top(model, path)
    name = next(
        (
            item.value.id
            for item in module.exports
            if item.name == exported and isinstance(item.value, s.Name)
        ),
        None,
    )
    if scope is None or name is None or _is_renewed(model, module, exported):
        return None
    declared = _declaration(module, name)
    if declared is None or any(_set_to(node, name) is not None for node in _at_top(module)):
        return None
    for function in model.functions.values():
        if function.module is not module or function.node is module:
            continue
        for node in model.own_nodes(function):
            value = _set_to(node, name)
            if value is not None and not _is_none(value):
                if _is_called_at_top(module, function):
                    return None
                nothing = "undefined" if declared.value is None else "null"
                return LateName(path, name, nothing, declared, node, function)
    return None


def _top(model: CodeModel, path: str) -> Scope | None:
    home = model.functions.get(f"{path}::<module>")
    return model.function_scope(home) if home is not None else None


def _is_none(node: s.Node | None) -> bool:
    match node:
        case None | s.Literal(value=None):
            return True
        case s.Name(id=name):
            return name in _NOTHING
    return False


def _declaration(module: s.Module, name: str) -> s.Assign | None:
    """The statement that declares the name, where it gives it nothing and there is no other name
    like it in the module."""
    found: list[s.Assign] = []
    for node in s.walk(module):
        match node:
            case s.Assign(targets=[target], declaration="let" | "var" | "const"):
                if any(isinstance(part, s.Name) and part.id == name for part in s.walk(target)):
                    found.append(node)
            case s.Param(name=param) if param == name:
                return None
    match found:
        case [s.Assign(targets=[s.Name()], value=value) as declared] if declared in module.body:
            return declared if _is_none(value) else None
    return None


def _at_top(module: s.Module) -> Iterator[s.Node]:
    """What runs when the module is loaded, but for declarations."""
    for statement in module.body:
        if isinstance(statement, s.Function | s.Class):
            continue
        if isinstance(statement, s.Assign) and statement.declaration:
            continue
        yield from s.walk(statement, into_functions=False)


def _set_to(node: s.Node, name: str) -> s.Node | None:
    """What the node assigns to the name."""
    match node:
        case s.Assign(targets=targets, value=value, declaration=""):
            named = any(isinstance(target, s.Name) and target.id == name for target in targets)
            return value if named else None
        case s.AssignExpr(target=s.Name(id=target), value=value) if target == name:
            return value
    return None


def _is_called_at_top(module: s.Module, function: FunctionInfo) -> bool:
    return any(
        isinstance(node, s.Call) and getattr(node.func, "id", "") == function.name
        for node in _at_top(module)
    )


def _is_renewed(model: CodeModel, module: s.Module, exported: str) -> bool:
    """Does a function set what the module exports, too (``module.exports.pool = pool``)?"""
    return any(
        store.binding.scope.module is module
        and store.binding.scope.function is not None
        and not isinstance(store.binding.scope.function.node, s.Module)
        for store in model.stores(exported)
    )
