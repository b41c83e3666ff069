from datetime import datetime, timezone

from flask import Flask

from shop.models import Session, db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
db.init_app(app)


@app.get("/age/<int:session_id>")
def age(session_id):
    session = db.session.get(Session, session_id)
    now = datetime.now(timezone.utc)
    past = now - session.started  # expect: orm/naive-datetime error
    return {"seconds": past.total_seconds()}


@app.get("/over/<int:session_id>")
def over(session_id):
    session = db.session.get(Session, session_id)
    return {"over": session.ends < datetime.now(timezone.utc)}  # expect: orm/naive-datetime
