class Store:
    def __init__(self, objects):
        self.objects = objects

    @classmethod
    def open(cls, name):
        return cls({"name": name})
