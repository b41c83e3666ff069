from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.repositories import BookRepository
from shop.schemas import Order

router = APIRouter()
Session = Annotated[AsyncSession, Depends(get_session)]


def ordered(column: str = "title", direction: str = "asc") -> Order:
    return Order(column=column, direction=direction)


@router.get("/books")
async def list_books(session: Session, order: Annotated[Order, Depends(ordered)]):
    return [row.title for row in await BookRepository(session).page(order)]


@router.get("/books/{title}")
async def show(session: Session, title: str):
    row = await BookRepository(session).titled(title)
    return {"title": row.title}
