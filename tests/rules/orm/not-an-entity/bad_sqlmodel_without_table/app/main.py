from fastapi import FastAPI
from sqlmodel import Session, create_engine, select

from app.models import Hero, HeroPublic

app = FastAPI()
engine = create_engine("sqlite:///heroes.db")


@app.get("/heroes")
def heroes():
    with Session(engine) as session:
        return session.exec(select(HeroPublic)).all()  # expect: orm/not-an-entity error


@app.post("/heroes")
def create(hero: HeroPublic):
    with Session(engine) as session:
        session.add(Hero.model_validate(hero))
        session.commit()
