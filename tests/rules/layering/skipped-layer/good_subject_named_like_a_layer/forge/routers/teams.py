from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import teams

router = APIRouter(prefix="/teams")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    found = await teams.one(session, id)
    return {"id": found.id}
