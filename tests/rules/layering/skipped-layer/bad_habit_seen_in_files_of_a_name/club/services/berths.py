from club.crud.berths import names_of_berths


def shown() -> str:
    return ", ".join(names_of_berths())
