import os

import psycopg2
from sqlalchemy import create_engine

URL = os.environ["DATABASE_URL"]
engine = create_engine(URL)


def connect():
    return psycopg2.connect(URL)
