import psycopg2
from psycopg2.extras import RealDictCursor


def query(sql, values=()):
    with psycopg2.connect("dbname=shop") as conn:
        with conn.cursor(cursor_factory=RealDictCursor) as cur:
            cur.execute(sql, values)
            return cur.fetchall()
