from __future__ import annotations

import builtins
import sys
from typing import TYPE_CHECKING

from flask import Flask, jsonify

from shop.loaded import *
from shop.names import each_name, price

if TYPE_CHECKING:
    from decimal import Decimal

    def show_type(value: Decimal) -> Missing: ...


builtins.translate = str.title

app = Flask(__name__)


@app.get("/names")
def names():
    return jsonify({"names": each_name(), "from": anything, "file": __file__})


def amount(value: Decimal) -> Decimal:
    return value


if sys.version_info < (3,):
    text = unicode
