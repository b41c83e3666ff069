from club.db import store


def names_of_fees() -> list[str]:
    return store.rows("SELECT name FROM fees ORDER BY name")
