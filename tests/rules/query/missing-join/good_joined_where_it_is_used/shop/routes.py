from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.repositories import BookRepository

router = APIRouter()


@router.get("/books")
async def list_books(
    session: Annotated[AsyncSession, Depends(get_session)],
    writer: str | None = None,
    order: str = "title",
):
    return await BookRepository(session).page(writer, order)
