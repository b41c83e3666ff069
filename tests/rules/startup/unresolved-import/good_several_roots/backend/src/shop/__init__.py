from flask import Flask

from shop.orders import orders

app = Flask(__name__)
app.get("/orders")(orders)
