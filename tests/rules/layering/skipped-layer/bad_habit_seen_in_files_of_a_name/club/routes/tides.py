from fastapi import APIRouter

from club.crud.tides import names_of_tides
from club.services.tides import shown

router = APIRouter(prefix="/tides")


@router.get("/")
def listed() -> list[str]:
    return names_of_tides()


@router.get("/text")
def as_text() -> str:
    return shown()
