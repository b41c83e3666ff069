from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import repos

router = APIRouter(prefix="/repos")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    return {"place": await repos.one(session, id)}
