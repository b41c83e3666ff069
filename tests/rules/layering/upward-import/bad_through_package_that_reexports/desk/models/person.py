from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base
from desk.support import initials  # expect: layering/upward-import


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    @property
    def short(self) -> str:
        return initials(self.name)
