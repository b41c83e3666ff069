"""Classes of ``ci_gate.data`` are what the standard decorator makes, frozen fields aside."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field, fields, replace
from typing import Any, ClassVar

import pytest

from ci_gate import data

FORMS: list[dict[str, bool]] = [
    {"frozen": True, "slots": True},
    {"slots": True},
    {"slots": True, "eq": False},
    {"frozen": True, "slots": True, "eq": False},
    {"frozen": True, "slots": True, "order": True},
    {"slots": True, "eq": False, "repr": False},
]


@data.dataclass(frozen=True, slots=True)
class Kept:
    """One that can be found by its name."""

    one: int
    more: tuple[int, ...] = ()


@data.dataclass(slots=True)
class Circle:
    inside: list[Circle] = field(default_factory=list)


def _family(decorate: Any, form: dict[str, bool]) -> list[type]:
    @decorate(**form)
    class Base:
        """A base."""

        shared: ClassVar[int] = 3
        first: int
        second: str = "b"

    @decorate(**form)
    class Below(Base):
        third: list[int] = field(default_factory=list, compare=False)
        fourth: int = field(default=4, kw_only=True, repr=False)
        fifth: int = field(default=5, init=False)

        def total(self) -> int:
            return self.first + self.fourth + self.shared

    @decorate(**form)
    class Empty(Base):
        pass

    @decorate(**form)
    class Own:
        name: str

        def __post_init__(self) -> None:
            LOG.append(self.name)

        def __repr__(self) -> str:
            return f"<{self.name}>"

        def __hash__(self) -> int:
            return 7

    class Plain(Below):
        """No dataclass itself."""

    return [Base, Below, Empty, Own, Plain]


LOG: list[str] = []
CALLS: list[tuple[int, tuple[Any, ...], dict[str, Any]]] = [
    (0, (1,), {}),
    (0, (1, "x"), {}),
    (0, (), {"second": "x", "first": 1}),
    (1, (1,), {}),
    (1, (1,), {"third": [1]}),
    (1, (1, "b", [2]), {"fourth": 9}),
    (2, (1,), {}),
    (3, ("name",), {}),
    (3, ("other",), {}),
    (4, (1,), {"fourth": 2}),
    (0, (), {}),
    (0, (1, "x", 3), {}),
    (1, (1,), {"fifth": 1}),
    (1, (1, "b", [2], 9), {}),
    (3, (), {"nobody": 1}),
]


def _made(family: list[type], call: tuple[int, tuple[Any, ...], dict[str, Any]]) -> Any:
    number, given, named = call
    try:
        return family[number](*given, **named)
    except TypeError:
        return "no"


def _asked(question: Any, *things: Any) -> object:
    try:
        return question(*things)
    except TypeError:
        return "no"


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_answers_what_the_standard_ones_do(form: dict[str, bool]) -> None:
    ours, standard = _family(data.dataclass, form), _family(dataclasses.dataclass, form)
    here, there = ([_made(family, call) for call in CALLS] for family in (ours, standard))
    again, anew = ([_made(family, call) for call in CALLS] for family in (ours, standard))
    assert [item == "no" for item in here] == [item == "no" for item in there]
    if form.get("repr", True):
        assert list(map(repr, here)) == list(map(repr, there))
    for question in (lambda a, b: a == b, lambda a, b: a != b, lambda a, b: a < b):
        mine = [_asked(question, a, b) for a in here for b in again]
        assert mine == [_asked(question, a, b) for a in there for b in anew]
    hashed = [_asked(lambda a, b: hash(a) == hash(b), a, b) for a in here for b in again]
    assert hashed == [
        _asked(lambda a, b: hash(a) == hash(b), a, b) for a in there for b in anew
    ]  # fmt: skip
    for mine, theirs in zip(ours, standard, strict=True):
        assert [item.name for item in fields(mine)] == [item.name for item in fields(theirs)]
        assert mine.__match_args__ == theirs.__match_args__  # type: ignore[attr-defined]
        assert getattr(mine, "__slots__", None) == getattr(theirs, "__slots__", None)


def test_is_replaced_copied_and_pickled() -> None:
    item = Kept(1)
    assert replace(item, more=(2,)) == Kept(1, (2,))
    assert copy.deepcopy(item) == pickle.loads(pickle.dumps(item)) == item
    assert {item: 1}[Kept(1)] == 1
    match item:
        case Kept(one, more):
            assert (one, more) == (1, ())
    assert dataclasses.asdict(item) == {"one": 1, "more": ()}


def test_shows_a_circle() -> None:
    circle = Circle()
    circle.inside.append(circle)
    assert repr(circle) == "Circle(inside=[...])"


def test_methods_are_made_once() -> None:
    Kept(1)
    made = Kept.__init__
    Kept(2)
    assert Kept.__init__ is made
    assert made.__qualname__ == "Kept.__init__"
    assert made.__module__ == __name__
