from fastapi import APIRouter

from club.crud.keys import names_of_keys
from club.db import store  # expect: layering/skipped-layer note
from club.services.keys import shown

router = APIRouter(prefix="/keys")


@router.get("/")
def listed() -> list[str]:
    return names_of_keys()


@router.get("/text")
def as_text() -> str:
    return shown()


@router.get("/engine")
def engine() -> list[str]:
    return store.rows("SELECT 'club' WHERE 1 = :one", one=1)
