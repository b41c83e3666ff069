from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///library.db")

FULLEST = text(
    "SELECT s.label, COUNT(b.id) AS books FROM shelves AS s "
    "LEFT JOIN books AS b ON b.shelve_id = s.id "  # expect: query/unknown-column
    "GROUP BY s.id, s.label ORDER BY books DESC"
)


class Reports:
    TITLES = "SELECT title, author FROM books"  # expect: query/unknown-column
    ORDERED = TITLES + " ORDER BY title"

    def __init__(self, session: Session) -> None:
        self.session = session

    def fullest(self):
        return self.session.execute(FULLEST).all()

    def titles(self):
        return self.session.execute(text(self.ORDERED)).all()
