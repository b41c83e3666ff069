def test_route_tables_views_and_sub_applications(table):
    found = table(
        {
            "service/__init__.py": "",
            "service/main.py": """
            from aiohttp import web
            from service.admin import admin_app
            from service.views import Items, ping, routes

            @web.middleware
            async def timing(request, handler): ...

            def make_app():
                app = web.Application(middlewares=[timing])
                app.add_routes(routes)
                app.add_routes([web.get("/ping", ping), web.view("/items", Items)])
                app.router.add_route("*", "/any", ping)
                app.router.add_resource("/res/{name:[a-z]{2,3}}").add_route("PUT", ping)
                app.add_subapp("/admin/", admin_app())
                app.router.add_static("/static", "static")
                return app

            if __name__ == "__main__":
                web.run_app(make_app())
            """,
            "service/views.py": """
            from aiohttp import web
            routes = web.RouteTableDef()

            @routes.get("/hello/{name}")
            async def hello(request): ...

            @routes.view("/things")
            class Things(web.View):
                async def post(self): ...

            class Items(web.View):
                async def get(self): ...

            async def ping(request): ...
            """,
            "service/admin.py": """
            from aiohttp import web

            async def users(request): ...

            def admin_app():
                app = web.Application()
                app.router.add_get("/users", users)
                return app
            """,
        }
    )
    assert found.endpoints == [
        "GET /admin/users",
        "ANY /any",
        "GET /hello/{name}",
        "GET /items",
        "GET /ping",
        "PUT /res/{name}",
        "POST /things",
    ]
    assert found.handlers("GET /admin/users") == ["users", "timing"]


def test_methods_of_a_handler_object(table):
    found = table(
        {
            "app.py": """
            from aiohttp import web

            class Site:
                def __init__(self, db):
                    self.db = db

                async def index(self, request): ...

            def setup(app, site):
                app.router.add_get("/", site.index)

            app = web.Application()
            setup(app, Site(None))
            """
        }
    )
    assert found.handlers("GET /") == ["Site.index"]
