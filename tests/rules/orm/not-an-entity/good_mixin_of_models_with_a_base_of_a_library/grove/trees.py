from grove.database import db
from grove.drawings import Drawn


class Tree(Drawn, db.Model):
    __tablename__ = "tree"
    id = db.Column(db.Integer, primary_key=True)
