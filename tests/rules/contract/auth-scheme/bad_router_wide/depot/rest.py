from fastapi import APIRouter, Depends

from depot.access import Visitor, keeper

router = APIRouter()


@router.get("/notes/{id}", dependencies=[Depends(keeper)])  # expect: contract/auth-scheme
def note(id: int, who: Visitor):
    return {}


@router.get("/stock")
def stock(who: Visitor):
    return {}


@router.get("/labels")
def labels(who: Visitor):
    return {}


@router.get("/carts")
def carts(who: Visitor):
    return {}


@router.get("/trucks")
def trucks(who: Visitor):
    return {}


@router.get("/status")
def status():
    return {}
