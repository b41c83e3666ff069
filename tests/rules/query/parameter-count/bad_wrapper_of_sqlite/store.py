import sqlite3


class Store:
    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path)

    def _all(self, sql, values=()):
        return self._connection.execute(sql, values).fetchall()

    def _run(self, sql: str, *values) -> None:
        with self._connection:
            self._connection.execute(sql, values)

    def find(self, ids, name=None):
        sql = f"SELECT * FROM items WHERE id IN ({','.join('?' * len(ids))})"
        values = list(ids)
        if name is not None:
            sql += " AND name = ?"
        return self._all(sql, values)  # expect: query/parameter-count

    def add(self, name, price):
        self._run("INSERT INTO items (name, price) VALUES (?, ?)", name)  # expect: query/parameter-count

    def change(self, item, fields):
        columns = ", ".join(f"{column} = ?" for column in ("name", "price"))
        values = [fields[column] for column in ("name", "price")]
        self._run(f"UPDATE items SET {columns} WHERE id = ?", *values)  # expect: query/parameter-count

    def load(self, rows):
        self._connection.executemany(  # expect: query/parameter-count
            "INSERT INTO items (id, name, price) VALUES (?, ?, ?)",
            [(row.name, row.price) for row in rows],
        )
