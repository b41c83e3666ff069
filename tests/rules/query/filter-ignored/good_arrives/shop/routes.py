from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.search import Criteria, find

router = APIRouter()


@router.get("/books")
async def list_books(
    session: Annotated[AsyncSession, Depends(get_session)],
    title: str | None = None,
    writer: str | None = None,
):
    return await find(session, Criteria(title=title, writer=writer))
