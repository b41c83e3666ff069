from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.db import get_session
from shop.repositories import NoteRepository

router = APIRouter()


@router.get("/notes")
async def list_notes(session: Annotated[AsyncSession, Depends(get_session)], text: str = ""):
    rows, total = await NoteRepository(session).page(text)
    return {"total": total, "items": [row.text for row in rows]}
