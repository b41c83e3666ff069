import sqlite3

SCHEMA = """
CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, tags TEXT);
CREATE TABLE links (source INTEGER, target INTEGER);
CREATE TEMP TABLE picked AS SELECT id FROM notes;
ALTER TABLE links RENAME TO note_links;
CREATE VIRTUAL TABLE note_search USING fts5 (body);
"""


def read(connection: sqlite3.Connection):
    connection.executescript(SCHEMA)
    connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    connection.execute("SELECT * FROM pragma_table_info('notes')")
    connection.execute("SELECT id, value FROM notes, json_each(notes.tags)")
    connection.execute("SELECT * FROM picked")
    connection.execute("SELECT * FROM main.notes")
    connection.execute("SELECT target FROM note_links JOIN note_search ON note_search.rowid = target")
    connection.execute(
        "WITH RECURSIVE reach AS (SELECT 1 AS id UNION "
        "SELECT target FROM note_links, reach WHERE source = reach.id) SELECT * FROM reach"
    )


def attached(connection: sqlite3.Connection, table: str):
    connection.execute("ATTACH DATABASE 'old.db' AS old")
    connection.execute("INSERT INTO notes SELECT * FROM old.entries")
    return connection.execute(f"SELECT * FROM {table}").fetchall()
