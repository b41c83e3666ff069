import psycopg2
from psycopg2 import sql


def sorted_by(column, direction):
    direction = direction if direction in ("ASC", "DESC") else "ASC"
    query = sql.SQL("SELECT * FROM items ORDER BY {} " + direction).format(
        sql.Identifier(column)
    )
    with psycopg2.connect("dbname=shop") as conn, conn.cursor() as cur:
        cur.execute(query)
        return cur.fetchall()
