import psycopg

TABLES = """
CREATE TABLE orders (id serial PRIMARY KEY, customer integer, total numeric, placed timestamptz);
CREATE TABLE customers (id serial PRIMARY KEY, name varchar(80), since date, score double precision);
CREATE TABLE events (name varchar(80), target text, happened timestamp);
"""


def read(connection: psycopg.Connection):
    connection.execute(TABLES)
    connection.execute("SELECT 1 FROM orders o JOIN customers c ON o.id = c.id AND o.total > c.score")
    connection.execute("SELECT 1 FROM orders o JOIN customers c ON o.total = c.score")
    connection.execute("SELECT 1 FROM customers c JOIN events e ON e.name = c.name")
    connection.execute("SELECT 1 FROM customers c JOIN events e ON e.target = c.id::text")
    connection.execute("SELECT 1 FROM orders o JOIN events e ON e.happened = o.placed")
