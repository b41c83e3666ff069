import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS boxes (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    code TEXT GENERATED ALWAYS AS (lower(label)) STORED NOT NULL,
    sealed INTEGER NOT NULL DEFAULT 0,
    note TEXT
);
CREATE TABLE IF NOT EXISTS moves (
    box_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (box_id, position)
);
CREATE TABLE IF NOT EXISTS rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
"""
OLDER = "CREATE TABLE IF NOT EXISTS rooms (id INTEGER PRIMARY KEY, name TEXT)"
COLUMNS = ["label", "sealed"]


def prepare(conn: sqlite3.Connection) -> None:
    conn.executescript(SCHEMA)
    conn.execute(OLDER)


def pack(conn: sqlite3.Connection, label: str) -> None:
    conn.execute("INSERT INTO boxes (label) VALUES (?)", (label,))
    conn.execute("INSERT INTO boxes VALUES (NULL, ?, 0, NULL)", (label,))
    conn.execute("INSERT INTO rooms (id) VALUES (1)")
    conn.execute("INSERT INTO rooms DEFAULT VALUES")
    conn.commit()


def copy(conn: sqlite3.Connection, values: dict) -> None:
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    conn.execute(f"INSERT INTO boxes ({names}) VALUES ({marks})", list(values.values()))
    conn.commit()
