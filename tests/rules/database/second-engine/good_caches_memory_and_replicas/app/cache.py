import sqlite3


class TranslationCache:
    def __init__(self):
        self.connection = sqlite3.connect("translations.db")

    def put(self, key, text):
        self.connection.execute("INSERT INTO translations VALUES (?, ?)", (key, text))
