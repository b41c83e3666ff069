from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class Reader(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    shelf_id = db.Column(db.ForeignKey("shelf.id"))


class Shelf(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    readers = db.relationship("Reader", lazy="dynamic")

    def leave(self, reader: Reader) -> None:
        self.readers.remove(reader)


@app.delete("/shelves/<int:shelf_id>/readers/<int:reader_id>")
def leave(shelf_id: int, reader_id: int):
    shelf = db.session.get(Shelf, shelf_id)
    shelf.leave(db.session.get(Reader, reader_id))
    db.session.commit()
    return {}
