from fastapi import APIRouter

router = APIRouter(prefix="/fires")


@router.get("")
def fires():
    return []


@router.get("/{number}")
def fire(number: int):
    return {"id": number}
