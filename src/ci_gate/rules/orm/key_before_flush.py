from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.dataflow.events import (
    Attribute,
    Event,
    KeyRead,
    Place,
    Ran,
    Run,
    Settled,
    Wrote,
)
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
_BINDING: Final = frozenset({"append", "extend"})
_WRITING: Final = frozenset({"flush", "commit"})
_PLAIN: Final = frozenset({"staticmethod", "classmethod"})
_LEVELS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


class KeyBeforeFlush(Rule):
    """The key of a new object is read before the object is written.

    `session.add(comment)` in the repository, and `comment.id` in the presenter or as the foreign
    key of another object, with no flush, commit or query in between.

    ## Why is this bad?
    The database gives the key when the INSERT runs, and that is at the flush. Until then the
    attribute is None: the answer has no id, the foreign key is NULL.

    ## Fix
    `flush()` after `add()` (of an AsyncSession with `await`), or set the relationship in place of
    the key.

    ## Silent on
    Keys that the code gives itself, keys that are foreign keys, entities with a constructor of
    their own, objects that a session did not surely get, and requests that run a statement in
    between, which flushes first. Keys that are only logged. Objects that a decorated function adds,
    where its decorator may have written them.

    ## Source
    SQLAlchemy, "Session Basics: Flushing".
    """

    id = "orm/key-before-flush"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for run in facts.flows.runs:
            for event in _early(facts, run):
                if event.place.node in seen:
                    continue
                seen.add(event.place.node)
                yield self._found(run, event)

    def _found(self, run: Run, event: KeyRead) -> Finding:
        entity, name = event.item.entity, event.name
        added = _added(run.events, event)
        return self.finding(
            event.place.path,
            spot(event.place.node),
            message=f"`{name}` is read of a new {entity.name} that {entry(run)} has not flushed "
            "yet.",
            why=f"The database gives the key with the INSERT: until the flush `{name}` is None.",
            fix=f"Flush the session after the {entity.name} was added to it.",
            subject=f"{entity.name}.{name} before flush",
            related=[Related(added.place.path, added.place.node.line, "it is added here")]
            if added is not None
            else [],
        )


def _early(facts: Facts, run: Run) -> Iterator[KeyRead]:
    for index, event in enumerate(run.events):
        if not isinstance(event, KeyRead) or event.item.entity.kind not in _KINDS:
            continue
        entity = event.item.entity
        column = entity.columns[event.name]
        if column.foreign_key is not None or len(entity.primary_key()) != 1:
            continue
        if entity.cls is None or facts.model.method(entity.cls, "__init__") is not None:
            continue
        if _is_made_with(facts, entity, column) or _is_logged(event):
            continue
        if _is_given(run.events, event):
            continue
        if _is_waiting(run.events, index, event):
            yield event


def _is_made_with(facts: Facts, entity: Entity, column: Column) -> bool:
    """Does the constructor give the key, by a factory of a dataclass or of SQLModel?"""
    first, _, last, _ = column.span
    lines = facts.model.tree.text(column.path).splitlines()[first - 1 : last]
    text = " ".join(lines)
    return "default_factory" in text or (entity.kind == "sqlmodel" and "None" not in text)


def _is_logged(read: KeyRead) -> bool:
    """Is the key only told in the log?"""
    for call in s.walk(read.place.function.node):
        if isinstance(call, s.Call) and isinstance(call.func, s.Attribute):
            named = call.func.name in _LEVELS
            if named and any(node is read.place.node for node in s.walk(call)):
                return True
    return False


def _is_given(events: Sequence[Event], read: KeyRead) -> bool:
    """Is the key set by the code?"""
    return any(
        isinstance(event, Attribute)
        and event.name == read.name
        and event.entity is read.item.entity
        and event.how in ("keyword", "set")
        for event in events
    )


def _is_waiting(events: Sequence[Event], index: int, read: KeyRead) -> bool:
    """Has nothing written the object since it was added, or since it was made, if it is added
    afterwards?"""
    for event in reversed(events[:index]):
        if isinstance(event, Ran) or (isinstance(event, Settled) and event.how in _WRITING):
            return False
        if isinstance(event, Wrote) and _adds(event, read):
            return not _is_wrapped(event.place, read)
        if isinstance(event, Attribute) and event.place.node is read.item.origin:
            return any(
                isinstance(item, Wrote) and _adds(item, read) and _is_straight(event, read, item)
                for item in events[index:]
            )
    return False


def _is_straight(made: Attribute, read: KeyRead, added: Wrote) -> bool:
    """Do the three stand in one function, and nothing between them that could write the object or
    bind what holds its key to it?"""
    function = read.place.function
    if made.place.function is not function or added.place.function is not function:
        return False
    first, last = made.place.node.span[2:], read.place.node.span[:2]
    if not first < last:
        return False
    for call in s.walk(function.node):
        if not isinstance(call, s.Call):
            continue
        name = call.func.name if isinstance(call.func, s.Attribute) else ""
        if name in _BINDING:
            return False
        if first < call.span[:2] < last and call.span[2:] < last:
            return False
    return True


def _is_wrapped(place: Place, read: KeyRead) -> bool:
    """Was a decorated function, which the read is outside of, left after this place?"""
    around = {function for _, function in read.place.calls} | {read.place.function}
    left = [*(function for _, function in place.calls), place.function]
    return any(
        function.parent is not None
        or (
            isinstance(function.node, s.Function)
            and any(decorator_name(item) not in _PLAIN for item in function.node.decorators)
        )
        for function in left
        if function not in around
    )


def _adds(event: Wrote, read: KeyRead) -> bool:
    same = read.session is None or event.session is None or event.session.id == read.session.id
    return same and event.what == f"add({read.item.entity.name})"


def _added(events: Sequence[Event], read: KeyRead) -> Wrote | None:
    return next((e for e in events if isinstance(e, Wrote) and _adds(e, read)), None)
