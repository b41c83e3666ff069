from typing import TYPE_CHECKING

from flask import Flask

from app._version import version
from app.local_config import DEBUG
from app.fast import scan
from app.orders_pb2 import Order

if TYPE_CHECKING:
    from app.types import Anything

try:
    from app.extras import colours
except ImportError:
    colours = None

app = Flask(__name__)


@app.get("/")
def index():
    return [version, DEBUG, scan, Order, colours]
