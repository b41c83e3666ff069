from domain.errors import NotFoundError


def find(key):
    if key > 10:
        raise NotFoundError(key)
    return {"id": key}
