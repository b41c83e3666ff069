import sqlalchemy
from flask import Flask
from shared_models import User

app = Flask(__name__)


@app.get("/")
def index():
    return {"users": User.__name__, "engine": sqlalchemy.__version__}
