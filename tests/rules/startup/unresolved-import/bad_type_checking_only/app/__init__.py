from flask import Flask

from app.users import User  # expect: startup/unresolved-import error

app = Flask(__name__)


@app.get("/")
def index():
    return User.__name__
