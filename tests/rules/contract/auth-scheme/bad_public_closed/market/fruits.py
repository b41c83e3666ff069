from fastapi import APIRouter

from market.access import CurrentSeller

router = APIRouter()


@router.get("/fruits")
def fruits():
    return []


@router.post("/fruits", status_code=201)
def add(seller: CurrentSeller):
    return {"seller": seller}


@router.get("/fruits/{number}")  # expect: contract/auth-scheme
def show(number: int, seller: CurrentSeller):
    return {"id": number, "seller": seller}


@router.get("/prices")
def prices():
    return []
