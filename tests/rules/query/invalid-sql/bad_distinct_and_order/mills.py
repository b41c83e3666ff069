import psycopg


def kinds(url):
    with psycopg.connect(url) as connection:
        return connection.execute(
            """
            SELECT DISTINCT g.kind
            FROM grains g
            JOIN mills m ON m.id = g.mill_id
            ORDER BY m.opened_at DESC  -- expect: query/invalid-sql
            """
        ).fetchall()
