import pytest

from support.programs import Program

PYTHON = {
    "flask extensions": (
        'app.extensions["engine"] = engine',
        'from flask import current_app\nprobe(current_app.extensions["engine"].connect())',
    ),
    "flask config": (
        'app.config["ENGINE"] = engine',
        'from flask import current_app\nprobe(current_app.config["ENGINE"].connect())',
    ),
    "flask attribute": (
        "app.engine = engine",
        "from flask import current_app\nprobe(current_app.engine.connect())",
    ),
}


@pytest.mark.parametrize("case", PYTHON)
def test_flask_stores(case: str) -> None:
    write, read = PYTHON[case]
    program = Program(
        {
            "main.py": (
                "from flask import Flask\nfrom sqlalchemy import create_engine\n"
                f"def create_app():\n    app = Flask('x')\n    engine = create_engine('x')\n"
                f"    {write}\n    return app\n"
            ),
            "views.py": read + "\n",
        }
    )
    assert program.probe() == ["sqlalchemy.Connection()"]


def test_flask_g() -> None:
    program = Program(
        {
            "auth.py": """
                from flask import g
                class User:
                    def name(self): ...
                def before():
                    g.user = User()
            """,
            "views.py": "from flask import g\ndef show():\n    probe(g.user.name)\n",
        }
    )
    assert program.probe() == ["auth.py::User.name"]


def test_fastapi_state() -> None:
    program = Program(
        {
            "main.py": """
                import asyncpg
                from fastapi import FastAPI
                async def connect(app: FastAPI):
                    app.state.pool = await asyncpg.create_pool()
            """,
            "deps.py": """
                from starlette.requests import Request
                def pool(request: Request):
                    probe(request.app.state.pool)
            """,
        }
    )
    assert program.probe() == ["asyncpg.Pool()"]


def test_request_state_is_not_application_state() -> None:
    program = Program(
        {
            "app.py": """
                class A: ...
                class B: ...
                def set_up(app, request):
                    app.state.x = A()
                    request.state.x = B()
                def read(request):
                    probe(request.state.x)
            """
        }
    )
    assert program.probe() == ["a B"]


def test_aiohttp_application_items() -> None:
    program = Program(
        {
            "main.py": """
                from aiohttp import web
                class Users:
                    def find(self): ...
                def create():
                    app = web.Application()
                    app["users"] = Users()
            """,
            "views.py": """
                async def show(request):
                    probe(request.app["users"].find)
                    probe(request.config_dict["users"].find)
            """,
        }
    )
    assert program.probes() == [["main.py::Users.find"], ["main.py::Users.find"]]


def test_aiohttp_app_key() -> None:
    program = Program(
        {
            "keys.py": """
                from aiohttp import web
                class Users: ...
                class Pool: ...
                users_key = web.AppKey("users", Users)
                pool_key = web.AppKey("pool", Pool)
            """,
            "main.py": """
                from aiohttp import web
                from keys import users_key, Users
                app = web.Application()
                app[users_key] = Users()
            """,
            "views.py": """
                from keys import users_key, pool_key
                async def show(request):
                    probe(request.app[users_key])
                    probe(request.app[pool_key])
            """,
        }
    )
    assert program.probes() == [["a Users"], ["a Pool"]]


def test_own_object_named_app_keeps_its_attributes() -> None:
    program = Program(
        {
            "app.py": """
                class A: ...
                class B: ...
                class App:
                    def __init__(self):
                        self.db = A()
                def configure(app):
                    app.db = B()
                app = App()
                probe(app.db)
            """
        }
    )
    assert program.probe() == ["a A"]
