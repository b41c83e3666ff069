from club.db import store


def names_of_boats() -> list[str]:
    return store.rows("SELECT name FROM boats ORDER BY name")
