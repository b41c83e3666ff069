"""Django migrations replayed."""

from __future__ import annotations

from ci_gate.codemodel.entities.django.models import Models
from ci_gate.codemodel.entities.find import find_entities
from ci_gate.codemodel.migrations.django import AppHistory, django_histories
from support.mapped import Mapped

HEAD = "from django.db import migrations, models\n"


def migration(operations: str, needs: str = "", extra: str = "") -> str:
    return (
        f"{HEAD}class Migration(migrations.Migration):\n"
        f"    dependencies = [{needs}]\n    {extra}\n    operations = {operations}\n"
    )


def histories(files: dict[str, str]) -> dict[str, AppHistory]:
    named = {f"shop/migrations/{name}.py": text for name, text in files.items()}
    mapped = Mapped({"shop/__init__.py": "", "shop/migrations/__init__.py": "", **named})
    found = [item for item in find_entities(mapped.model) if item.kind == "django"]
    return dict(django_histories(mapped.model, Models(mapped.model, found).project))


def fields(history: AppHistory) -> dict[str, list[str]]:
    return {model.name: list(model.fields) for model in history.models.values()}


CREATE = """[
    migrations.CreateModel("Item", [("id", models.AutoField(primary_key=True)),
                                    ("name", models.TextField())]),
]"""


def test_operations_in_the_order_of_dependencies() -> None:
    found = histories(
        {
            "0003_last": migration(
                """[
            migrations.RenameField("item", "price", "cost"),
            migrations.RemoveField(model_name="item", name="name"),
            migrations.RenameModel("Item", "Ware"),
            migrations.AlterField("ware", "cost", models.DecimalField()),
        ]""",
                '("shop", "0004_middle")',
            ),
            "0004_middle": migration(
                '[migrations.AddField("Item", "price", models.IntegerField())]',
                '("shop", "0001_first"), ("auth", "0001_initial")',
            ),
            "0001_first": migration(CREATE),
        }
    )["shop"]
    assert found.complete
    assert found.last == "shop/migrations/0003_last.py"
    assert fields(found) == {"Ware": ["id", "cost"]}
    assert found.models["ware"].fields["cost"].type.name == "DecimalField"


def test_a_squash_takes_the_place_of_what_it_replaces() -> None:
    found = histories(
        {
            "0001_first": migration(CREATE),
            "0002_second": migration(
                '[migrations.AddField("item", "a", models.TextField())]', '("shop", "0001_first")'
            ),
            "0001_squashed": migration(
                """[migrations.CreateModel("Item", fields=[("b", models.TextField())])]""",
                extra='replaces = [("shop", "0001_first"), ("shop", "0002_second")]',
            ),
            "0003_third": migration("[]", '("shop", "0002_second")'),
        }
    )["shop"]
    assert found.complete
    assert fields(found) == {"Item": ["b"]}


def test_raw_sql_and_state_operations() -> None:
    found = histories(
        {
            "0001": migration(
                """[
            migrations.CreateModel("Item", []),
            migrations.RunSQL("ALTER TABLE shop_item ADD weight int"),
            migrations.RunSQL(["CREATE INDEX i ON shop_item (name)"]),
            migrations.RunSQL("SELECT 1", state_operations=[
                migrations.AddField("item", "kept", models.TextField()),
            ]),
            migrations.SeparateDatabaseAndState(
                [migrations.RemoveField("item", "kept")],
                [migrations.AddField("item", "known", models.TextField())],
            ),
        ]"""
            )
        }
    )["shop"]
    assert found.complete
    assert not found.unknown_sql
    assert found.sql[0] == "ALTER TABLE shop_item ADD weight int"
    assert fields(found) == {"Item": ["kept", "known"]}


def test_what_cannot_be_followed() -> None:
    for operations in (
        "[Unknown('item')]",
        "make()",
        "[migrations.AddField('ghost', 'a', models.TextField())]",
        "[migrations.CreateModel(name(), [])]",
        "[*more()]",
        "[1, None, migrations]",
    ):
        assert not histories({"0001": migration(operations)})["shop"].complete
    broken = {"0001": migration(CREATE), "0002": migration("[]", '("shop", "0009_missing")')}
    assert not histories(broken)["shop"].complete
    circle = {
        "0001": migration(CREATE, '("shop", "0002")'),
        "0002": migration("[]", '("shop", "0001")'),
    }
    assert histories(circle) == {}
    two_ends = {
        "0001": migration(CREATE),
        "0002_a": migration("[]", '("shop", "0001")'),
        "0002_b": migration("[]", '("shop", "0001")'),
    }
    assert not histories(two_ends)["shop"].complete
    no_class = {"0001": migration(CREATE), "helpers": "x = 1"}
    assert not histories(no_class)["shop"].complete


def test_models_whose_fields_are_not_all_told() -> None:
    found = histories(
        {
            "0001": migration(
                """[
            migrations.CreateModel("A", fields=FIELDS),
            migrations.CreateModel("B", [], bases=(Unknown, models.Model)),
            migrations.CreateModel("C", [], bases=("shop.b",)),
            migrations.CreateModel("D", [(name, models.TextField())]),
        ]"""
            )
        }
    )["shop"]
    assert found.complete
    assert [m.name for m in found.models.values() if m.complete] == ["C"]
