from flask import Flask, jsonify, request

app = Flask(__name__)
caller = None


@app.before_request
def remember():
    global caller
    token = request.headers.get("Authorization", "")
    caller = token.removeprefix("Bearer ")  # expect: framework/shared-request-state


@app.get("/me")
def me():
    return jsonify(name=caller)
