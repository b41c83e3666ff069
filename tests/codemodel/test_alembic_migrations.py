"""Alembic migrations replayed."""

from __future__ import annotations

import textwrap

from ci_gate.codemodel.migrations.alembic import AlembicHistory, alembic_histories
from support.mapped import Mapped


def revision(name: str, down: object, upgrade: str, extra: str = "") -> str:
    body = textwrap.indent(textwrap.dedent(upgrade).strip() or "pass", "    ")
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision: str = {name!r}\ndown_revision = {down!r}\n{textwrap.dedent(extra)}\n"
        f"def upgrade():\n{body}\n\ndef downgrade():\n    op.drop_table('items')\n"
    )


def histories(*revisions: str) -> list[AlembicHistory]:
    files = {f"alembic/versions/{at}.py": text for at, text in enumerate(revisions)}
    return list(alembic_histories(Mapped(files).model))


def columns(history: AlembicHistory) -> dict[str, list[str]]:
    return {name: sorted(table.columns) for name, table in history.tables.items()}


ITEMS = """
op.create_table(
    "items",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.UniqueConstraint("name"),
    schema="public",
)
"""


def test_a_chain() -> None:
    [found] = histories(
        revision(
            "c",
            "b",
            """
            with op.batch_alter_table("goods") as batch:
                batch.add_column(sa.Column("price", sa.Integer()))
                batch.drop_column("name")
                batch.alter_column("id", nullable=False)
            op.drop_table("old")
            """,
        ),
        revision("a", None, ITEMS + 'op.create_table("old", sa.Column("id", sa.Integer()))'),
        revision("b", "a", 'op.rename_table("items", "goods")\nop.create_index("i", "goods", [])'),
    )
    assert found.complete
    assert found.last == "alembic/versions/0.py"
    assert columns(found) == {"goods": ["id", "price"]}
    assert found.tables["goods"].complete


def test_branches_that_meet() -> None:
    [found] = histories(
        revision("a", None, ITEMS),
        revision("b", "a", 'op.add_column("items", sa.Column("b", sa.Integer()))'),
        revision("c", "a", 'op.add_column("items", sa.Column("c", sa.Integer()))'),
        revision("d", ("b", "c"), ""),
    )
    assert found.complete
    assert columns(found) == {"items": ["b", "c", "id", "name"]}


def test_loops_helpers_and_conditions() -> None:
    [found] = histories(
        revision(
            "a",
            None,
            ITEMS
            + """
_more()
for name in ("x", "y"):
    op.add_column("items", sa.Column(name, sa.Integer()))
if op.get_bind().dialect.name == "postgresql":
    op.add_column("items", sa.Column("vector", sa.Text()))
    op.drop_column("items", "name")
""",
            """
            def _more():
                op.add_column("items", sa.Column("more", sa.Integer()))
            """,
        )
    )
    assert found.complete
    assert columns(found) == {"items": ["id", "more", "name", "vector", "x", "y"]}


def test_raw_sql() -> None:
    [found] = histories(
        revision(
            "a",
            None,
            """
            connection = op.get_bind()
            connection.execute(sa.text("ALTER TABLE items ADD colour text"))
            op.execute(SQL)
            op.execute(f"UPDATE {table} SET x = 1")
            """,
            'SQL = "CREATE VIEW v AS SELECT 1"',
        )
    )
    assert found.complete
    assert not found.unknown_sql
    assert "ALTER TABLE items ADD colour text" in found.sql
    assert "CREATE VIEW v AS SELECT 1" in found.sql
    [unknown] = histories(revision("a", None, "op.execute(made_elsewhere)"))
    assert unknown.unknown_sql


def test_what_cannot_be_followed() -> None:
    for upgrade in (
        "op.create_table(name, sa.Column('id', sa.Integer()))",
        "op.invent('items')",
        "somewhere_else()",
        "Base.metadata.create_all(op.get_bind())",
        "Item.__table__.create(op.get_bind())",
        "if unclear:\n    op.rename_table('items', 'goods')",
    ):
        [found] = histories(revision("a", None, upgrade))
        assert not found.complete
    assert not histories(revision("b", "gone", ITEMS))[0].complete
    two_heads = histories(
        revision("a", None, ITEMS), revision("b", "a", ""), revision("c", "a", "")
    )
    assert not two_heads[0].complete
    circle = histories(revision("a", "b", ITEMS), revision("b", "a", ""))
    assert not any(history.complete for history in circle)


def test_tables_whose_columns_are_not_all_told() -> None:
    for upgrade in (
        "op.create_table('items', *columns())",
        "op.create_table('items', sa.Column(name(), sa.Integer()))",
        "op.create_table('items', column)",
        "op.add_column('items', sa.Column('late', sa.Integer()))",
    ):
        [found] = histories(revision("a", None, upgrade))
        assert not found.tables["items"].complete


def test_an_enum_type_is_no_table() -> None:
    [found] = histories(
        revision("a", None, "sa.Enum('x', name='kind').create(op.get_bind())\n" + ITEMS)
    )
    assert found.complete
