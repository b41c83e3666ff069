from club.crud.tides import names_of_tides


def shown() -> str:
    return ", ".join(names_of_tides())
