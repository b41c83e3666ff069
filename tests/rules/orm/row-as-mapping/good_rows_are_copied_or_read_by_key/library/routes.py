from fastapi import APIRouter, Depends

from library.books import Books
from library.db import connection

router = APIRouter()


def books(conn=Depends(connection)) -> Books:
    return Books(conn)


@router.get("/books/{number}")
async def read(number: int, repo: Books = Depends(books)):
    return await repo.read(number)
