from fastapi import APIRouter

from club.crud.fees import names_of_fees
from club.services.fees import shown

router = APIRouter(prefix="/fees")


@router.get("/")
def listed() -> list[str]:
    return names_of_fees()


@router.get("/text")
def as_text() -> str:
    return shown()
