import psycopg
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

RECENT = text("SELECT id FROM notes WHERE kind = :kind LIMIT :size").bindparams(size=20)
TIMES = text("SELECT id FROM notes WHERE day = '2024-01-01 12:30:00' AND kind = :kind::text")


def recent(session: Session, kind):
    return session.execute(RECENT, {"kind": kind}).all()


def several(session: Session, kinds):
    statement = text("SELECT id FROM notes WHERE kind IN :kinds").bindparams(
        bindparam("kinds", expanding=True)
    )
    return session.execute(statement, {"kinds": list(kinds)}).all()


def filtered(session: Session, filters):
    values = {"kind": filters.kind}
    sql = "SELECT id FROM notes WHERE kind = :kind"
    if filters.owner:
        sql += " AND owner = :owner"
        values["owner"] = filters.owner
    return session.execute(text(sql), values).all()


def bulk(session: Session, rows):
    session.execute(
        text("INSERT INTO notes (kind, body) VALUES (:kind, :body)"),
        [{"kind": row.kind, "body": row.body} for row in rows],
    )


def search(connection: psycopg.Connection, word, conditions):
    connection.execute("SELECT id FROM notes WHERE body LIKE '%draft%'")
    connection.execute("SELECT id FROM notes WHERE body LIKE '%%' || %s || '%%'", (word,))
    connection.execute("SELECT id FROM notes WHERE meta ? 'kind' AND body = %s", (word,))
    where = " AND ".join(conditions)
    return connection.execute(f"SELECT id FROM notes WHERE {where}", (word, word)).fetchall()
