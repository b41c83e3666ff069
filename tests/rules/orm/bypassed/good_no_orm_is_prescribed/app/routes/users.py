from fastapi import APIRouter, Request

from app.repositories.users import UserRepository

router = APIRouter()


@router.get("/users/{name}")
async def user(name: str, request: Request):
    async with request.app.state.pool.acquire() as connection:
        return await UserRepository(connection).by_name(name)
