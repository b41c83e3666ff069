from fastapi import FastAPI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.repositories import TokenRepository, is_expired

app = FastAPI()
factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


@app.get("/tokens/{token_id}")
async def show(token_id: int):
    async with factory() as session:
        return {"expired": await is_expired(TokenRepository(session), token_id)}
