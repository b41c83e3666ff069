from flask import Flask

from harbour.routes.berths import bp

app = Flask(__name__)
app.register_blueprint(bp)
