from models import Shelf


class Shelves:
    def add(self, title):
        return Shelf.objects.create(title=title)

    def named(self, title):
        return Shelf.objects.get(title=title)
