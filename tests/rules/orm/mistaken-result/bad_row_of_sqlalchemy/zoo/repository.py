from sqlalchemy import func, select
from sqlalchemy.orm import Session

from zoo.models import Animal, Keeper


class AnimalRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def page(self, limit: int):
        return self.session.execute(select(Animal).order_by(Animal.id).limit(limit)).all()

    def by_id(self, animal_id: int):
        return self.session.scalars(select(Animal).where(Animal.id == animal_id)).one_or_none()

    def keeper(self, name: str):
        return self.session.scalars(select(Keeper).where(Keeper.name == name)).all()
