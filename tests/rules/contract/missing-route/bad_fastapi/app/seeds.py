from fastapi import APIRouter

router = APIRouter(prefix="/seeds")


@router.get("/{seed_id}")
def show_seed(seed_id: int):
    return {"id": seed_id}
