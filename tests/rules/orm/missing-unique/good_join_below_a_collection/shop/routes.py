from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.repositories import WriterRepository

router = APIRouter()


@router.get("/writers")
async def list_writers(session: Annotated[AsyncSession, Depends(get_session)]):
    return await WriterRepository(session).page()


@router.get("/writers/{name}")
async def show(name: str, session: Annotated[AsyncSession, Depends(get_session)]):
    return await WriterRepository(session).named(name)
