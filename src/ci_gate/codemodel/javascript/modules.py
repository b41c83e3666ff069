"""CommonJS: what ``require`` binds, what ``module.exports`` gives away."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s


def name_requires(module: s.Module) -> None:
    """Fill in the names that each ``require`` (and awaited ``import()``) binds where it stands."""
    by_span = {item.span: item for item in module.imports if item.kind in ("require", "dynamic")}
    if not by_span:
        return
    for statement in module.body:
        for node in s.walk(statement):
            match node:
                case s.Assign(targets=[target], value=value) if value is not None:
                    _bind(by_span, target, value)
                case s.Call(func=s.Attribute(value=s.Call() as call, name="then")) if _is_dynamic(
                    call
                ):
                    match node.argument(0):
                        case s.FunctionExpr(function=s.Function(params=[param, *_])):
                            target = param.pattern or s.Name(param.span, param.name)
                            _bind(by_span, target, call)
                case s.Attribute(value=s.Call() as call, name=name) if not _is_dynamic(call):
                    _add(by_span, call, [s.ImportedName(node.name_span, name, name)])
                case s.Attribute(value=s.Await(value=s.Call() as call), name=name):
                    _add(by_span, call, [s.ImportedName(node.name_span, name, name)])


def is_exports(target: s.Expr) -> bool:
    """``module.exports``, ``exports.name`` and ``module.exports.name``."""
    match target:
        case s.Attribute(value=s.Name(id="module"), name="exports"):
            return True
        case s.Attribute(value=s.Name(id="exports")):
            return True
        case s.Attribute(value=s.Attribute(value=s.Name(id="module"), name="exports")):
            return True
    return False


def _is_dynamic(call: s.Call) -> bool:
    return isinstance(call.func, s.Name) and call.func.id == "import"


def _bind(by_span: dict[s.Span, s.Import], target: s.Expr, value: s.Expr) -> None:
    if isinstance(value, s.Await):
        value = value.value
    if not isinstance(value, s.Call):
        return
    match target:
        case s.Name(id=alias):
            _add(by_span, value, [s.ImportedName(target.span, "*", alias)])
        case s.Mapping(entries=entries):
            names = []
            for entry in entries:
                bound = entry.value
                if isinstance(bound, s.AssignExpr):
                    bound = bound.target
                if isinstance(entry.key, s.Literal) and isinstance(bound, s.Name):
                    names.append(s.ImportedName(entry.span, str(entry.key.value), bound.id))
            _add(by_span, value, names)


def _add(by_span: dict[s.Span, s.Import], call: s.Call, names: list[s.ImportedName]) -> None:
    item = by_span.get(call.span)
    if item is not None and not item.names:
        item.names = names


def commonjs_exports(module: s.Module) -> list[s.Export]:
    """The exports made by assignment, anywhere at the top level or in its blocks."""
    found: list[s.Export] = []
    for statement in _flat(module.body):
        match statement:
            case s.Assign(targets=targets, value=value, op=None) if value is not None:
                targets = list(targets)
                while isinstance(value, s.AssignExpr):
                    targets.append(value.target)
                    value = value.value
                for target in targets:
                    found += _assigned(target, value)
            case s.ExprStmt(value=s.Call() as call):
                found += _by_call(call)
    return found


def _by_call(call: s.Call) -> list[s.Export]:
    """``Object.assign(exports, …)``, and the calls that compilers write."""
    match call:
        case s.Call(
            func=s.Attribute(value=s.Name(id="Object"), name="assign"),
            args=[s.Argument(value=target), *rest],
        ) if _is_exports(target):
            return [export for argument in rest for export in _all_of(argument.value)]
        case s.Call(
            func=s.Attribute(value=s.Name(id="Object"), name="defineProperty"),
            args=[
                s.Argument(value=target),
                s.Argument(value=s.Literal(value=str(name))),
                s.Argument(value=s.Mapping() as descriptor),
            ],
        ) if _is_exports(target) and name != "__esModule":
            value = descriptor.get("value")
            match descriptor.get("get"):
                case s.FunctionExpr(function=s.Function(body=[s.Return(value=returned)])):
                    value = returned
            return [s.Export(call.span, name, value=value)] if value is not None else []
        case s.Call(
            func=s.Name(id="__exportStar") | s.Attribute(name="__exportStar"),
            args=[s.Argument(value=source), s.Argument(value=target)],
        ) if _is_exports(target):
            return [s.Export(call.span, "*", value=source)]
    return []


def _flat(body: list[s.Stmt]) -> Iterator[s.Stmt]:
    for statement in body:
        yield statement
        match statement:
            case s.Block(body=inner) | s.Broken(body=inner):
                yield from _flat(inner)
            case s.If(body=inner, orelse=orelse):
                yield from _flat(inner)
                yield from _flat(orelse)


def _is_exports(node: s.Expr) -> bool:
    match node:
        case s.Attribute(value=s.Name(id="module"), name="exports") | s.Name(id="exports"):
            return True
    return False


def _assigned(target: s.Expr, value: s.Expr) -> list[s.Export]:
    match target:
        case s.Attribute(value=s.Name(id="module"), name="exports"):
            return [s.Export(value.span, "module.exports", value=value), *_all_of(value)]
        case s.Attribute(value=inner, name=name) if _is_exports(inner):
            return [s.Export(target.span, name, value=value)]
        case s.Subscript(value=inner, index=s.Literal(value=str(name))) if _is_exports(inner):
            return [s.Export(target.span, name, value=value)]
    return []


def _all_of(value: s.Expr) -> list[s.Export]:
    """One export per entry of an object literal; a spread or a required module as a whole."""
    match value:
        case s.Mapping(entries=entries):
            found = []
            for entry in entries:
                if entry.key is None:
                    found.append(s.Export(entry.span, "*", value=entry.value))
                elif isinstance(entry.key, s.Literal):
                    found.append(s.Export(entry.span, str(entry.key.value), value=entry.value))
            return found
        case s.Call(func=s.Name(id="require")):
            return [s.Export(value.span, "*", value=value)]
    return []
