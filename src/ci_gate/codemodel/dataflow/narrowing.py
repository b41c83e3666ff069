"""What a test tells of the names in it, in the branch that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import objects
from ci_gate.codemodel.dataflow.domain import (
    ClassItem,
    Const,
    Frame,
    Instance,
    Item,
    Library,
    Many,
    Ref,
    Statement,
    Table,
    Typed,
    Val,
    without_none,
)
from ci_gate.codemodel.dataflow.lineages import lineage
from ci_gate.codemodel.model import ClassInfo

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

#: Classes of Python whose objects are known as such.
_KINDS: Final = frozenset({"list", "dict"})
_IS_PLAIN: Final = frozenset({
    "isidentifier", "isalnum", "isalpha", "isdigit", "isdecimal", "isnumeric",
})  # fmt: skip


def narrow(machine: Machine, test: s.Expr, frame: Frame, *, positive: bool) -> None:
    """What a test tells of a name: not None, of a class, one of a closed set."""
    match test:
        case s.Unary(op="not", value=inner):
            narrow(machine, inner, frame, positive=not positive)
        case s.Binary(op="and", left=left, right=right) if positive:
            narrow(machine, left, frame, positive=True)
            narrow(machine, right, frame, positive=True)
        case s.Binary(op="or", left=left, right=right) if not positive:
            narrow(machine, left, frame, positive=False)
            narrow(machine, right, frame, positive=False)
        case s.Name(id=name) if positive:
            _drop_none(frame, name)
        case s.Binary(op=op, left=s.Name(id=name), right=s.Literal(value=None)):
            if (op in ("is not", "!=")) == positive and op in ("is", "is not", "==", "!="):
                _drop_none(frame, name)
        case s.Binary(op=op, left=s.Name(id=name)) if op in ("in", "not in", "=="):
            if (op in ("in", "==")) == positive:
                _checked(frame, name)
            _of_texts(frame, name, test.right, positive=(op in ("in", "==")) == positive)
        case s.Binary(op=op, left=s.Attribute() | s.Subscript() as left) if op in ("in", "not in"):
            machine.run.checked |= machine.evaluate(left, frame).sources
        case s.Binary(
            op="is" | "is not" | "==" | "!=" as op,
            left=s.Attribute(value=s.Name(id=name), name="model"),
            right=right,
        ):
            _of_model(machine, frame, name, right, positive=(op in ("is", "==")) == positive)
        case s.Binary(op="in" | "not in", left=s.Literal(value=str() as name)):
            machine.run.named.add(name)
        case s.Call(func=s.Name(id="hasattr"), args=[_, s.Argument(value=s.Literal(value=name))]):
            machine.run.named.add(str(name))
        case s.Call(func=s.Name(id="isinstance"), args=[first, second]):
            if isinstance(first.value, s.Name):
                _of_class(machine, frame, first.value.id, second.value, positive=positive)
        case s.Binary(op=op, left=left) if op in ("==", "in", "is"):
            typed = _typed_name(left)
            if positive and typed is not None:
                _forget(frame, typed)
        case s.Call(
            func=s.Attribute(value=s.Name(id=name), name="startswith" | "endswith" as method),
            args=[s.Argument(value=s.Literal(value=str() as text))],
        ):
            _keep(frame, name, lambda given: getattr(given, method)(text) == positive)
        case s.Call(func=s.Attribute(value=s.Name(id=name), name=method)) if method in _IS_PLAIN:
            if positive:
                _checked(frame, name)
        case s.Call(func=s.Attribute(name=method), args=args) if method in ("match", "fullmatch"):
            for argument in args:
                if positive and isinstance(argument.value, s.Name):
                    _checked(frame, argument.value.id)


def is_another(machine: Machine, test: s.Expr, frame: Frame, *, positive: bool) -> bool:
    """Whether the test asks for the class of rows that are all of another. What else the rows
    decided (the lines of an order, not those of a cart) is of the other class, too, so that the
    branch would be followed with values that never get there."""
    match test:
        case s.Unary(op="not", value=inner):
            return is_another(machine, inner, frame, positive=not positive)
        case s.Binary(op="and", left=left, right=right) if positive:
            return is_another(machine, left, frame, positive=True) or is_another(
                machine, right, frame, positive=True
            )
        case s.Call(func=s.Name(id="isinstance"), args=[s.Argument(value=s.Name(id=name)), second]):
            value = frame.names.get(name)
            if value is None or not value.known:
                return False
            classes = _classes(machine, second.value, frame)
            return (
                classes is not None
                and all(isinstance(item, Instance) for item in value.items)
                and not _fitting(machine, value, classes, positive=positive)
            )
    return False


def _of_class(machine: Machine, frame: Frame, name: str, given: s.Expr, *, positive: bool) -> None:
    """``isinstance(name, given)``: what cannot be of the class is no longer meant."""
    value = frame.names.get(name)
    if value is None:
        return
    classes = _classes(machine, given, frame)
    if classes is None:
        others = () if positive else _of_no_kind(machine, value, given)
        if others:
            frame.names[name] = Val(others, value.sources, value.partial)
        elif others is not None:
            _forget(frame, name)
        return
    kept = _fitting(machine, value, classes, positive=positive)
    if kept:
        frame.names[name] = Val(kept, value.sources, value.partial)
    else:
        _forget(frame, name)


def _of_no_kind(machine: Machine, value: Val, given: s.Expr) -> tuple[Item, ...] | None:
    """What of the value is neither list nor dict, after a test for one of them; None where the test
    is for something else."""
    kind = given.id if isinstance(given, s.Name) else ""
    if kind not in _KINDS:
        return None
    return tuple(
        item
        for item in value.items
        if not (
            (kind == "list" and isinstance(item, Many))
            or (isinstance(item, Ref) and machine.thing(item).kind == kind)
            or (isinstance(item, Library) and item.path == f"builtins.{kind}()")
        )
    )


def _of_model(machine: Machine, frame: Frame, name: str, given: s.Expr, *, positive: bool) -> None:
    """``name.model is given``: a query set of another model is no longer meant."""
    value = frame.names.get(name)
    classes = _classes(machine, given, frame)
    if value is None or classes is None:
        return
    kept: list[Item] = []
    for item in value.items:
        entity = item.entity() if isinstance(item, Statement) else None
        if entity is None or entity.cls is None or (entity.cls in classes) == positive:
            kept.append(item)
    if kept:
        frame.names[name] = Val(tuple(kept), value.sources, value.partial)
    else:
        _forget(frame, name)


def _classes(machine: Machine, given: s.Expr, frame: Frame) -> frozenset[ClassInfo] | None:
    """The classes of the tree that a test names; None if one is not known."""
    found: set[ClassInfo] = set()
    for expr in given.items if isinstance(given, s.Sequence) else [given]:
        item = machine.evaluate(expr, frame).only()
        cls = item.entity.cls if isinstance(item, Table) else getattr(item, "cls", None)
        if not isinstance(item, Table | ClassItem) or cls is None:
            return None
        found.add(cls)
    return frozenset(found)


def _fitting(
    machine: Machine, value: Val, classes: frozenset[ClassInfo], *, positive: bool
) -> tuple[Item, ...]:
    """The items that may be of one of the classes (or, not positive, of none)."""
    return tuple(item for item in value.items if _may_be(machine, item, classes, positive=positive))


def _may_be(machine: Machine, item: Item, classes: frozenset[ClassInfo], *, positive: bool) -> bool:
    """May ``item`` stand for an object of one of the classes (or, not positive, of none)?"""
    if isinstance(item, Instance):
        own = item.entity.cls
    elif isinstance(item, Typed):
        own = item.cls
    elif isinstance(item, Statement | Const | Many):
        return not positive
    else:
        return True
    if own is None:
        return True
    is_one = not classes.isdisjoint(lineage(machine, own))
    if not positive:
        return not is_one
    return is_one or any(own in lineage(machine, cls) for cls in classes)


def _typed_name(left: s.Expr) -> str | None:
    """``name`` in ``type(name)`` and ``type(name).__name__``."""
    inner = left.value if isinstance(left, s.Attribute) and left.name == "__name__" else left
    match inner:
        case s.Call(func=s.Name(id="type"), args=[s.Argument(value=s.Name(id=name))]):
            return name
    return None


def _forget(frame: Frame, name: str) -> None:
    """The name stands for something that is not followed."""
    value = frame.names.get(name)
    if value is not None:
        frame.names[name] = Val((), value.sources, True)


def _checked(frame: Frame, name: str) -> None:
    """The text is one of a closed set, or of a known form."""
    value = frame.names.get(name)
    if value is not None:
        frame.names[name] = objects.checked(value)


def _of_texts(frame: Frame, name: str, given: s.Expr, *, positive: bool) -> None:
    """``name == "new"``, ``name in ("new", "old")``: other texts are no longer meant."""
    parts = given.items if isinstance(given, s.Sequence) else [given]
    texts = [part.value for part in parts if isinstance(part, s.Literal)]
    if texts and len(texts) == len(parts) and all(isinstance(text, str) for text in texts):
        _keep(frame, name, lambda text: (text in texts) == positive)


def _keep(frame: Frame, name: str, fits: Callable[[str], bool]) -> None:
    """Of the texts that a name may be, those that fit."""
    value = frame.names.get(name)
    if value is None:
        return
    kept = tuple(
        item
        for item in value.items
        if not (isinstance(item, Const) and isinstance(item.value, str)) or fits(item.value)
    )
    if len(kept) < len(value.items):
        frame.names[name] = Val(kept, value.sources, value.partial)


def _drop_none(frame: Frame, name: str) -> None:
    value = frame.names.get(name)
    if value is not None and len(value.items) > 1:
        frame.names[name] = without_none(value)
