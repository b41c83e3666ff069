from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from depot.models import Crate, Shelf

app = FastAPI()
engine = create_async_engine("postgresql+asyncpg:///depot")


async def get_session():
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


@app.get("/shelves/{shelf_id}")
async def shelf(shelf_id: int, session: AsyncSession = Depends(get_session)):
    found = (await session.exec(select(Shelf).where(Shelf.id == shelf_id))).one_or_none()
    if found is None:
        raise HTTPException(404)
    return {"name": found.name, "crates": [crate.label for crate in found.crates]}


@app.get("/crates/{crate_id}")
async def crate(crate_id: int, session: AsyncSession = Depends(get_session)):
    found = (await session.exec(select(Crate).where(Crate.id == crate_id))).one_or_none()
    if found is None:
        raise HTTPException(404)
    return {"label": found.label, "shelf": found.shelf.name}
