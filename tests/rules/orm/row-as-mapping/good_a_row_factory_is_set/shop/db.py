import sqlite3

from flask import g


def as_dict(cursor, row):
    return {column[0]: value for column, value in zip(cursor.description, row)}


def get_db():
    db = getattr(g, "_database", None)
    if db is None:
        db = g._database = sqlite3.connect("shop.db")
        db.row_factory = as_dict
    return db
