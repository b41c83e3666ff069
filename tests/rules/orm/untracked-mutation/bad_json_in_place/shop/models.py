from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import ARRAY

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    settings = db.Column(db.JSON, default=dict)
    tags = db.Column(ARRAY(db.String), default=list)
