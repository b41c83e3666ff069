from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import keys

router = APIRouter(prefix="/keys")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    found = await keys.one(session, id)
    return {"id": found.id}
