from dataclasses import dataclass

from flask import Flask, jsonify

app = Flask(__name__)


@dataclass(frozen=True)
class Session:
    user: str | None = None


ANONYMOUS = Session()


@app.get("/me")
def me():
    return jsonify(ANONYMOUS.user)
