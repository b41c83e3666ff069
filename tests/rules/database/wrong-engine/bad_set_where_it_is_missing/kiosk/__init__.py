from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

db = SQLAlchemy()


def create_app():
    app = Flask(__name__)
    app.config.from_prefixed_env()
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", "sqlite:///kiosk.db")  # expect: database/wrong-engine error
    db.init_app(app)

    @app.get("/papers")
    def papers():
        return {"papers": db.session.execute(text("SELECT 1")).scalar()}

    return app
