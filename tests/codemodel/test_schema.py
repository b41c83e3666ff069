"""The tables that a project's sources say the database has."""

from __future__ import annotations

from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.schema import Schema, build_schema
from support.programs import Program


def schema(**files: str) -> Schema:
    model = Program({name.replace("__", "/"): text for name, text in files.items()}).model
    return build_schema(model, Entities(model))


def columns(found: Schema, table: str) -> list[str]:
    known = found.table(table)
    assert known is not None
    return list(known.columns)


def test_files_in_their_order() -> None:
    found = schema(**{
        "db__001_init.sql": """
            CREATE TABLE users (id serial PRIMARY KEY, nick text, "fullName" text);
            CREATE TABLE old (id int);
        """,
        "db__002_change.sql": """
            ALTER TABLE users ADD COLUMN email varchar(80) NOT NULL, ADD COLUMN age int;
            ALTER TABLE users RENAME COLUMN nick TO name;
            ALTER TABLE users DROP COLUMN age;
            DROP TABLE old;
            CREATE TABLE "public"."posts" (
                id int, author int REFERENCES users, FOREIGN KEY (id) REFERENCES users (id)
            );
        """,
        "db__010_rename.sql": "ALTER TABLE posts RENAME TO articles;",
        "db__002_change.down.sql": "ALTER TABLE users DROP COLUMN email;",
    })  # fmt: skip
    assert found.complete
    assert found.names() == ["articles", "old", "users"]
    assert columns(found, "users") == ["id", "fullName", "email", "name"]
    users, articles = found.tables["users"], found.tables["articles"]
    assert users.complete
    assert users.columns["email"].type == "text"
    assert users.columns["email"].nullable is False
    assert users.columns["fullName"].exact
    assert articles.columns["author"].references == "users.id"
    assert articles.columns["id"].references == "users.id"


def test_history_beside_the_schema_as_it_is() -> None:
    found = schema(**{
        "sql__changes__1.sql": "ALTER TABLE users ADD COLUMN nick text; ALTER TABLE a RENAME TO b;",
        "sql__create.sql": "CREATE TABLE users (id int, name text); CREATE TABLE b (id int);",
        "sql__drop.sql": "DROP TABLE users; DROP TABLE b;",
        "sql__updates__1.sql": "ALTER TABLE a RENAME TO b; ALTER TABLE users RENAME x TO name;",
    })  # fmt: skip
    assert columns(found, "users") == ["nick", "id", "name"]
    assert found.tables["users"].complete
    assert found.tables["b"].complete


def test_strings_only_add() -> None:
    found = schema(**{
        "app.py": '''
            TABLES = [
                "CREATE TABLE IF NOT EXISTS a (id INTEGER, b TEXT)",
                "CREATE VIRTUAL TABLE s USING fts5(body)",
            ]
            NAME = "c"

            def create(db, column):
                db.execute("DROP TABLE IF EXISTS a")
                db.execute(f"CREATE TABLE {NAME} (id INTEGER, {column} TEXT)")
                db.execute("CREATE VIEW v AS SELECT a.id, b AS title FROM a")
                db.execute("ALTER TABLE a RENAME COLUMN b TO c")
        ''',
    })  # fmt: skip
    assert columns(found, "a") == ["id", "b", "c"]
    assert columns(found, "v") == ["id", "title"]
    assert [name for name, table in found.tables.items() if table.complete] == ["a", "v"]


def test_helpers_that_add_columns() -> None:
    found = schema(**{
        "app.py": '''
            def ensure(db, table, column):
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")

            def create(db):
                db.execute("CREATE TABLE a (id INTEGER)")
                ensure(db, "a", "bio")
                ensure(db, "a", "image")
        ''',
    })  # fmt: skip
    assert columns(found, "a") == ["id", "bio", "image"]
    assert found.tables["a"].complete


def test_what_is_altered_unseen_is_not_complete() -> None:
    found = schema(**{
        "app.py": '''
            def create(db, table, column):
                db.execute("CREATE TABLE a (id INTEGER)")
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
        ''',
    })  # fmt: skip
    assert not found.complete
    assert not found.tables["a"].complete


def test_entities_and_alembic() -> None:
    found = schema(**{
        "models.py": """
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

            class Base(DeclarativeBase):
                pass

            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "migrations__versions__1.py": """
            from alembic import op
            import sqlalchemy as sa

            def upgrade():
                op.create_table("jobs", sa.Column("id", sa.Integer()), *extra())
                op.add_column("users", sa.Column("search", sa.Text()))
                with op.batch_alter_table("users") as batch:
                    batch.add_column(sa.Column("note", sa.Text()))
        """,
    })  # fmt: skip
    assert columns(found, "users") == ["id", "search", "note"]
    assert found.tables["users"].complete
    assert not found.tables["jobs"].complete


def test_blocks() -> None:
    found = schema(**{
        "a.sql": """
            CREATE TABLE a (id int);
            DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'a') THEN
                    ALTER TABLE a ADD COLUMN b text;
                END IF;
            END $$;
        """,
    })  # fmt: skip
    assert columns(found, "a") == ["id", "b"]
    assert found.tables["a"].complete


def test_hostile_sql_ends() -> None:
    found = schema(**{
        "a.sql": "CREATE TABLE a (" + "(" * 500 + ");\nCREATE TABLE b (id int);",
        "b.sql": "CREATE TABLE c (x int\n" * 50,
        "c.sql": "create table \x00 ; alter table ; drop table ;;; create view v as ;",
    })  # fmt: skip
    assert not found.tables["a"].complete
    assert columns(found, "b") == ["id"]
