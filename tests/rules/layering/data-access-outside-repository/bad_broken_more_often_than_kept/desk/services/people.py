from desk.container import sessions
from desk.models.person import Person


class PersonService:
    """Half of the services never had a repository: the convention is none."""

    def __init__(self, people) -> None:
        self._people = people

    def named(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(1).all()  # expect: layering/data-access-outside-repository note

    def newest(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(2).all()  # expect: layering/data-access-outside-repository note

    def oldest(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(3).all()  # expect: layering/data-access-outside-repository note

    def removed(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(4).all()  # expect: layering/data-access-outside-repository note

    def renamed(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(5).all()  # expect: layering/data-access-outside-repository note

    def merged(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(6).all()  # expect: layering/data-access-outside-repository note

    def counted(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(7).all()  # expect: layering/data-access-outside-repository note

    def hidden(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(8).all()  # expect: layering/data-access-outside-repository note

    def shown(self, name: str) -> list[Person]:
        with sessions() as session:
            return session.query(Person).filter(Person.name == name).limit(9).all()  # expect: layering/data-access-outside-repository note
