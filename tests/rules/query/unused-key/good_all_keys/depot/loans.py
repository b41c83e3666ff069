from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from depot.tables import crates, loans


class Loans:
    def __init__(self, session: Session) -> None:
        self.session = session

    def end(self, member_id: int, crate_id: int) -> None:
        self.session.execute(
            delete(loans).where(loans.c.member_id == member_id, loans.c.crate_id == crate_id)
        )
        self.session.commit()

    def end_all(self, member_id: int, _crate_id: int) -> None:
        self.session.execute(delete(loans).where(loans.c.member_id == member_id))
        self.session.commit()

    def scrap(self, id: int, reason: str) -> None:
        self.session.execute(delete(crates).where(crates.c.id == id))
        self.session.commit()
