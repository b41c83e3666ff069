from fastapi import FastAPI
from pydantic import BaseModel, BaseSettings, Field, root_validator, validator  # expect: framework/removed-python-api
from sqlalchemy import Column, Integer, MetaData, Table, create_engine
from sqlalchemy.ext.declarative import declarative_base

engine = create_engine("sqlite://", convert_unicode=True)  # expect: framework/removed-python-api
Base = declarative_base(bind=engine)  # expect: framework/removed-python-api
metadata = MetaData()
entries = Table("entries", metadata, Column("id", Integer, primary_key=True))
metadata.create_all()  # expect: framework/removed-python-api
app = FastAPI()


class Settings(BaseSettings):
    url: str = "sqlite://"


class Entry(BaseModel):
    id: int
    name: str = Field(regex="^a")  # expect: framework/removed-python-api

    class Config:
        orm_mode = True

    @root_validator  # expect: framework/removed-python-api
    def whole(cls, values):
        return values

    @validator("name")  # expect: framework/removed-python-api
    def short(cls, value, field):
        return value


@app.get("/entries/{key}")
def entry(key: int):
    with engine.connect() as connection:
        row = connection.execute(entries.select(entries.c.id == key)).one()  # expect: framework/removed-python-api
    return Entry.from_orm(row)  # expect: framework/removed-python-api
