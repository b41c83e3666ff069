class Store:
    def __init__(self, cursor):
        self.cursor = cursor

    def find(self, name):
        self.cursor.execute("SELECT id FROM items WHERE name = ?", (name,))
        self.cursor.execute(f"SELECT id FROM items WHERE number = {int(name)}")
        return self.cursor.fetchall()


class Jobs:
    def __init__(self, runner):
        self.runner = runner

    def start(self, name):
        return self.runner.execute(f"SELECT {name} from the shelf", {"name": name})
