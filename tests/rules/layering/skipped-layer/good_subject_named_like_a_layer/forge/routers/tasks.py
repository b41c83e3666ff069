from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import tasks

router = APIRouter(prefix="/tasks")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    found = await tasks.one(session, id)
    return {"id": found.id}
