from fastapi import APIRouter, Depends

from forge.models import get_session
from forge.services import users

router = APIRouter(prefix="/users")


@router.get("/{id}")
async def one(id: int, session=Depends(get_session)):
    found = await users.one(session, id)
    return {"id": found.id}
