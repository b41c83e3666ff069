from fastapi import APIRouter

from .models import Count

router = APIRouter()


@router.get("/count")
def count():
    return {"table": Count.__tablename__}
