from fastapi import APIRouter

router = APIRouter(prefix="/tents")


@router.get("")
def tents():
    return []


@router.get("/{number}")
def tent(number: int):
    return {"id": number}
