import os

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine(os.environ["DATABASE_URL"])
billing = create_engine(os.environ["BILLING_URL"])


class Base(DeclarativeBase):
    pass


class BillingBase(DeclarativeBase):
    """The tables of the billing system, which that system makes."""


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


class Invoice(BillingBase):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
