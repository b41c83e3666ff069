from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules._dataclasses import decorator_of, fields_of, is_on, lineage
from ci_gate.rules.base import Facts, Rule


class FrozenAssignment(Rule):
    """A field of an object is set whose class is frozen.

    `query.tag = ...`, and the class is `@dataclass(frozen=True)` in another module.

    ## Why is this bad?
    `dataclasses.FrozenInstanceError: cannot assign to field 'tag'`, each time the line runs.

    ## Fix
    Give the value to the constructor, or make a changed copy: `dataclasses.replace(query, tag=…)`.

    ## Silent on
    Objects that may be of another class, classes with `__setattr__` of their own or with a base
    that is not known, names that are no field.

    ## Source
    Python, "dataclasses": frozen instances.
    """

    id = "any/frozen-assignment"
    group = "framework"
    languages: ClassVar = ("python",)
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        frozen = {cls: fields for cls in model.classes.values() if (fields := _frozen(model, cls))}
        if not frozen:
            return
        names = frozenset(name for fields in frozen.values() for name in fields)
        for path, module in model.modules.items():
            if module.language == "python" and not is_outside(path):
                for assign in model.nodes_of(module, s.Assign):
                    for target in assign.targets:
                        if isinstance(target, s.Attribute) and target.name in names:
                            yield from self._judged(facts, frozen, path, target)

    def _judged(
        self,
        facts: Facts,
        frozen: dict[ClassInfo, dict[str, s.Assign]],
        path: str,
        target: s.Attribute,
    ) -> Iterator[Finding]:
        if not isinstance(target.value, s.Name | s.Attribute | s.Call):
            return
        classes = facts.certain.objects(target.value, facts.model.scope_of(target))
        if not classes or not all(target.name in frozen.get(cls, ()) for cls in classes):
            return
        cls = min(classes, key=lambda item: item.qualname)
        declared = frozen[cls][target.name]
        yield self.finding(
            path,
            target,
            message=f"`{target.name}` of a {cls.name} is set, which is frozen.",
            why=f"FrozenInstanceError: cannot assign to field '{target.name}', each time the line "
            "runs.",
            fix="Give the value to the constructor, or use `dataclasses.replace`.",
            subject=f"{cls.name}.{target.name}",
            related=[Related(cls.module.path, declared.span[0], "the field of the frozen class")],
        )


def _frozen(model: CodeModel, cls: ClassInfo) -> dict[str, s.Assign] | None:
    """The fields of a frozen dataclass."""
    if cls.module.language != "python" or "frozen" not in s.gathered(cls.module).words:
        return None
    decorator = decorator_of(model, cls)
    if decorator is None or not is_on(decorator, "frozen"):
        return None
    family = lineage(model, cls)
    if family is None or any(model.method(item, "__setattr__") for item in family):
        return None
    found: dict[str, s.Assign] = {}
    for owner in reversed(family):
        for field in fields_of(owner):
            target = field.targets[0]
            if isinstance(target, s.Name):
                found[target.id] = field
    return found
