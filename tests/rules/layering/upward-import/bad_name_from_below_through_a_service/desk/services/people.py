from desk.repositories.people import PersonRepository
from desk.schemas.person import PersonView


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        person = self._people.get(person_id)
        return person.name if person else ""

    def views(self) -> list[PersonView]:
        return self._people.views()
