from club.crud.boats import names_of_boats


def shown() -> str:
    return ", ".join(names_of_boats())
