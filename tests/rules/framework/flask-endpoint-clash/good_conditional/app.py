import os

from flask import Flask

app = Flask(__name__)

if os.environ.get("MAINTENANCE"):

    @app.get("/")
    def index():
        return "closed", 503

else:

    @app.get("/")
    def index():
        return "open"


def create_admin(settings):
    admin = Flask("admin")

    @admin.get("/")
    def index():
        return settings

    return admin
