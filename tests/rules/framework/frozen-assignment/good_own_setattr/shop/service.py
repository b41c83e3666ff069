from shop.commands import Cached


def renamed(key: str) -> Cached:
    found = Cached(key)
    found.key = key.lower()
    return found
