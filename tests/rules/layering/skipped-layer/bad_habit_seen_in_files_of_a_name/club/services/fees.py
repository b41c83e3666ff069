from club.crud.fees import names_of_fees


def shown() -> str:
    return ", ".join(names_of_fees())
