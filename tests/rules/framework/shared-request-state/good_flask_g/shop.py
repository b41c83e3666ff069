from flask import Flask, current_app, g, jsonify, request

app = Flask(__name__)
settings = None


@app.before_request
def remember():
    global settings
    if settings is None:
        settings = dict(current_app.config, host=request.host)
    g.caller = request.headers.get("Authorization", "")


@app.get("/me")
def me():
    return jsonify(name=g.caller, debug=settings["DEBUG"])
