from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import runs

router = APIRouter(prefix="/runs")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    found = await runs.one(session, id)
    return {"id": found.id}
