from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON
from sqlalchemy.ext.mutable import MutableDict, MutableList

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    settings = db.Column(MutableDict.as_mutable(JSON), default=dict)
    tags = db.Column(MutableList.as_mutable(JSON), default=list)
    notes = db.Column(JSON)
    posts = db.relationship("Post")


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey("user.id"))
