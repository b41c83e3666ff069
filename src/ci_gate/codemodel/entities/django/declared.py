"""What a model's class body says: fields, managers, other attributes and ``Meta``."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import islice
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.fieldtypes import FieldType, Kind, external_field
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import (
    ClassValue,
    ConstantValue,
    ExternalValue,
    InstanceValue,
    Value,
)
from ci_gate.data import dataclass

_BUILTINS: Final = frozenset(dir(builtins))
_HOOKS: Final = ("contribute_to_class", "__set_name__")
_MAX_BASES: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """A class attribute that is a field, a manager or something of the ORM's.

    ``call`` is the call that makes it, None where its arguments are not seen. ``changed`` are the
    words in constructors of this tree that the arguments pass through and that may change them.
    ``conditional``: defined under an ``if`` or ``try``, or one of several.
    """

    name: str
    type: FieldType
    path: str
    node: s.Node
    call: s.Call | None = None
    changed: frozenset[str] = frozenset()
    conditional: bool = False

    @property
    def kind(self) -> Kind:
        return self.type.kind

    def argument(self, keyword: str, position: int | None = None) -> s.Expr | None:
        return self.call.argument(position, keyword) if self.call is not None else None

    def is_open(self, *keywords: str) -> bool:
        """May it have been given these arguments though they are not seen?"""
        if self.call is None or any(argument.star for argument in self.call.args):
            return True
        return any(keyword in self.changed for keyword in keywords)

    def constant(self, model: CodeModel, keyword: str, otherwise: bool) -> bool | None:
        """A Boolean argument; ``otherwise`` where it is not given, None where it is not known."""
        given = self.argument(keyword)
        if given is not None:
            value = constant(model, given)
            return bool(value.value) if value is not None else None
        return None if self.is_open(keyword) else otherwise

    def has(self, *keywords: str) -> bool | None:
        """Is one of ``keywords`` given? None where that is not known."""
        if any(self.argument(keyword) is not None for keyword in keywords):
            return True
        return None if self.is_open(*keywords) else False


@dataclass(slots=True, eq=False)
class Body:
    """A class body. ``open``: it may define attributes that cannot be told."""

    fields: dict[str, Declared] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    open: bool = False


def read_body(model: CodeModel, cls: ClassInfo, tortoise: bool = False) -> Body:
    """What the body of ``cls`` defines, inherited things left out."""
    return _Reader(model, cls, tortoise).read()


class _Reader:
    def __init__(self, model: CodeModel, cls: ClassInfo, tortoise: bool) -> None:
        self._model = model
        self._cls = cls
        self._tortoise = tortoise
        self._body = Body()

    def read(self) -> Body:
        body = self._body
        for statement, conditional in _statements(self._cls.node.body):
            match statement:
                case s.Assign():
                    self._assigned(statement, conditional)
                case s.FunctionDef(function=s.Function(name=name)):
                    body.names.add(name)
                case s.ClassDef(cls=s.Class(name=name)):
                    body.names.add(name)
                case s.ImportStmt(imports=imports):
                    body.names.update(item.alias for one in imports for item in one.names)
                case s.For(target=target):
                    body.names.update(_names([target]))
                case s.With(items=items):
                    body.names.update(_names([i.target for i in items if i.target is not None]))
                case s.ExprStmt(value=s.Call() as call):
                    body.open = body.open or _writes_namespace(call)
                case s.Broken():
                    body.open = True
        return body

    def _assigned(self, statement: s.Assign, conditional: bool) -> None:
        body = self._body
        names = list(_names(statement.targets))
        body.names.update(names)
        body.open = body.open or any(isinstance(t, s.Subscript) for t in statement.targets)
        if statement.value is None or statement.op is not None:
            return
        for name in names:
            found = declare(
                self._model, name, statement.value, self._cls.module.path, statement,
                tortoise=self._tortoise,
            )  # fmt: skip
            if found is not None and conditional:
                found = replace(found, conditional=True)
            if found is None:
                body.open = True
            elif found.kind != "attribute":
                if not conditional or name not in body.fields:
                    body.fields[name] = found
            elif not conditional:
                body.fields.pop(name, None)
            if found is not None:
                body.open = body.open or found.type.opens
                body.names.update(pattern.format(name) for pattern in found.type.adds)


def declare(
    model: CodeModel, name: str, value: s.Expr, path: str, node: s.Node, *, tortoise: bool = False
) -> Declared | None:
    """What ``name = value`` makes of ``name``; None where that cannot be told."""
    if isinstance(value, s.Call):
        func = value.func.value if isinstance(value.func, s.Subscript) else value.func
        for callee in model.evaluate(func):  # `JSONField[list[str]]()` only says more to a checker
            made = _made_by(model, callee, tortoise)
            if made is not None:
                return Declared(name, made[0], path, node, value, made[1])
    types = [made for item in model.evaluate(value) if (made := _made(model, item, tortoise))]
    types.sort(key=lambda made: made[0].kind == "attribute")
    if types:
        return Declared(name, types[0][0], path, node, None, types[0][1], len(types) > 1)
    if _is_plain(value):
        return Declared(name, FieldType("", "attribute"), path, node)
    return None


def _statements(body: Sequence[s.Stmt]) -> Iterator[tuple[s.Stmt, bool]]:
    stack: list[tuple[s.Stmt, bool]] = [(statement, False) for statement in reversed(body)]
    while stack:
        statement, conditional = stack.pop()
        yield statement, conditional
        if isinstance(statement, s.FunctionDef | s.ClassDef):
            continue
        inner: list[s.Stmt] = []
        for child in s.children(statement):
            if isinstance(child, s.Handler | s.Case):
                inner.extend(child.body)
            elif isinstance(child, _STATEMENTS):
                inner.append(child)
        always = isinstance(statement, s.With | s.Block)
        stack.extend((child, conditional or not always) for child in reversed(inner))


_STATEMENTS: Final = (
    s.ExprStmt, s.Assign, s.If, s.For, s.While, s.With, s.Try, s.Switch, s.FunctionDef, s.ClassDef,
    s.ImportStmt, s.Block, s.Broken,
)  # fmt: skip


def _names(targets: Sequence[s.Expr]) -> Iterator[str]:
    stack = list(targets)
    while stack:
        target = stack.pop()
        if isinstance(target, s.Name):
            yield target.id
        elif isinstance(target, s.Sequence):
            stack.extend(target.items)
        elif isinstance(target, s.Starred):
            stack.append(target.value)


_Made: TypeAlias = tuple[FieldType, frozenset[str]]
_UNCHANGED: Final[frozenset[str]] = frozenset()


def _made_by(model: CodeModel, callee: Value, tortoise: bool) -> _Made | None:
    """What calling the class ``callee`` makes, and which words may change its arguments."""
    if isinstance(callee, ExternalValue):
        found = external_field(callee.path, tortoise)
        return (found, _UNCHANGED) if found is not None else None
    if isinstance(callee, ClassValue):
        return _of_class(model, callee.cls, tortoise)
    return None


def _made(model: CodeModel, value: Value, tortoise: bool) -> _Made | None:
    if isinstance(value, ExternalValue):
        if not value.path.endswith("()"):
            return FieldType("", "attribute"), _UNCHANGED
        found = external_field(value.path.removesuffix("()"), tortoise)
        return (found, _UNCHANGED) if found is not None else None
    if isinstance(value, InstanceValue):
        return _of_class(model, value.cls, tortoise)
    return FieldType("", "attribute"), _UNCHANGED


def _of_class(model: CodeModel, cls: ClassInfo, tortoise: bool) -> _Made | None:
    """The field that an instance of a class of this tree is, by what it derives from."""
    opens = adds_attributes(model, cls)
    changed = set(_constructor_words(cls))
    for base in islice(model.ancestors(cls), _MAX_BASES):
        if isinstance(base, ClassValue):
            changed.update(_constructor_words(base.cls))
        if isinstance(base, ExternalValue):
            found = external_field(base.path, tortoise)
            if found is None:
                opens = True
            elif found.kind != "attribute":
                if opens and not found.opens:
                    found = FieldType(
                        found.name, found.kind, found.type, found.without_value, True, found.adds,
                        found.target,
                    )  # fmt: skip
                return found, frozenset(changed)
    if opens:
        return None
    return FieldType(cls.name, "attribute"), _UNCHANGED


def _constructor_words(cls: ClassInfo) -> Iterator[str]:
    """The keywords, names and texts in the class's own constructor."""
    for statement in cls.node.body:
        if isinstance(statement, s.FunctionDef) and statement.function.name == "__init__":
            for node in s.walk(statement.function):
                match node:
                    case s.Argument(keyword=str(word)) | s.Name(id=word):
                        yield word
                    case s.Literal(value=str(word)) | s.Attribute(name=word):
                        yield word


def adds_attributes(model: CodeModel, cls: ClassInfo) -> bool:
    """May an instance of ``cls`` in a model's body put attributes on the model, besides itself?"""
    for hook in _HOOKS:
        method = model.method(cls, hook)
        if method is None or not isinstance(method.node, s.Function):
            continue
        params = [param.name for param in method.node.params]
        if len(params) < 2:
            return True
        owner, name = params[1], params[2] if len(params) > 2 else ""
        for statement in method.node.body:
            if any(_adds(node, owner, name) for node in s.walk(statement)):
                return True
    return False


def _adds(node: s.Node, owner: str, name: str) -> bool:
    match node:
        case s.Call(func=s.Name(id="setattr"), args=[first, second, *_]):
            return isinstance(first.value, s.Name) and first.value.id == owner and not (
                (isinstance(second.value, s.Name) and second.value.id == name)
                or (
                    isinstance(second.value, s.Attribute)
                    and second.value.name in ("name", "attname")
                )
            )  # fmt: skip
        case s.Call(func=s.Attribute(value=s.Name(id=base), name="add_to_class")):
            return base == owner
        case s.Call(func=s.Attribute(value=base, name="contribute_to_class")):
            return not (isinstance(base, s.Call) and isinstance(base.func, s.Name))
        case s.Assign(targets=targets):
            return any(
                isinstance(target, s.Attribute)
                and isinstance(target.value, s.Name)
                and target.value.id == owner
                for target in targets
            )
    return False


def _is_plain(value: s.Expr) -> bool:
    """An expression that makes no field, whatever its parts are."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, s.Conditional):
            stack += [current.body, current.orelse]
            continue
        while isinstance(current, s.Call) and isinstance(current.func, s.Attribute):
            current = current.func.value
            if isinstance(current, s.Name | s.Attribute | s.Subscript):
                return False
        if isinstance(current, s.Call):
            if not (isinstance(current.func, s.Name) and current.func.id in _BUILTINS):
                return False
        elif isinstance(current, s.Await | s.Unknown | s.Yield):
            return False
    return True


def _writes_namespace(call: s.Call) -> bool:
    return any(
        isinstance(node, s.Call)
        and isinstance(node.func, s.Name)
        and node.func.id in ("locals", "vars", "exec")
        for node in s.walk(call)
    )


def constant(model: CodeModel, expr: s.Expr) -> ConstantValue | None:
    """The one constant that ``expr`` stands for."""
    if isinstance(expr, s.Literal):
        return ConstantValue(expr.value) if expr.kind != "ellipsis" else None
    values = model.evaluate(expr)
    if len(values) == 1:
        [value] = values
        if isinstance(value, ConstantValue):
            return value
    return None


def text(model: CodeModel, expr: s.Expr | None) -> str | None:
    """The text that ``expr`` stands for."""
    value = constant(model, expr) if expr is not None else None
    return value.value if value is not None and isinstance(value.value, str) else None


def meta_of(model: CodeModel, cls: ClassInfo) -> Mapping[str, s.Expr] | None:
    """The options of the class's own ``Meta``, its bases' included; None where it has none."""
    for statement, _ in _statements(cls.node.body):
        if isinstance(statement, s.ClassDef) and statement.cls.name == "Meta":
            return _options(model, statement.cls, 0)
    return None


def _options(model: CodeModel, meta: s.Class, depth: int) -> Mapping[str, s.Expr]:
    found: dict[str, s.Expr] = {}
    if depth < _MAX_BASES:
        for base in reversed(meta.bases):
            for value in model.evaluate(base.value) if base.keyword is None else ():
                if isinstance(value, ClassValue) and value.cls.node is not meta:
                    found.update(_options(model, value.cls.node, depth + 1))
        found.pop("abstract", None)
    for statement, _ in _statements(meta.body):
        if isinstance(statement, s.Assign) and statement.value is not None:
            for name in _names(statement.targets):
                found[name] = statement.value
    return found
