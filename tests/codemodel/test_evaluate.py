import pytest

from support.programs import Program

SESSIONS = {
    "sessionmaker": """
        from sqlalchemy import create_engine
        from sqlalchemy.orm import sessionmaker
        Session = sessionmaker(bind=create_engine("sqlite://"))
        probe(Session())
    """,
    "scoped_session": """
        from sqlalchemy.orm import scoped_session, sessionmaker
        session = scoped_session(sessionmaker())
        probe(session)
    """,
    "with_block": """
        from sqlalchemy.orm import Session
        with Session(engine) as session:
            probe(session)
    """,
    "sessionmaker_begin": """
        from sqlalchemy.orm import sessionmaker
        factory = sessionmaker()
        with factory.begin() as session:
            probe(session)
    """,
    "annotated_parameter": """
        from sqlalchemy.orm.session import Session
        def find(session: Session | None):
            probe(session)
    """,
    "string_annotation": """
        from typing import Optional
        from sqlalchemy.orm import Session
        def find(session: "Optional[Session]"):
            probe(session)
    """,
    "flask_sqlalchemy": """
        from flask_sqlalchemy import SQLAlchemy
        db = SQLAlchemy()
        probe(db.session)
    """,
    "sqlmodel": """
        from sqlmodel import Session
        probe(Session())
    """,
    "fastapi_dependency": """
        from fastapi import Depends
        from sqlalchemy.orm import sessionmaker
        Local = sessionmaker()
        def get_db():
            db = Local()
            try:
                yield db
            finally:
                db.close()
        def read(db=Depends(get_db)):
            probe(db)
    """,
    "annotated_dependency": """
        from typing import Annotated, Any
        from fastapi import Depends
        from sqlalchemy.orm import sessionmaker
        Local = sessionmaker()
        def get_db():
            yield Local()
        Db = Annotated[Any, Depends(get_db)]
        def read(db: Db):
            probe(db)
    """,
    "generator_annotation": """
        from collections.abc import Generator
        from fastapi import Depends
        from sqlalchemy.orm import Session
        def get_db() -> Generator[Session, None, None]:
            yield make()
        def read(db=Depends(get_db)):
            probe(db)
    """,
    "context_manager_function": """
        from contextlib import contextmanager
        from sqlalchemy.orm import sessionmaker
        Local = sessionmaker()
        @contextmanager
        def scope():
            yield Local()
        with scope() as session:
            probe(session)
    """,
    "global_set_in_function": """
        from sqlalchemy.orm import sessionmaker
        session = None
        def init():
            global session
            session = sessionmaker()()
        probe(session)
    """,
}


@pytest.mark.parametrize("case", SESSIONS)
def test_all_ways_to_a_session_are_one_value(case: str) -> None:
    assert Program({"app.py": SESSIONS[case]}).probe() == ["sqlalchemy.orm.Session()"]


EXTERNALS = {
    "sqlalchemy.ext.asyncio.AsyncSession()": """
        from sqlalchemy.ext.asyncio import async_sessionmaker
        Local = async_sessionmaker()
        async def run():
            async with Local() as session:
                probe(session)
    """,
    "sqlalchemy.Engine()": """
        from sqlalchemy import create_engine
        probe(create_engine("sqlite://"))
    """,
    "sqlalchemy.Connection()": """
        from sqlalchemy import create_engine
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            probe(connection)
    """,
    "sqlite3.Cursor()": """
        import sqlite3
        probe(sqlite3.connect("x.db").cursor())
    """,
    "asyncpg.Connection()": """
        import asyncpg
        async def run():
            pool = await asyncpg.create_pool()
            async with pool.acquire() as connection:
                probe(connection)
    """,
    "fastapi.APIRouter()": """
        from fastapi.routing import APIRouter
        probe(APIRouter())
    """,
    "aiohttp.web.Application()": """
        from aiohttp import web
        probe(web.Application())
    """,
}


@pytest.mark.parametrize("path", EXTERNALS)
def test_library_objects_have_one_path(path: str) -> None:
    assert Program({"app.py": EXTERNALS[path]}).probe() == [path]


def test_injected_repository_without_annotation() -> None:
    program = Program(
        {
            "repo.py": "class UserRepo:\n    def find(self): ...\n",
            "service.py": """
                class UserService:
                    def __init__(self, repo):
                        self._repo = repo
                    def get(self):
                        probe(self._repo.find)
            """,
            "main.py": """
                from repo import UserRepo
                from service import UserService
                service = UserService(UserRepo())
            """,
        }
    )
    assert program.probe() == ["repo.py::UserRepo.find"]


def test_injection_by_keyword_through_subclass_constructor() -> None:
    program = Program(
        {
            "app.py": """
                class Repo: ...
                class Base:
                    def __init__(self, *, repo):
                        self.repo = repo
                class Service(Base):
                    def run(self):
                        probe(self.repo)
                Service(repo=Repo())
            """
        }
    )
    assert program.probe() == ["a Repo"]


def test_super_constructor_passes_on() -> None:
    program = Program(
        {
            "app.py": """
                class Repo: ...
                class Base:
                    def __init__(self, repo):
                        self.repo = repo
                        probe(self.repo)
                class Service(Base):
                    def __init__(self):
                        super().__init__(Repo())
            """
        }
    )
    assert program.probe() == ["a Repo"]


def test_test_doubles_do_not_reach_production_parameters() -> None:
    program = Program(
        {
            "service.py": """
                class Service:
                    def __init__(self, repo):
                        self.repo = repo
                    def run(self):
                        probe(self.repo)
            """,
            "main.py": """
                from service import Service
                class Repo: ...
                Service(Repo())
            """,
            "tests/test_service.py": """
                from service import Service
                class FakeRepo: ...
                Service(FakeRepo())
            """,
        }
    )
    assert program.probe() == ["a Repo"]


def test_generic_base_is_fixed_by_subclass() -> None:
    program = Program(
        {
            "base.py": """
                from typing import Generic, TypeVar
                T = TypeVar("T")
                class Repository(Generic[T]):
                    model: type[T]
                    def get(self) -> T | None:
                        return None
                    def all(self) -> list[T]:
                        return []
            """,
            "app.py": """
                from base import Repository
                class User: ...
                class UserRepository(Repository[User]): ...
                repo = UserRepository()
                probe(repo.model)
                probe(repo.get())
                for user in repo.all():
                    probe(user)
            """,
        }
    )
    assert program.probes() == [["class User"], ["a User"], ["a User"]]


def test_generic_base_through_intermediate_class() -> None:
    program = Program(
        {
            "app.py": """
                from typing import Generic, TypeVar
                T = TypeVar("T")
                class Repository(Generic[T]):
                    def get(self) -> T: ...
                class Cached(Repository[T]): ...
                class User: ...
                class Users(Cached[User]): ...
                probe(Users().get())
            """,
        }
    )
    assert program.probe() == ["a User"]


def test_dataclass_container_of_services_with_callable_field() -> None:
    program = Program(
        {
            "container.py": """
                from __future__ import annotations
                from collections.abc import Callable
                from dataclasses import dataclass
                from uow import UnitOfWork

                @dataclass(frozen=True)
                class Services:
                    unit_of_work: Callable[[], UnitOfWork]

                def build() -> Services: ...
            """,
            "uow.py": """
                class Users:
                    def find(self): ...
                class UnitOfWork:
                    def __enter__(self) -> "UnitOfWork":
                        self.users = Users()
                        return self
                    def __exit__(self, *args): ...
            """,
            "routes.py": """
                from container import build
                with build().unit_of_work() as uow:
                    probe(uow.users.find)
            """,
        }
    )
    assert program.probe() == ["uow.py::Users.find"]
    assert "uow.py::UnitOfWork.__enter__" in program.callees(
        "routes.py::<module>", "context-manager"
    )


def test_property_gives_its_getter_result() -> None:
    program = Program(
        {
            "app.py": """
                from functools import cached_property
                class Repo: ...
                class Service:
                    @property
                    def repo(self):
                        return Repo()
                    @cached_property
                    def other(self):
                        return self.repo
                probe(Service().other)
            """
        }
    )
    assert program.probe() == ["a Repo"]


def test_partial_and_nested_factory() -> None:
    program = Program(
        {
            "app.py": """
                from functools import partial
                class Repo: ...
                def make(kind):
                    def build():
                        return kind()
                    return build
                probe(partial(make, Repo)()())
            """
        }
    )
    assert program.probe() == ["a Repo"]


def test_tuples_are_taken_apart_by_place() -> None:
    program = Program(
        {
            "app.py": """
                class A: ...
                class B: ...
                def both() -> tuple[list[A], B]: ...
                def pair():
                    return A(), B()
                many, one = both()
                probe(one)
                for item in many:
                    probe(item)
                first, second = pair()
                probe(second)
            """
        }
    )
    assert program.probes() == [["a B"], ["a A"], ["a B"]]


def test_dict_by_constant_key_and_dispatch_table() -> None:
    program = Program(
        {
            "app.py": """
                def a(): ...
                def b(): ...
                table = {"a": a, "b": b}
                probe(table["a"])
                probe(table[key])
                probe(table.get("b"))
            """
        }
    )
    assert program.probes() == [["app.py::a"], ["app.py::a", "app.py::b"], ["app.py::b"]]


def test_gathered_results_keep_their_places() -> None:
    program = Program(
        {
            "app.py": """
                import asyncio
                class A: ...
                class B: ...
                async def a(): return A()
                async def b(): return B()
                async def run():
                    x, y = await asyncio.gather(a(), b())
                    probe(y)
            """
        }
    )
    assert program.probe() == ["a B"]


def test_constants_join() -> None:
    program = Program(
        {
            "settings.py": """
                class Settings:
                    prefix: str = "/api"
                settings = Settings()
            """,
            "app.py": """
                from settings import settings
                probe(f"{settings.prefix}/users" + "/me")
            """,
        }
    )
    assert program.probe() == ["'/api/users/me'"]


def test_closure_sees_enclosing_names_and_methods_do_not_see_class_names() -> None:
    program = Program(
        {
            "app.py": """
                class A: ...
                class B:
                    thing = A()
                    def method(self):
                        probe(thing)
                        probe(self.thing)
                def outer():
                    value = A()
                    def inner():
                        probe(value)
            """
        }
    )
    assert program.probes() == [[], ["a A"], ["a A"]]


def test_method_of_library_base_is_the_librarys() -> None:
    program = Program(
        {
            "app.py": """
                from django.db import models
                class Article(models.Model):
                    title = models.CharField()
                probe(Article.objects.filter)
                probe(Article().save)
            """
        }
    )
    assert program.probes() == [
        ["django.db.models.Model.objects.filter"],
        ["django.db.models.Model().save"],
    ]


def test_recursion_and_cycles_end() -> None:
    program = Program(
        {
            "app.py": """
                def ping(): return pong()
                def pong(): return ping()
                x = y
                y = x
                class A(B): ...
                class B(A): ...
                probe(ping())
                probe(x)
                probe(A().missing)
                query = query.filter()
            """
        }
    )
    assert program.probes() == [[], [], []]


def test_very_long_chains_are_read() -> None:
    chain = "".join(".where(1)" for _ in range(400))
    program = Program({"app.py": f"from sqlalchemy import select\nprobe(select(1){chain})\n"})
    assert program.model.functions["app.py::<module>"] is not None
    text = " + ".join('"a"' for _ in range(100))
    joined = Program({"app.py": f"probe({text})\n"})
    assert joined.probe() in ([repr("a" * 100)], [])


def test_answers_do_not_depend_on_the_order_of_questions() -> None:
    files = {
        "app.py": """
            class A: ...
            class B: ...
            def pick(flag):
                return A() if flag else other()
            def other():
                return B() if done else pick(1)
            probe(pick(0))
            probe(other())
        """
    }
    forward = Program(files)
    expected = [["a A", "a B"], ["a A", "a B"]]
    assert forward.probes() == expected
    backward = Program(files)
    module = backward.model.modules["app.py"]
    calls = list(backward.model.calls_in(backward.model.functions["app.py::<module>"]))
    for call in reversed(calls):
        backward.model.evaluate(call.args[0].value if call.args else call)
    assert module.path == "app.py"
    assert backward.probes() == expected


def test_django_manager_of_the_tree_keeps_its_methods_through_chains() -> None:
    program = Program(
        {
            "app.py": """
                from django.db import models
                class PostQuerySet(models.QuerySet):
                    def published(self): ...
                class Post(models.Model):
                    objects = PostQuerySet.as_manager()
                class Page(models.Model):
                    objects = models.Manager.from_queryset(PostQuerySet)()
                probe(Post.objects.filter(a=1).published)
                probe(Page.objects.published)
            """
        }
    )
    assert program.probes() == [["app.py::PostQuerySet.published"]] * 2


def test_work_that_is_cut_short_does_not_spoil_later_answers() -> None:
    mutual = "\n".join(
        f"def f{i}(x): return " + " or ".join(f"f{j}(f{(i * j) % 60}(x))" for j in range(60))
        for i in range(60)
    )
    program = Program(
        {"app.py": f"class A: ...\n{mutual}\nheavy = f1(A())\nlight = A()\nprobe(light)\n"}
    )
    program.model.evaluate(program.model.modules["app.py"].body[-3].value)
    assert program.probe() == ["a A"]
