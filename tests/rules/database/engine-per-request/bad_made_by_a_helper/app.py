from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession

from database import open_session
from settings import DATABASE_URL

app = FastAPI()


@app.get("/boats")
async def boats(session: AsyncSession = Depends(open_session)):
    return (await session.execute(text("SELECT name FROM boats LIMIT 20"))).scalars().all()


@app.get("/report")
def report():
    with create_engine(DATABASE_URL).connect() as connection:  # expect: database/engine-per-request
        return connection.execute(text("SELECT count(*) FROM boats")).scalar()
