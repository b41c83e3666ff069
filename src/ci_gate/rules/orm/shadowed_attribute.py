from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._class_fields import makes_fields
from ci_gate.rules.orm._words import listed


class ShadowedAttribute(Rule):
    """A class field of a Sequelize model has the name of an attribute and hides it.

    `class User extends Model { id!: number; name!: string }`, compiled so that fields are defined
    on each instance (`useDefineForClassFields`, which is the default from target ES2022, and what
    tsx and esbuild do then); in JavaScript always.

    ## Why is this bad?
    The field is made after Sequelize has filled the instance, with the value `undefined`, and
    stands before the getter and setter of the attribute: each read gives `undefined` although the
    row was found, and what is assigned is never saved.

    ## Fix
    Write `declare id: number;`, which is for the compiler alone, or in JavaScript leave the field
    out.

    ## Silent on
    Fields with `declare`, static ones, decorated ones, older targets, projects without a tsconfig
    or with one that could not be followed.

    ## Source
    Sequelize, "Model Basics: Caveat with Public Class Fields" (sequelize.org/docs/v6).
    """

    id = "orm/shadowed-attribute"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        tree = facts.model.tree
        for model in facts.entities.sequelize.all:
            if model.cls is None or model.decorated or is_outside(model.path):
                continue
            path = model.cls.module.path
            fields = list(_fields(model, tree.text(path).splitlines()))
            if not fields or not makes_fields(tree, path):
                continue
            names = [name for name, _ in fields]
            typed = not path.endswith((".js", ".mjs", ".cjs", ".jsx"))
            several = len(names) > 1
            yield self.finding(
                path,
                fields[0][1],
                message=f"The class field{'s' if several else ''} {listed(names)} of {model.name} "
                f"hide{'' if several else 's'} the attribute{'s' if several else ''} of the same "
                "name.",
                why="Each instance gets the field with the value undefined, before Sequelize's "
                f"getter: `{names[0]}` of a row that was found is undefined, and what is assigned "
                "to it is not stored.",
                fix=f"Write `declare {names[0]}: …;` for each of them." if typed
                else "Remove the fields; `init` makes the attributes.",
                subject=f"fields of {model.name}",
                related=[Related(model.path, model.attributes[names[0]].span[0], "the attribute")],
            )  # fmt: skip


def _fields(model: SequelizeModel, lines: list[str]) -> Iterator[tuple[str, s.Node]]:
    """The instance fields that are named like attributes, in the order of the class."""
    assert model.cls is not None
    for statement in model.cls.node.body:
        if not isinstance(statement, s.Assign) or statement.static or statement.decorators:
            continue
        target = statement.targets[0]
        if not isinstance(target, s.Name):
            continue
        attribute = model.attributes.get(target.id)
        if attribute is None:
            continue
        line = lines[target.span[0] - 1] if target.span[0] <= len(lines) else ""
        start = statement.span[1] - 1 if statement.span[0] == target.span[0] else 0
        before = line[start : target.span[1] - 1]
        if "declare" not in before.split() and "abstract" not in before.split():
            yield target.id, statement
