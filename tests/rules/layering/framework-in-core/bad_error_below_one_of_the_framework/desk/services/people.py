from desk.faults import MissingRecord  # expect: layering/framework-in-core error
from desk.repositories.people import PersonRepository


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        person = self._people.get(person_id)
        if person is None:
            raise MissingRecord()
        return person.name
