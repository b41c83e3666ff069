from sqlalchemy import Column, DateTime, Integer, String, create_engine, func
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
sessions = sessionmaker(create_engine("sqlite:///x.db"), expire_on_commit=False)


class Page(Base):
    __tablename__ = "pages"

    id = Column(Integer, primary_key=True)
    title = Column(String, nullable=False)
    changed_at = Column(DateTime, server_default=func.now(), onupdate=func.current_timestamp())
