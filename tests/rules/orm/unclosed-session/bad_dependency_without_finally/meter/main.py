from fastapi import Depends, FastAPI
from psycopg2.pool import ThreadedConnectionPool

app = FastAPI()
pool = ThreadedConnectionPool(1, 10, "postgresql://localhost/meter")


def connection():
    held = pool.getconn()  # expect: orm/unclosed-session
    yield held
    pool.putconn(held)


@app.get("/readings/{number}")
def one(number: int, held=Depends(connection)):
    with held.cursor() as cursor:
        cursor.execute("SELECT value FROM readings WHERE id = %s", (number,))
        return cursor.fetchone()
