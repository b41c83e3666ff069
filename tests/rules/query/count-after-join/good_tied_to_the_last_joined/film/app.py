from flask import Flask, jsonify

from film.models import Clip, Scene, Task, db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://localhost/film"
db.init_app(app)


@app.get("/scenes/open/clips")
def clips():
    found = Clip.query.join(Task).join(Scene).filter(Scene.state != "cut")
    return jsonify(total=found.count(), clips=[clip.id for clip in found.limit(20)])
