from ci_gate.codemodel import syntax as s
from support.programs import Program


def test_interface_call_reaches_its_implementations() -> None:
    program = Program(
        {
            "ports.py": """
                from abc import ABC, abstractmethod
                class Users(ABC):
                    @abstractmethod
                    def find(self): ...
            """,
            "sql.py": """
                from ports import Users
                class SqlUsers(Users):
                    def find(self):
                        return load()
                def load(): ...
            """,
            "service.py": """
                from ports import Users
                def run(users: Users):
                    users.find()
            """,
        }
    )
    assert "sql.py::SqlUsers.find" in program.callees("service.py::run")
    assert "sql.py::load" in program.reached("service.py::run")


def test_protocol_is_implemented_without_inheritance() -> None:
    program = Program(
        {
            "app.py": """
                from typing import Protocol
                class Users(Protocol):
                    def find(self) -> int: ...
                    def save(self) -> int: ...
                class Memory:
                    def find(self): return 1
                    def save(self): return 1
                class Other:
                    def find(self): return 1
                def run(users: Users):
                    users.find()
            """
        }
    )
    assert "app.py::Memory.find" in program.callees("app.py::run")
    assert "app.py::Other.find" not in program.callees("app.py::run")


def test_decorated_function_reaches_wrapper_and_what_it_does() -> None:
    program = Program(
        {
            "auth.py": """
                from functools import wraps
                def login_required(view):
                    @wraps(view)
                    def wrapper(*args):
                        check()
                        return view(*args)
                    return wrapper
                def check(): ...
            """,
            "views.py": """
                from auth import login_required
                @login_required
                def show():
                    load()
                def load(): ...
            """,
        }
    )
    assert program.callees("views.py::show", "decorator") == ["auth.py::login_required.wrapper"]
    assert {"auth.py::check", "views.py::load"} <= program.reached("views.py::show")


def test_decorator_with_arguments() -> None:
    program = Program(
        {
            "app.py": """
                def allow(role):
                    def decorate(view):
                        def wrapper():
                            return view()
                        return wrapper
                    return decorate
                @allow("admin")
                def show(): ...
            """
        }
    )
    assert program.callees("app.py::show", "decorator") == ["app.py::allow.decorate.wrapper"]


def test_dependencies_are_reached() -> None:
    program = Program(
        {
            "deps.py": """
                from typing import Annotated
                from fastapi import Depends
                def token(): ...
                def user(t=Depends(token)): ...
                CurrentUser = Annotated[dict, Depends(user)]
            """,
            "routes.py": """
                from deps import CurrentUser
                def me(current: CurrentUser): ...
            """,
        }
    )
    assert program.callees("routes.py::me", "dependency") == ["deps.py::user"]
    assert "deps.py::token" in program.reached("routes.py::me")


def test_callbacks_are_reached() -> None:
    program = Program(
        {
            "app.py": """
                from functools import partial
                def work(x): ...
                def run(pool):
                    pool.submit(work)
                    pool.submit(partial(work, 1))
            """
        }
    )
    lines = {
        edge.node.line
        for edge in program.model.callees(program.model.functions["app.py::run"])
        if edge.reason == "callback" and edge.callee.name == "work"
    }
    assert lines == {5, 6}


def test_property_read_is_an_edge() -> None:
    program = Program(
        {
            "app.py": """
                class Article:
                    @property
                    def author(self):
                        return load()
                def load(): ...
                def show(article: Article):
                    return article.author
            """
        }
    )
    assert program.callees("app.py::show") == ["app.py::Article.author"]


def test_construction_reaches_constructor_and_post_init() -> None:
    program = Program(
        {
            "app.py": """
                class Base:
                    def __init__(self): ...
                class Child(Base):
                    def __post_init__(self): ...
                def make():
                    return Child()
            """
        }
    )
    assert program.callees("app.py::make") == [
        "app.py::Base.__init__",
        "app.py::Child.__post_init__",
    ]


def test_super_call_reaches_the_base() -> None:
    program = Program(
        {
            "app.py": """
                class Base:
                    def save(self): ...
                class Child(Base):
                    def save(self):
                        super().save()
            """
        }
    )
    assert program.callees("app.py::Child.save") == ["app.py::Base.save"]


def test_callers_and_enclosing() -> None:
    program = Program(
        {
            "app.py": """\
                def leaf(): ...
                def outer():
                    def inner():
                        leaf()
                    inner()
                outer()
            """
        }
    )
    model = program.model
    leaf = model.functions["app.py::leaf"]
    assert [edge.caller.qualname for edge in model.callers(leaf)] == ["app.py::outer.inner"]
    assert model.enclosing("app.py", 4) is model.functions["app.py::outer.inner"]
    assert model.enclosing("app.py", 5) is model.functions["app.py::outer"]
    assert model.enclosing("app.py", 6) is model.functions["app.py::<module>"]


def test_calls_in_leaves_out_nested_functions() -> None:
    program = Program(
        {
            "app.py": """
                def outer():
                    a()
                    def inner():
                        b()
                    return [c(x) for x in d()]
            """
        }
    )
    calls = program.model.calls_in(program.model.functions["app.py::outer"])
    names = [call.func.id for call in calls if isinstance(call.func, s.Name)]
    assert sorted(names) == ["a", "c", "d"]


def test_a_wrapped_handler_reaches_nothing_of_the_other_wrapped_ones() -> None:
    names = [f"h{number}" for number in range(12)]
    routes = "\n".join(f"app.get('/{name}', guarded(async () => {name}()));" for name in names)
    program = Program(
        {
            "app.js": "const express = require('express');\n"
            "const app = express();\n"
            "function guarded(fn) {\n"
            "  return (req, res, next) => { fn(req, res, next).catch(next); };\n"
            "}\n" + "\n".join(f"function {name}() {{}}" for name in names) + f"\n{routes}\n"
        }
    )
    model = program.model
    for route in model.routes:
        reached = {function.name for function in model.reachable(route.handlers)}
        assert reached.intersection(names) == {route.path.strip("/")}


def test_functions_that_go_by_other_names_are_reached() -> None:
    model = Program(
        {
            "app/tasks.py": """
                def send(): ...
                def clean(): ...
                def build(): ...
            """,
            "app/jobs.py": """
                from app import tasks
                from app.tasks import clean as tidy

                class Jobs:
                    made_by = tasks.build

                    def __init__(self):
                        self.tidier = tidy

                    @property
                    def cleaner(self):
                        return tidy

                def start(jobs: Jobs):
                    later = tasks.send
                    tasks.send.delay()
                    jobs.cleaner()
                    jobs.made_by()

                def run(hook=tidy):
                    hook()

                def tidy_up():
                    tidy()
                    Jobs().tidier()
            """,
        }
    ).model
    callees = {
        name: {edge.callee.name for edge in model.callees(model.functions[f"app/jobs.py::{name}"])}
        for name in ("start", "run", "tidy_up")
    }
    assert callees["start"] >= {"send", "clean", "build"}
    assert callees["run"] == {"clean"}
    assert callees["tidy_up"] == {"clean", "__init__"}
