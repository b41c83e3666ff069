from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

engine = create_engine("sqlite:///shop.db")
Session = sessionmaker(engine)
Base = declarative_base()

Base.metadata.create_all(engine)
