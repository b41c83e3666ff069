from desk.services.people import initials
