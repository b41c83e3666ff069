from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._reads import service_functions
from ci_gate.rules.orm._relationships import Relationships
from ci_gate.rules.orm._words import nearest

_SESSION: Final = regex(r"^sqlalchemy\.(?:orm\.Session|ext\.asyncio\.AsyncSession)\(\)\.(\w+)$")
_BUILDER: Final = regex(r"^(?:sqlalchemy|sqlmodel|flask_sqlalchemy\w*\.SQLAlchemy\(\))"
                             r"\.(select|update|insert|delete|exists)$")  # fmt: skip
_OF_OBJECTS: Final = frozenset({"add", "delete", "merge", "refresh", "expunge", "add_all"})
_OF_CLASSES: Final = frozenset({"get", "get_one", "query"})
_METHODS: Final = frozenset(
    {*_OF_OBJECTS, *_OF_CLASSES, "select", "update", "insert", "delete", "exists"}
)
_MAPPING: Final = frozenset({"map_imperatively", "mapper", "map_declaratively"})
_PLAIN_BASES: Final = {
    "pydantic.BaseModel": "a pydantic model",
    "pydantic.main.BaseModel": "a pydantic model",
    "pydantic_settings.BaseSettings": "a pydantic model",
    "sqlmodel.SQLModel": "a SQLModel class without `table=True`",
    "sqlmodel.main.SQLModel": "a SQLModel class without `table=True`",
    "object": "", "abc.ABC": "", "typing.Generic": "", "typing.NamedTuple": "a named tuple",
    "typing.TypedDict": "a typed dictionary", "typing_extensions.TypedDict": "a typed dictionary",
}  # fmt: skip
_DATACLASS: Final = frozenset({"dataclass", "define", "frozen", "attrs"})
_WHY: Final = {
    "object": "SQLAlchemy raises UnmappedInstanceError: class {name} is not mapped.",
    "class": "SQLAlchemy raises ArgumentError: it expects a mapped class and got {name}.",
    "relation": "SQLAlchemy raises an error when it works out the mappings, at the first query of "
                "the service: {name} is no mapped class.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A class that is not mapped where the ORM wants one that is."""

    cls: ClassInfo
    kind: str
    what: str


class NotAnEntity(Rule):
    """A schema, dataclass or plain class stands where the ORM wants a mapped class.

    In `session.add(…)`, `select(…)`, `session.get(…)`, `session.query(…)`, as the target of a
    relationship; also a mapped class handed to `add()` without being called.

    ## Why is this bad?
    The ORM knows only the classes that are mapped: it raises UnmappedInstanceError or ArgumentError
    each time the line runs.

    ## Fix
    Use the entity: build it from the schema's fields first (`User(**data.model_dump())`).

    ## Silent on
    Classes with unknown bases or decorators, classes that are mapped imperatively, values that may
    be something else.

    ## Source
    Constraint decay, arXiv 2605.06445; SQLAlchemy, `UnmappedInstanceError`.
    """

    id = "orm/not-an-entity"
    group = "orm"
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        certain = facts.certain
        classes = _Unmapped(facts, certain)
        for function in service_functions(facts.model):
            for call in facts.model.calls_in(function):
                wanted = _wanted(facts, call)
                if wanted is not None:
                    yield from self._call(facts, certain, classes, function, call, wanted)
        yield from self._targets(facts, classes)

    def _call(
        self,
        facts: Facts,
        certain: Certain,
        classes: _Unmapped,
        function: FunctionInfo,
        call: s.Call,
        wanted: tuple[str, str],
    ) -> Iterator[Finding]:
        name, kind = wanted
        scope = facts.model.scope_of(call)
        for argument in _arguments(call, name):
            named = certain.classes(argument, scope)
            if kind == "class":
                found = classes.misplaced(named, "class")
            else:
                found = classes.misplaced(certain.objects(argument, scope), "object")
                found = found or classes.not_called(named)
            if found is not None:
                yield self._finding(facts, function.module.path, argument, found,
                                    f"{name}() of {function.name}")  # fmt: skip

    def _targets(self, facts: Facts, classes: _Unmapped) -> Iterator[Finding]:
        relationships = Relationships(facts)
        for item in relationships.written:
            name = item.relation.target
            if relationships.target(item) is not None:
                continue
            argument = item.call.argument(0, "argument")
            if argument is not None and not isinstance(argument, s.Literal):
                values = facts.model.evaluate(argument, item.declaration.scope)
                named = [value.cls for value in values if isinstance(value, ClassValue)]
                if len(named) < len(values):
                    named = []
            else:
                if isinstance(argument, s.Literal) and isinstance(argument.value, str):
                    name = argument.value
                named = [cls for cls in facts.model.classes.values() if cls.name == name]
            found = classes.misplaced(frozenset(named), "relation") if named else None
            if found is not None:
                yield self._finding(facts, item.path, item.call, found, item.label)

    def _finding(
        self, facts: Facts, path: str, node: s.Node, found: Misplaced, where: str
    ) -> Finding:
        cls = found.cls
        entity = _meant(facts, cls.name)
        if found.kind == "not called":
            message = f"The class `{cls.name}` itself is handed to {where}, not one of its objects."
            fix = f"Call it: `{cls.name}(…)`."
        else:
            message = f"`{cls.name}` in {where} is {found.what}, and not mapped to a table."
            fix = (
                f"Use the entity `{entity}`; build it from the fields of `{cls.name}`."
                if entity is not None and found.kind == "object"
                else f"Use the entity `{entity}`."
                if entity is not None
                else f"Map `{cls.name}` to a table, or use a class that is mapped."
            )
        kind = "object" if found.kind == "not called" else found.kind
        return self.finding(
            path,
            node,
            message=message,
            why=_WHY[kind].format(name=cls.name),
            fix=fix,
            subject=f"{where} takes {cls.name}",
            related=[Related(cls.module.path, cls.node.line, f"{cls.name} is defined here")],
            repository_wide=found.kind == "relation",
        )


class _Unmapped:
    """The classes of the tree that surely no ORM maps."""

    def __init__(self, facts: Facts, certain: Certain) -> None:
        self._facts = facts
        self._model = facts.model
        self._certain = certain

    def misplaced(self, classes: frozenset[ClassInfo] | None, kind: str) -> Misplaced | None:
        """The class that stands in the wrong place, where all that may stand there do."""
        if not classes:
            return None
        whats = {cls: self.what(cls) for cls in classes}
        if not all(whats.values()):
            return None
        cls = min(classes, key=lambda item: item.qualname)
        return Misplaced(cls, kind, str(whats[cls]))

    def not_called(self, classes: frozenset[ClassInfo] | None) -> Misplaced | None:
        if not classes or len(classes) != 1:
            return None
        (cls,) = classes
        mapped = self._facts.entities.of_class(cls) is not None
        return Misplaced(cls, "not called", "") if mapped else None

    def what(self, cls: ClassInfo) -> str | None:
        """What the class is instead of an entity; None where it may be one."""
        if self._mapped is None or cls in self._mapped or is_outside(cls.module.path):
            return None
        said = ""
        for owner in self._around(cls):
            if self._facts.entities.of_class(owner) is not None or self._may_be_mapped(owner):
                return None
        for owner in self._certain.lineage(cls):
            names = {decorator_name(item) for item in owner.node.decorators}
            if names - _DATACLASS - {"final", "total_ordering"}:
                return None
            if {"__tablename__", "__table__", "__clause_element__", "__mapper__"} & (
                self._model.member_names(owner)
            ):
                return None
            said = said or ("a dataclass" if names & _DATACLASS else "")
            for base in self._model.bases(owner):
                if isinstance(base, ExternalValue):
                    said = said or _PLAIN_BASES[base.path]
        return said or "a plain class"

    def _around(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        """The class, what inherits from it (an object may be one of those), and all their bases."""
        for item in (cls, *self._certain.family(cls)):
            yield from self._certain.lineage(item)

    def _may_be_mapped(self, cls: ClassInfo) -> bool:
        """Does a base that is not known, or one of a library, perhaps map the class?"""
        bases = self._model.bases(cls)
        written = [base for base in cls.node.bases if base.keyword is None]
        return (
            len(bases) < len(written)
            or any(base.star or base.keyword == "table" for base in cls.node.bases)
            or any(isinstance(b, ExternalValue) and b.path not in _PLAIN_BASES for b in bases)
        )

    @cached_property
    def _mapped(self) -> frozenset[ClassInfo] | None:
        """The classes that are mapped by a call; None where they cannot all be told."""
        found: set[ClassInfo] = set()
        for function in self._model.functions.values():
            if function.module.language != "python":
                continue
            for call in self._model.calls_in(function):
                func = call.func
                name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
                first = call.argument(0)
                if name not in _MAPPING or first is None:
                    continue
                values = self._model.evaluate(first)
                if not values:
                    return None
                found |= {value.cls for value in values if isinstance(value, ClassValue)}
        return frozenset(found)


def _wanted(facts: Facts, call: s.Call) -> tuple[str, str] | None:
    """What the call is, and whether it wants objects or classes of entities."""
    func = call.func
    name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
    if not call.args or (isinstance(func, s.Attribute) and name not in _METHODS):
        return None
    values = facts.model.evaluate(func)
    if len(values) != 1:
        return None
    value = next(iter(values))
    if not isinstance(value, ExternalValue):
        return None
    match = _SESSION.match(value.path)
    if match is not None:
        if match[1] in _OF_OBJECTS:
            return match[1], "object"
        return (match[1], "class") if match[1] in _OF_CLASSES else None
    match = _BUILDER.match(value.path)
    return (match[1], "class") if match is not None else None


def _arguments(call: s.Call, name: str) -> Iterator[s.Expr]:
    """The arguments that have to be entities."""
    given = [item.value for item in call.args if not item.star and item.keyword is None]
    if name == "add_all":
        for item in given[:1]:
            if isinstance(item, s.Sequence):
                yield from item.items
        return
    several = name in ("select", "query")
    yield from given if several else given[:1]


def _meant(facts: Facts, name: str) -> str | None:
    """The entity that a schema of that name goes with."""
    names = [item.name for item in facts.entities if item.cls is not None and not item.abstract]
    begins = [item for item in names if name.startswith(item) and item != name]
    return max(begins, key=len) if begins else nearest(name, [n for n in names if n != name])
