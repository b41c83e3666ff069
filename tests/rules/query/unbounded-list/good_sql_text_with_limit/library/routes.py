from fastapi import APIRouter, Depends

from library.books import Books
from library.db import connection

router = APIRouter()


def books(conn=Depends(connection)) -> Books:
    return Books(conn)


@router.get("/books")
async def listed(
    repo: Books = Depends(books), author: str | None = None, limit: int = 20, offset: int = 0
):
    return await repo.listed(author, limit, offset)


@router.get("/shelves/{shelf}/books")
async def on_shelf(shelf: int, repo: Books = Depends(books)):
    return await repo.on_shelf(shelf)
