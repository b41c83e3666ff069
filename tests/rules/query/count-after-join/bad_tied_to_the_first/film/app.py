from flask import Flask, jsonify

from film.models import Clip, Remark, Task, db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://localhost/film"
db.init_app(app)


@app.get("/clips")
def clips():
    found = Clip.query.join(Task).join(Remark).filter(Remark.text != "")
    total = found.count()  # expect: query/count-after-join
    return jsonify(total=total, clips=[clip.id for clip in found.limit(20)])
