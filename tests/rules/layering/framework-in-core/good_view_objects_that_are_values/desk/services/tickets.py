from desk.repositories.people import PersonRepository
from desk.repositories.tickets import TicketRepository


from desk.views.ticket import TicketView


class TicketService:
    def __init__(self, tickets: TicketRepository, people: PersonRepository) -> None:
        self._tickets = tickets
        self._people = people

    def open(self, limit: int) -> list[TicketView]:
        return [TicketView(ticket.title) for ticket in self._tickets.open(limit)]
