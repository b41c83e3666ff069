from fastapi import APIRouter

from club.crud.boats import names_of_boats
from club.services.boats import shown

router = APIRouter(prefix="/boats")


@router.get("/")
def listed() -> list[str]:
    return names_of_boats()


@router.get("/text")
def as_text() -> str:
    return shown()
