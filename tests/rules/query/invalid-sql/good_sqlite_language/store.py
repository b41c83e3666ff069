import sqlite3

SCHEMA = """
CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price REAL, tags TEXT, made TEXT, kind TEXT);
CREATE TABLE parts (item_id INTEGER, label TEXT, weight REAL, PRIMARY KEY (item_id, label)) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(name, body);
"""
STATEMENTS = (
    "SELECT i.*, rowid FROM items i WHERE i.name LIKE 'a%' ESCAPE '!' AND name GLOB '*x' COLLATE NOCASE",
    "SELECT name AS n, price * 2 AS twice FROM items WHERE twice > 3 GROUP BY n HAVING n > 'a' ORDER BY twice",
    "SELECT iif(price ISNULL, 0, price), price NOTNULL, typeof(made) FROM items INDEXED BY items_name",
    "SELECT strftime('%Y', made, 'unixepoch'), datetime(made, '+1 day'), CURRENT_TIMESTAMP FROM items",
    "SELECT i.name, e.key, e.value, e.type FROM items i, json_each(i.tags) e WHERE e.value ->> '$.a' = 1",
    "SELECT name, tags ->> '$.a', json_extract(tags, '$.b') FROM items WHERE json_valid(tags)",
    "SELECT row_number() OVER w, sum(price) OVER (PARTITION BY kind ORDER BY made ROWS BETWEEN UNBOUNDED"
    " PRECEDING AND CURRENT ROW) FROM items WINDOW w AS (PARTITION BY kind ORDER BY price DESC)",
    "SELECT count(*) FILTER (WHERE price > 1), group_concat(DISTINCT kind), total(price) FROM items",
    "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT x, name FROM n, items",
    "WITH best AS MATERIALIZED (SELECT kind, max(price) AS top FROM items GROUP BY kind)"
    " SELECT items.name, top FROM items JOIN best USING (kind) WHERE price = top",
    "SELECT highlight(found, 0, '<b>', '</b>'), bm25(found) FROM found WHERE found MATCH 'x' ORDER BY rank",
    "SELECT name FROM items EXCEPT SELECT label FROM parts ORDER BY name LIMIT 3 OFFSET 1",
    "SELECT (SELECT max(weight) FROM parts WHERE item_id = items.id AND label <> name) AS heaviest FROM items",
    "SELECT * FROM (SELECT name, count(*) FROM items GROUP BY 1) AS t WHERE t.name > 'a'",
    "SELECT a.id, b.id FROM items a LEFT JOIN items AS b ON b.kind = a.kind AND b.id <> a.id",
    "INSERT INTO parts SELECT id, name, price FROM items WHERE true"
    " ON CONFLICT (item_id, label) DO UPDATE SET weight = excluded.weight + parts.weight",
    "INSERT INTO items (name, made) VALUES ('a', datetime('now')) RETURNING id, name AS title",
    "UPDATE items SET price = (SELECT sum(weight) FROM parts WHERE item_id = items.id), kind = 'k'"
    " WHERE id IN (SELECT item_id FROM parts) RETURNING price",
    "UPDATE items AS i SET price = p.weight FROM parts AS p WHERE p.item_id = i.id",
    "DELETE FROM parts WHERE item_id NOT IN (SELECT id FROM items) AND weight BETWEEN 1 AND 2",
    "SELECT CASE kind WHEN 'a' THEN 1 ELSE 2 END AS grade, CAST(price AS INTEGER) FROM items ORDER BY grade, 2",
    "SELECT main.items.name, [kind], `made`, \"price\" FROM main.items",
)


def run(connection: sqlite3.Connection) -> None:
    connection.executescript(SCHEMA)
    connection.execute(STATEMENTS[0])
    connection.execute(STATEMENTS[1])
    connection.execute(STATEMENTS[2])
    connection.execute(STATEMENTS[3])
    connection.execute(STATEMENTS[4])
    connection.execute(STATEMENTS[5])
    connection.execute(STATEMENTS[6])
    connection.execute(STATEMENTS[7])
    connection.execute(STATEMENTS[8])
    connection.execute(STATEMENTS[9])
    connection.execute(STATEMENTS[10])
    connection.execute(STATEMENTS[11])
    connection.execute(STATEMENTS[12])
    connection.execute(STATEMENTS[13])
    connection.execute(STATEMENTS[14])
    connection.execute(STATEMENTS[15])
    connection.execute(STATEMENTS[16])
    connection.execute(STATEMENTS[17])
    connection.execute(STATEMENTS[18])
    connection.execute(STATEMENTS[19])
    connection.execute(STATEMENTS[20])
    connection.execute(STATEMENTS[21])
