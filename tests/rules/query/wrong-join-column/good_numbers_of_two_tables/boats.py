import psycopg

TABLES = """
CREATE TABLE owners (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE boats (id serial PRIMARY KEY, owner_id integer NOT NULL REFERENCES owners (id), label text);
CREATE TABLE harbours (id serial PRIMARY KEY, name text);
CREATE TABLE sailboats (id integer PRIMARY KEY REFERENCES boats (id), masts integer);
"""


def read(connection: psycopg.Connection):
    connection.execute(TABLES)
    connection.execute("SELECT 1 FROM boats b JOIN owners o ON o.id = b.owner_id")
    connection.execute("SELECT 1 FROM boats b JOIN harbours h ON h.id = b.id")
    connection.execute("SELECT 1 FROM boats b JOIN sailboats s ON s.id = b.id")
    connection.execute("SELECT 1 FROM boats b JOIN boats c ON c.id = b.id")
