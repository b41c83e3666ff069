from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue, Value
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule

_LIBRARY = ("rest_framework.", "rest_framework_gis.", "drf_writable_nested.")


class DrfRedundantSource(Rule):
    """A serializer field names itself as its source.

    ## Why is this bad?
    Django REST framework asserts that `source` differs from the field's own name: `AssertionError:
    It is redundant to specify source='x' on field … because it is the same as the field name`. It
    does so when the serializer's fields are first used, so every request that serializes fails.

    ## Fix
    Remove `source`.

    ## Silent on
    Sources that name something else (`source="author.username"`), sources that are not written as a
    text, and fields that are not known to be REST framework's.

    ## Source
    Constraint decay, arXiv 2605.06445; Django REST framework, `Field.bind`.
    """

    id = "framework/drf-redundant-source"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for cls in model.classes.values():
            if cls.module.language != "python" or not _is_serializer(model, cls):
                continue
            for name, call, source in _fields(cls):
                values = model.evaluate(call.func)
                if not values or not all(_is_field(model, value) for value in values):
                    continue
                yield self.finding(
                    cls.module.path,
                    source,
                    message=f'{cls.name}.{name} has source="{name}", which is its own name.',
                    why=(
                        "REST framework raises AssertionError: It is redundant to specify "
                        f"`source='{name}'`, whenever {cls.name} is used."
                    ),
                    fix=f'Remove `source="{name}"`.',
                    subject=f"{cls.name}.{name} source",
                )


def _is_serializer(model: CodeModel, cls: ClassInfo) -> bool:
    return any(
        isinstance(base, ExternalValue) and base.path.startswith(_LIBRARY)
        for base in model.ancestors(cls)
    )


def _fields(cls: ClassInfo) -> Iterator[tuple[str, s.Call, s.Argument]]:
    """The fields of the class body whose source is their own name."""
    for statement in cls.node.body:
        if not isinstance(statement, s.Assign) or not isinstance(statement.value, s.Call):
            continue
        for argument in statement.value.args:
            if argument.keyword != "source" or not isinstance(argument.value, s.Literal):
                continue
            for target in statement.targets:
                if isinstance(target, s.Name) and target.id == argument.value.value:
                    yield target.id, statement.value, argument


def _is_field(model: CodeModel, value: Value) -> bool:
    if isinstance(value, ExternalValue):
        return value.path.startswith(_LIBRARY)
    return isinstance(value, ClassValue | InstanceValue) and _is_serializer(model, value.cls)
