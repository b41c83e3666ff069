from desk.repositories.people import PersonRepository
from desk.support import missing  # expect: layering/framework-in-core error


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        person = self._people.get(person_id)
        if person is None:
            raise missing("person")
        return person.name


def initials(name: str) -> str:
    return "".join(part[0] for part in name.split())
