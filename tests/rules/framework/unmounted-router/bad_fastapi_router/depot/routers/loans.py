from fastapi import APIRouter

router = APIRouter()


@router.get("/loans")  # expect: framework/unmounted-router
def all_of_them() -> list[str]:
    return []
