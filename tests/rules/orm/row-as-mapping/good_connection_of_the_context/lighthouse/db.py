from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool


class Database:
    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool(url, min_size=1, kwargs={"row_factory": dict_row}, open=True)
        self._current: ContextVar[Connection | None] = ContextVar("connection", default=None)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        active = self._current.get()
        if active is not None:
            yield active
            return
        with self._pool.connection() as connection:
            token = self._current.set(connection)
            try:
                yield connection
            finally:
                self._current.reset(token)

    def one(self, text, values):
        with self.transaction() as connection:
            return connection.execute(text, values).fetchone()
