"""Whether all attributes of a model can be told: its bases, decorators, code that patches it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django.declared import text
from ci_gate.codemodel.libraries import SILENT_BASES
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_METACLASSES: Final = frozenset({"abc.ABCMeta", "django.db.models.base.ModelBase"})
#: Decorators that put no attribute on the class that its users would read.
_DECORATORS: Final = regex(
    r"^(?:functools\.total_ordering|typing(?:_extensions)?\.(?:final|runtime_checkable|override)|"
    r"django\.utils\.(?:encoding\.python_2_unicode_compatible|deconstruct\.deconstructible)|"
    r"django\.contrib\.admin\.register|reversion\.(?:\w+\.)*register|auditlog\.\w+\.register|"
    r"warnings\.deprecated|typing_extensions\.deprecated|six\.python_2_unicode_compatible)"
    r"(?:\(\))*(?:\.register(?:\(\))?)?$"
)
_REGISTRIES: Final = regex(r"^(?:modeltranslation|simple_history|mptt|tagging|actstream)\.")
_CATCH_ALL: Final = ("__getattr__", "__getattribute__")


@dataclass(frozen=True, slots=True)
class Bases:
    """The direct bases of a class: of this tree, or by library path. ``complete`` is false where
    one of them is not known."""

    of: Sequence[ClassInfo | str]
    complete: bool


def direct_bases(model: CodeModel, cls: ClassInfo) -> Bases:
    found: dict[ClassInfo | str, None] = {}
    complete = True
    for base in cls.node.bases:
        if base.star:
            complete = False
        elif base.keyword is not None:
            complete = complete and (
                base.keyword != "metaclass" or _is_harmless_metaclass(model, base.value)
            )
        else:
            expr = base.value.value if isinstance(base.value, s.Subscript) else base.value
            if isinstance(expr, s.Name) and expr.id in SILENT_BASES:
                continue
            values = model.evaluate(expr)
            complete = complete and len(values) == 1
            for value in values:
                if isinstance(value, ClassValue) and value.cls is not cls:
                    found[value.cls] = None
                elif isinstance(value, ExternalValue):
                    found[value.path] = None
                else:
                    complete = False
    return Bases(tuple(found), complete)


def _is_harmless_metaclass(model: CodeModel, expr: s.Expr) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(value, ExternalValue) and value.path in _METACLASSES for value in values
    )


def catches_all(cls: ClassInfo) -> bool:
    """Does the class itself answer for names that it does not define?"""
    return any(
        isinstance(statement, s.FunctionDef) and statement.function.name in _CATCH_ALL
        for statement in cls.node.body
    )


def decorated(model: CodeModel, cls: ClassInfo) -> bool:
    """May a decorator put attributes on the class?"""
    for decorator in cls.node.decorators:
        values = model.evaluate(decorator)
        if not values:
            return True
        for value in values:
            if isinstance(value, FunctionValue):
                if _sets_attributes(value.function.node):
                    return True
            elif not (isinstance(value, ExternalValue) and _DECORATORS.match(value.path)):
                return True
    return False


def _sets_attributes(function: s.Node) -> bool:
    """Does a decorator, or a function within it, set attributes on anything?"""
    for node in s.walk(function):
        match node:
            case s.Call(func=s.Name(id="setattr" | "type")):
                return True
            case s.Call(func=s.Attribute(name="add_to_class" | "contribute_to_class")):
                return True
            case s.Assign(targets=targets) if any(isinstance(t, s.Attribute) for t in targets):
                return True
            case s.ClassDef():
                return True
    return False


@dataclass(frozen=True, slots=True)
class Patches:
    """Attributes that code outside of a class puts on it: their names, None for one unknown.
    ``anywhere``: on classes that are not known, which may be any."""

    of: Mapping[ClassInfo, frozenset[str | None]]
    anywhere: bool = False

    def names(self, cls: ClassInfo) -> frozenset[str | None]:
        found = self.of.get(cls, frozenset())
        return found | {None} if self.anywhere else found


def find_patches(model: CodeModel, classes: Mapping[ClassInfo, object]) -> Patches:
    """What ``setattr``, ``add_to_class``, registrations and assignments put on ``classes`` from
    outside."""
    names = {cls.name for cls in classes}
    found: dict[ClassInfo, set[str | None]] = defaultdict(set)
    anywhere = False
    for patch in (*_patching_calls(model), *_patching_stores(model, names)):
        values = model.evaluate(patch.owner)
        anywhere = anywhere or (patch.may_hit_any and not any(map(_is_a_class, values)))
        for value in values:
            if isinstance(value, ClassValue) and value.cls in classes:
                found[value.cls].add(patch.name)
    return Patches({cls: frozenset(names) for cls, names in found.items()}, anywhere)


def _is_a_class(value: object) -> bool:
    """Is it known which class this is?"""
    return isinstance(value, ClassValue) or (
        isinstance(value, ExternalValue) and "(" not in value.path
    )


@dataclass(frozen=True, slots=True)
class _Patch:
    """``owner`` gets the attribute ``name``; ``may_hit_any``: where ``owner`` is not known, any
    model may be it."""

    owner: s.Expr
    name: str | None
    may_hit_any: bool = False


def _patching_calls(model: CodeModel) -> Iterator[_Patch]:
    for name in ("setattr", "add_to_class", "contribute_to_class", "register"):
        for call, scope in model.calls_named(name):
            function = scope.function
            if function.module.language != "python":
                continue
            outside = is_outside(function.module.path)
            inside = not outside and function.name != "contribute_to_class"
            match call:
                case s.Call(func=s.Name(id="setattr"), args=[first, second, *_]):
                    yield _Patch(first.value, text(model, second.value))
                case s.Call(func=s.Attribute(value=base, name="add_to_class")):
                    yield _Patch(base, None, inside)
                case s.Call(func=s.Attribute(name="contribute_to_class"), args=[first, *_]):
                    yield _Patch(first.value, None, inside)
                case s.Call(func=s.Attribute(name="register") | s.Name(id="register")):
                    yield from _registered(model, call)


def _registered(model: CodeModel, call: s.Call) -> Iterator[_Patch]:
    """The models handed to libraries that put fields or managers on what is registered."""
    if any(
        isinstance(value, ExternalValue) and _REGISTRIES.match(value.path)
        for value in model.evaluate(call.func)
    ):
        for argument in call.args:
            given = argument.value
            for item in given.items if isinstance(given, s.Sequence) else [given]:
                yield _Patch(item, None)


def _patching_stores(model: CodeModel, names: set[str]) -> Iterator[_Patch]:
    for path in sorted(model.modules):
        module = model.modules[path]
        for node in model.nodes_of(module, s.Assign) if module.language == "python" else ():
            for target in node.targets:
                if isinstance(target, s.Attribute) and _ends_in(target.value, names):
                    yield _Patch(target.value, target.name)


def _ends_in(expr: s.Expr, names: set[str]) -> bool:
    """Is ``expr`` spelled like one of the classes?"""
    name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
    return name in names


def set_on_self(cls: ClassInfo) -> frozenset[str | None]:
    """The attributes that the class's own methods set on ``self`` or ``cls``; None for one whose
    name is not constant."""
    found: set[str | None] = set()
    for statement in cls.node.body:
        if not isinstance(statement, s.FunctionDef) or statement.function.kind == "static":
            continue
        params = statement.function.params
        if params:
            for node in s.walk(statement.function):
                found.update(_set_on(node, params[0].name))
    return frozenset(found)


def _set_on(node: s.Node, receiver: str) -> Iterator[str | None]:
    targets: list[s.Expr] = []
    match node:
        case s.Call(
            func=s.Name(id="setattr"),
            args=[s.Argument(value=s.Name(id=owner)), s.Argument(value=given), *_],
        ):
            if owner == receiver and not _names_field(given):
                literal = given.value if isinstance(given, s.Literal) else None
                yield literal if isinstance(literal, str) else None
        case s.Call(
            func=s.Attribute(
                value=s.Attribute(value=s.Name(id=owner), name="__dict__"), name="update"
            )
        ):
            if owner == receiver:
                yield None
        case s.Assign(targets=assigned):
            targets = list(assigned)
        case s.For(target=target):
            targets = [target]
        case s.WithItem(target=s.Node() as target):
            targets = [target]
    while targets:
        match targets.pop():
            case s.Attribute(value=s.Name(id=owner), name=name) if owner == receiver:
                yield name
            case s.Subscript(value=s.Attribute(value=s.Name(id=owner), name="__dict__")):
                if owner == receiver:
                    yield None
            case s.Sequence(items=items):
                targets.extend(items)
            case s.Starred(value=inner):
                targets.append(inner)


def _names_field(expr: s.Expr) -> bool:
    """``field.name`` and ``field.attname``, which the model has anyway."""
    return isinstance(expr, s.Attribute) and expr.name in ("name", "attname")
