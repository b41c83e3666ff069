"""Reads a database that another team owns."""

import psycopg2


def titles(dsn):
    cursor = psycopg2.connect(dsn).cursor()
    cursor.execute("SELECT title FROM works")
    return cursor.fetchall()
