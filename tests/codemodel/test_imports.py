from support.programs import Program


def test_symbol_leads_through_package_reexport_to_its_definition() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/services/__init__.py": "from app.services.users import UserService\n",
            "app/services/users.py": "class UserService: ...\n",
            "app/routes.py": "from app.services import UserService\n",
        }
    )
    [edge] = program.model.imports_of("app/routes.py")
    assert edge.target == "app/services/users.py"
    assert edge.symbol == "UserService"
    assert [(step.path, step.line) for step in edge.via] == [("app/services/__init__.py", 1)]


def test_submodule_is_not_a_symbol_of_its_package() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/services/__init__.py": "",
            "app/services/users.py": "def find(): ...\n",
            "app/routes.py": "from app.services import users\n",
        }
    )
    assert program.targets("app/routes.py") == [("users", "app/services/users.py")]


def test_star_import_is_followed() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/models/__init__.py": "from .user import *\n",
            "app/models/user.py": "class User: ...\n",
            "app/routes.py": "from app.models import User\nprobe(User)\n",
        }
    )
    assert program.targets("app/routes.py") == [("User", "app/models/user.py")]
    assert program.probe() == ["class User"]


def test_namespace_package_member_is_its_module() -> None:
    program = Program(
        {
            "app/stores/users.py": "def find(): ...\n",
            "main.py": "from app.stores import users\nprobe(users.find)\n",
        }
    )
    assert program.targets("main.py") == [("users", "app/stores/users.py")]
    assert program.probe() == ["app/stores/users.py::find"]


def test_dotted_import_binds_its_first_name() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/stores/__init__.py": "",
            "app/stores/users.py": "def find(): ...\n",
            "main.py": "import app.stores.users\nprobe(app.stores.users.find)\n",
        }
    )
    assert program.targets("main.py") == [(None, "app/stores/users.py")]
    assert program.probe() == ["app/stores/users.py::find"]


def test_libraries_and_missing_modules_are_told_apart() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/main.py": """
                import sqlalchemy.orm as orm
                from app.gone import thing
                from fastapi import FastAPI
            """,
        }
    )
    edges = program.model.imports_of("app/main.py")
    assert [(edge.symbol, edge.package, edge.unresolved) for edge in edges] == [
        (None, "sqlalchemy", False),
        ("thing", None, True),
        ("FastAPI", "fastapi", False),
    ]


def test_import_cycle_of_reexports_ends() -> None:
    program = Program(
        {
            "a/__init__.py": "from b import x\n",
            "b/__init__.py": "from a import x\n",
            "main.py": "from a import x\nprobe(x)\n",
        }
    )
    assert program.probe() == []
    assert len(program.model.imports_of("main.py")) == 1


def test_lazy_and_type_only_imports_are_marked() -> None:
    program = Program(
        {
            "app/__init__.py": "",
            "app/b.py": "class B: ...\nclass C: ...\n",
            "app/a.py": """
                from typing import TYPE_CHECKING
                if TYPE_CHECKING:
                    from app.b import B
                def run():
                    from app.b import C
                    return C
            """,
        }
    )
    marks = {e.symbol: (e.type_only, e.lazy) for e in program.model.imports_of("app/a.py")}
    assert marks["B"] == (True, False)
    assert marks["C"] == (False, True)
