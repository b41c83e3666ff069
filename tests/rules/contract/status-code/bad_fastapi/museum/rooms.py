from fastapi import APIRouter, status
from fastapi.responses import JSONResponse

from museum.schemas import Room

router = APIRouter()


@router.post("", response_model=Room)
async def add(room: Room):
    return room  # expect: contract/status-code


@router.get("/{room_id}")
async def show(room_id: int) -> Room:
    return Room(name=str(room_id))


@router.delete("/{room_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(room_id: int):
    return JSONResponse({"removed": room_id})  # expect: contract/status-code
