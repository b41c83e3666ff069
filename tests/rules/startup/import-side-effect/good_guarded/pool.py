import asyncpg
import psycopg2
from sqlalchemy import create_engine

engine = create_engine("postgresql://db/ledger")
pool = None

try:
    legacy = psycopg2.connect("postgresql://db/legacy")
except psycopg2.OperationalError:
    legacy = None


async def get_pool():
    global pool
    if pool is None:
        pool = await asyncpg.create_pool("postgresql://db/ledger")
    return pool
