"""Uses of an imported name that need it to be there."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo


def plain_use(model: CodeModel, path: str, name: str) -> s.Node | None:
    """The first call of the name, or attribute of it, in a function that does not ask for it."""
    module = model.modules[path]
    functions = [function for function in model.functions.values() if function.module is module]
    for function in sorted(functions, key=lambda item: item.node.span):
        nodes = model.own_nodes(function)
        use = next((node for node in nodes if _holder(node) == name), None)
        if use is None or not _is_imported(model, function, name):
            continue
        if not any(_asks(node, name) for node in nodes):
            return use
    return None


def _holder(node: s.Node) -> str:
    match node:
        case (
            s.Call(func=s.Name(id=name))
            | s.Attribute(value=s.Name(id=name))
            | s.Subscript(value=s.Name(id=name))
        ):
            return name
    return ""


def _is_imported(model: CodeModel, function: FunctionInfo, name: str) -> bool:
    bindings = model.bindings(name, model.scope_in(function))
    return bool(bindings) and all(
        binding.kind == "import" or _is_required(binding.node) for binding in bindings
    )


def _is_required(node: s.Node) -> bool:
    return isinstance(node, s.Call) and getattr(node.func, "id", "") == "require"


def _asks(node: s.Node, name: str) -> bool:
    match node:
        case s.If(test=test) | s.Conditional(test=test) | s.While(test=test) if test is not None:
            asked: s.Node = test
        case s.Binary(op="and" | "or" | "??" | "is" | "is not" | "==" | "!=", left=left):
            asked = left
        case _:
            return False
    return any(isinstance(part, s.Name) and part.id == name for part in s.walk(asked))
