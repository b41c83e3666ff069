from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/boats/{slug}")


@router.get("/trips/{id}")
async def trip(slug: str, trip_id: int):  # expect: framework/path-parameter
    return {"slug": slug, "trip": named(trip_id)}


def named(id: int) -> str:
    return f"trip {id}"


@router.get("/crew/{user_name}")
async def member(slug: str, username: str):  # expect: framework/path-parameter
    return {"slug": slug, "member": username}


app = FastAPI()
app.include_router(router)
