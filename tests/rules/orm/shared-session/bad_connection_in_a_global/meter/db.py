import asyncpg

conn = None


async def connect(url):
    global conn
    conn = await asyncpg.connect(url)  # expect: orm/shared-session


async def get_conn():
    return conn
