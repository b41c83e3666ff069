from desk.repositories.people import PersonRepository
from desk.repositories.tickets import TicketRepository


class TicketService:
    def __init__(self, tickets: TicketRepository, people: PersonRepository) -> None:
        self._tickets = tickets
        self._people = people

    def open(self, limit: int) -> list[str]:
        return [ticket.title for ticket in self._tickets.open(limit)]
