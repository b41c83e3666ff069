from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, create_engine
from sqlalchemy.orm import declarative_base, relationship

engine = create_engine("postgresql://db/shop")
metadata = MetaData()
metadata.reflect(engine)
Base = declarative_base(metadata=metadata)
legacy = Table("legacy_orders", metadata, autoload_with=engine)


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    order_id = Column(Integer, ForeignKey("legacy_orders.id"))
    customer_id = Column(Integer, ForeignKey("customers.id"))
    order = relationship("LegacyOrder")


class LegacyOrder(Base):
    __table__ = legacy

    invoices = relationship("Invoice", back_populates="order")
