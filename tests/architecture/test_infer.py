"""Which layer a file plays, where names mislead.

Each test is a small service: what its files hold, and the layer that each has to get (``None``:
no layer that is sure).
"""

from __future__ import annotations

from collections.abc import Mapping

from ci_gate.architecture.infer import infer
from ci_gate.codemodel.build import build
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.config import Config
from ci_gate.stack.detect import detect
from support.trees import MemoryTree

FLASK = {"requirements.txt": "flask\nsqlalchemy\n"}
EXPRESS = {"package.json": '{"name": "x", "dependencies": {"express": "5", "sequelize": "6"}}'}


def route(path: str = "/x", *imports: str, call: str = "1") -> str:
    """A Flask module with one route."""
    lines = ["from flask import Blueprint", *imports, "", "bp = Blueprint('x', __name__)", ""]
    return "\n".join([*lines, f"@bp.get('{path}')", "def show():", f"    return str({call})", ""])


def entity(name: str = "Item", *imports: str) -> str:
    lines = ["from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column", *imports, ""]
    lines += ["class Base(DeclarativeBase): ...", "", f"class {name}(Base):"]
    return "\n".join([*lines, f"    __tablename__ = '{name.lower()}'",
                      "    id: Mapped[int] = mapped_column(primary_key=True)", ""])  # fmt: skip


def query(name: str = "find", *imports: str) -> str:
    lines = ["from sqlalchemy import select", "from sqlalchemy.orm import Session", *imports, ""]
    return "\n".join([*lines, f"def {name}(session: Session):",
                      "    return session.execute(select(1)).all()", ""])  # fmt: skip


def helper(name: str = "help_", *imports: str) -> str:
    return "\n".join([*imports, "", f"def {name}(x):", "    return x * 2", ""])


def layers(files: Mapping[str, str]) -> dict[str, str | None]:
    """The sure layer of each source file that is no package marker."""
    tree = MemoryTree(dict(files))
    model = build(tree)
    found = infer(model, detect(tree, model), Config(), DataAccess(model))
    return {
        path: found.of[path].layer.role.value
        if path in found.of and found.of[path].confirmed
        else None
        for path in model.modules
        if not path.endswith("__init__.py")
    }


LAYERED = FLASK | {
    "shop/app.py": "from flask import Flask\nfrom shop.routes import items\napp = Flask('shop')\n"
    "app.register_blueprint(items.bp)\n",
    "shop/routes/items.py": route(
        "/items", "from shop.services.items import total", call="total()"
    ),
    "shop/services/items.py": helper("total", "from shop.repositories.items import find"),
    "shop/repositories/items.py": query("find", "from shop.models.item import Item"),
    "shop/models/item.py": entity("Item"),
}
PLAYED = {
    "shop/app.py": None,
    "shop/routes/items.py": "presentation",
    "shop/services/items.py": "service",
    "shop/repositories/items.py": "data-access",
    "shop/models/item.py": "model",
}


def test_names_that_say_what_the_files_do() -> None:
    assert layers(LAYERED) == PLAYED


def test_features_named_like_layers() -> None:
    """A bus company: ``routes/`` and ``services/`` are its subjects, not its layers."""
    files = dict(FLASK)
    for feature in ("routes", "services", "stops"):
        folder = f"bus/{feature}"
        files |= {
            f"{folder}/views.py": route(
                f"/{feature}", f"from bus.{feature}.fares import fare", call="fare(1)"
            ),
            f"{folder}/models.py": entity(feature.title()),
            f"{folder}/repository.py": query(
                "find",
                f"from bus.{feature}.models import {feature.title()}",
                f"from bus.{feature}.geometry import length",
            ),
            f"{folder}/fares.py": helper("fare", f"from bus.{feature}.repository import find"),
            f"{folder}/geometry.py": helper("length"),
        }
    found = layers(files)
    for feature in ("routes", "services", "stops"):
        assert found[f"bus/{feature}/views.py"] == "presentation"
        assert found[f"bus/{feature}/models.py"] == "model"
        assert found[f"bus/{feature}/repository.py"] == "data-access"
        assert found[f"bus/{feature}/geometry.py"] is None


def test_a_feature_named_service_among_others() -> None:
    """A provider's ``service/`` is what it sells: it has routes like every other feature."""
    files = FLASK | {
        "app/dao/services_dao.py": query("find", "from app.service.numbers import clean"),
        "app/dao/users_dao.py": query("find_user"),
        "app/models.py": entity("Service"),
        "app/service/rest.py": route("/service", "from app.service.numbers import clean"),
        "app/service/numbers.py": helper("clean"),
        "app/service/sender.py": helper("send", "from app.dao.services_dao import find"),
        "app/user/rest.py": route("/user", "from app.dao.users_dao import find_user"),
    }
    found = layers(files)
    assert found["app/service/rest.py"] == "presentation"
    assert found["app/service/sender.py"] is None
    assert found["app/dao/services_dao.py"] == "data-access"


def test_everything_below_routes_with_the_role_as_suffix() -> None:
    files = dict(EXPRESS)
    for name in ("article", "tag"):
        files |= {
            f"src/routes/{name}/{name}.controller.js": (
                "const { Router } = require('express');\n"
                f"const {{ all }} = require('./{name}.service');\n"
                "const router = Router();\n"
                f"router.get('/{name}', (req, res) => res.json(all()));\n"
                "module.exports = router;\n"
            ),
            f"src/routes/{name}/{name}.service.js": (
                "const { slug } = require('./slug');\nexports.all = () => slug('x');\n"
            ),
            f"src/routes/{name}/slug.js": "exports.slug = (text) => text.trim();\n",
        }
    found = layers(files)
    assert found["src/routes/tag/tag.controller.js"] == "presentation"
    assert found["src/routes/tag/tag.service.js"] == "service"
    assert found["src/routes/tag/slug.js"] is None


def test_route_files_named_after_their_subject() -> None:
    names = ("tables", "views", "schemas", "models", "queries", "stores", "repositories", "types")
    files = FLASK | {f"studio/routes/{name}.py": route(f"/{name}") for name in names}
    assert set(layers(files).values()) == {"presentation"}


def test_a_stray_file_does_not_make_a_layer_doubtful() -> None:
    files = LAYERED | {
        "shop/services/prices.py": helper("price"),
        "shop/services/orders.py": helper("order", "from shop.services.prices import price"),
        "shop/services/stock_repository.py": query(
            "stock", "from shop.services.prices import price"
        ),
        "shop/routes/orders.py": route("/o", "from shop.services.orders import order"),
    }
    found = layers(files)
    assert found["shop/services/prices.py"] == "service"
    assert found["shop/services/stock_repository.py"] == "data-access"


def test_controllers_that_are_use_cases() -> None:
    """These run queries and routes call them; their name does not put them outside."""
    files = FLASK | {
        "app/http/items.py": route(
            "/items", "from app.controllers.items import load", call="load()"
        ),
        "app/http/users.py": route(
            "/users", "from app.controllers.users import load", call="load()"
        ),
        "app/controllers/items.py": query("load", "from app.models.item import Item"),
        "app/controllers/users.py": query("load"),
        "app/models/item.py": entity(),
    }
    found = layers(files)
    assert found["app/controllers/items.py"] != "presentation"
    assert found["app/controllers/users.py"] != "presentation"


def test_a_controller_that_inline_handlers_call() -> None:
    files = EXPRESS | {
        "src/routes/todos.js": (
            "const { Router } = require('express');\n"
            "const { controller } = require('../controllers/todoController');\n"
            "const router = Router();\n"
            "router.get('/todos', (req, res) => controller.all(req, res));\n"
            "module.exports = router;\n"
        ),
        "src/controllers/todoController.js": (
            "const { list } = require('../services/todoService');\n"
            "class TodoController {\n  async all(req, res) { res.json(await list(req)); }\n}\n"
            "exports.controller = new TodoController();\n"
        ),
        "src/services/todoService.js": "exports.list = async (query) => [query];\n",
    }
    assert layers(files) == {
        "src/routes/todos.js": "presentation",
        "src/controllers/todoController.js": "presentation",
        "src/services/todoService.js": "service",
    }


def test_models_of_machine_learning() -> None:
    files = LAYERED | {
        "shop/models/user.py": entity("User"),
        "shop/models/order.py": entity("Order"),
        "shop/ranking/models/classifier.py": helper(
            "classify", "from shop.services.items import total"
        ),
        "shop/ranking/models/features.py": helper("features"),
        "shop/services/ranking.py": helper(
            "rank", "from shop.ranking.models.classifier import classify"
        ),
        "shop/routes/ranking.py": route("/ranking", "from shop.services.ranking import rank"),
    }
    found = layers(files)
    assert found["shop/ranking/models/classifier.py"] is None
    assert found["shop/ranking/models/features.py"] is None
    assert found["shop/models/item.py"] == "model"


def test_entities_whose_names_are_words_for_layers() -> None:
    """A view, a query and a table are rows here, and ``Query`` looks itself up."""
    files = EXPRESS | {
        "src/routes/docs.js": (
            "const { Router } = require('express');\n"
            "const View = require('../models/View');\n"
            "const router = Router();\n"
            "router.get('/docs', (ctx, next) => View.record(ctx));\n"
            "module.exports = router;\n"
        )
    }
    for name in ("Document", "View", "Query", "Table"):
        files[f"src/models/{name}.js"] = (
            "const { Model, DataTypes } = require('sequelize');\n"
            "const { sequelize } = require('../storage');\n"
            f"class {name} extends Model {{\n"
            f"  static record(ctx) {{ return {name}.create({{ id: ctx.id }}); }}\n}}\n"
            f"{name}.init({{ id: {{ type: DataTypes.INTEGER }} }}, {{ sequelize }});\n"
            f"module.exports = {name};\n"
        )
    files["src/storage.js"] = (
        "const { Sequelize } = require('sequelize');\n"
        "exports.sequelize = new Sequelize('sqlite:x');\n"
    )
    found = layers(files)
    assert {role for path, role in found.items() if "/models/" in path} == {"model"}


def test_models_of_plain_data_and_tables_of_the_orm() -> None:
    files = {
        "requirements.txt": "flask\nsqlalchemy\n",
        "app/items/routes.py": route("/items", "from app.items.models import ItemView"),
        "app/items/models.py": (
            "from dataclasses import dataclass\n\n@dataclass\nclass ItemView:\n    name: str\n"
        ),
        "app/items/tables.py": entity("Item"),
    }
    found = layers(files)
    assert found["app/items/models.py"] is None
    assert found["app/items/tables.py"] == "model"


def test_views_that_are_values_and_api_that_holds_serializers() -> None:
    files = LAYERED | {
        "shop/views/price.py": helper("shown"),
        "shop/api/shapes.py": helper("shape"),
        "shop/repositories/prices.py": query(
            "prices", "from shop.views.price import shown", "from shop.api.shapes import shape"
        ),
    }
    found = layers(files)
    assert found["shop/views/price.py"] is None
    assert found["shop/api/shapes.py"] is None


def test_http_commands_below_routes() -> None:
    files = LAYERED | {"shop/routes/admin/commands/purge.py": route("/purge")}
    assert layers(files)["shop/routes/admin/commands/purge.py"] == "presentation"


def test_errors_named_like_layers() -> None:
    error = "class Missing(Exception):\n    pass\n"
    files = LAYERED | {"shop/errors/service.py": error, "shop/errors/api.py": error}
    found = layers(files)
    assert found["shop/errors/service.py"] is None
    assert found["shop/errors/api.py"] is None


def test_interfaces_of_repositories_are_no_data_access() -> None:
    """Ports and adapters: the interfaces lie inside, what implements them imports inward."""
    files = FLASK | {
        "app/web/items.py": route("/i", "from app.core.use_cases.items import load", call="load()"),
        "app/core/use_cases/items.py": helper("load", "from app.core.entities.items import Items"),
        "app/core/entities/items.py": (
            "from abc import ABC, abstractmethod\n\n\nclass Items(ABC):\n"
            "    @abstractmethod\n    def find(self): ...\n"
        ),
        "app/impl/items.py": query("find", "from app.core.entities.items import Items"),
    }
    found = layers(files)
    assert found["app/core/use_cases/items.py"] == "service"
    assert found["app/core/entities/items.py"] in (None, "model")
    assert found["app/impl/items.py"] == "data-access"


def test_layers_by_other_names() -> None:
    """``entry-points``, ``domain`` and ``data-access``, as in Node's best practices."""
    files = {
        "package.json": EXPRESS["package.json"],
        "src/entry-points/api/orders.js": (
            "const { Router } = require('express');\n"
            "const { add } = require('../../domain/order-use-case');\n"
            "const router = Router();\n"
            "router.post('/orders', (req, res) => res.json(add(req.body)));\n"
            "module.exports = router;\n"
        ),
        "src/domain/order-use-case.js": (
            "const { save } = require('../data-access/orders');\n"
            "exports.add = (order) => save(order);\n"
        ),
        "src/data-access/orders.js": (
            "const { Sequelize, DataTypes } = require('sequelize');\n"
            "const sequelize = new Sequelize('sqlite:x');\n"
            "exports.save = (order) => sequelize.query('INSERT INTO orders VALUES (1)');\n"
        ),
        "src/data-access/format.js": "exports.format = (order) => `${order.id}`;\n",
    }
    assert layers(files) == {
        "src/entry-points/api/orders.js": "presentation",
        "src/domain/order-use-case.js": "service",
        "src/data-access/orders.js": "data-access",
        "src/data-access/format.js": "data-access",
    }


def test_a_file_says_nothing_of_a_package_that_only_shares_a_word() -> None:
    """``data_models`` and ``view_models`` hold shapes, ``event_handlers`` no routes."""
    files = LAYERED | {
        "shop/view_models/item.py": helper("shape"),
        "shop/event_handlers/mail.py": helper("mail", "from shop.services.items import total"),
        "shop/model_utils.py": helper("clean"),
        "shop/service_worker.py": helper("work"),
    }
    found = layers(files)
    assert [found[path] for path in files if path not in LAYERED] == [None] * 4
