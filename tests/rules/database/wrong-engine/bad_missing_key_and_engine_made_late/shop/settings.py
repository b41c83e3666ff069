import os

try:
    ORDERS_URL = os.environ["ORDERS_URL"]
except KeyError:
    ORDERS_URL = "sqlite:///orders.db"  # expect: database/wrong-engine error
