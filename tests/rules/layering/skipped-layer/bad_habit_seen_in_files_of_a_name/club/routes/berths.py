from fastapi import APIRouter

from club.crud.berths import names_of_berths
from club.services.berths import shown

router = APIRouter(prefix="/berths")


@router.get("/")
def listed() -> list[str]:
    return names_of_berths()


@router.get("/text")
def as_text() -> str:
    return shown()
