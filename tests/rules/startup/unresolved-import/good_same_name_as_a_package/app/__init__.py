from flask import Flask

from alembic import command
from alembic.config import Config
from app.celery import worker

app = Flask(__name__)


@app.post("/migrate")
def migrate():
    command.upgrade(Config("alembic.ini"), "head")
    return worker.main
