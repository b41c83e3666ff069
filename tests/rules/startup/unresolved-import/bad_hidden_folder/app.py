from flask import Flask

from app.config import DEBUG  # expect: startup/unresolved-import error

app = Flask(__name__)


@app.get("/")
def index():
    return {"debug": DEBUG}
