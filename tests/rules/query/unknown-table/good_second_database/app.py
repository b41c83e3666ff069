SCHEMA = "CREATE TABLE users (id serial PRIMARY KEY, name text)"
MORE = "CREATE TABLE notes (id serial PRIMARY KEY, user_id integer)"
TAGS = "CREATE TABLE tags (id serial PRIMARY KEY, name text)"


def read(connection):
    connection.execute("SELECT name FROM users")
    connection.execute("SELECT id FROM notes")
    connection.execute("SELECT id FROM tags")
