from fastapi import APIRouter

from market.access import CurrentSeller

router = APIRouter(prefix="/stalls")


@router.get("")
def stalls():
    return []


@router.post("", status_code=201)
def add(seller: CurrentSeller):
    return {"seller": seller}


@router.get("/{number}")
def show(number: int):
    return {"id": number}


@router.put("/{number}")
def change(number: int, seller: CurrentSeller):
    return {"id": number, "seller": seller}


@router.delete("/{number}", status_code=204)
def remove(number: int, seller: CurrentSeller):
    return None
