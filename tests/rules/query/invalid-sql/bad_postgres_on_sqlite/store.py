import sqlite3

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS notes ("
    "id SERIAL PRIMARY KEY, "  # expect: query/invalid-sql
    "body TEXT, tags TEXT, "
    "created TEXT DEFAULT (now()))"  # expect: query/invalid-sql
)


class Notes:
    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute(SCHEMA)

    def search(self, word: str, tags: list[str], since=None):
        sql = "SELECT id FROM notes WHERE body ILIKE ?"  # expect: query/invalid-sql
        values = [f"%{word}%"]
        if tags:
            sql += " AND tags @> ?"  # expect: query/invalid-sql
            values.append(",".join(tags))
        if since:
            sql += " AND created::date >= ?"  # expect: query/invalid-sql
            values.append(since)
        return self.connection.execute(sql, values).fetchall()

    def by_ids(self, ids):
        return self.connection.execute(
            "SELECT id FROM notes WHERE id = ANY(?)", (ids,)  # expect: query/invalid-sql
        ).fetchall()

    def setup(self):
        self.connection.execute(  # expect: query/invalid-sql
            "CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER);"
        )
