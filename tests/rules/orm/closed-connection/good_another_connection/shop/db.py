import sqlite3


class Store:
    def __init__(self, path):
        self.path = path
        self.connection = sqlite3.connect(path, check_same_thread=False)

    def reconnect(self):
        self.connection.close()
        self.connection = sqlite3.connect(self.path, check_same_thread=False)

    def read(self, text):
        connection = sqlite3.connect(self.path)
        if text.startswith("PRAGMA"):
            connection.close()
            connection = self.connection
        return connection.execute(text).fetchone()
