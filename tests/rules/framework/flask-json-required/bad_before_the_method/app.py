from flask import Flask, request

app = Flask(__name__)
NOTES = {}


@app.route("/notes/<name>", methods=["GET", "PUT"])
def note(name):
    data = request.get_json()  # expect: framework/flask-json-required
    if request.method == "GET":
        return {"text": NOTES[name]}
    NOTES[name] = data["text"]
    return {"text": NOTES[name]}
