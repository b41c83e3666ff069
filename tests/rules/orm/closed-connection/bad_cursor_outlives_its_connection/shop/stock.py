from shop.db import query, read


def items():
    return query("SELECT name, price FROM items ORDER BY name LIMIT 20").fetchall()  # expect: orm/closed-connection


def count():
    return read("SELECT count(*) FROM items")
