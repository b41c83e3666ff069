from desk.repositories.people import PersonRepository
from desk.routes.people import show_person
from desk.services.people import PersonService


def test_wiring() -> None:
    assert PersonRepository and PersonService and show_person
