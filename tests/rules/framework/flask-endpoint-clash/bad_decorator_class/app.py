from flask import Flask, request


class Requires:
    def __init__(self, scope):
        self.scope = scope

    def __call__(self, view):
        def inner(*args, **kwargs):  # expect: framework/flask-endpoint-clash
            if self.scope not in request.headers.get("X-Scopes", ""):
                return {"error": "forbidden"}, 403
            return view(*args, **kwargs)

        return inner


read, write = Requires("read"), Requires("write")
needs_read = Requires("read")
app = Flask(__name__)


@app.route("/notes")
@needs_read
def notes():
    return []


@app.route("/notes", methods=["POST"])
@Requires("write")
def create_note():
    return {}, 201
