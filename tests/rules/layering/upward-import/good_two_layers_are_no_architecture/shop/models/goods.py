from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shop.routes.goods import label


class Base(DeclarativeBase):
    pass


class Goods(Base):
    __tablename__ = "goods"

    id: Mapped[int] = mapped_column(primary_key=True)

    def label(self) -> str:
        return label(self.id)
