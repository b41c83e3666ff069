import psycopg

TABLES = """
CREATE TABLE owners (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE boats (id serial PRIMARY KEY, owner_id integer NOT NULL REFERENCES owners (id), label text);
"""


def read(connection: psycopg.Connection):
    connection.execute(TABLES)
    connection.execute("SELECT b.label, o.name FROM boats b JOIN owners o ON o.id = b.id")  # expect: query/wrong-join-column
