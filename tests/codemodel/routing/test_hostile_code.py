"""Code that would keep an interpreter busy for ever, or break it, gives what can be read."""


def test_recursion_and_endless_growth(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            app = Flask(__name__)

            def again(n):
                return again(n + 1)

            def fan(n):
                fan2(n + "a")
                fan2(n + "b")

            def fan2(n):
                fan(n + "c")
                fan3(n + "d")

            def fan3(n):
                fan2(n)
                fan(n)

            PREFIX = again(0)
            fan("x")
            while True:
                items = [1] * 10**9
                break

            @app.get("/after")
            def after(): ...
            """
        }
    )
    assert found.endpoints == ["GET /after"]


def test_modules_that_import_each_other(table):
    found = table(
        {
            "pkg/__init__.py": """
            from flask import Flask
            app = Flask(__name__)
            from pkg import a
            """,
            "pkg/a.py": """
            from pkg import app, b

            @app.get("/a")
            def a(): ...
            """,
            "pkg/b.py": """
            from pkg import a, app

            @app.get("/b")
            def b(): ...
            """,
        }
    )
    assert found.endpoints == ["GET /a", "GET /b"]


def test_deeply_nested_expressions(table):
    deep = "(" * 60 + "'x'" + ")" * 60 + " + 'y'" * 400
    found = table(
        {
            "app.py": f"""
from flask import Flask
app = Flask(__name__)
NAME = {deep}

@app.get("/x")
def x(): ...
"""
        }
    )
    assert found.endpoints == ["GET /x"]


def test_a_class_that_is_its_own_base(table):
    found = table(
        {
            "app.py": """
            from flask import Flask
            from flask.views import MethodView

            class A(MethodView): ...
            class B(A):
                def get(self): ...
            class A(B): ...

            app = Flask(__name__)
            app.add_url_rule("/a", view_func=A.as_view("a"))
            """
        }
    )
    assert found.endpoints == ["GET /a"]


def test_nothing_of_interest(table):
    assert table({"main.py": "print('hello')\n"}).endpoints == []
    assert table({}).endpoints == []


def test_values_that_double_in_every_round(table):
    rounds = ", ".join(str(number) for number in range(200))
    found = table(
        {
            "app.py": f"""
            from flask import Flask
            app = Flask(__name__)
            text, items = "x", [1]
            for number in [{rounds}]:
                text = text + text
                items += items
                items = items + items
                items.extend(items)

            @app.get("/x")
            def x(): ...
            """
        }
    )
    assert found.endpoints == ["GET /x"]
