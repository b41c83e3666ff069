import jwt
from flask import Flask, Markup
from flask.json import JSONEncoder
from flask_jwt_extended import jwt_required
from marshmallow import Schema, post_load
from pydantic import BaseModel, BaseSettings, root_validator
from sqlalchemy.orm import relation
from werkzeug.urls import url_quote

app = Flask(__name__)
app.json_encoder = JSONEncoder


class Settings(BaseSettings):
    @root_validator
    def whole(cls, values):
        return values


class Entry(Schema):
    @post_load
    def make(self, data):
        return data


@app.before_first_request
def create():
    return jwt.encode({}, "key").decode("utf-8")


@app.get("/me")
@jwt_required
def me():
    return jwt.decode("token", "key")
