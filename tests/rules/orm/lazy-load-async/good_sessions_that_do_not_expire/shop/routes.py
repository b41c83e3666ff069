from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from shop.db import get_session
from shop.models import Book

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


@router.post("/books/{book_id}/title")
async def rename(session: Db, book_id: int, title: str):
    book = await session.get_one(Book, book_id)
    book.title = title
    await session.commit()
    return {"id": book.id, "title": book.title}
