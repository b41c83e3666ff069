from typing import Any

from psycopg_pool import ConnectionPool


class Gateway:
    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool(url)

    def rows(self, sql: str, params: Any = None) -> list[tuple]:
        with self._pool.connection() as connection:
            return connection.execute(sql, params).fetchall()

    def value(self, sql: str, params: Any = None) -> Any:
        found = self.rows(sql, params)
        return found[0][0] if found else None
