import psycopg


def setup(connection: psycopg.Connection) -> None:
    connection.execute("CREATE FUNCTION ifnull(a text, b text) RETURNS text AS 'x' LANGUAGE sql")
    connection.execute("SELECT ifnull(a, b) FROM t WHERE c ILIKE 'x' AND d @> ARRAY[1]")
    connection.execute("SELECT date('now'), now()::date, extract(epoch FROM now()) AS datetime")
    connection.execute("SELECT id FROM t WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED", ([1],))
    connection.execute("SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b DESC NULLS LAST")
    connection.execute("SELECT xmltable.* FROM t, XMLTABLE('/a' PASSING t.x COLUMNS y int)")
