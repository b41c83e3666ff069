from flask import Flask, jsonify, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///choir.db"
db = SQLAlchemy(app)


class Singer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    choir = db.Column(db.String, nullable=False)
    state = db.Column(db.Integer, nullable=False)


with app.app_context():
    db.create_all()


def find(choir, state=None, aloud=True):
    query = db.session.query(Singer).filter(Singer.choir == choir)
    if state:
        query = query.filter(Singer.state == state)
    if aloud:
        query = query.filter(Singer.state != 7)
    return query.all()


def of_choir(choir, with_former=False, with_silent=False):
    state = 1 if not with_former else None
    aloud = not with_silent
    return find(choir, state=state, aloud=aloud)


@app.get("/choirs/<choir>/singers")
def singers(choir):
    with_former = request.args.get("with_former", default=False, type=lambda v: v == "yes")
    with_silent = request.args.get("with_silent", default=False, type=bool)
    return jsonify([item.id for item in of_choir(choir, with_former, with_silent)])
