from sqlalchemy import func, select
from sqlalchemy.orm import Session

from zoo.models import Animal, Keeper

KEEPERS = Keeper.__table__


class AnimalRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def page(self, limit: int):
        rows = self.session.execute(select(Animal).order_by(Animal.id).limit(limit)).all()
        return [row.Animal for row in rows]

    def by_id(self, animal_id: int):
        statement = select(Animal, func.count(Keeper.id)).join(Keeper).group_by(Animal.id)
        row = self.session.execute(statement.where(Animal.id == animal_id)).first()
        if row is None:
            return None
        animal, _ = row
        return animal

    def keeper(self, name: str):
        return self.session.execute(select(KEEPERS).where(KEEPERS.c.name == name)).one()
