class Store:
    def __init__(self, rows):
        self.rows = rows

    def find(self, slug):
        return self.rows[slug]


class Mailer:
    def __init__(self, transport=None):
        self._transport = transport

    def send(self, text):
        if self._transport is not None:
            self._transport.send(text)


class ArticleService:
    def __init__(self, store, mailer, favorites=None):
        self.store = store
        self.mailer = mailer
        self.favorites = favorites

    def one(self, slug):
        article = self.store.find(slug)
        self.mailer.send(slug)
        return {**article, "favorited": self.favorites.is_favorite(slug)}
