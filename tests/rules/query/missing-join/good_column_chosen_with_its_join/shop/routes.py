from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.repositories import BookRepository

router = APIRouter()


@router.get("/titles")
async def titles(
    session: Annotated[AsyncSession, Depends(get_session)],
    order: str = "title",
    writer: bool = False,
):
    books = BookRepository(session)
    return {"total": await books.total(), "items": await books.titles(writer, order)}
