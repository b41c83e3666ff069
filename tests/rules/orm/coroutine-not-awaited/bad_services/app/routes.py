from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.repositories import UserRepository
from app.services import UserService

router = APIRouter()
factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_service():
    async with factory() as session:
        yield UserService(UserRepository(session))


Service = Annotated[UserService, Depends(get_service)]


@router.get("/users/{email}")
async def show(email: str, service: Service):
    return {"user": service.find(email).username}  # expect: orm/coroutine-not-awaited


@router.get("/greetings/{email}")
async def greet(email: str, service: Service):
    return service.greeting(email)  # expect: orm/coroutine-not-awaited


@router.get("/names")
async def names(service: Service):
    return await service.names()


app = FastAPI()
app.include_router(router)
