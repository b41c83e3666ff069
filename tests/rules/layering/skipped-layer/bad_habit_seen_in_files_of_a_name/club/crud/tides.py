from club.db import store


def names_of_tides() -> list[str]:
    return store.rows("SELECT name FROM tides ORDER BY name")
