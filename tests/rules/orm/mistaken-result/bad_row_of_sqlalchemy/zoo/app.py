from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from zoo.repository import AnimalRepository
from zoo.service import AnimalService

engine = create_engine("postgresql+psycopg://localhost/zoo")
factory = sessionmaker(engine)
app = FastAPI()


def session() -> Iterator[Session]:
    with factory() as opened:
        yield opened


def service(opened: Session = Depends(session)) -> AnimalService:
    return AnimalService(AnimalRepository(opened))


@app.get("/animals")
def animals(limit: int = 20, found: AnimalService = Depends(service)) -> list[dict]:
    return found.page(min(limit, 100))


@app.get("/animals/{animal_id}")
def animal(animal_id: int, found: AnimalService = Depends(service)) -> dict | None:
    return found.one(animal_id)


@app.get("/keepers/{name}")
def keeper(name: str, found: AnimalService = Depends(service)) -> dict:
    return found.keeper(name)
