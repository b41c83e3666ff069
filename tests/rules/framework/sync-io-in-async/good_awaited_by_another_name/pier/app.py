from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from psycopg import Connection

from pier.berths import free_berths, moor
from pier.pool import connection, opened


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with opened() as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/berths/free")
async def free(conn: Annotated[Connection, Depends(connection)]):
    return await free_berths(conn)


@app.put("/berths/{berth}/boat/{boat}", status_code=204)
async def take(berth: int, boat: int, conn: Annotated[Connection, Depends(connection)]):
    await moor(conn, berth, boat)
