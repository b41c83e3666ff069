from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from shop.db import get_session
from shop.models import Book

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


@router.get("/books")
async def list_books(session: Db):
    return (await session.scalars(select(Book).options(joinedload(Book.writer)))).all()
