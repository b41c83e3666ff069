from fastapi import APIRouter

router = APIRouter()


@router.get("/loans")  # expect: framework/routes-not-mounted
def all_of_them() -> list[str]:
    return []
