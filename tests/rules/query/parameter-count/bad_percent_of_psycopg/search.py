import psycopg


def search(connection: psycopg.Connection, word: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM pages WHERE title ILIKE '%' || %s || '%'",  # expect: query/parameter-count
            (word,),
        )
        return cursor.fetchall()


def recent(connection: psycopg.Connection, section: str, count: int):
    return connection.execute(
        "SELECT id FROM pages WHERE section = ? LIMIT ?",  # expect: query/parameter-count
        (section, count),
    ).fetchall()
