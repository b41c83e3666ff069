from flask import Flask
from sqlalchemy import create_engine

from shop.models import AuditBase, Base, Entry, Item


def create_app():
    app = Flask(__name__)
    engine = create_engine("sqlite:///shop.db")
    for base in (Base, AuditBase):
        base.metadata.create_all(engine)

    @app.get("/items")
    def items():
        return [Item.__tablename__, Entry.__tablename__]

    return app
