from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///choir.db"
db = SQLAlchemy(app)


class Song(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String, nullable=False)


with app.app_context():
    db.create_all()


@app.get("/songs")
def songs():
    page = request.args.get("page", None, int)
    size = request.args.get("size", None, int)
    query = Song.query.order_by(Song.title)
    whole = not page or not size
    if whole:
        return jsonify([item.title for item in query.all()])
    return jsonify([item.title for item in query.paginate(page=page, per_page=size).items])
