from flask import Flask

from shop.orders import orders

app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/customers/<customer>")
