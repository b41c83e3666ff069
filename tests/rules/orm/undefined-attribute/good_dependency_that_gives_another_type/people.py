from typing import Self, TypedDict

from psycopg import AsyncConnection
from psycopg.rows import class_row
from pydantic import BaseModel


class Keeper(BaseModel):
    id: int
    name: str

    @classmethod
    async def one(cls, db: AsyncConnection, lamp: str) -> Self:
        async with db.cursor(row_factory=class_row(cls)) as cursor:
            await cursor.execute("SELECT id, name FROM keepers WHERE lamp = %s", (lamp,))
            return await cursor.fetchone()


class Found(TypedDict):
    keeper: Keeper
    lamp: str
