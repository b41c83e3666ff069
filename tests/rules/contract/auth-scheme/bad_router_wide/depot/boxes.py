from fastapi import APIRouter

from depot.access import Keeper

router = APIRouter(prefix="/boxes")
single = APIRouter(prefix="/boxes")


@router.get("")
def boxes():
    return []


@router.post("")
def add_box(who: Keeper):
    return {}


@single.get("/{id}")  # expect: contract/auth-scheme
def box(id: int):
    return {}


@single.put("/{id}")
def change_box(id: int, who: Keeper):
    return {}
