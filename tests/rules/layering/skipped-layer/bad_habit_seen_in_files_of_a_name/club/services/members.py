from club.crud.members import names_of_members


def shown() -> str:
    return ", ".join(names_of_members())
