class Base:
    def find(self):
        return 1


class Extension:
    def __init__(self, app=None):
        self.app = app

    def init_app(self, app):
        self.app = app

    def find(self):
        return self.app.config.get("a")


class Lazy:
    def __init__(self, client=None):
        self._client = client

    @property
    def client(self):
        if self._client is None:
            return Base()
        return self._client

    def find(self):
        return self.client.find()


class Strict:
    def __init__(self, store):
        if store is None:
            store = Base()
        self.store = store

    def find(self):
        return self.store.find()


class Reader:
    def __init__(self, store=None):
        self.store = store

    def find(self):
        return self.store.find()
