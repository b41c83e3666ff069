from sqlalchemy import delete
from sqlalchemy.orm import Session

from depot.tables import loans


class Loans:
    def __init__(self, session: Session) -> None:
        self.session = session

    def end(self, member_id: int, crate_id: int) -> None:
        self.session.execute(
            delete(loans).where(loans.c.member_id == member_id)  # expect: query/unused-key
        )
        self.session.commit()
