from db import db


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
