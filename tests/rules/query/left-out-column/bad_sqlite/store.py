import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS shelves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS boxes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    shelf_id INTEGER NOT NULL REFERENCES shelves (id),
    weight REAL,
    sealed INTEGER NOT NULL DEFAULT 0,
    packed_at TEXT NOT NULL
);
"""


def prepare(conn: sqlite3.Connection) -> None:
    conn.executescript(SCHEMA)


def pack(conn: sqlite3.Connection, label: str, shelf: int) -> None:
    conn.execute(
        "INSERT INTO boxes (label, shelf_id) VALUES (?, ?)",  # expect: query/left-out-column
        (label, shelf),
    )
    conn.commit()


def try_to_pack(conn: sqlite3.Connection, label: str) -> None:
    conn.execute(
        "INSERT OR IGNORE INTO boxes (label, packed_at)"  # expect: query/left-out-column
        " VALUES (?, datetime('now'))",
        (label,),
    )
    conn.commit()
