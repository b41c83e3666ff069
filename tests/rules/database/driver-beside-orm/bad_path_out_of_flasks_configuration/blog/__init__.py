import sqlite3

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)


def raw():
    if "raw" not in g:
        path = current_app.config["SQLALCHEMY_DATABASE_URI"].replace("sqlite:///", "")
        g.raw = sqlite3.connect(path)  # expect: database/driver-beside-orm error
    return g.raw


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///blog.db"
    db.init_app(app)

    @app.get("/posts")
    def posts():
        rows = raw().execute("SELECT id, title FROM posts")
        return {"posts": rows.fetchall()}

    @app.get("/posts/<int:post_id>")
    def post(post_id):
        return {"id": db.session.get(Post, post_id).id}

    return app
