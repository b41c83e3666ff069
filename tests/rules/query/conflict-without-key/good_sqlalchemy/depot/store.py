from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from depot.tables import Label, Shelf


def label(session: Session, names: list[str]) -> None:
    session.execute(
        insert(Label)
        .values([{"name": name} for name in names])
        .on_conflict_do_nothing(index_elements=[Label.name])
    )
    session.execute(
        insert(Shelf).values(id=1, name="top").on_conflict_do_nothing(index_elements=["id"])
    )
