import sqlite3


class PriceCache:
    def __init__(self, path):
        try:
            self.connection = sqlite3.connect(path)
        except sqlite3.OperationalError:
            self.connection = sqlite3.connect(":memory:")
