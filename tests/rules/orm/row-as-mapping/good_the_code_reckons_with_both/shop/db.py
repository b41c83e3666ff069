import psycopg2
import psycopg2.extras
from flask import g


def get_db():
    if "db" not in g:
        g.db = psycopg2.connect("dbname=shop")
    return g.db
