from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite:///store.db")  # expect: database/wrong-engine error
Session = sessionmaker(engine)
