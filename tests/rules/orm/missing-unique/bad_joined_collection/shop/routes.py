from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from shop.db import get_session
from shop.models import Book

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


async def rows(session: AsyncSession, stmt):
    return (await session.scalars(stmt)).all()  # expect: orm/missing-unique


@router.get("/books")
async def list_books(session: Db):
    return await rows(session, select(Book).options(joinedload(Book.genres)))
