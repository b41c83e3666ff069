from flask import g

from desk.repositories.people import PersonRepository


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        if "names" not in g:
            g.names = {}
        return self._people.get(person_id).name


def initials(name: str) -> str:
    return "".join(part[0] for part in name.split())
