"""Attributes that classes which work with stored data are asked for and do not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._members import Members
from ci_gate.rules.orm._reads import Use

_PROTOCOLS: Final = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_PARTIAL: Final = ("Mixin", "Base", "Abstract", "Interface", "Protocol")


class DataClasses:
    """The classes of the tree that reach the database: repositories, services, units of work."""

    def __init__(self, facts: Facts, certain: Certain, members: Members) -> None:
        self._facts = facts
        self._model = facts.model
        self._certain = certain
        self._members = members
        self._touching = {function.cls for function in self._reaching()} - {None}
        self._data: dict[ClassInfo, bool] = {}

    def lacks(self, use: Use) -> frozenset[str] | None:
        """The names that the holders have, where none of them has the one that is asked for."""
        name = use.node.name
        have: set[str] = set()
        for cls in use.holders:
            if not self.holds(cls) or self._is_open(cls, use):
                return None
            names = self._members.of_class(cls)
            if names is None or name in names or self._members.set_elsewhere(cls, name):
                return None
            have |= names
        return None if self._members.is_loose(name) else frozenset(have)

    def _is_open(self, cls: ClassInfo, use: Use) -> bool:
        """Objects of another class of the same shape may stand here."""
        for owner in self._certain.lineage(cls):
            for base in self._model.bases(owner):
                if isinstance(base, ExternalValue) and base.path in _PROTOCOLS:
                    return True
        mine = use.function.cls is not None and cls in self._certain.lineage(use.function.cls)
        return mine and any(word in cls.name for word in _PARTIAL)

    def holds(self, cls: ClassInfo) -> bool:
        """The class is one of those."""
        if cls not in self._data:
            owners = {*self._certain.lineage(cls), *self._certain.family(cls)}
            self._data[cls] = False
            self._data[cls] = self._facts.entities.of_class(cls) is None and (
                not owners.isdisjoint(self._touching)
                or any(self._holds_data(owner) for owner in owners)
            )
        return self._data[cls]

    def _holds_data(self, cls: ClassInfo) -> bool:
        """One of its fields is typed as such a class (a container of services)."""
        scope = self._model.class_scope(cls)
        for statement in cls.node.body:
            if isinstance(statement, s.Assign) and statement.annotation is not None:
                written = self._certain.typed(statement.annotation, scope) or ()
                if any(self.holds(item) for item in written):
                    return True
        return False

    def _reaching(self) -> set[FunctionInfo]:
        """The functions that query or lead to a query."""
        queue = [item.function for found in self._facts.access.by_module().values()
                 for item in found]  # fmt: skip
        found: set[FunctionInfo] = set()
        while queue:
            function = queue.pop()
            if function in found:
                continue
            found.add(function)
            queue += [edge.caller for edge in self._model.callers(function)]
        return found


def lacking(
    facts: Facts, certain: Certain, members: Members, found: list[Use]
) -> Iterator[tuple[Use, frozenset[str]]]:
    """The reads and calls that fail, with the names that would not."""
    classes: DataClasses | None = None
    for use in found:
        if use.how == "set" or use.node.name.startswith("__"):
            continue
        if any(facts.entities.of_class(cls) is not None for cls in use.holders):
            continue
        classes = classes or DataClasses(facts, certain, members)
        names = classes.lacks(use)
        if names is not None:
            yield use, names
