from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from shop.deps import get_db
from shop.services import carts as service

router = APIRouter()


@router.get("/carts")
def show(db: Session = Depends(get_db)) -> list[str]:
    return service.codes(db)
