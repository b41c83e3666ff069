import sqlite3


def setup(connection: sqlite3.Connection) -> None:
    connection.create_function("unnest", 1, str)
    connection.execute("SELECT unnest(tags) FROM notes")
    connection.executescript("CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER);")
    connection.execute("INSERT OR REPLACE INTO a (id) VALUES (?) RETURNING id", (1,))
    connection.execute("SELECT 'now()' AS text, strftime('%s', 'now') -- ILIKE is not known here")
    connection.execute("INSERT INTO a (id) VALUES (1) ON CONFLICT (id) DO NOTHING;")
    connection.execute('SELECT "ilike" FROM a WHERE id IN ()')
    connection.execute("SELECT string_agg(id, ','), iif(id > 1, 'x', 'y') FROM a GROUP BY id")
