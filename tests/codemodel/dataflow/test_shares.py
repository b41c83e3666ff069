"""Entry points followed in two processes: the same runs, of the same program."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.build import build
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.dataflow import shares
from ci_gate.codemodel.dataflow.events import Loaded, Ran, Run
from ci_gate.codemodel.dataflow.flows import Flows
from ci_gate.codemodel.dataflow.parcels import Parcels
from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.model import CodeModel
from ci_gate.parallel import WorkerDied, can_fork
from support.flows import in_words
from support.trees import MemoryTree

pytestmark = pytest.mark.skipif(not can_fork(), reason="this platform does not fork")

MODELS = """
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

class Base(DeclarativeBase):
    pass

class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))

make_session = sessionmaker(create_engine("postgresql://db/app"))
"""
ROUTES = """
from fastapi import APIRouter
from sqlalchemy import select
from models import Shelf, make_session

router = APIRouter()
"""
ROUTE = """
@router.get("/shelves/{number}")
def shelves_{number}(limit: int = 10):
    with make_session() as session:
        rows = session.scalars(select(Shelf).limit(limit)).all()
        return [[book.id for book in row.books] for row in rows]

def count_{number}():
    with make_session() as session:
        return session.scalar(select(Shelf.id))
"""


@pytest.fixture
def model() -> CodeModel:
    files = {"models.py": MODELS}
    for number in range(6):
        routes = [ROUTE.replace("{number}", f"{number}_{one}") for one in range(20)]
        files[f"routes{number}.py"] = ROUTES + "".join(routes)
    return build(MemoryTree(files))


def followed(model: CodeModel, jobs: int = 2) -> Flows:
    return Flows(model, Entities(model), DataAccess(model), jobs)


def said(runs: Iterator[Run] | list[Run]) -> list[tuple[str, list[str | None]]]:
    return [(run.entry.qualname, [in_words(event) for event in run.events]) for run in runs]


def test_two_processes_tell_what_one_tells(
    model: CodeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = followed(model)
    one_by_one = followed(model, jobs=1)
    monkeypatch.setattr(shares, "_MIN_ENTRIES", 1_000)
    alone = followed(model)
    assert len(alone.runs) == 240
    assert said(list(together.runs)) == said(list(alone.runs)) == said(list(one_by_one.runs))


def test_what_is_told_of_is_the_program_itself(model: CodeModel) -> None:
    flows = followed(model)
    known = {node for module in model.modules.values() for node in s.walk(module)}
    for run in flows.of_routes():
        assert run.route in model.routes
        assert run.entry is model.functions[run.entry.qualname]
        for event in run.events:
            assert event.place.node in known
            assert event.place.function is model.functions[event.place.function.qualname]
        loaded = [event for event in run.events if isinstance(event, Loaded)]
        assert [event.instance.entity.name for event in loaded] == ["Shelf"]
        ran = next(event for event in run.events if isinstance(event, Ran))
        assert ran.statement is not None
        assert flows.file_of(ran.statement.node, run) == run.entry.module.path


def test_what_only_one_process_has_is_sent(model: CodeModel) -> None:
    flows = followed(model)
    entities = Entities(model)
    parcels = Parcels(model, entities)
    own = s.Name((1, 1, 1, 1), "own")
    route = model.routes[0]
    packed = parcels.pack([own, (own, route), {own: "a"}, flows.runs[0].entry])
    assert packed is not None
    first, (second, same), mapping, entry = parcels.unpack(packed)
    assert first is second
    assert first.id == "own"
    assert mapping == {first: "a"}
    assert same is route
    assert entry is flows.runs[0].entry


def test_what_both_processes_have_stays_the_same_object(model: CodeModel) -> None:
    parcels = Parcels(model, Entities(model))
    known = {node for module in model.modules.values() for node in s.walk(module)}
    made = model.make_up(s.Name((1, 1, 1, 1), "a library's"))
    packed = parcels.pack([*known, made])
    assert packed is not None
    *found, other = parcels.unpack(packed)
    assert {id(node) for node in found} == {id(node) for node in known}
    assert other is not made
    assert other.id == made.id


def test_a_share_that_is_lost_is_told_to_all_who_ask(
    model: CodeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()
    follow = shares.Shares._followed

    def dies(*args: object) -> dict[int, Run]:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return follow(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(shares.Shares, "_followed", dies)
    flows = followed(model)
    for _ in range(2):
        with pytest.raises(WorkerDied, match="out of memory"):
            _ = flows.runs


def test_what_nests_too_deeply_is_followed_here(
    model: CodeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Parcels, "pack", lambda *_: None)
    assert len(followed(model).runs) == 240
