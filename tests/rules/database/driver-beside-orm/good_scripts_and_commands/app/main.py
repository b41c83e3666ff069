import sqlite3

import click
from flask import Flask
from sqlalchemy.orm import Session

from app.db import engine
from app.models import User

app = Flask(__name__)


@app.cli.command("users")
def dump():
    for row in sqlite3.connect("app.db").execute("SELECT id FROM users"):
        click.echo(row)


@app.get("/users/<int:user_id>")
def user(user_id):
    with Session(engine) as session:
        return {"id": session.get(User, user_id).id}
