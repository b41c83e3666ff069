from desk.faults import MissingRecord
from desk.repositories.people import PersonRepository


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        try:
            return self._people.get(person_id).name
        except MissingRecord:
            return ""
