def test_routes_of_the_application_itself(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            app = Flask(__name__)

            @app.route("/")
            def index(): ...

            @app.route("/items/<int:item_id>", methods=["GET", "DELETE"])
            def item(item_id): ...

            @app.post("/items")
            def create(): ...
            """
        }
    )
    assert found.endpoints == [
        "GET /",
        "POST /items",
        "DELETE /items/{item_id}",
        "GET /items/{item_id}",
    ]
    assert found.handlers("POST /items") == ["create"]


def test_blueprints_registered_in_a_loop_by_a_helper_that_gets_the_application(table):
    found = table(
        {
            "shop/__init__.py": """
            from flask import Flask
            from shop.setup import register

            def create_app():
                app = Flask(__name__)
                register(app)
                return app
            """,
            "shop/setup.py": """
            from .views import orders, users
            PREFIX = "/api"

            def register(app):
                for module in (orders, users):
                    app.register_blueprint(module.bp, url_prefix=PREFIX)
            """,
            "shop/views/__init__.py": "",
            "shop/views/orders.py": """
            from flask import Blueprint
            bp = Blueprint("orders", __name__)

            @bp.get("/orders/<uuid:order_id>")
            def show(order_id): ...
            """,
            "shop/views/users.py": """
            from flask import Blueprint
            bp = Blueprint("users", __name__)

            @bp.get("/users/")
            def index(): ...
            """,
        }
    )
    assert found.endpoints == ["GET /api/orders/{order_id}", "GET /api/users/"]
    assert found.incomplete() == []


def test_prefix_given_at_registration_replaces_the_blueprints_own_and_nesting_adds_up(table):
    found = table(
        {
            "app.py": """
            from flask import Blueprint, Flask
            inner = Blueprint("inner", __name__, url_prefix="/inner")
            outer = Blueprint("outer", __name__, url_prefix="/outer")
            other = Blueprint("other", __name__, url_prefix="/ignored")

            @inner.route("/x")
            def x(): ...

            @other.route("/y")
            def y(): ...

            outer.register_blueprint(inner)
            app = Flask(__name__)
            app.register_blueprint(outer)
            app.register_blueprint(other, url_prefix="/v2")
            """
        }
    )
    assert found.endpoints == ["GET /outer/inner/x", "GET /v2/y"]


def test_decorators_and_hooks_run_before_the_view(table):
    found = table(
        {
            "app.py": """
            from functools import wraps
            from flask import Blueprint, Flask

            def login_required(view):
                @wraps(view)
                def wrapper(*args, **kwargs):
                    return view(*args, **kwargs)
                return wrapper

            bp = Blueprint("b", __name__)

            @bp.before_request
            def load_user(): ...

            other = Blueprint("o", __name__)

            @other.before_app_request
            def count(): ...

            @bp.route("/me")
            @login_required
            def me(): ...

            app = Flask(__name__)

            @app.before_request
            def open_session(): ...

            app.register_blueprint(bp)
            app.register_blueprint(other)
            """
        }
    )
    handlers = found.handlers("GET /me")
    assert handlers[0] == "me"
    assert set(handlers[1:]) == {
        "login_required",
        "login_required.wrapper",
        "load_user",
        "open_session",
        "count",
    }


def test_class_views(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            from flask.views import MethodView

            def check(view):
                return view

            class Base(MethodView):
                decorators = [check]
                def get(self, pk): ...

            class Items(Base):
                def delete(self, pk): ...

            app = Flask(__name__)
            app.add_url_rule("/items/<pk>", view_func=Items.as_view("items"))
            """
        }
    )
    assert found.endpoints == ["DELETE /items/{pk}", "GET /items/{pk}"]
    assert found.handlers("GET /items/{pk}") == ["Base.get", "check"]


def test_restful_resources_and_namespaces(table):
    found = table(
        {
            "app.py": """
            from flask import Blueprint, Flask
            from flask_restx import Api, Namespace, Resource

            ns = Namespace("cats", path="/cats")

            @ns.route("/", "/<int:cat_id>")
            class Cats(Resource):
                def get(self, cat_id=None): ...

            class Ping(Resource):
                def get(self): ...
                def post(self): ...

            bp = Blueprint("api", __name__, url_prefix="/api")
            api = Api(bp, prefix="/v1")
            api.add_namespace(ns)
            api.add_resource(Ping, "/ping")
            app = Flask(__name__)
            app.register_blueprint(bp)
            """
        }
    )
    assert found.endpoints == [
        "GET /api/v1/cats/",
        "GET /api/v1/cats/{cat_id}",
        "GET /api/v1/ping",
        "POST /api/v1/ping",
    ]


def test_api_class_of_the_project_that_adds_a_prefix(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            from flask_restful import Api, Resource

            class PrefixedApi(Api):
                def add_scoped(self, resource, *urls, **kwargs):
                    return self.add_resource(resource, *["/scoped" + url for url in urls], **kwargs)

            class Thing(Resource):
                def get(self): ...

            app = Flask(__name__)
            api = PrefixedApi(app)
            api.add_scoped(Thing, "/a", "/b")
            """
        }
    )
    assert found.endpoints == ["GET /scoped/a", "GET /scoped/b"]


def test_a_prefix_that_is_not_known_stays_open(table):
    found = table(
        {
            "app.py": """
            from flask import Blueprint, Flask
            from settings_store import load

            bp = Blueprint("b", __name__)

            @bp.get("/x")
            def x(): ...

            app = Flask(__name__)
            app.register_blueprint(bp, url_prefix=load("prefix"))
            """
        }
    )
    assert found.endpoints == ["GET /{?}/x"]
    assert found.incomplete() == ["GET /{?}/x"]


def test_a_method_that_is_not_known_gives_no_route(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            from store import METHODS
            app = Flask(__name__)

            @app.route("/x", methods=METHODS)
            def x(): ...
            """
        }
    )
    assert found.endpoints == []


def test_routes_declared_in_tests_are_left_out(table):
    found = table(
        {
            "tests/test_app.py": """
            from flask import Flask
            app = Flask(__name__)

            @app.get("/only-here")
            def only_here(): ...
            """
        }
    )
    assert found.endpoints == []
