from club.crud.keys import names_of_keys


def shown() -> str:
    return ", ".join(names_of_keys())
