from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Warning(db.Model):
    id = db.Column(db.Integer, primary_key=True)
