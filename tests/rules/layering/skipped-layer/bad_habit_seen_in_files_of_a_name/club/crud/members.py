from club.db import store


def names_of_members() -> list[str]:
    return store.rows("SELECT name FROM members ORDER BY name")
