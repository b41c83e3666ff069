from fastapi import APIRouter

from app.passwords import hashed

router = APIRouter()


@router.post("/crew")
def join(name: str, password: str):
    return {"name": name, "kept": hashed(password)}
