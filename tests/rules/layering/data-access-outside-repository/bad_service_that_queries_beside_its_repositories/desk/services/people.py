from desk.repositories.people import PersonRepository


class PersonService:
    def __init__(self, people: PersonRepository) -> None:
        self._people = people

    def name_of(self, person_id: int) -> str:
        person = self._people.get(person_id)
        return person.name if person else ""


def initials(name: str) -> str:
    return "".join(part[0] for part in name.split())


def count_people(session) -> int:
    from desk.container import sessions
    from desk.models.person import Person

    with sessions() as own:
        return own.query(Person).count()  # expect: layering/data-access-outside-repository error
