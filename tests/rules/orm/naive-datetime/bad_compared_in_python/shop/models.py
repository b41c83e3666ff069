from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Session(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    started = db.Column(db.DateTime, nullable=False)
    ends = db.Column(db.DateTime(timezone=True), nullable=False)
