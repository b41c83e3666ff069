from sqlalchemy.orm import Session

from kennel.db import Dog, count, dog_named


class DogService:
    def __init__(self, session: Session):
        self.session = session

    async def rename(self, name: str, other: str) -> None:
        dog = dog_named(self.session, name)  # expect: fastapi/sync-io-in-async error
        dog.name = other
        self.session.commit()

    def total(self) -> int:
        return count()


def all_dogs(session: Session) -> list[Dog]:
    return session.query(Dog).limit(10).all()
