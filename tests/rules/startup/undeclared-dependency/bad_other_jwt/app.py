import jwt
from flask import Flask, jsonify

app = Flask(__name__)


@app.post("/tokens")
def create_token():
    return jsonify(token=jwt.encode({"sub": "1"}, "secret", algorithm="HS256"))  # expect: startup/undeclared-dependency error
