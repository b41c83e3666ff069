import jwt
from flask import Flask, Markup, request  # expect: framework/removed-python-api
from flask.json import JSONEncoder  # expect: framework/removed-python-api
from flask_jwt_extended import jwt_required
from werkzeug.urls import url_quote  # expect: framework/removed-python-api

from db import db
from models import Book
from schemas import BookSchema

app = Flask(__name__)
app.json_encoder = JSONEncoder  # expect: framework/removed-python-api warning
db.init_app(app)


@app.before_first_request  # expect: framework/removed-python-api
def create():
    db.create_all(app=app)  # expect: framework/removed-python-api


@app.get("/books")
@jwt_required  # expect: framework/removed-python-api
def books():
    page = Book.query.order_by(Book.id).paginate(1, 20, False)  # expect: framework/removed-python-api
    return BookSchema(many=True).dump(page.items)


@app.post("/login")
def login():
    token = jwt.encode({"sub": request.json["name"]}, "secret", algorithm="HS256")
    return {"token": token.decode("utf-8"), "name": Markup(url_quote("a"))}  # expect: framework/removed-python-api


@app.get("/me")
def me():
    return jwt.decode(request.headers["X-Token"], "secret")  # expect: framework/removed-python-api
