import sqlite3

from flask import g

SCHEMA = """
CREATE TABLE IF NOT EXISTS dogs (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    breed TEXT NOT NULL
);
"""


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect("kennel.db")
        g.db.row_factory = sqlite3.Row
    return g.db


def init_db():
    get_db().executescript(SCHEMA)
