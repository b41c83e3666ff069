from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._dataclasses import decorator_of, fields_of, is_external, is_on, lineage
from ci_gate.rules.base import Facts, Rule

_FIELD: Final = "dataclasses.field"
_MAKERS: Final = frozenset({"list", "dict", "set"})


class InvalidDataclass(Rule):
    """A dataclass that Python refuses: a field without a default after one with a default, or a
    list, dict or set as a default.

    The field with a default may stand in the base class, in another module.

    ## Why is this bad?
    `TypeError: non-default argument 'limit' follows default argument`, or `ValueError: mutable
    default <class 'list'> for field tags is not allowed`, when the module is imported: the service
    does not start.

    ## Fix
    Put the fields without a default first, or `kw_only=True`; give lists by
    `field(default_factory=list)`.

    ## Silent on
    Fields for keywords only, fields that are not arguments (`init=False`, `ClassVar`), classes with
    a base that is not known.

    ## Source
    Python, "dataclasses": inheritance, mutable default values.
    """

    id = "startup/invalid-dataclass"
    group = "startup"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for cls in model.classes.values():
            path = cls.module.path
            if cls.module.language != "python" or is_outside(path) or path.endswith(".pyi"):
                continue
            if "dataclass" not in s.gathered(cls.module).words:
                continue
            decorator = decorator_of(model, cls)
            if decorator is not None:
                yield from self._refused(model, cls, decorator)

    def _refused(self, model: CodeModel, cls: ClassInfo, decorator: s.Expr) -> Iterator[Finding]:
        path = cls.module.path
        for field in fields_of(cls):
            kind = _mutable(model, field)
            if kind is not None and not _is_class_variable(field):
                yield self.finding(
                    path,
                    field,
                    message=f"`{_name(field)}` of the dataclass {cls.name} has a {kind} as its "
                    "default.",
                    why=f"ValueError: mutable default <class '{kind}'> for field {_name(field)} "
                    "is not allowed, when the module is imported: the service does not start.",
                    fix=f"`field(default_factory={kind})`.",
                    subject=f"{cls.name}.{_name(field)}",
                )
        if is_on(decorator, "init") or not isinstance(decorator, s.Call) or not _is_off(decorator):
            yield from self._order(model, cls)

    def _order(self, model: CodeModel, cls: ClassInfo) -> Iterator[Finding]:
        family = lineage(model, cls)
        if family is None:
            return
        fields: dict[str, tuple[ClassInfo, s.Assign, bool]] = {}
        for owner in reversed(family):
            decorator = decorator_of(model, owner)
            if decorator is None:
                continue
            if is_on(decorator, "kw_only"):
                if owner is cls:
                    return
                continue
            for field in fields_of(owner):
                if _is_marker(field):
                    break
                default = _default(model, field)
                if default is not None and not _is_class_variable(field):
                    fields[_name(field)] = (owner, field, default)
        before: tuple[ClassInfo, s.Assign] | None = None
        for owner, field, default in fields.values():
            if default:
                before = before or (owner, field)
            elif before is not None:
                if owner is cls or before[0] is cls:
                    yield self._late(cls, field if owner is cls else before[1], field, before)
                return

    def _late(
        self, cls: ClassInfo, place: s.Assign, field: s.Assign, before: tuple[ClassInfo, s.Assign]
    ) -> Finding:
        other = before[0].module.path
        return self.finding(
            cls.module.path,
            place,
            message=f"`{_name(field)}` of the dataclass {cls.name} has no default and comes after "
            f"`{_name(before[1])}`, which has one.",
            why=f"TypeError: non-default argument '{_name(field)}' follows default argument, when "
            "the module is imported: the service does not start.",
            fix="Put the fields without a default first, or make the class `kw_only=True`.",
            subject=f"{cls.name}.{_name(field)}",
            related=[Related(other, before[1].span[0], "has a default")],
        )


def _name(field: s.Assign) -> str:
    target = field.targets[0]
    return target.id if isinstance(target, s.Name) else ""


def _is_off(decorator: s.Call) -> bool:
    value = decorator.argument(keyword="init")
    return isinstance(value, s.Literal) and value.value is False


def _is_class_variable(field: s.Assign) -> bool:
    return any(
        isinstance(node, s.Name | s.Attribute)
        and (node.id if isinstance(node, s.Name) else node.name) == "ClassVar"
        for node in (s.walk(field.annotation) if field.annotation is not None else ())
    )


def _is_marker(field: s.Assign) -> bool:
    """``_: KW_ONLY``"""
    annotation = field.annotation
    name = annotation.id if isinstance(annotation, s.Name) else ""
    name = annotation.name if isinstance(annotation, s.Attribute) else name
    return name == "KW_ONLY"


def _default(model: CodeModel, field: s.Assign) -> bool | None:
    """Does the argument have a default? None: it is no positional argument, or not known."""
    value = field.value
    if value is None:
        return False
    if not isinstance(value, s.Call):
        return True
    if not is_external(model.evaluate(value.func), _FIELD):
        return True
    if any(item.star for item in value.args):
        return None
    for keyword, means in (("init", False), ("kw_only", True)):
        given = value.argument(keyword=keyword)
        if given is not None and (not isinstance(given, s.Literal) or given.value is means):
            return None
    return any(item.keyword in ("default", "default_factory") for item in value.args)


def _mutable(model: CodeModel, field: s.Assign) -> str | None:
    value = field.value
    if isinstance(value, s.Sequence) and value.kind in ("list", "set"):
        return value.kind
    if isinstance(value, s.Mapping):
        return "dict"
    if isinstance(value, s.Comprehension) and value.kind in ("list", "set", "dict"):
        return value.kind
    if isinstance(value, s.Call) and isinstance(value.func, s.Name) and value.func.id in _MAKERS:
        found = model.evaluate(value.func)
        if all(isinstance(item, ExternalValue) for item in found):
            return value.func.id
    return None
