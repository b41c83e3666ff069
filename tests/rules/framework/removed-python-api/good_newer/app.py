import jwt
from flask import Flask, request
from flask_jwt_extended import jwt_required
from flask_sqlalchemy import SQLAlchemy
from markupsafe import Markup, escape
from marshmallow import Schema, fields, post_load, validates
from pydantic import BaseModel, ConfigDict, Field, model_validator, root_validator, validator
from pydantic_settings import BaseSettings
from sqlalchemy import Column, Integer, MetaData, Table, create_engine

try:
    from flask import escape as flask_escape
except ImportError:
    flask_escape = escape

app = Flask(__name__)
db = SQLAlchemy(app)
engine = create_engine("sqlite://", pool_pre_ping=True)
metadata = MetaData()
entries = Table("entries", metadata, Column("id", Integer, primary_key=True))
metadata.create_all(engine)
if hasattr(app, "before_first_request"):
    app.before_first_request(lambda: None)


class Settings(BaseSettings):
    url: str = "sqlite://"


class Base(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Entry(Base):
    id: int
    name: str = Field(pattern="^a")

    @root_validator(pre=True)
    def whole(cls, values):
        return values

    @validator("name")
    def short(cls, value, values):
        return value


class EntrySchema(Schema):
    id = fields.Int(load_default=1)

    @post_load
    def make(self, data, **kwargs):
        return data

    @validates("id")
    def positive(self, value):
        return value


class Pages:
    def paginate(self, page, size):
        return []


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)


@app.get("/books")
@jwt_required()
def books():
    Pages().paginate(1, 20)
    return {"items": Book.query.paginate(page=1, per_page=20).items}


@app.get("/me")
def me():
    token = jwt.encode({}, "key", algorithm="HS256")
    options = {"verify_signature": False}
    jwt.decode(token, options=options)
    with engine.connect() as connection:
        row = connection.execute(entries.select().where(entries.c.id == 1)).one()
    Entry.from_orm(row)
    return jwt.decode(request.headers["X-Token"], "key", ["HS256"])
