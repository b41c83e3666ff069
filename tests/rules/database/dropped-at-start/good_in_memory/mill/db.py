from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///:memory:")


class Base(DeclarativeBase):
    pass


class Sack(Base):
    __tablename__ = "sacks"
    id: Mapped[int] = mapped_column(primary_key=True)
    grain: Mapped[str]


async def create_tables() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
