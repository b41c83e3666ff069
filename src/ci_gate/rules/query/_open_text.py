"""Where SQL text of JavaScript programs holds something that only the running program knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqllex import opaque
from ci_gate.codemodel.sqltext import Hole, Place
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.query._fragments import conditions, quoted_values

#: Functions that take a part of a statement as text.
_FRAGMENTS: Final = regex(
    r"^(?:sequelize\.(?:Sequelize\.|Sequelize\(\)\.)?literal|knex\(\)(?:\(\))?(?:\.\w+(?:\(\))?)*\.\w*[rR]aw"
    r"|postgres\(\)\.unsafe|drizzle-orm\.sql\.raw|kysely\.sql\.raw|@prisma/client\.Prisma\.raw"
    r"|@prisma/client\.PrismaClient\(\)\.\$(?:query|execute)RawUnsafe)$"
)
_NAMES: Final = frozenset({
    "literal", "raw", "unsafe", "$queryRawUnsafe", "$executeRawUnsafe", "whereRaw", "orWhereRaw",
    "orderByRaw", "groupByRaw", "havingRaw", "joinRaw", "fromRaw", "selectRaw",
})  # fmt: skip
#: Names that say by themselves what they take.
_TELLING: Final = frozenset({
    "whereRaw", "orWhereRaw", "orderByRaw", "groupByRaw", "havingRaw", "joinRaw", "fromRaw",
    "$queryRawUnsafe", "$executeRawUnsafe",
})  # fmt: skip
#: The distance of what is written in the text's own line.
HERE: Final = (False, 0)


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """``quoted``: it stands in a string of the statement. ``slot`` is the place in the text that it
    fills: a helper's text is known once as the helper writes it, and once as each caller has it."""

    path: str
    expr: s.Expr
    slot: Place
    quoted: bool = False

    @property
    def distance(self) -> tuple[bool, int]:
        """How far from its place in the text it is written."""
        return self.path != self.slot.path, abs(self.expr.line - self.slot.line)


def open_places(facts: Facts) -> Iterator[OpenPlace]:
    """The expressions that become part of SQL text, by file."""
    seen: set[s.Node] = set()
    for read in facts.sql.all:
        if read.call.function.module.language == "python" or is_outside(read.call.path):
            continue
        for variant in read.variants:
            rendered = variant.parsed.rendered
            spans = opaque(rendered.text)
            for start, hole in rendered.spans:
                if not isinstance(hole, Hole) or hole.expr is None or hole.bound:
                    continue
                if hole.expr not in seen:
                    seen.add(hole.expr)
                    quoted = any(low <= start < high for low, high in spans)
                    slot = facts.sql.place(variant, start - 1) if start else None
                    yield OpenPlace(hole.path, hole.expr, slot or _at(hole.path, hole.expr), quoted)
    for path, node in conditions(facts.model):
        for expr in quoted_values(node) if isinstance(node, s.Template) else ():
            if expr not in seen:
                seen.add(expr)
                yield OpenPlace(path, expr, _at(path, expr), quoted=True)
    for built in facts.entities.typeorm.builders.all:
        for _, text in built.texts:
            for expr, quoted in text.holes:
                if expr not in seen:
                    seen.add(expr)
                    yield OpenPlace(built.path, expr, _at(built.path, expr), quoted)
        for _, expr in built.raw:
            if expr not in seen:
                seen.add(expr)
                yield OpenPlace(built.path, expr, _at(built.path, expr))
    for function in facts.model.functions.values():
        path = function.module.path
        if function.module.language == "python" or is_outside(path):
            continue
        for call in facts.model.calls_in(function):
            func = call.func
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if name not in _NAMES or not call.args or isinstance(call.args[0].value, s.Literal):
                continue
            values = facts.model.evaluate(func, facts.model.function_scope(function))
            if (not values and _tells(func, name)) or any(
                isinstance(value, ExternalValue) and _FRAGMENTS.search(value.path)
                for value in values
            ):
                yield OpenPlace(path, call.args[0].value, _at(path, call.args[0].value))


def _at(path: str, node: s.Node) -> Place:
    return Place(path, *node.span[:2])


def _tells(func: s.Expr, name: str) -> bool:
    """Does the name say what the function takes, where it is not known whose it is?"""
    if name != "literal" or not isinstance(func, s.Attribute):
        return name in _TELLING
    owner = func.value
    last = owner.name if isinstance(owner, s.Attribute) else getattr(owner, "id", "")
    return last.lower() == "sequelize"
