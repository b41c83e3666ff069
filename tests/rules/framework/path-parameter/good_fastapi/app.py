from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request

router = APIRouter(prefix="/boats/{slug}")


async def boat_of(slug: str) -> dict:
    return {"slug": slug}


@router.get("/trips/{id}")
async def trip(id: int, boat: Annotated[dict, Depends(boat_of)], boat_slug: str):
    return {"trip": id, "boat": boat, "other": boat_slug}


@router.get("/crew/{name}")
async def member(request: Request, search: str, page: Annotated[int, Query()] = 1):
    return {"name": request.path_params["name"], "search": search, "page": page}


@router.delete("/notes/{id}")
async def remove(id: int, parent_id: int):
    return {"removed": id, "below": parent_id}


app = FastAPI()
app.include_router(router)
