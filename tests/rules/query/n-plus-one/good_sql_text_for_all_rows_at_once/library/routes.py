from fastapi import APIRouter, Depends

from library.books import Books
from library.db import connection
from library.service import shelf

router = APIRouter()


def books(conn=Depends(connection)) -> Books:
    return Books(conn)


@router.get("/books")
async def listed(limit: int = 20, repo: Books = Depends(books)):
    return await shelf(repo, limit)
