from fastapi import APIRouter

router = APIRouter()


@router.get("/crates")
def all_of_them() -> list[str]:
    return []
