from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from shop.db import get_session
from shop.models import Book

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


@router.get("/books")
async def list_books(session: Db):
    first = await session.scalars(select(Book).options(joinedload(Book.genres)))
    second = await session.scalars(select(Book).options(selectinload(Book.genres)))
    return [*first.unique().all(), *second.all()]
