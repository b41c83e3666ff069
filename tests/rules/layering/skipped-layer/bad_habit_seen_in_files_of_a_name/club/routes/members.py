from fastapi import APIRouter

from club.crud.members import names_of_members
from club.services.members import shown

router = APIRouter(prefix="/members")


@router.get("/")
def listed() -> list[str]:
    return names_of_members()


@router.get("/text")
def as_text() -> str:
    return shown()
