from contextlib import asynccontextmanager
from functools import lru_cache

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

DATABASE_URL = "postgresql://db/harbour"
_factory = None


@asynccontextmanager
async def lifespan(app):
    app.state.engine = create_engine(DATABASE_URL)
    yield
    app.state.engine.dispose()


app = FastAPI(lifespan=lifespan)


@lru_cache
def engine():
    return create_engine(DATABASE_URL)


def factory():
    global _factory
    if _factory is None:
        _factory = sessionmaker(create_engine(DATABASE_URL))
    return _factory


def cached_session():
    with Session(engine()) as session:
        yield session


def lazy_session():
    with factory()() as session:
        yield session


@app.get("/boats")
def boats(one: Session = Depends(cached_session), other: Session = Depends(lazy_session)):
    return [one.scalar(text("SELECT 1")), other.scalar(text("SELECT 2"))]
