from flask import Flask

from shop.views import views

app = Flask(__name__)
app.register_blueprint(views)
