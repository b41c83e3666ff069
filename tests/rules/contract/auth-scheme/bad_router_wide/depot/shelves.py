from fastapi import APIRouter

from depot.access import Keeper, Visitor

router = APIRouter(prefix="/shelves")


@router.get("")
def shelves(who: Visitor):
    return []


@router.post("")
def add_shelf(who: Keeper):
    return {}


@router.get("/{id}")
def shelf(id: int, who: Visitor):
    return {}


@router.delete("/{id}")
def remove_shelf(id: int, who: Keeper):
    return {}
