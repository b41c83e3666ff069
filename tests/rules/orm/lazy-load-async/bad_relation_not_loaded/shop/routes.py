from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from shop.db import get_session
from shop.models import Book
from shop.views import view

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


@router.get("/books/{book_id}")
async def show(session: Db, book_id: int):
    return view((await session.scalars(select(Book).where(Book.id == book_id))).one())
