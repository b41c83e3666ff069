"""Each layer is handed what it needs: only one of two imports follows the order."""

from flask import Flask

from club.routes.members import members

app = Flask("club")
app.register_blueprint(members)
