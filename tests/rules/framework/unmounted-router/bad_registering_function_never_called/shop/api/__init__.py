from flask import Blueprint

from shop.api import books, loans, shelves

api = Blueprint("api", __name__)
books.register(api)
shelves.register(api)
