from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, jsonify

from shop.prices import basket_price, price_of

if TYPE_CHECKING:
    from decimal import Decimal

app = Flask(__name__)
app.config[MAX_CONTENT_LENGTH] = 1_000_000  # expect: any/undefined-name


@app.get("/prices/<name>")
def show(name):
    return jsonify({"price": price_of(name), "vat": vat(name)})


def vat(name: str) -> Decimal:
    return Decimal("0.19") * price_of(name)  # expect: any/undefined-name


@app.get("/basket")
def basket():
    return jsonify({"price": basket_price([])})


if __name__ == __main__:  # expect: any/undefined-name
    app.run()
