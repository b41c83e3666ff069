from dataclasses import dataclass


@dataclass
class TicketView:
    title: str
