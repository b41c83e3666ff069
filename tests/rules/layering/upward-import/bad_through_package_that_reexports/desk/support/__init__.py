from desk.support.text import initials
