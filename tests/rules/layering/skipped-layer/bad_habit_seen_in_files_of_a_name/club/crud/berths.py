from club.db import store


def names_of_berths() -> list[str]:
    return store.rows("SELECT name FROM berths ORDER BY name")
