from flask import Blueprint

from shop.api import books, loans, shelves

api = Blueprint("api", __name__)
for module in (books, loans, shelves):
    module.register(api)
