import sqlite3

import click
from flask import Flask

from app.db import engine

app = Flask(__name__)


@app.cli.command("dump")
def dump():
    for line in sqlite3.connect("app.db").iterdump():
        click.echo(line)


@app.get("/users")
def users():
    return [str(engine.url)]
