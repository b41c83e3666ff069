from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.models import Book, Genre

router = APIRouter()
Db = Annotated[AsyncSession, Depends(get_session)]


@router.get("/books")
async def list_books(session: Db, limit: int = 20, offset: int = 0):
    return (await session.scalars(select(Book).limit(limit).offset(offset))).all()


@router.get("/writers/{writer_id}/books")
async def books_of(session: Db, writer_id: int):
    return (await session.scalars(select(Book).where(Book.writer_id == writer_id))).all()


@router.get("/genres")
async def genres(session: Db):
    return (await session.scalars(select(Genre).order_by(Genre.label))).all()


@router.get("/books/late")
async def late_books(session: Db):
    found = await session.scalars(select(Book).where(Book.id.in_(late_ids())))
    return found.all()


def late_ids() -> list[int]:
    with open("late.txt") as stream:
        return [int(line) for line in stream]
