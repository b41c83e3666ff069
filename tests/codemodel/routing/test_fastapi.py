def test_routers_included_with_prefixes_from_settings(table):
    found = table(
        {
            "app/main.py": """
            from fastapi import FastAPI
            from app.api import router
            from app.config import settings

            app = FastAPI()
            app.include_router(router, prefix=settings.API_V1)
            """,
            "app/__init__.py": "",
            "app/config.py": """
            from pydantic_settings import BaseSettings

            class Settings(BaseSettings):
                API_V1: str = "/api/v1"

            settings = Settings()
            """,
            "app/api.py": """
            from fastapi import APIRouter
            from app import items

            router = APIRouter()
            router.include_router(items.router, prefix="/items", tags=["items"])
            """,
            "app/items.py": """
            from fastapi import APIRouter
            router = APIRouter()

            @router.get("")
            async def index(): ...

            @router.get("/{item_id:int}")
            async def show(item_id: int): ...

            @router.api_route("/any", methods=["PUT", "PATCH"])
            async def change(): ...
            """,
        }
    )
    assert found.endpoints == [
        "GET /api/v1/items",
        "PATCH /api/v1/items/any",
        "PUT /api/v1/items/any",
        "GET /api/v1/items/{item_id}",
    ]
    assert found.incomplete() == []


def test_dependencies_of_route_router_parameters_and_aliases_are_handlers(table):
    found = table(
        {
            "main.py": """
            from typing import Annotated
            from fastapi import APIRouter, Depends, FastAPI

            def settings(): ...
            def session(conf=Depends(settings)): ...
            def current_user(db: Annotated[object, Depends(session)]): ...
            CurrentUser = Annotated[dict, Depends(current_user)]
            def rate_limit(): ...
            def audit(): ...

            router = APIRouter(prefix="/me", dependencies=[Depends(audit)])

            @router.get("/", dependencies=[Depends(rate_limit)])
            async def me(user: CurrentUser): ...

            app = FastAPI()
            app.include_router(router)
            """
        }
    )
    handlers = found.handlers("GET /me/")
    assert handlers[0] == "me"
    assert set(handlers[1:]) == {"settings", "session", "current_user", "rate_limit", "audit"}


def test_class_dependencies_and_security(table):
    found = table(
        {
            "main.py": """
            from fastapi import Depends, FastAPI, Security

            class Pagination:
                def __init__(self, page: int = 1): ...

            class Permission:
                def __init__(self, name): ...
                def __call__(self): ...

            app = FastAPI()

            @app.get("/x")
            def x(page: Pagination = Depends(), ok=Security(Permission("x"))): ...
            """
        }
    )
    handlers = found.handlers("GET /x")
    assert "Pagination.__init__" in handlers
    assert "Permission.__call__" in handlers


def test_starlette_lists_and_mounted_applications(table):
    found = table(
        {
            "main.py": """
            from starlette.applications import Starlette
            from starlette.endpoints import HTTPEndpoint
            from starlette.routing import Mount, Route, WebSocketRoute

            async def home(request): ...
            async def user(request): ...
            async def live(ws): ...

            class Items(HTTPEndpoint):
                async def get(self, request): ...
                async def post(self, request): ...

            admin = Starlette(routes=[Route("/", home)])
            app = Starlette(routes=[
                Route("/", home),
                Mount("/users", routes=[Route("/{name}", user, methods=["PUT"])]),
                Route("/items", Items),
                WebSocketRoute("/live", live),
                Mount("/admin", app=admin),
            ])
            """
        }
    )
    assert found.endpoints == [
        "GET /",
        "GET /admin/",
        "GET /items",
        "POST /items",
        "PUT /users/{name}",
    ]


def test_a_router_made_by_a_function_and_one_included_twice(table):
    found = table(
        {
            "main.py": """
            from fastapi import APIRouter, FastAPI

            def make(name):
                router = APIRouter(prefix="/" + name)

                @router.get("/count")
                def count(): ...

                return router

            shared = APIRouter()

            @shared.get("/ping")
            def ping(): ...

            app = FastAPI()
            for kind in ("cats", "dogs"):
                app.include_router(make(kind))
            app.include_router(shared)
            app.include_router(shared, prefix="/v2")
            """
        }
    )
    assert found.endpoints == ["GET /cats/count", "GET /dogs/count", "GET /ping", "GET /v2/ping"]


def test_routers_that_include_each_other_do_not_hang(table):
    found = table(
        {
            "main.py": """
            from fastapi import APIRouter, FastAPI
            a = APIRouter(prefix="/a")
            b = APIRouter(prefix="/b")

            @a.get("/x")
            def x(): ...

            a.include_router(b)
            b.include_router(a)
            app = FastAPI()
            app.include_router(a)
            """
        }
    )
    assert found.endpoints == ["GET /a/x"]
