from club.db import store


def names_of_keys() -> list[str]:
    return store.rows("SELECT name FROM keys ORDER BY name")
