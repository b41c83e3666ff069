class Store:
    def __init__(self, cursor):
        self.cursor = cursor

    def find(self, name):
        self.cursor.execute(  # expect: query/injection
            f"SELECT id FROM items WHERE name = '{name}'"
        )
        return self.cursor.fetchall()
