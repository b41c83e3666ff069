from flask import Flask, request

app = Flask(__name__)


@app.post("/articles")
def create():
    return request.get_json(), 201


@app.post("/articles/<slug>/favorite")
def favorite(slug):
    user = request.json.get("user")  # expect: framework/flask-json-required
    return {"slug": slug, "favorited": True, "user": user}
