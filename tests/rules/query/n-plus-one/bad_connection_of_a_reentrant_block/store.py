import os
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool


class Store:
    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool(url, kwargs={"row_factory": dict_row})
        self._open = ContextVar("open", default=None)

    @contextmanager
    def unit(self):
        outer = self._open.get()
        if outer is not None:
            yield outer
            return
        with self._pool.connection() as connection:
            token = self._open.set(connection)
            try:
                yield connection
            finally:
                self._open.reset(token)

    def rows(self, sql, params=None):
        with self.unit() as connection:
            return connection.execute(sql, params).fetchall()


store = Store(os.environ["DATABASE_URL"])
